"""Reads the registry from the portal."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

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

#: Columns of a former name, in the order of the fields of :class:`FormerName`.
_FORMER = tuple(entry.name for entry in dataclasses.fields(FormerName))


def _text(extras: dict[str, Any], name: str) -> str:
    """Return a text of an organization; "" where there is none."""
    value = extras.get(name)
    return "" if is_empty(value) else str(value)


def _several(extras: dict[str, Any], name: str) -> list[str]:
    """Return a list of an organization."""
    value = extras.get(name)
    return [] if is_empty(value) else [str(entry) for entry in as_list(value)]


def _parents() -> Any:
    """Return the query for the parent of each organization that has one, by CKAN's hierarchy."""
    parent: Any = model.Member
    return (
        sa.select(parent.group_id, sa.func.max(parent.table_id).label("parent"))
        .where(parent.table_name == "group", parent.state == model.State.ACTIVE)
        .group_by(parent.group_id)
        .subquery()
    )


def _former_names() -> Any:
    """Return the query for the former names of each organization, the oldest first."""
    columns = [getattr(OpdName, name) for name in _FORMER]
    names = sa.func.jsonb_agg(
        aggregate_order_by(
            sa.func.jsonb_build_array(*columns),
            OpdName.berlaku_sampai,
            OpdName.created,
            OpdName.id,
        ),
        type_=JSONB,
    )
    return (
        sa.select(OpdName.organization_id, names.label("names"))
        .group_by(OpdName.organization_id)
        .subquery()
    )


def _aliases() -> Any:
    """Return the query for the aliases of each organization, in alphabetical order."""
    aliases = sa.func.array_agg(
        aggregate_order_by(OpdAlias.alias, OpdAlias.alias), type_=sa.ARRAY(sa.UnicodeText)
    )
    return (
        sa.select(OpdAlias.organization_id, aliases.label("aliases"))
        .group_by(OpdAlias.organization_id)
        .subquery()
    )


def _units(rows: Iterable[Any]) -> list[Unit]:
    """Return the OPD of organizations of CKAN."""
    rows = list(rows)
    names = {row.id: row.name for row in rows}
    return [
        Unit(
            id=row.id,
            name=row.name,
            title=row.title or row.name,
            urusan=tuple(_several(row.extras, "urusan")),
            induk=names.get(row.parent, ""),
            alias=tuple(row.aliases or ()),
            nama_lama=tuple(FormerName(*values) for values in row.names or ()),
            pengganti=tuple(
                names[other] for other in _several(row.extras, "pengganti") if other in names
            ),
            **{name: _text(row.extras, name) for name in TEXTS},
        )
        for row in rows
    ]


def load() -> Registry:
    """Return the registry as the portal holds it now.

    One query: what it returns is of one moment, also while another process changes the registry.
    """
    group: Any = model.Group
    parents, former, aliases = _parents(), _former_names(), _aliases()
    rows = model.Session.execute(
        sa.select(
            group.id,
            group.name,
            group.title,
            group.extras,
            parents.c.parent,
            former.c.names,
            aliases.c.aliases,
        )
        .outerjoin(parents, parents.c.group_id == group.id)
        .outerjoin(former, former.c.organization_id == group.id)
        .outerjoin(aliases, aliases.c.organization_id == group.id)
        .where(group.is_organization.is_(True), group.state == model.State.ACTIVE)
    )
    return registry_of(_units(rows))
