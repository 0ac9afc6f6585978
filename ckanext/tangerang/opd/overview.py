"""The registry as one page: as a tree, by group, by urusan, or what a search finds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timezone
from functools import cached_property
from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk
from flask_babel import format_date

from ..metadata import codelists
from ..metadata.language import current_language
from . import figures, finding, store
from .clock import today

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date, datetime

    from .finding import Hit
    from .registry import Registry, Unit

#: Code lists of kinds of OPD and of government affairs.
KINDS, AFFAIRS = "kelompok_opd", "urusan unsur_penunjang"
#: What supplies data without being an OPD: by kind, or by its role (BPS is pembina data).
_NO_OPD_KIND, _NO_OPD_ROLE = "non_opd", "pembina_data"


@dataclass
class Line:
    """One OPD on the page."""

    unit: Unit
    figures: figures.Figures
    closed: bool = False
    #: What stands for it now, where it has ended.
    successors: list[Unit] = field(default_factory=list)
    #: The OPD that it is part of, where the page does not show it by its place.
    parent: Unit | None = None
    below: list[Line] = field(default_factory=list)
    #: By what a search found it.
    hit: Hit | None = None


@dataclass
class Section:
    """Lines under one heading."""

    key: str
    label: str
    lines: list[Line]


def is_opd(unit: Unit) -> bool:
    """Tell whether an organization is an OPD, not an office of somebody else that gives data."""
    return unit.jenis_opd != _NO_OPD_KIND and unit.peran_sdi != _NO_OPD_ROLE


class Overview:
    """The registry with its figures, ready to be shown.

    :param with_units: count what stands below an OPD with it
    """

    #: The figures of each OPD without public records.
    nothing = figures.NONE

    def __init__(self, *, with_units: bool = False) -> None:
        self.registry: Registry = store.load()
        self.with_units = with_units
        self._figures, self.has_scores = figures.read()
        self._zone = tk.h.get_display_timezone()
        self._today = today()
        self._days: dict[date, str] = {}

    def day(self, moment: datetime | None) -> str:
        """Return the day of a moment (UTC) for people; empty where there is none.

        Many records share a day, and a page has up to a thousand: each is written once.
        """
        if moment is None:
            return ""
        local = moment.replace(tzinfo=timezone.utc).astimezone(self._zone).date()
        if local not in self._days:
            self._days[local] = format_date(local, "medium")
        return self._days[local]

    def _own(self, unit: Unit) -> figures.Figures:
        """Return the figures of an OPD, with those of all units below it if they are wanted."""
        own = self._figures.get(unit.id, figures.NONE)
        below = self.registry.below(unit.name) if self.with_units else []
        parts = [self._figures[part.id] for part in below if part.id in self._figures]
        return figures.together([own, *parts]) if parts else own

    def _line(self, unit: Unit) -> Line:
        """Return the line of an OPD by itself."""
        line = Line(unit, self._own(unit), unit.is_closed(self._today))
        if line.closed:
            line.successors = self.registry.successors(unit)
        return line

    def _line_with_parent(self, unit: Unit) -> Line:
        """Return the line of an OPD that says what the OPD is part of."""
        line = self._line(unit)
        line.parent = self.registry.by_name.get(unit.induk)
        return line

    @cached_property
    def lines(self) -> dict[str, Line]:
        """Return the OPD that exist now by name, in alphabetical order."""
        return {
            unit.name: self._line(unit)
            for unit in self.registry
            if is_opd(unit) and not unit.is_closed(self._today)
        }

    def _shown_above(self, unit: Unit) -> Line | None:
        """Return the line of the next OPD above one that the tree shows."""
        parent = self.registry.by_name.get(unit.induk)
        if parent is None or parent.name in self.lines:
            return self.lines[parent.name] if parent else None
        above = [u for u in self.registry.above(unit) if u.name in self.lines]
        return self.lines[above[-1].name] if above else None

    def tree(self) -> list[Line]:
        """Return the topmost OPD by kind, each with its units below it.

        What is part of an OPD that has ended stands below the next one above that has not.
        """
        top: list[Line] = []
        for line in self.lines.values():
            above = self._shown_above(line.unit)
            (above.below if above else top).append(line)
        order = {key: number for number, key in enumerate(codelists.codelist(KINDS).keys)}
        return sorted(top, key=lambda line: order.get(line.unit.jenis_opd, len(order)))

    def _sections(
        self, codelist: str, keys_of: Callable[[Unit], Iterable[str]], without: str
    ) -> list[Section]:
        """Return the OPD that exist now by the items of a code list, those with none at the end."""
        by_key: dict[str, list[Line]] = {}
        for line in self.lines.values():
            line.parent = self.registry.by_name.get(line.unit.induk)
            for key in keys_of(line.unit) or ("",):
                by_key.setdefault(key, []).append(line)
        lang = current_language()
        known = [choice["value"] for choice in codelists.choices(codelist)]
        others = sorted(key for key in by_key if key and key not in known)
        return [
            Section(key, codelists.label(codelist, key, lang) if key else without, by_key[key])
            for key in (*known, *others, "")
            if key in by_key
        ]

    def by_kind(self) -> list[Section]:
        """Return the OPD that exist now by kind."""
        return self._sections(
            KINDS, lambda unit: [unit.jenis_opd] if unit.jenis_opd else [], tk._("No kind given")
        )

    def by_affair(self) -> list[Section]:
        """Return the OPD that exist now by urusan; one with several stands under each."""
        return self._sections(AFFAIRS, lambda unit: unit.urusan, tk._("No affair given"))

    def closed(self) -> list[Line]:
        """Return the OPD that have ended."""
        return [
            self._line_with_parent(unit)
            for unit in self.registry
            if is_opd(unit) and unit.is_closed(self._today)
        ]

    def others(self) -> list[Line]:
        """Return the suppliers of data that are no OPD."""
        return [self._line(unit) for unit in self.registry if not is_opd(unit)]

    def found(self, query: str) -> list[Line]:
        """Return what a search finds, whatever it is."""
        lines = []
        for hit in finding.find(self.registry, query):
            line = self._line_with_parent(hit.unit)
            line.hit = hit
            lines.append(line)
        return lines
