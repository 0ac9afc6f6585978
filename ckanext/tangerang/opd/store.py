"""Reads the registry from the portal."""

from __future__ import annotations

import dataclasses
import json
from collections import defaultdict
from functools import cache, lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa
from ckan import model

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

#: What a row of the query is about.
_UNIT, _PARENT, _NAME, _ALIAS = "unit", "parent", "name", "alias"
#: How many more texts a row has; a former name has most.
_WIDTH = len(_FORMER)


class _Extras(NamedTuple):
    """What the extras of an organization say."""

    texts: dict[str, str]
    urusan: tuple[str, ...]
    #: Ids of the organizations that replace it.
    pengganti: tuple[str, ...]


def _several(extras: dict[str, Any], name: str) -> tuple[str, ...]:
    """Return a list of an organization."""
    value = extras.get(name)
    return () if is_empty(value) else tuple(str(entry) for entry in as_list(value))


def _read_extras(text: str | None) -> _Extras:
    """Return what the extras of an organization (JSON) say."""
    extras = json.loads(text or "{}")
    return _Extras(
        texts={
            name: str(value)
            for name, value in extras.items()
            if name in TEXTS and not is_empty(value)
        },
        urusan=_several(extras, "urusan"),
        pengganti=_several(extras, "pengganti"),
    )


def _rows(kind: str, owner: Any, values: Iterable[Any], order: Iterable[Any]) -> Any:
    """Return the query for the rows of one kind, each with a place in their order.

    :param owner: the column with the id of the organization
    :param values: further columns, read as text
    :param order: what the rows are ordered by
    """
    texts = [sa.cast(value, sa.UnicodeText) for value in values]
    texts += [sa.cast(sa.null(), sa.UnicodeText)] * (_WIDTH - len(texts))
    return sa.select(
        sa.literal(kind).label("kind"),
        sa.func.row_number().over(order_by=list(order)).label("place"),
        owner.label("id"),
        *(text.label(f"value_{number}") for number, text in enumerate(texts)),
    )


@cache
def _query() -> Any:
    """Return the query for everything, one kind of rows after the other."""
    group: Any = model.Group
    member: Any = model.Member
    units = _rows(_UNIT, group.id, (group.name, group.title, group.extras), [group.id]).where(
        group.is_organization.is_(True), group.state == model.State.ACTIVE
    )
    # By CKAN's own hierarchy.
    parents = _rows(_PARENT, member.group_id, [member.table_id], [member.table_id]).where(
        member.table_name == "group", member.state == model.State.ACTIVE
    )
    names = _rows(
        _NAME,
        OpdName.organization_id,
        [getattr(OpdName, name) for name in _FORMER],
        (OpdName.berlaku_sampai, OpdName.created, OpdName.id),
    )
    aliases = _rows(_ALIAS, OpdAlias.organization_id, [OpdAlias.alias], [OpdAlias.alias])
    return sa.union_all(units, parents, names, aliases)


def lock() -> None:
    """Wait until no other transaction changes the registry; it stays so until the own one ends.

    Rules about several OPD (one code, one alias, one name for one OPD) would not hold if two
    changes were judged side by side.
    """
    model.Session.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))


@lru_cache(maxsize=2)
def _registry(rows: tuple[tuple[Any, ...], ...]) -> Registry:
    """Return the registry of some rows of the query.

    The last one is remembered: as long as nothing has changed, the same rows come again.
    """
    found: dict[str, list[tuple[str, list[Any]]]] = {
        kind: [] for kind in (_UNIT, _PARENT, _NAME, _ALIAS)
    }
    for kind, _, id_, *values in sorted(rows, key=itemgetter(0, 1)):
        found[kind].append((id_, values))
    parents = {id_: parent for id_, (parent, *_) in found[_PARENT]}
    former: dict[str, list[FormerName]] = defaultdict(list)
    for id_, values in found[_NAME]:
        former[id_].append(FormerName(*values))
    aliases: dict[str, list[str]] = defaultdict(list)
    for id_, (alias, *_) in found[_ALIAS]:
        aliases[id_].append(alias)
    addresses = {id_: name for id_, (name, *_) in found[_UNIT]}
    units = []
    for id_, (name, title, text, *_) in found[_UNIT]:
        extras = _read_extras(text)
        units.append(
            Unit(
                id=id_,
                name=name,
                title=title or name,
                urusan=extras.urusan,
                induk=addresses.get(parents.get(id_, ""), ""),
                alias=tuple(aliases.get(id_, ())),
                nama_lama=tuple(former.get(id_, ())),
                pengganti=tuple(addresses[o] for o in extras.pengganti if o in addresses),
                **extras.texts,
            )
        )
    return registry_of(units)


def load() -> Registry:
    """Return the registry as the portal holds it now.

    One query, without joins: what it returns is of one moment, also while another process changes
    the registry, and it is quick also when PostgreSQL does not know yet how large the tables are,
    as just after an import.
    """
    return _registry(tuple(map(tuple, model.Session.execute(_query()))))
