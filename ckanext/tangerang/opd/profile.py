"""What the pages of one OPD say of it: its place in the tree, its history, what replaces it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk

from ..metadata import codelists
from ..metadata.language import current_language
from ..metadata.presentation import day_text
from . import store
from .clock import today

if TYPE_CHECKING:
    from .registry import Unit


@dataclass(frozen=True)
class Change:
    """A former name as a line of the history."""

    title: str
    singkatan: str
    #: First and last period in words, such as "2008–2017"; empty where nothing is known.
    period: str
    dasar_hukum: str


@dataclass(frozen=True)
class Profile:
    """An OPD and those around it."""

    unit: Unit
    #: The OPD that it is part of, the topmost first.
    parents: list[Unit]
    #: The units right below it that exist now.
    units: list[Unit]
    #: How many stand below it on any level, those that have ended too.
    below: int
    closed: bool
    #: What stands for it now, where it has ended; where it has not, what it carries on.
    successors: list[Unit]
    predecessors: list[Unit]
    #: Its former names, the last first.
    history: list[Change]

    @property
    def since(self) -> str:
        """Return since when it has its present name; empty where that is not known."""
        names = self.unit.nama_lama
        return day_text(names[-1].berlaku_sampai if names else self.unit.berlaku_dari)

    @property
    def ended(self) -> str:
        """Return when it ended."""
        return day_text(self.unit.berlaku_sampai)

    @property
    def ending(self) -> str:
        """Return how it ended, in the user's language; empty where that is not known."""
        way = self.unit.cara_berakhir
        return codelists.label("cara_berakhir", way, current_language()) if way else ""


def _period(start: str, end: str) -> str:
    """Return two periods as one text."""
    if start and end:
        return f"{day_text(start)}–{day_text(end)}"
    if end:
        return tk._("until {end}").format(end=day_text(end))
    return tk._("from {start}").format(start=day_text(start)) if start else ""


def profile(organization_id: str) -> Profile | None:
    """Return what is known of an OPD; None for what is not in the registry. One query."""
    registry = store.load()
    unit = registry.by_id.get(organization_id)
    if unit is None:
        return None
    now = today()
    closed = unit.is_closed(now)
    return Profile(
        unit=unit,
        parents=registry.above(unit),
        units=[u for u in registry.children.get(unit.name, []) if not u.is_closed(now)],
        below=len(registry.below(unit.name)),
        closed=closed,
        successors=registry.successors(unit) if closed else [],
        predecessors=[other for other in registry if unit.name in other.pengganti],
        history=[
            Change(
                title=former.title,
                singkatan=former.singkatan,
                period=_period(former.berlaku_dari, former.berlaku_sampai),
                dasar_hukum=former.dasar_hukum,
            )
            for former in reversed(unit.nama_lama)
        ],
    )
