"""Readers of the files under ``docker/``."""

from __future__ import annotations

import importlib.util
import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from types import ModuleType

REPOSITORY = Path(__file__).resolve().parents[2]
DOCKER = REPOSITORY / "docker"
IMAGE = DOCKER / "ckan"
STACK = REPOSITORY / "stack" / "requirements"


@dataclass
class Stage:
    """One stage of a Dockerfile: its base and its instructions in order."""

    base: str
    name: str
    instructions: list[tuple[str, str]] = field(default_factory=list)

    def all(self, instruction: str) -> list[str]:
        """Return the arguments of every ``instruction`` of this stage."""
        return [rest for name, rest in self.instructions if name == instruction]

    @property
    def environment(self) -> dict[str, str]:
        """Return what the ``ENV`` instructions of this stage set."""
        pairs = (word.partition("=") for rest in self.all("ENV") for word in shlex.split(rest))
        return {name: value for name, _, value in pairs}

    @property
    def copied(self) -> list[tuple[list[str], str]]:
        """Return ``(sources, target)`` of each ``COPY`` from the build context."""
        found = []
        for rest in self.all("COPY"):
            words = shlex.split(rest)
            if any(word.startswith("--from") for word in words):
                continue
            paths = [word for word in words if not word.startswith("--")]
            found.append((paths[:-1], paths[-1]))
        return found


def stages() -> list[Stage]:
    """Return the stages of the Dockerfile, without what stands before the first ``FROM``."""
    found: list[Stage] = []
    for instruction, rest in instructions():
        if instruction == "FROM":
            base, _, name = rest.partition(" AS ")
            found.append(Stage(base, name))
        elif found:
            found[-1].instructions.append((instruction, rest))
    return found


def instructions() -> list[tuple[str, str]]:
    """Return every instruction of the Dockerfile with its argument on one line."""
    lines = (IMAGE / "Dockerfile").read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    joined = re.sub(r"\\\n\s*", " ", text)
    pairs = (line.strip().partition(" ") for line in joined.splitlines() if line.strip())
    return [(name, rest.strip()) for name, _, rest in pairs]


def compose() -> dict[str, Any]:
    """Return the compose file, merge keys resolved and variables left as they are."""
    return yaml.safe_load((DOCKER / "compose.yaml").read_text(encoding="utf-8"))


def compose_variables() -> dict[str, str]:
    """Return ``{name: default}`` of the variables that the compose file asks for."""
    text = (DOCKER / "compose.yaml").read_text(encoding="utf-8")
    return dict(re.findall(r"\$\{([A-Z0-9_]+)(?::?-([^}]*))?", text))


def example() -> dict[str, tuple[str, bool]]:
    """Return ``{name: (value, whether it is set)}`` of ``.env.example``, comments included."""
    text = (DOCKER / ".env.example").read_text(encoding="utf-8")
    found = re.findall(r"^(#?)([A-Z][A-Z0-9_]*)=(.*)$", text, re.MULTILINE)
    return {name: (value, not mark) for mark, name, value in found}


def requirements(path: Path) -> dict[str, str]:
    """Return ``{normalised name: the rest of the line}`` of a requirements or lock file."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        match = re.match(r"([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[a-z,]+\])?\s*([^\\]*)", line)
        if match:
            found[re.sub(r"[-_.]+", "-", match[1]).lower()] = match[2].strip()
    return found


def locked(path: Path) -> dict[str, dict[str, set[str]]]:
    """Return ``{normalised name: {version: hashes}}`` of a lock file."""
    found: dict[str, dict[str, set[str]]] = {}
    digests: set[str] = set()
    for line in path.read_text(encoding="utf-8").splitlines():
        match = re.match(r"([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", line)
        if match:
            digests = set()
            name = re.sub(r"[-_.]+", "-", match[1]).lower()
            found.setdefault(name, {})[match[2]] = digests
        digests.update(re.findall(r"sha256:([0-9a-f]{64})", line))
    return found


def script(name: str) -> ModuleType:
    """Return the Python file ``docker/ckan/<name>.py`` as a module."""
    spec = importlib.util.spec_from_file_location(name, IMAGE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def shell_scripts() -> list[Path]:
    """Return every shell script under ``docker/``."""
    return sorted(
        path
        for path in DOCKER.rglob("*")
        if path.is_file()
        and "secrets" not in path.relative_to(DOCKER).parts
        and (path.suffix == ".sh" or path.parent.name == "bin")
    )
