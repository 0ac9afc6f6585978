"""The next releases of public datasets, as everybody may read them."""

from __future__ import annotations

import heapq
from datetime import date
from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ....opd.clock import today
from ...config import release_days
from ...release_dates import dataset_releases
from ...releases import OVERDUE
from .. import schema

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ckan.types import Context, DataDict

__all__ = ["tangerang_release_list"]


def _titles(ids: Iterable[str]) -> dict[str, Any]:
    """Return name, title and OPD of records by id: one statement."""
    package = cast("Any", model.Package).__table__
    group = cast("Any", model.Group).__table__
    query = (
        sa.select(
            package.c.id,
            package.c.name,
            package.c.title,
            group.c.name.label("organization_name"),
            group.c.title.label("organization_title"),
        )
        .select_from(package.outerjoin(group, group.c.id == package.c.owner_org))
        .where(package.c.id.in_(list(ids)))
    )
    return {row.id: row for row in cast("Any", model.Session).execute(query)}


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_release_list)
def tangerang_release_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Return the public datasets whose next release is still to come, the soonest first.

    The rule of ``jadwal_rilis`` and ``frekuensi`` is that of ``metadata/releases.py``. What is
    overdue is not among them. Two statements, however many datasets there are.

    :param limit: how many at most, up to 100 (optional, default: 10)
    :returns: ``[{"id", "name", "title", "organization": {"name", "title"} or null, "first",
        "last", "status"}]``; the release is expected between the days ``first`` and ``last``
        (``YYYY-MM-DD``, the same for one day); ``status`` is ``segera`` or ``terjadwal``
    """
    tk.check_access("tangerang_release_list", context, data_dict)
    day, before = date.fromisoformat(today()), release_days()
    package = cast("Any", model.Package).__table__
    coming = (
        (release.first, row.id, release)
        for row, release in dataset_releases(package.c.private.isnot(True))
        if release is not None and release.status(day, before) != OVERDUE
    )
    found = heapq.nsmallest(data_dict["limit"], coming, key=lambda entry: entry[:2])
    titles = _titles(key for _, key, _ in found)
    return [
        {
            "id": key,
            "name": titles[key].name,
            "title": titles[key].title or titles[key].name,
            "organization": {
                "name": titles[key].organization_name,
                "title": titles[key].organization_title or titles[key].organization_name,
            }
            if titles[key].organization_name
            else None,
            "first": release.first.isoformat(),
            "last": release.last.isoformat(),
            "status": release.status(day, before),
        }
        for _, key, release in found
    ]
