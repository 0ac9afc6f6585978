"""The wheel check: ``python -m stack.wheel`` builds, installs elsewhere, compares and loads.

CKAN's own 2.12.0 wheel lost a whole theme to a packaging rule, so this is not left to trust: the
wheel must hold every file of ``ckanext/`` that git knows, and nothing else, and a portal must
start from it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

from .bootstrap import program_environment
from .commands import prepare_tests
from .layout import LOCAL, REPOSITORY, REQUIREMENTS, TEST

if TYPE_CHECKING:
    from pathlib import Path

_WORK = LOCAL / "wheel"

#: Runs inside the fresh environment: every plugin on, one page of each kind.
_LOAD = """
import sys
from pathlib import Path
import ckanext.tangerang
from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app

where = Path(ckanext.tangerang.__file__)
assert sys.prefix in str(where), where
app = make_app(CKANConfigLoader(sys.argv[1]).get_config())
client = app.test_client()
for path in ("/", "/dataset/", "/organization/", "/kategori", "/api/3/action/package_search"):
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
print("loaded from", where.parent)
"""


def build() -> Path:
    """Build source archive and wheel, and return the wheel's path."""
    shutil.rmtree(_WORK, ignore_errors=True)
    # From a clean copy of what git knows: leftovers of other builds must not help.
    source = _WORK / "source"
    for name in _git_files():
        target = source / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / name, target)
    subprocess.run(  # noqa: S603
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(_WORK / "dist"), source],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return next((_WORK / "dist").glob("*.whl"))


def _git_files() -> list[str]:
    output = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [name for name in output.split("\0") if name and (REPOSITORY / name).exists()]


def compare(wheel: Path) -> list[str]:
    """Return the differences between the wheel and git, as sentences."""
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    known = {name for name in _git_files() if name.startswith("ckanext/")}
    return [
        *(f"missing from the wheel: {name}" for name in sorted(known - packed)),
        *(f"only in the wheel: {name}" for name in sorted(packed - known)),
    ]


def load(wheel: Path) -> None:
    """Install the wheel into an empty environment and start a portal from it."""
    environment = program_environment()
    uv = LOCAL / "uv" / "bin" / "uv"
    venv = _WORK / "venv"
    environment |= {
        "UV_CACHE_DIR": environment.get("UV_CACHE_DIR", str(LOCAL / "cache" / "uv")),
        "VIRTUAL_ENV": str(venv),
    }
    for command in (
        [uv, "venv", "--quiet", "--python", sys.executable, venv],
        [uv, "pip", "install", "--quiet", "--require-hashes", "--no-deps", "-r",
         REQUIREMENTS / "run.lock"],
        [uv, "pip", "install", "--quiet", "--no-deps", wheel],
        [venv / "bin" / "python", "-c", _LOAD, TEST.ini],
    ):  # fmt: skip
        subprocess.run([str(part) for part in command], env=environment, cwd=_WORK, check=True)  # noqa: S603


def main() -> int:
    """Run the check; return the exit code."""
    prepare_tests()
    wheel = build()
    differences = compare(wheel)
    for difference in differences:
        sys.stderr.write(f"{difference}\n")
    if differences:
        return 1
    try:
        load(wheel)
    except subprocess.CalledProcessError:
        sys.stderr.write("The portal does not start from the wheel: see the lines above.\n")
        return 1
    sys.stdout.write(f"{wheel.name} holds every file and starts a portal\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
