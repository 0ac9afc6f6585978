"""The virtual environment: made from lock files, with every hash checked.

``uv`` does the work; it comes by ``pip`` from ``requirements/uv.txt``, itself pinned by hash.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import DISK_REMEDY, StackError, explain
from .layout import CACHE, LOCAL, REPOSITORY, REQUIREMENTS, VENV, write_private
from .terminal import say, step

if TYPE_CHECKING:
    from collections.abc import Mapping

PYTHON = VENV / "bin" / "python"
_UV_HOME = LOCAL / "uv"
_MARKER = VENV / ".complete"
#: Bytes that must be free before a first installation: environment and package cache.
_FIRST_INSTALL_BYTES = 2 * 1024**3
#: Where Debian, Fedora and SUSE keep the certificate authorities that the machine trusts.
_AUTHORITIES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
)


def locks(level: str) -> list[Path]:
    """Return the lock files of ``level``: ``run`` for the portal, ``dev`` adds the tools."""
    names = ["run.lock"] if level == "run" else ["run.lock", "dev.lock"]
    return [REQUIREMENTS / name for name in names]


def _fingerprint(level: str) -> str:
    """Return a digest of all that decides what the environment holds."""
    digest = hashlib.sha256(f"{sys.version_info[:3]} {REPOSITORY}".encode())
    for path in (*locks(level), REPOSITORY / "pyproject.toml", REPOSITORY / "setup.py"):
        digest.update(path.read_bytes())
    return f"{level} {digest.hexdigest()}"


def _installed() -> list[str]:
    try:
        return _MARKER.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def _environment() -> dict[str, str]:
    """Return the environment for uv: caches in our folder, the person's pip settings honoured."""
    environment = dict(os.environ)
    environment.setdefault("UV_CACHE_DIR", str(CACHE / "uv"))
    environment["VIRTUAL_ENV"] = str(VENV)
    environment["UV_NO_CONFIG"] = "1"
    environment["UV_PYTHON_DOWNLOADS"] = "never"
    for ours, theirs in (
        ("UV_DEFAULT_INDEX", "PIP_INDEX_URL"),
        ("UV_INDEX", "PIP_EXTRA_INDEX_URL"),
    ):
        if theirs in environment:
            environment.setdefault(ours, environment[theirs])
    return environment | certificates()


def certificates() -> dict[str, str]:
    """Return the variables that make uv and requests trust what this machine trusts.

    Both bring a list of authorities of their own, which lacks the one of an office network that
    inspects traffic; pip and git already use the machine's.
    """
    chosen = next(
        (os.environ[name] for name in ("SSL_CERT_FILE", "PIP_CERT") if os.environ.get(name)),
        next((path for path in _AUTHORITIES if Path(path).exists()), None),
    )
    if chosen is None:
        return {}
    return {
        "SSL_CERT_FILE": chosen,
        "REQUESTS_CA_BUNDLE": os.environ.get("REQUESTS_CA_BUNDLE", chosen),
    }


def _run(command: list[str | Path], failed: str, environment: Mapping[str, str]) -> None:
    """Run ``command``, showing its progress; raise a :class:`StackError` when it fails."""
    output: list[str] = []
    with subprocess.Popen(  # noqa: S603 - our own tools
        [str(part) for part in command],
        env=dict(environment),
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as child:
        if child.stdout is None:
            raise RuntimeError
        for line in child.stdout:
            output.append(line)
            if line.startswith(("Resolved", "Prepared", "Installed", "Downloading", "Building")):
                say(f"    {line.rstrip()}")
    if child.returncode != 0:
        raise explain(
            failed,
            "".join(output),
            "read the lines below; `make clean` and a new start help when the state is at fault.",
        )


def get_uv() -> Path:
    """Return the uv program, installing it first where needed.

    A Python without ``ensurepip`` (some distributions split it off) may still have ``pip``.
    """
    lock = REQUIREMENTS / "uv.txt"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    marker = _UV_HOME / ".complete"
    program = _UV_HOME / "bin" / "uv"
    if marker.exists() and marker.read_text(encoding="utf-8") == digest:
        return program
    shutil.rmtree(_UV_HOME, ignore_errors=True)
    attempts = []
    for python in _pythons_with_pip():
        attempt = subprocess.run(  # noqa: S603 - pip of the chosen Python
            [
                *(str(part) for part in python),
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--no-deps",
                "--only-binary=:all:",
                "--require-hashes",
                "--target",
                str(_UV_HOME),
                "-r",
                str(lock),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        if attempt.returncode == 0 and program.exists():
            write_private(marker, digest)
            return program
        attempts.append(attempt.stdout + attempt.stderr)
    shutil.rmtree(_UV_HOME, ignore_errors=True)
    raise explain(
        "The installer (uv) could not be fetched.",
        "\n".join(attempts) or "This Python has neither pip nor ensurepip.",
        "use a Python that has pip (Debian and Ubuntu: the packages python3-pip or "
        "python3-venv), for instance `make demo PYTHON=/path/to/python3`.",
    )


def _pythons_with_pip() -> list[list[str | Path]]:
    """Return the commands that may run pip here, best first."""
    commands: list[list[str | Path]] = []
    probe = subprocess.run(
        [sys.executable, "-m", "pip", "--version"], capture_output=True, check=False
    )
    if probe.returncode == 0:
        commands.append([sys.executable, "-m", "pip"])
    else:
        helper = CACHE / "pip-venv"
        made = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "venv", "--clear", str(helper)], capture_output=True, check=False
        )
        if made.returncode == 0:
            commands.append([helper / "bin" / "python", "-m", "pip"])
    return commands


def install(level: str) -> None:
    """Make sure that the virtual environment holds ``level`` (``run`` or ``dev``).

    Does nothing when it is so already. An installation that fails is removed again.

    :raises StackError: with a remedy
    """
    wanted = _fingerprint(level)
    if wanted in _installed() and PYTHON.exists():
        return
    LOCAL.mkdir(exist_ok=True)
    if not VENV.exists() and shutil.disk_usage(LOCAL).free < _FIRST_INSTALL_BYTES:
        raise StackError("There is too little room on this disk.", DISK_REMEDY)
    with step("Installing Python packages (several hundred MB the first time)"):
        uv = get_uv()
        environment = _environment()
        _MARKER.unlink(missing_ok=True)
        try:
            if not PYTHON.exists():
                _run(
                    [uv, "venv", "--quiet", "--clear", "--python", sys.executable, VENV],
                    "The virtual environment could not be made.",
                    environment,
                )
            requirements = [part for lock in locks(level) for part in ("-r", lock)]
            # Compiled now, because where Python may not write bytecode (PYTHONDONTWRITEBYTECODE)
            # every start of CKAN would compile some 2,000 modules anew.
            _run(
                [
                    uv,
                    "pip",
                    "install",
                    "--compile-bytecode",
                    "--require-hashes",
                    "--no-deps",
                    *requirements,
                ],
                "The Python packages could not be installed.",
                environment,
            )
            _run(
                [
                    uv,
                    "pip",
                    "install",
                    "--quiet",
                    "--no-deps",
                    "--no-build-isolation",
                    "--editable",
                    REPOSITORY,
                ],
                "This extension could not be installed.",
                environment,
            )
        except BaseException:
            shutil.rmtree(VENV, ignore_errors=True)
            raise
        lines = [wanted] if level == "run" else [_fingerprint("run"), wanted]
        write_private(_MARKER, "\n".join(lines) + "\n")


def install_apart(name: str) -> Path:
    """Make sure of an environment of its own, for programs that do not go with CKAN's pins.

    :param name: of ``requirements/<name>.lock``; the environment is ``.local/<name>-venv``
    :returns: its Python
    :raises StackError: with a remedy
    """
    lock = REQUIREMENTS / f"{name}.lock"
    folder = LOCAL / f"{name}-venv"
    python, marker = folder / "bin" / "python", folder / ".complete"
    digest = hashlib.sha256(f"{sys.version_info[:3]} ".encode() + lock.read_bytes()).hexdigest()
    if python.exists() and marker.exists() and marker.read_text(encoding="utf-8") == digest:
        return python
    with step(f"Installing {name} (a Python environment of its own)"):
        uv = get_uv()
        environment = _environment() | {"VIRTUAL_ENV": str(folder)}
        failed = "The Python packages could not be installed."
        try:
            _run(
                [uv, "venv", "--quiet", "--clear", "--python", sys.executable, folder],
                failed,
                environment,
            )
            _run(
                [uv, "pip", "install", "--compile-bytecode", "--require-hashes", "--no-deps",
                 "-r", lock],
                failed,
                environment,
            )  # fmt: skip
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        write_private(marker, digest)
    return python


def program_environment() -> dict[str, str]:
    """Return the environment in which programs of the virtual environment run.

    ``python-magic`` needs the C library libmagic, which minimal systems lack: the copy from
    the lock file is used where the system has none.
    """
    environment = dict(os.environ)
    environment["PATH"] = f"{VENV / 'bin'}{os.pathsep}{environment.get('PATH', '')}"
    environment["PYTHONUNBUFFERED"] = "1"
    environment.pop("PYTHONPATH", None)
    if not _system_has_libmagic():
        folder = site_packages() / "pylibmagic"
        environment["LD_LIBRARY_PATH"] = os.pathsep.join(
            part for part in (str(folder), environment.get("LD_LIBRARY_PATH")) if part
        )
        environment.setdefault("MAGIC", str(folder / "magic.mgc"))
    return environment


def _system_has_libmagic() -> bool:
    import ctypes  # noqa: PLC0415 - only here

    try:
        ctypes.CDLL("libmagic.so.1")
    except OSError:
        return False
    return True


def site_packages() -> Path:
    """Return the folder of the installed packages."""
    return next((VENV / "lib").glob("python3*/site-packages"))
