"""Renew ``requirements.lock`` and ``requirements-xloader.lock`` beside this file.

The locks hold, with their hashes, the packages that the image adds to ``ckan/ckan-base``: the
versions of ``stack/requirements/run.lock``, which the tests run with, without what CKAN itself
pins, because the base image brings that. Run it with the interpreter of the development
environment, after ``make lock``.
"""

# ruff: noqa: INP001 - a script, not part of a package

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import requires
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
REPOSITORY = FOLDER.parent.parent
STACK = REPOSITORY / "stack" / "requirements"

#: The Python of ckan/ckan-base:2.12.
BASE_PYTHON = "3.14"

#: What the base image has besides CKAN and its pins; ckantoolkit comes with ckanext-envvars.
IN_BASE = frozenset({"ckan", "ckantoolkit"})


def normalised(requirement: str) -> str:
    """Return the normalised package name at the start of ``requirement`` (PEP 503)."""
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    if name is None:
        raise ValueError(f"No package name in {requirement!r}.")
    return re.sub(r"[-_.]+", "-", name[0]).lower()


def names(path: Path) -> set[str]:
    """Return the normalised names of the packages that the requirements file ``path`` lists."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {normalised(line) for line in lines if re.match(r"[A-Za-z0-9]", line)}


def ckan_pins() -> set[str]:
    """Return the normalised names of the packages that CKAN needs and pins itself."""
    own = requires("ckan") or []
    return {
        normalised(line) for line in own if 'extra == "requirements"' in line or "extra" not in line
    }


def compile_lock(source: Path, left_out: set[str]) -> None:
    """Write the lock of the requirements file ``source``, without the packages ``left_out``.

    :raises subprocess.CalledProcessError: when uv finds no solution; it says why
    """
    uv = shutil.which("uv") or str(REPOSITORY / ".local" / "uv" / "bin" / "uv")
    target = source.with_suffix(".lock")
    command = [
        uv, "pip", "compile", str(source),
        "--constraint", str(STACK / "run.lock"),
        "--override", str(STACK / "overrides.in"),
        "--python-version", BASE_PYTHON,
        "--universal", "--generate-hashes", "--no-annotate", "--no-header", "--quiet",
        *(part for name in sorted(left_out) for part in ("--no-emit-package", name)),
        "--output-file", str(target),
    ]  # fmt: skip
    target.unlink(missing_ok=True)
    environment = os.environ | {"UV_NO_CONFIG": "1", "UV_PYTHON_DOWNLOADS": "never"}
    subprocess.run(command, check=True, env=environment)  # noqa: S603 - our own tool


def main() -> None:
    """Renew both locks, the second without what the first has."""
    base = FOLDER / "requirements.in"
    xloader = FOLDER / "requirements-xloader.in"
    compile_lock(base, ckan_pins() | IN_BASE)
    overridden = names(STACK / "overrides.in") & names(xloader)
    have = names(base.with_suffix(".lock"))
    compile_lock(xloader, (ckan_pins() | IN_BASE | have) - overridden)


if __name__ == "__main__":
    sys.exit(main())
