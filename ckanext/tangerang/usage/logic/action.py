"""Actions of the plugin ``tangerang_usage``; all of them read."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model

from .. import counter, store
from . import schema

if TYPE_CHECKING:
    from ckan.types import Context, DataDict


def _months(number: int) -> list[str]:
    """Return the last months as ``2026-11``, the present one last."""
    now = counter.today()
    last = now.year * 12 + now.month - 1
    return [f"{month // 12}-{month % 12 + 1:02}" for month in range(last - number + 1, last + 1)]


def _begin(month: str) -> date:
    """Return the first day of a month such as ``2026-11``."""
    return date.fromisoformat(f"{month}-01")


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_usage_list)
def tangerang_usage_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Return the public records that were used most, most first; one query.

    Records that nobody used, and those that are not public now, are left out. Counts are some
    minutes old (``ckan tangerang usage flush``).

    :param rows: how many at most, up to 100 (optional, default: 10)
    :param days: of the last how many days, today included, up to 3,660 (optional, default: 30)
    :param sort: ``use`` (views and downloads together), ``views`` or ``downloads`` (optional,
        default: ``use``)
    :param type: ``dataset``, ``kegiatan`` or ``indikator`` (optional, default: ``dataset``)
    :returns: ``[{"id", "name", "title", "views", "downloads", "organization": {"name", "title"} or
        None}]``
    """
    tk.check_access("tangerang_usage_list", context, data_dict)
    found = store.most_used(
        rows=data_dict["rows"],
        days=data_dict["days"],
        sort=data_dict["sort"],
        record_type=data_dict["type"],
    )
    return [
        {
            "id": row.id,
            "name": row.name,
            "title": row.title or row.name,
            "views": int(row.views),
            "downloads": int(row.downloads),
            "organization": (
                {"name": row.organization_name, "title": row.organization_title}
                if row.organization_name
                else None
            ),
        }
        for row in found
    ]


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_usage_show)
def tangerang_usage_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return how often a record was looked at and its files were downloaded.

    :param id: id or name of a dataset, kegiatan or indikator
    :param days: of the last how many days, today included, up to 3,660 (optional, default: 30)
    :returns: ``{"id", "name", "views", "downloads", "days", "months": [{"month": "2026-11",
        "views", "downloads"}]}``; ``months`` has the last twelve, the present one last
    :raises ObjectNotFound: when there is no such record
    """
    tk.check_access("tangerang_usage_show", context, data_dict)
    package: Any = model.Package.get(data_dict["id"])
    views, downloads = store.totals([package.id], data_dict["days"])
    months = _months(schema.DEFAULT_MONTHS)
    counts = store.by_month(_begin(months[0]), package.id)
    return {
        "id": package.id,
        "name": package.name,
        "views": views,
        "downloads": downloads,
        "days": data_dict["days"],
        "months": [_month(month, counts.get(month, (0, 0))) for month in months],
    }


def _month(month: str, counts: tuple[int, int]) -> dict[str, Any]:
    """Return the use in a month as actions show it."""
    return {"month": month, "views": counts[0], "downloads": counts[1]}


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_usage_month_list)
def tangerang_usage_month_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Return what the portal held and how often it was used, month by month.

    Views and downloads are those of all records, also of those that were withdrawn later, so that
    the past does not change.

    :param months: the last how many months, up to 120 (optional, default: 12)
    :returns: ``[{"month": "2026-11", "views", "downloads", "datasets", "organizations"}]``, the
        present month last; ``datasets`` (public) and ``organizations`` (that have one) at the end
        of the month, None where nobody counted
    """
    tk.check_access("tangerang_usage_month_list", context, data_dict)
    months = _months(data_dict["months"])
    counts, sizes = store.by_month(_begin(months[0])), store.sizes(_begin(months[0]))
    found: list[dict[str, Any]] = []
    for month in months:
        datasets, organizations = sizes.get(month, (None, None))
        found.append(
            _month(month, counts.get(month, (0, 0)))
            | {"datasets": datasets, "organizations": organizations}
        )
    return found


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_usage_organization_show)
def tangerang_usage_organization_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return how often each record of an organization was used, for its members and the walidata.

    In the list are its public records, and those of which something was counted while they were
    public.

    :param id: id or name of an organization
    :param days: of the last how many days, today included, up to 3,660 (optional, default: 30)
    :returns: ``{"id", "name", "title", "days", "views", "downloads", "records": [{"id", "name",
        "title", "type", "public", "views", "downloads"}]}``, what was used most first
    :raises ObjectNotFound: when there is no such organization
    """
    tk.check_access("tangerang_usage_organization_show", context, data_dict)
    group: Any = model.Group.get(data_dict["id"])
    records = [
        {
            "id": row.id,
            "name": row.name,
            "title": row.title or row.name,
            "type": row.type,
            "public": bool(row.public),
            "views": int(row.views),
            "downloads": int(row.downloads),
        }
        for row in store.of_organization(group.id, data_dict["days"])
    ]
    return {
        "id": group.id,
        "name": group.name,
        "title": group.title or group.name,
        "days": data_dict["days"],
        "views": sum(row["views"] for row in records),
        "downloads": sum(row["downloads"] for row in records),
        "records": records,
    }
