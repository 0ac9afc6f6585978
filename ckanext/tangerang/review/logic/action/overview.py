"""Actions about what there is and what is to be done."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ....metadata.config import release_days
from ....opd.clock import today
from ...overview import inventory, start
from .. import schema

if TYPE_CHECKING:
    from ckan.types import Context, DataDict

__all__ = [
    "tangerang_inventory_list",
    "tangerang_inventory_organization_list",
    "tangerang_start_show",
]


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_inventory_list)
def tangerang_inventory_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return records with their release plan, by OPD and title.

    Everybody sees what is public; those who may see more, drafts and what is being checked as well.

    :param owner_org: id or name of an OPD (optional)
    :param type: ``dataset``, ``kegiatan`` or ``indikator`` (optional)
    :param state: one state of the review, or several as a list or with commas (optional)
    :param release: ``terlambat``, ``segera``, ``terjadwal`` or ``tanpa_jadwal``: datasets whose
        next release stands so (optional)
    :param q: a part of the title (optional)
    :param limit: how many at most, up to 1,000 (optional, default: 100)
    :param offset: how many to skip (optional)
    :returns: ``{"count", "results": [{"id", "name", "type", "title", "organization", "frequency",
        "release": {"first", "last"} or null, "release_status", "updated", "state",
        "reviewer"}]}``; ``updated`` is the newest file, else the last change (UTC)
    """
    tk.check_access("tangerang_inventory_list", context, data_dict)
    conditions = inventory.Wanted.of(context, data_dict).narrowed()
    day, before = date.fromisoformat(today()), release_days()
    found = inventory.rows(conditions, data_dict["limit"], data_dict["offset"])
    return {
        "count": inventory.count(conditions),
        "results": [inventory.shown(row, day, before) for row in found],
    }


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_inventory_organization_list)
def tangerang_inventory_organization_list(
    context: Context, data_dict: DataDict
) -> list[dict[str, Any]]:
    """Return by OPD how many records there are and how its releases stand.

    :returns: ``[{"id", "name", "title", "dataset", "kegiatan", "indikator", "inside", "overdue",
        "due", "updated"}]``; ``inside`` counts those among them that are not public
    """
    tk.check_access("tangerang_inventory_organization_list", context, data_dict)
    return inventory.organizations(inventory.Wanted.of(context, {}).conditions)


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_start_show)
def tangerang_start_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return what waits for the user, what they have in work and what is due.

    :returns: ``{"roles", "sections": [{"key", "count", "rows"}]}``: of each list the first five
        records and how many there are
    """
    tk.check_access("tangerang_start_show", context, data_dict)
    who = start.Standing.of(context)
    return {
        "roles": who.names(),
        "sections": [
            {
                "key": section.key,
                "count": section.count,
                "rows": [
                    {
                        **row,
                        **({"since": row["since"].isoformat()} if row.get("since") else {}),
                    }
                    for row in section.rows
                ],
            }
            for section in start.sections(who)
        ],
    }
