"""The checks of the SDI score, read from ``checks.yaml``. A plain library without CKAN."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..locations import read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = Path(__file__).parent / "checks.yaml"
DEFAULT_LANGUAGE = "id"


def in_language(texts: Mapping[str, str], lang: str | None) -> str:
    """Return the text in ``lang`` (also ``en_GB`` for ``en``), else in Indonesian."""
    return texts.get((lang or "").split("_")[0]) or texts[DEFAULT_LANGUAGE]


@dataclass(frozen=True, eq=False)
class Check:
    """One named check; see ``checks.yaml`` for the meaning of each key."""

    name: str
    part: str
    rule: str
    field: str
    weight: float
    #: Texts by language (``id``, ``en``).
    message: Mapping[str, str]
    of: str = "dataset"
    #: Where the task leads, if not to ``field``.
    to_field: str = ""
    #: Key of the kamus that may stand in for the field.
    kamus: str = ""
    #: Field of a linked indicator that may stand in for the field.
    linked: str = ""
    #: How many different words a text needs.
    words: int = 3
    #: How many entries a list needs.
    count: int = 1
    when: Mapping[str, list[str]] = dataclasses.field(default_factory=dict)
    unless: Mapping[str, list[str]] = dataclasses.field(default_factory=dict)

    @property
    def target(self) -> str:
        """Return the field that the officer fills in."""
        return self.to_field or self.field


@dataclass(frozen=True, eq=False)
class Part:
    """One of the four parts of the score."""

    name: str
    weight: float
    label: Mapping[str, str]
    checks: tuple[Check, ...]


@dataclass(frozen=True, eq=False)
class Checks:
    """All checks, and the words and formats that they know."""

    version: int
    placeholders: frozenset[str]
    open_formats: frozenset[str]
    table_formats: frozenset[str]
    parts: tuple[Part, ...]
    by_name: Mapping[str, Check]


def _part(row: dict[str, Any]) -> Part:
    """Make a part with its checks of one entry of the file."""
    checks = tuple(Check(part=row["name"], **check) for check in row.pop("checks"))
    return Part(checks=checks, **row)


@cache
def load() -> Checks:
    """Return the packaged checks."""
    data = read_yaml(FILE)
    parts = tuple(_part(row) for row in data["parts"])
    return Checks(
        version=data["version"],
        placeholders=frozenset(data["placeholders"]),
        open_formats=frozenset(data["open_formats"]),
        table_formats=frozenset(data["table_formats"]),
        parts=parts,
        by_name={check.name: check for part in parts for check in part.checks},
    )
