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

#: Number of the lock of the registry among PostgreSQL's advisory locks.
LOCK = 0x7A6E_4F50_4431

#: Fields of an OPD that are text among the extras of the organization.
TEXTS = frozenset(
    {
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
    }
)

#: Columns of a former name, in the order of the fields of :class:`FormerName`.
_FORMER = tuple(entry.name for entry in dataclasses.fields(FormerName))


def _texts(extras: dict[str, Any]) -> dict[str, str]:
    """Return the texts of an organization that hold something."""
    return {
        name: str(value) for name, value in extras.items() if name in TEXTS and not is_empty(value)
    }


def _several(extras: dict[str, Any], name: str) -> list[str]:
    """Return a list of an organization."""
    value = extras.get(name)
    return [] if is_empty(value) else [str(entry) for entry in as_list(value)]


def _parent(organization_id: Any) -> Any:
    """Return the query for the parent of an organization, by CKAN's own hierarchy."""
    member: Any = model.Member
    return (
        sa.select(sa.func.max(member.table_id))
        .where(
            member.group_id == organization_id,
            member.table_name == "group",
            member.state == model.State.ACTIVE,
        )
        .scalar_subquery()
    )


def _former_names(organization_id: Any) -> Any:
    """Return the query for the former names of an organization, the oldest first."""
    names = sa.func.jsonb_agg(
        aggregate_order_by(
            sa.func.jsonb_build_array(*(getattr(OpdName, name) for name in _FORMER)),
            OpdName.berlaku_sampai,
            OpdName.created,
            OpdName.id,
        ),
        type_=JSONB,
    )
    return sa.select(names).where(OpdName.organization_id == organization_id).scalar_subquery()


def _aliases(organization_id: Any) -> Any:
    """Return the query for the aliases of an organization, in alphabetical order."""
    aliases = sa.func.array_agg(
        aggregate_order_by(OpdAlias.alias, OpdAlias.alias), type_=sa.ARRAY(sa.UnicodeText)
    )
    return sa.select(aliases).where(OpdAlias.organization_id == organization_id).scalar_subquery()


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
            **_texts(row.extras),
        )
        for row in rows
    ]


def lock() -> None:
    """Wait until no other transaction changes the registry; it stays so until the own one ends.

    Rules about several OPD (one code, one alias, one name for one OPD) would not hold if two
    changes were judged side by side.
    """
    model.Session.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))


def load() -> Registry:
    """Return the registry as the portal holds it now.

    One query: what it returns is of one moment, also while another process changes the registry.
    The parts of each row are looked up by their indexes. Joins would be quick only while
    PostgreSQL knows how large the tables are, which it does not just after an import.
    """
    group: Any = model.Group
    rows = model.Session.execute(
        sa.select(
            group.id,
            group.name,
            group.title,
            group.extras,
            _parent(group.id).label("parent"),
            _former_names(group.id).label("names"),
            _aliases(group.id).label("aliases"),
        ).where(group.is_organization.is_(True), group.state == model.State.ACTIVE)
    )
    return registry_of(_units(rows))
