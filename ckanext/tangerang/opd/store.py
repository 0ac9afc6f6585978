"""Reads the registry from the portal."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from ckan import model

from ..metadata.values import as_list, is_empty
from .model import OpdAlias, OpdName
from .registry import FormerName, Registry, Unit, registry_of

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Fields of an OPD that are text among the extras of the organization.
TEXTS = (
    "singkatan",
    "kode_opd",
    "jenis_opd",
    "peran_sdi",
    "kode_wilayah",
    "berlaku_dari",
    "berlaku_sampai",
    "cara_berakhir",
    "dasar_hukum",
    "situs_web",
    "alamat",
    "kontak_email",
    "kontak_telepon",
    "catatan_verifikasi",
)


def _text(extras: dict[str, Any], name: str) -> str:
    """Return a text of an organization; "" where there is none."""
    value = extras.get(name)
    return "" if is_empty(value) else str(value)


def _several(extras: dict[str, Any], name: str) -> list[str]:
    """Return a list of an organization."""
    value = extras.get(name)
    return [] if is_empty(value) else [str(entry) for entry in as_list(value)]


def _parents() -> dict[str, str]:
    """Return the id of the parent of each organization that has one, by CKAN's own hierarchy."""
    query = sa.select(model.Member.group_id, model.Member.table_id).where(
        model.Member.table_name == "group", model.Member.state == model.State.ACTIVE
    )
    return {row.group_id: row.table_id for row in model.Session.execute(query)}


def _former_names() -> dict[str, list[FormerName]]:
    """Return the former names by id of the organization, the oldest first."""
    found: dict[str, list[FormerName]] = defaultdict(list)
    query = sa.select(OpdName).order_by(OpdName.berlaku_sampai, OpdName.created, OpdName.id)
    for row in model.Session.scalars(query):
        found[row.organization_id].append(
            FormerName(
                name=row.name,
                title=row.title,
                singkatan=row.singkatan,
                berlaku_dari=row.berlaku_dari,
                berlaku_sampai=row.berlaku_sampai,
                dasar_hukum=row.dasar_hukum,
            )
        )
    return found


def _aliases() -> dict[str, list[str]]:
    """Return the aliases by id of the organization, in alphabetical order."""
    found: dict[str, list[str]] = defaultdict(list)
    query = sa.select(OpdAlias.organization_id, OpdAlias.alias).order_by(OpdAlias.alias)
    for organization_id, alias in model.Session.execute(query):
        found[organization_id].append(alias)
    return found


def _units(rows: Iterable[Any]) -> list[Unit]:
    """Return the OPD of organizations of CKAN."""
    rows = list(rows)
    names = {row.id: row.name for row in rows}
    parents, former, aliases = _parents(), _former_names(), _aliases()
    return [
        Unit(
            id=row.id,
            name=row.name,
            title=row.title or row.name,
            urusan=tuple(_several(row.extras, "urusan")),
            induk=names.get(parents.get(row.id, ""), ""),
            alias=tuple(aliases.get(row.id, ())),
            nama_lama=tuple(former.get(row.id, ())),
            pengganti=tuple(
                names[other] for other in _several(row.extras, "pengganti") if other in names
            ),
            **{name: _text(row.extras, name) for name in TEXTS},
        )
        for row in rows
    ]


def load() -> Registry:
    """Return the registry as the portal holds it now; four queries."""
    group: Any = model.Group
    rows = model.Session.execute(
        sa.select(group.id, group.name, group.title, group.extras).where(
            group.is_organization.is_(True), group.state == model.State.ACTIVE
        )
    )
    return registry_of(_units(rows))
