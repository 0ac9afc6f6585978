"""The registry of OPD as plain values: what is in the portal, or what a file says.

A library without CKAN and database, so that resolver and plan are tested by themselves and are
fast. :mod:`.store` reads it from the portal.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Ways in which an OPD ends (code list ``cara_berakhir``).
MERGED, SPLIT, CLOSED = "digabung", "dipecah", "ditutup"


#: The role of an OPD that only produces data (code list ``peran_sdi``).
PRODUSEN = "produsen_data"


@dataclass(frozen=True, slots=True)
class FormerName:
    """A name that an OPD had before; periods are years, months or days, "" where unknown."""

    name: str
    title: str
    singkatan: str = ""
    berlaku_dari: str = ""
    berlaku_sampai: str = ""
    dasar_hukum: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """One OPD. Fields have the names that they have in CKAN; "" or () where there is nothing."""

    #: The organization in CKAN, which never changes; "" for one that only a file knows.
    id: str
    #: The address in CKAN.
    name: str
    title: str
    singkatan: str = ""
    kode_opd: str = ""
    #: Key of the code list ``kelompok_opd``.
    jenis_opd: str = ""
    #: Keys of the code lists ``urusan`` and ``unsur_penunjang``.
    urusan: tuple[str, ...] = ()
    #: Key of the code list ``peran_sdi``.
    peran_sdi: str = ""
    kode_wilayah: str = ""
    #: ``name`` of the OPD that it is part of.
    induk: str = ""
    alias: tuple[str, ...] = ()
    nama_lama: tuple[FormerName, ...] = ()
    #: First and last year, month or day.
    berlaku_dari: str = ""
    berlaku_sampai: str = ""
    #: How it ended: ``digabung``, ``dipecah`` or ``ditutup`` (code list ``cara_berakhir``).
    cara_berakhir: str = ""
    #: ``name`` of each OPD that replaces it.
    pengganti: tuple[str, ...] = ()
    #: Number and year of the regulation (Perda, Perbup) that made, changed or ended it.
    dasar_hukum: str = ""
    situs_web: str = ""
    alamat: str = ""
    kontak_email: str = ""
    kontak_telepon: str = ""
    catatan_verifikasi: str = ""

    def valid_in(self, period: str) -> bool:
        """Tell whether the OPD existed in some part of a year, month or day (``2017-03``)."""
        starts = self.berlaku_dari[: len(period)] <= period[: len(self.berlaku_dari)]
        return starts and self._not_over(period)

    def _not_over(self, period: str) -> bool:
        """Tell whether the OPD had not ended before a period."""
        end = self.berlaku_sampai
        return not end or period[: len(end)] <= end[: len(period)]

    def is_closed(self, today: str) -> bool:
        """Tell whether the OPD has ended before a day (``YYYY-MM-DD``)."""
        return not self._not_over(today)


#: Fields of :class:`Unit` in the order of the registry file, without the id.
FIELDS = tuple(f.name for f in dataclasses.fields(Unit) if f.name != "id")


@dataclass(frozen=True)
class Registry:
    """All OPD, closed ones too."""

    units: tuple[Unit, ...] = field(default=())

    def __iter__(self) -> Iterator[Unit]:
        """Iterate over the OPD."""
        return iter(self.units)

    def __len__(self) -> int:
        """Return the number of OPD."""
        return len(self.units)

    @cached_property
    def by_id(self) -> dict[str, Unit]:
        """Return the OPD by their ids in CKAN."""
        return {unit.id: unit for unit in self.units if unit.id}

    @cached_property
    def by_name(self) -> dict[str, Unit]:
        """Return the OPD by their present addresses."""
        return {unit.name: unit for unit in self.units}

    @cached_property
    def by_former_name(self) -> dict[str, Unit]:
        """Return the OPD by the addresses that they had, where no OPD has that address now."""
        return {
            former.name: unit
            for unit in self.units
            for former in unit.nama_lama
            if former.name not in self.by_name
        }

    @cached_property
    def children(self) -> dict[str, list[Unit]]:
        """Return the OPD by the ``name`` of the one they are part of; "" has the topmost."""
        found: dict[str, list[Unit]] = {}
        for unit in self.units:
            parent = unit.induk if unit.induk in self.by_name else ""
            found.setdefault(parent, []).append(unit)
        return found

    def below(self, name: str) -> list[Unit]:
        """Return all OPD below one, of any depth; each once, also where the file has a cycle."""
        found: dict[str, Unit] = {}
        waiting = [name]
        while waiting:
            for unit in self.children.get(waiting.pop(), []):
                if unit.name not in found and unit.name != name:
                    found[unit.name] = unit
                    waiting.append(unit.name)
        return list(found.values())

    def above(self, unit: Unit) -> list[Unit]:
        """Return the OPD above one, the topmost first."""
        found: list[Unit] = []
        parent = self.by_name.get(unit.induk)
        while parent and parent not in found and parent != unit:
            found.append(parent)
            parent = self.by_name.get(parent.induk)
        return found[::-1]

    def successors(self, unit: Unit) -> list[Unit]:
        """Return the OPD that now stand for one that has ended; those that have not ended too."""
        found: dict[str, Unit] = {}
        seen: set[str] = set()
        waiting = [unit]
        while waiting:
            at = waiting.pop(0)
            if at.name in seen:
                continue
            seen.add(at.name)
            next_ones = [self.by_name[n] for n in at.pengganti if n in self.by_name]
            if next_ones:
                waiting.extend(next_ones)
            elif at is not unit:
                found[at.name] = at
        return list(found.values())

    @cached_property
    def digest(self) -> str:
        """Return what differs as soon as any field of any OPD does."""
        plain = sorted(dataclasses.astuple(unit) for unit in self.units)
        return hashlib.sha256(json.dumps(plain).encode()).hexdigest()


def registry_of(units: Iterable[Unit]) -> Registry:
    """Return a registry of some OPD, in the order of their names as people read them."""
    return Registry(tuple(sorted(units, key=lambda unit: (unit.title.casefold(), unit.name))))
