"""What is run of CKAN's own tests, and which of their failures are known.

A run is described by a file ``<name>.run.yaml`` beside this module: the settings that all its
tests get, the modules, which of them belong to the quick selection, and the name of the file of
known differences. Nothing here needs CKAN or pytest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

#: Why a core test may fail with our plugins on; anything else is a fault of ours.
CAUSES = {
    "scheming": "ckanext-scheming is on",
    "dcat": "ckanext-dcat is on",
    "datastore": "CKAN's DataStore plugin is on",
    "activity": "CKAN's activity plugin is on",
    "xloader": "ckanext-xloader is on",
    "partners": "all plugins together are on: the test counts or names them",
    "addition": "a documented addition of ours",
    "network": "the test needs the internet (allowed to pass)",
    "wheel": "the wheel lacks a file of the test, or a package of its extension is not installed",
}


class RunFileError(ValueError):
    """A run file or a file of known differences says something impossible."""


def matches(pattern: str, name: str) -> bool:
    """Tell whether ``name`` fits ``pattern``, in which ``*`` stands for anything.

    Not ``fnmatch``: the square brackets of parametrised tests mean themselves.
    """
    expression = ".*".join(re.escape(part) for part in pattern.split("*"))
    return re.fullmatch(expression, name, flags=re.DOTALL) is not None


@dataclass(frozen=True)
class Difference:
    """One cause for which core tests fail with the portal's plugins on.

    They are expected to fail; or, with ``without``, they run with all plugins but those and are
    expected to pass, so that a partner's doing does not keep our plugins from being tested.
    """

    cause: str
    reason: str
    tests: tuple[str, ...]
    without: tuple[str, ...] = ()

    @property
    def is_certain(self) -> bool:
        """Tell whether the tests fail wherever they run."""
        return self.cause != "network"

    def covers(self, test: str) -> bool:
        """Tell whether ``test`` (``module::Class::function[parameters]``) fails for this cause."""
        return any(matches(pattern, test) for pattern in self.tests)


def load_differences(path: Path) -> tuple[Difference, ...]:
    """Read a file of known differences.

    :raises RunFileError: when an entry has no reason, no tests or an unknown cause, leaves out a
        plugin of ours, or names a test that another one names
    """
    entries = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    differences = []
    seen: set[str] = set()
    for entry in entries:
        if set(entry) - {"without"} != {"cause", "reason", "tests"} or not all(entry.values()):
            raise RunFileError(f"{path.name}: an entry needs cause, reason and tests: {entry}")
        if entry["cause"] not in CAUSES:
            raise RunFileError(
                f"{path.name}: unknown cause {entry['cause']!r}; write one of {', '.join(CAUSES)}."
            )
        without = tuple(entry.get("without", ()))
        if any(name.startswith("tangerang_") for name in without):
            raise RunFileError(f"{path.name}: our own plugins stay on: {', '.join(without)}")
        twice = seen.intersection(entry["tests"])
        if twice:
            raise RunFileError(f"{path.name}: listed twice: {', '.join(sorted(twice))}")
        seen.update(entry["tests"])
        differences.append(
            Difference(
                cause=entry["cause"],
                reason=" ".join(entry["reason"].split()),
                tests=tuple(entry["tests"]),
                without=without,
            )
        )
    return tuple(differences)


def find_difference(differences: Iterable[Difference], test: str) -> Difference | None:
    """Return the known difference that covers ``test``, or None."""
    return next((entry for entry in differences if entry.covers(test)), None)


def without_test(differences: Iterable[Difference], tests: Iterable[str]) -> list[str]:
    """Return the patterns that fit none of ``tests``: their test was renamed or is gone."""
    names = list(tests)
    return [
        pattern
        for entry in differences
        for pattern in entry.tests
        if not any(matches(pattern, name) for name in names)
    ]


@dataclass(frozen=True)
class TestModule:
    """A test module of an installed distribution."""

    __test__ = False

    name: str
    quick: bool
    settings: Mapping[str, str] = field(default_factory=dict)
    plugins: tuple[str, ...] = ()


@dataclass(frozen=True)
class Run:
    """A set of test modules that run with the same plugins and settings."""

    settings: Mapping[str, str]
    differences: tuple[Difference, ...]
    modules: tuple[TestModule, ...]
    #: Values that CKAN's dataset factory adds where a test gives none.
    dataset: Mapping[str, Any] = field(default_factory=dict)


def load_run(path: Path) -> Run:
    """Read the run file at ``path`` and its file of known differences.

    :raises RunFileError: see :func:`load_differences`; also for a module that is listed twice
    """
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    modules = tuple(
        TestModule(
            name=name,
            quick=name in group.get("quick", ()),
            settings=group.get("settings", {}),
            plugins=tuple(group.get("plugins", ())),
        )
        for group in content["groups"]
        for name in (*group.get("quick", ()), *group.get("full", ()))
    )
    names = [module.name for module in modules]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise RunFileError(f"{path.name}: listed twice: {', '.join(twice)}")
    return Run(
        settings=content["settings"],
        differences=load_differences(path.parent / content["known_differences"]),
        modules=modules,
        dataset=content.get("dataset", {}),
    )
