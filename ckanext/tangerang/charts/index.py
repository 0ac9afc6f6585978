"""What each table has figures for, written when it changes: pages look it up and scan nothing.

A job reads a table once after it was loaded, changed or published, and writes one row
(:class:`.model.ChartTable`). What the dataset page needs of it is in Redis too, for tables that
everybody may read: that page asks the database for nothing.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from redis.exceptions import RedisError
from sqlalchemy.dialects.postgresql import insert

from .. import working_copy
from ..metadata.fields import DATASET_TYPE
from . import keeping, making, tables
from .model import ChartTable, now
from .recognise import BARS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ckan.types import Context

log = logging.getLogger(__name__)

#: More tables than a page of a kecamatan shows.
MOST_TABLES = 300

_resource: Any = model.Resource
_package: Any = model.Package


def _own_context() -> Context:
    """Return a context of the portal itself: it reads all tables for its own list of them."""
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    return cast("Context", {"user": user, "ignore_auth": True})


def is_open(resource: Any) -> bool:
    """Tell whether everybody may read the rows of a table."""
    try:
        tables.check_readable(cast("Context", {"user": ""}), resource.id)
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False
    return True


def _summaries(source: making.Source) -> dict[str, Any]:
    """Return what pages say of each chart of a table before its picture is there, by name."""
    found: dict[str, Any] = {}
    for value in source.shape.values:
        for kind in making.kinds(source.shape):
            name = f"{kind}-{value.slug}"
            try:
                made = making.chart(source, making.select(source, name))
            except tk.ObjectNotFound:
                continue
            ends = [[label, str(value)] for label, value in making.ends_of(made)]
            found[name] = {"ends": ends, "unit": made.unit, "count": len(made.given)}
    return found


def _district_figures(source: making.Source) -> list[dict[str, Any]]:
    """Return the figures of each kecamatan in a table: of the newest year, the first category."""
    found: list[dict[str, Any]] = []
    for value in source.shape.values if source.shape.districts else ():
        try:
            made = making.chart(source, making.select(source, f"{BARS}-{value.slug}"))
        except tk.ObjectNotFound:
            continue
        found.append(
            {
                "label": value.label,
                "unit": made.unit,
                "year": made.year,
                "category": made.category,
                "values": {point.key: str(number) for point, number in made.given},
            }
        )
    return found


def _write(source: making.Source) -> None:
    """Write the row of a table."""
    session: Any = model.Session
    values = {
        "package_id": source.resource.package_id,
        "version": source.version,
        "shape": source.shape.dump(),
        "districts": list(source.shape.districts),
        "figures": _district_figures(source),
        "updated": now(),
    }
    session.execute(
        insert(ChartTable)
        .values(resource_id=source.resource.id, **values)
        .on_conflict_do_update(index_elements=["resource_id"], set_=values)
    )


def refresh(resource_id: str) -> bool:
    """Read one table and write what it has figures for; tell whether it allows a chart.

    A job; doing it again does no harm.
    """
    resource = tables.find_resource(resource_id)
    if resource is None or resource.package.type != DATASET_TYPE:
        return False
    if working_copy.original_of(resource.package):
        return False
    context, version = _own_context(), keeping.table_version(resource)
    active = bool((resource.extras or {}).get("datastore_active"))
    shape = making.shape_of(context, resource, version) if active else None
    if shape is None:
        session: Any = model.Session
        session.execute(sa.delete(ChartTable).where(ChartTable.resource_id == resource_id))
        session.commit()
        keeping.note_page(resource_id, None)
        return False
    source = making.Source(context, resource, shape, version)
    _write(source)
    model.Session.commit()
    opened = is_open(resource)
    page = {"shape": shape.dump(), "charts": _summaries(source)} if opened else None
    keeping.note_page(resource_id, page)
    return True


def enqueue(resource_ids: Iterable[str]) -> None:
    """Ask a worker to look at tables again; what is asked for already is not asked for twice."""
    try:
        for resource_id in filter(keeping.claim, resource_ids):
            tk.enqueue_job(run, [resource_id], title="Charts of a table")
    except RedisError:
        log.warning("No job for charts; run: ckan tangerang charts index")


def run(resource_id: str) -> None:
    """Do what :func:`enqueue` asked for."""
    keeping.release(resource_id)
    refresh(resource_id)


def all_tables() -> Iterator[str]:
    """Return the ids of all files of records that have a table."""
    query = (
        sa.select(_resource.id)
        .join(_package, _package.id == _resource.package_id)
        .where(
            _resource.state == model.State.ACTIVE,
            _package.state == model.State.ACTIVE,
            _package.type == DATASET_TYPE,
            working_copy.is_record(_package),
            sa.cast(_resource.extras, sa.UnicodeText).like('%"datastore_active": true%'),
        )
        .order_by(_resource.id)
    )
    yield from list(cast("Any", model.Session).scalars(query))


def with_district(district: str) -> list[ChartTable]:
    """Return the rows of the tables that have figures for a kecamatan, public or not.

    :param district: its Kemendagri code
    """
    query = (
        sa.select(ChartTable)
        .where(ChartTable.districts.contains([district]))
        .order_by(ChartTable.resource_id)
        .limit(MOST_TABLES)
    )
    return list(cast("Any", model.Session).scalars(query))


def counts() -> dict[str, int]:
    """Return how many public datasets have figures for each kecamatan, by code."""
    district = sa.func.unnest(ChartTable.districts).label("district")
    inner = (
        sa.select(ChartTable.package_id, district)
        .join(_package, _package.id == ChartTable.package_id)
        .where(_package.state == model.State.ACTIVE, _package.private.is_(False))
        .distinct()
        .subquery()
    )
    query = sa.select(inner.c.district, sa.func.count()).group_by(inner.c.district)
    rows: Any = cast("Any", model.Session).execute(query)
    return {row[0]: row[1] for row in rows}
