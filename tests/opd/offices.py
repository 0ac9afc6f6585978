"""A generated registry of any size, as rows of CKAN's tables; none of it is anything real."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ckan import model

if TYPE_CHECKING:
    from collections.abc import Iterator

#: How many of one hundred are on each level; the rest is on the fourth.
_LEVELS = (12, 24, 32)
_KINDS = ("sekretariat", "pengawas", "dinas", "badan", "kecamatan", "uptd")
_AFFAIRS = ("1.01", "1.02", "1.03", "2.16", "2.20", "3.25", "4.01", "5.01")


@dataclass(frozen=True)
class Office:
    """One organization; ``parent`` is the name of the one above it."""

    name: str
    title: str
    level: int
    parent: str
    extras: dict[str, str]


def offices(count: int) -> Iterator[Office]:
    """Return ``count`` organizations in four levels; every 50th has ended."""
    above: list[str] = []
    here: list[str] = []
    level, room = 0, count * _LEVELS[0] // 100
    for number in range(count):
        if level < len(_LEVELS) and len(here) >= room:
            above, here = here, []
            level += 1
            room = count * _LEVELS[level] // 100 if level < len(_LEVELS) else count
        name = f"opd-{number:03}"
        here.append(name)
        extras = {
            "singkatan": f"OPD{number}",
            "kode_opd": f"1.02.0.00.0.00.{number % 90 + 10}.{number:04}",
            "jenis_opd": _KINDS[number % len(_KINDS)],
            "urusan": json.dumps([_AFFAIRS[number % len(_AFFAIRS)]]),
        }
        if number % 50 == 49:
            extras |= {"berlaku_sampai": "2019", "cara_berakhir": "ditutup"}
        parent = above[number % len(above)] if above else ""
        yield Office(name, f"Dinas Urusan Nomor {number}", level, parent, extras)


def group_row(office: Office) -> dict[str, object]:
    """Return the row of CKAN's table ``group``."""
    return {
        "id": f"id-{office.name}",
        "name": office.name,
        "title": office.title,
        "type": "organization",
        "is_organization": True,
        "approval_status": "approved",
        "state": "active",
        "extras": office.extras,
    }


def member_row(office: Office) -> dict[str, object]:
    """Return the row of CKAN's table ``member`` that puts an organization below another."""
    return {
        "id": f"member-{office.name}",
        "group_id": f"id-{office.name}",
        "table_id": f"id-{office.parent}",
        "table_name": "group",
        "capacity": "public",
        "state": "active",
    }


def write(count: int) -> list[Office]:
    """Write the organizations into the tables of the portal."""
    made = list(offices(count))
    tables = model.meta.metadata.tables
    model.Session.execute(tables["group"].insert(), [group_row(office) for office in made])
    model.Session.execute(
        tables["member"].insert(), [member_row(office) for office in made if office.parent]
    )
    model.Session.commit()
    return made
