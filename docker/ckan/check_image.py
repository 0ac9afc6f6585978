"""Check the image while it is built: CKAN's pins are untouched and every plugin can be loaded.

``python3 check_image.py BEFORE`` with the output of ``pip freeze`` in the base image. Ends with a
message, and so stops the build, when

* a package of the base image has another version, other than the three that ckanext-xloader needs;
* a requirement of any package is not met;
* a plugin of ``CKAN__PLUGINS`` has no entry point or can not be imported.
"""

# ruff: noqa: INP001 - a script, not part of a package

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

#: See requirements-xloader.in.
MAY_CHANGE = frozenset({"certifi", "idna", "urllib3"})


def pins(freeze: str) -> dict[str, str]:
    """Return ``{name: version}`` of the lines ``name==version`` of ``freeze``."""
    pairs = (line.split("==", 1) for line in freeze.splitlines() if "==" in line)
    return {name.lower().replace("_", "-"): version for name, version in pairs}


def changed(before: str, after: str) -> list[str]:
    """Return what became of packages of ``before`` that must not change."""
    now = pins(after)
    return [
        f"{name}: {version} became {now.get(name, 'nothing')}"
        for name, version in sorted(pins(before).items())
        if now.get(name) != version and name not in MAY_CHANGE
    ]


def unloadable(plugins: str) -> list[str]:
    """Return what is wrong with the plugins named in ``plugins``."""
    known = {entry.name: entry for entry in entry_points(group="ckan.plugins")}
    wrong = []
    for name in plugins.split():
        if name not in known:
            wrong.append(f"{name}: no installed package has this plugin")
            continue
        try:
            known[name].load()
        except Exception as error:  # noqa: BLE001 - whatever a module raises when imported
            wrong.append(f"{name}: {error!r}")
    return wrong


def _pip(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "pip", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def main() -> str | None:
    """Return all that is wrong, or None."""
    before = Path(sys.argv[1]).read_text(encoding="utf-8")
    wrong = changed(before, _pip("freeze", "--exclude-editable").stdout)
    check = _pip("check")
    if check.returncode != 0:
        wrong += check.stdout.splitlines()
    wrong += unloadable(os.environ["CKAN__PLUGINS"])
    return "\n".join(["The image is not right:", *wrong]) if wrong else None


if __name__ == "__main__":
    sys.exit(main())
