"""Which fragments are right, and what the catalogue is made of at this moment."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert

from ...metadata.fields import DATASET_TYPE, FORM_TYPES
from ..dcat import fragment as triples
from ..dcat import lookup as lookups
from ..model import CatalogueFragment
from .forms import FORMS, render

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from ..dcat.lookup import Lookup
    from .forms import Form

    Record = Mapping[str, Any]

#: Of how fragments are written; raise it when that changes, and all are written anew.
VERSION: Final = 3

_PACKAGE: Any = model.Package
_GROUP: Any = model.Group
_MEMBER: Any = model.Member
_TABLE: Any = CatalogueFragment.__table__


def public() -> Any:
    """Return the condition for a dataset that everybody may see."""
    return sa.and_(
        _PACKAGE.type == DATASET_TYPE,
        _PACKAGE.state == model.State.ACTIVE,
        _PACKAGE.private.is_(False),
    )


def digest(*parts: Any) -> str:
    """Return a short name of some values."""
    return hashlib.sha256(repr(parts).encode("utf-8", "replace")).hexdigest()[:32]


@dataclass(frozen=True)
class Edition:
    """What the catalogue is made of at a moment: the same name, the same documents."""

    name: str
    datasets: int
    #: When a public dataset last changed (UTC, without zone); None where there is none.
    modified: datetime | None


def _together(*columns: Any, order: Any, where: Any) -> Any:
    """Return a subquery for the digest of some columns of all rows."""
    line = sa.func.concat_ws("\x1f", *columns)
    rows = sa.func.string_agg(line, aggregate_order_by(sa.literal_column("E'\\n'"), order))
    return sa.select(sa.func.coalesce(sa.func.md5(rows), "")).where(where).scalar_subquery()


def edition() -> Edition:
    """Return what the catalogue is made of now, by one query.

    Names and extras of organizations and of public activities and indicators are part of it:
    datasets name them.
    """
    dataset = sa.select(sa.func.count(_PACKAGE.id), sa.func.max(_PACKAGE.metadata_modified))
    records = _together(
        *(_PACKAGE.id, _PACKAGE.name, _PACKAGE.metadata_modified, _PACKAGE.owner_org),
        order=_PACKAGE.id,
        where=sa.and_(
            _PACKAGE.type.in_((DATASET_TYPE, *FORM_TYPES)),
            _PACKAGE.state == model.State.ACTIVE,
            _PACKAGE.private.is_(False),
        ),
    )
    agencies = _together(
        *(_GROUP.id, _GROUP.name, _GROUP.title, _GROUP.extras),
        order=_GROUP.id,
        where=sa.and_(_GROUP.is_organization.is_(True), _GROUP.state == model.State.ACTIVE),
    )
    parents = _together(
        *(_MEMBER.group_id, _MEMBER.table_id),
        order=_MEMBER.id,
        where=sa.and_(_MEMBER.table_name == "group", _MEMBER.state == model.State.ACTIVE),
    )
    count, modified, *digests = model.Session.execute(
        dataset.add_columns(records, agencies, parents).where(public())
    ).one()
    return Edition(digest(VERSION, triples.VERSION, lookups.portal(), *digests), count, modified)


class Keys:
    """Says by which key a fragment would be right now."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup
        self._portal = digest(VERSION, triples.VERSION, lookup.portal)
        self._agencies: dict[str, str] = {}
        self._around: dict[tuple[str | None, tuple[str, ...]], str] = {}

    def _agency(self, agency_id: str) -> str:
        """Return a name for an agency with all that it is part of."""
        if agency_id not in self._agencies:
            chain, key = [], agency_id
            while key in self.lookup.agencies and len(chain) <= len(self.lookup.agencies):
                chain.append(self.lookup.agencies[key])
                key = chain[-1].parent
            self._agencies[agency_id] = digest(chain)
        return self._agencies[agency_id]

    def key(self, modified: str, owner: str | None, named: Iterable[str]) -> str:
        """Return the key of a fragment.

        :param modified: ``metadata_modified`` of the record as CKAN shows it
        :param owner: id of its organization
        :param named: ids of the activities and indicators that it names
        """
        around = (owner, tuple(sorted(named)))
        if around not in self._around:
            # The same for most datasets of an organization.
            self._around[around] = digest(
                owner,
                self._agency(owner or ""),
                self._agency(self.lookup.walidata),
                [self.lookup.records.get(one) for one in around[1]],
                self._portal,
            )
        return digest(modified, self._around[around])


def outdated(ids: Sequence[str] | None = None) -> list[str]:
    """Return the public datasets whose fragments are missing or no longer right.

    :param ids: only of these; None for all
    """
    query = (
        sa.select(
            *(_PACKAGE.id, _PACKAGE.metadata_modified, _PACKAGE.owner_org),
            *(_TABLE.c.key, _TABLE.c.named),
        )
        .outerjoin(_TABLE, _TABLE.c.package_id == _PACKAGE.id)
        .where(public())
        .order_by(_PACKAGE.id)
    )
    if ids is not None:
        query = query.where(_PACKAGE.id.in_(ids))
    rows = model.Session.execute(query).all()
    names = {one for row in rows for one in row.named or ()}
    keys = Keys(lookups.load_named(names))
    return [
        row.id
        for row in rows
        if row.key is None
        or row.key != keys.key(row.metadata_modified.isoformat(), row.owner_org, row.named)
    ]


def rows(records: Sequence[Record], lookup: Lookup) -> list[dict[str, Any]]:
    """Return the rows of the table for some public datasets.

    :param records: as ``package_search`` returns them to anybody
    """
    keys, out = Keys(lookup), []
    for record in records:
        found = lookup.named.get(record["id"])
        named = sorted(lookups.named_records(record) if found is None else found)
        key = keys.key(record["metadata_modified"], record.get("owner_org"), named)
        forms = render(record, lookup)
        out.append({"package_id": record["id"], "key": key, "named": named, **forms})
    return out


def write(found: Sequence[Mapping[str, Any]]) -> None:
    """Write rows of the table in the place of older ones, and commit."""
    if found:
        new = insert(_TABLE)
        kept = {name: new.excluded[name] for name in ("key", "named", *FORMS)}
        known = sa.select(_PACKAGE.id).where(_PACKAGE.id.in_([row["package_id"] for row in found]))
        there = set(model.Session.scalars(known))
        values = [row for row in found if row["package_id"] in there]
        if values:
            # What is asked to return something is sent as one statement, not one for each row.
            statement = new.on_conflict_do_update(index_elements=["package_id"], set_=kept)
            model.Session.execute(statement.returning(_TABLE.c.package_id), values)
    model.Session.commit()


def forget() -> int:
    """Delete the fragments of what is not public, and commit; return how many."""
    shown = sa.select(_PACKAGE.id).where(public())
    result: Any = model.Session.execute(sa.delete(_TABLE).where(_TABLE.c.package_id.notin_(shown)))
    model.Session.commit()
    return int(result.rowcount)


def page(number: int, size: int) -> list[str]:
    """Return the ids of one page of datasets, the newest first.

    :param number: of the page, from 1
    """
    query = (
        sa.select(_PACKAGE.id)
        .where(public())
        .order_by(_PACKAGE.metadata_modified.desc(), _PACKAGE.id)
        .limit(size)
        .offset((number - 1) * size)
    )
    return list(model.Session.scalars(query))


def fragments(form: Form, ids: Sequence[str]) -> list[str]:
    """Return the fragments of some datasets that are public now, in their order."""
    query = (
        sa.select(_PACKAGE.id, _TABLE.c[form.name])
        .join(_TABLE, _TABLE.c.package_id == _PACKAGE.id)
        .where(public(), _PACKAGE.id.in_(ids))
    )
    found = {row[0]: row[1] for row in model.Session.execute(query)}
    return [found[id_] for id_ in ids if id_ in found]


def stream(form: Form) -> Iterator[str]:
    """Yield the fragments of all public datasets, as they are at one moment.

    By a connection of its own, a few at a time: an answer is sent after the request's session has
    ended, and 10,000 fragments are 100 MB.
    """
    query = (
        sa.select(_TABLE.c[form.name])
        .join(_PACKAGE, _PACKAGE.id == _TABLE.c.package_id)
        .where(public())
        .order_by(_PACKAGE.id)
    )
    engine = cast("Any", model.meta.engine)
    with engine.connect() as connection:
        found = connection.execution_options(stream_results=True, max_row_buffer=200)
        yield from found.execute(query).scalars()
