"""Writes and reads counts of use."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, cast

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from ..metadata.fields import DATASET_TYPE
from . import counter
from .model import PortalDay, Usage, UsageBatch, now

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

#: What one statement writes or asks for; PostgreSQL takes 65,535 values.
_CHUNK: Final = 5_000
#: For how many days the name of a written batch is kept: no flush that broke waits so long.
_KEEP_BATCHES: Final = 30

_package: Any = cast("Any", model.Package)
_group: Any = cast("Any", model.Group)
_usage: Any = Usage.__table__

#: Orders of the most used records.
SORTS: Final = ("use", "views", "downloads")


def public() -> Any:
    """Return the condition that everybody may see a record."""
    return sa.and_(_package.state == model.State.ACTIVE, _package.private.is_(False))


def _packages_of(resources: Collection[str]) -> dict[str, str]:
    """Return the ids of the packages of resources, by id of the resource."""
    resource: Any = model.Resource
    found: dict[str, str] = {}
    ids = sorted(resources)
    for start in range(0, len(ids), _CHUNK):
        query = sa.select(resource.id, resource.package_id)
        found.update(
            map(
                tuple,
                model.Session.execute(query.where(resource.id.in_(ids[start : start + _CHUNK]))),
            )
        )
    return found


def _rows(counts: Sequence[counter.Count]) -> list[dict[str, Any]]:
    """Return the rows that counts make; what is of no record any more is left out."""
    files = {count.thing.id for count in counts if count.thing.kind == counter.DOWNLOAD}
    owners = _packages_of(files)
    views: Counter[tuple[str, date]] = Counter()
    downloads: Counter[tuple[str, date]] = Counter()
    for count in counts:
        if count.thing.kind == counter.VIEW:
            views[count.thing.id, count.day] += count.number
        elif count.thing.id in owners:
            downloads[owners[count.thing.id], count.day] += count.number
    return [
        {"package_id": key, "day": day, "views": views[key, day], "downloads": downloads[key, day]}
        for key, day in sorted(views.keys() | downloads.keys())
    ]


def write(batch: str, counts: Sequence[counter.Count]) -> int:
    """Add a batch of counts to the table, once, and commit; return the number of rows.

    :param batch: its name; one that was written before is passed by
    """
    first = model.Session.execute(
        insert(UsageBatch)
        .values(id=batch, created=now())
        .on_conflict_do_nothing()
        .returning(UsageBatch.id)
    ).first()
    rows = _rows(counts) if first else []
    for start in range(0, len(rows), _CHUNK):
        statement = insert(_usage).values(rows[start : start + _CHUNK])
        model.Session.execute(
            statement.on_conflict_do_update(
                index_elements=["package_id", "day"],
                set_={
                    name: _usage.c[name] + statement.excluded[name]
                    for name in ("views", "downloads")
                },
            )
        )
    model.Session.commit()
    return len(rows)


def note_portal() -> None:
    """Write how much the portal holds today, forget the names of old batches, and commit."""
    is_public = sa.and_(public(), _package.type == DATASET_TYPE)
    datasets, organizations = model.Session.execute(
        sa.select(sa.func.count(_package.id), sa.func.count(sa.distinct(_package.owner_org))).where(
            is_public
        )
    ).one()
    size = {"datasets": datasets, "organizations": organizations}
    model.Session.execute(
        insert(PortalDay)
        .values(day=counter.today(), **size)
        .on_conflict_do_update(index_elements=["day"], set_=size)
    )
    model.Session.execute(
        sa.delete(UsageBatch).where(UsageBatch.created < now() - timedelta(days=_KEEP_BATCHES))
    )
    model.Session.commit()


def first_day(days: int) -> date:
    """Return the first of the last ``days`` days, today being the last."""
    return counter.today() - timedelta(days=days - 1)


def most_used(*, rows: int, days: int, sort: str, record_type: str) -> Sequence[Any]:
    """Return the public records that were used most, with their organization, by one query.

    :param rows: how many at most
    :param days: of the last how many days
    :param sort: one of :data:`SORTS`
    """
    views, downloads = sa.func.sum(_usage.c.views), sa.func.sum(_usage.c.downloads)
    orders = {"use": views + downloads, "views": views, "downloads": downloads}
    return model.Session.execute(
        sa.select(
            _package.id,
            _package.name,
            _package.title,
            views.label("views"),
            downloads.label("downloads"),
            _group.name.label("organization_name"),
            _group.title.label("organization_title"),
        )
        .join(_usage, _usage.c.package_id == _package.id)
        .outerjoin(_group, _group.id == _package.owner_org)
        .where(public(), _package.type == record_type, _usage.c.day >= first_day(days))
        .group_by(_package.id, _group.id)
        .having(orders[sort] > 0)
        .order_by(orders[sort].desc(), _package.title, _package.id)
        .limit(rows)
    ).all()


def of_organization(organization_id: str, days: int) -> Sequence[Any]:
    """Return all records of an organization that are not deleted, with their use, most first."""
    views = sa.func.coalesce(sa.func.sum(_usage.c.views), 0)
    downloads = sa.func.coalesce(sa.func.sum(_usage.c.downloads), 0)
    joined = sa.and_(_usage.c.package_id == _package.id, _usage.c.day >= first_day(days))
    return model.Session.execute(
        sa.select(
            _package.id,
            _package.name,
            _package.title,
            _package.type,
            public().label("public"),
            views.label("views"),
            downloads.label("downloads"),
        )
        .outerjoin(_usage, joined)
        .where(_package.owner_org == organization_id, _package.state == model.State.ACTIVE)
        .group_by(_package.id)
        .having(sa.or_(public(), views + downloads > 0))
        .order_by((views + downloads).desc(), _package.title, _package.id)
    ).all()


def _month(column: Any) -> Any:
    """Return the month of a day, as ``2026-11``."""
    return sa.func.to_char(column, "YYYY-MM")


def by_month(since: date, package_id: str | None = None) -> dict[str, tuple[int, int]]:
    """Return views and downloads by month: of one record, or of all.

    :param since: first day that counts
    """
    month = _month(_usage.c.day)
    query = (
        sa.select(month, sa.func.sum(_usage.c.views), sa.func.sum(_usage.c.downloads))
        .where(_usage.c.day >= since)
        .group_by(month)
    )
    if package_id:
        query = query.where(_usage.c.package_id == package_id)
    return {row[0]: (int(row[1]), int(row[2])) for row in model.Session.execute(query)}


def sizes(since: date) -> dict[str, tuple[int, int]]:
    """Return how many datasets and organizations the portal had, by month: its last known day."""
    table: Any = PortalDay.__table__
    month = _month(table.c.day)
    query = (
        sa.select(month, table.c.datasets, table.c.organizations)
        .distinct(month)
        .where(table.c.day >= since)
        .order_by(month, table.c.day.desc())
    )
    return {row[0]: (row[1], row[2]) for row in model.Session.execute(query)}


def totals(package_ids: Iterable[str], days: int) -> tuple[int, int]:
    """Return views and downloads of some records together, of the last ``days`` days."""
    row = model.Session.execute(
        sa.select(sa.func.sum(_usage.c.views), sa.func.sum(_usage.c.downloads)).where(
            _usage.c.package_id.in_(list(package_ids)), _usage.c.day >= first_day(days)
        )
    ).one()
    return int(row[0] or 0), int(row[1] or 0)


def counted_since() -> date | None:
    """Return the first day of which there are counts; None where there are none yet."""
    return model.Session.execute(sa.select(sa.func.min(_usage.c.day))).scalar()
