"""Actions: the list of organizations, and the headline indicators of the home page."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from .. import config
from ..home import headlines
from ..resource_views import resource_view_list
from . import schema

if TYPE_CHECKING:
    from ckan.types import Context, DataDict

__all__ = [
    "resource_view_list",
    "tangerang_headline_list",
    "tangerang_headline_update",
    "tangerang_organization_list",
]


def _organizations(data_dict: DataDict) -> tuple[Any, list[Any]]:
    """Return the table of organizations, and which of them are wanted."""
    group = cast("Any", model.Group).__table__
    conditions = [
        group.c.is_organization.is_(True),
        group.c.type == "organization",
        group.c.state == model.State.ACTIVE,
    ]
    if data_dict.get("q"):
        columns = (group.c.name, group.c.title, group.c.description)
        conditions.append(
            sa.or_(*(column.icontains(data_dict["q"], autoescape=True) for column in columns))
        )
    return group, conditions


def _counts(context: Context) -> dict[str, int]:
    """Return how many datasets of each organization, by id, the user may see: one search."""
    found = tk.get_action("package_search")(
        tk.fresh_context(context),
        {
            "rows": 0,
            # By id: CKAN would look up the titles of names.
            "facet.field": ["owner_org"],
            "facet.limit": -1,
            "include_private": True,
        },
    )
    return dict(found["facets"].get("owner_org", {}))


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_organization_list)
def tangerang_organization_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return organizations as a list shows them: two statements and one search, however many.

    CKAN's ``organization_list`` with ``all_fields`` reads each organization whole, and counts its
    datasets and members.

    :param q: a part of name, title or description (optional)
    :param sort: ``title asc`` (default), ``title desc``, ``name asc`` or ``name desc``
    :param limit: how many at most, up to 1,000 (optional, default: 20)
    :param offset: how many to skip (optional)
    :returns: ``{"count", "results": [{"id", "name", "title", "display_name", "type",
        "package_count"}]}``; ``package_count`` is null when the search index does not answer
    """
    tk.check_access("organization_list", context, {})
    group, conditions = _organizations(data_dict)
    column, _, direction = data_dict["sort"].partition(" ")
    order = sa.func.lower(group.c[column])
    session = cast("Any", model.Session)
    rows = session.execute(
        sa.select(group.c.id, group.c.name, group.c.title, group.c.type)
        .where(*conditions)
        .order_by(order.desc() if direction == "desc" else order.asc(), group.c.id)
        .limit(data_dict["limit"])
        .offset(data_dict["offset"])
    ).all()
    count = session.scalar(sa.select(sa.func.count()).select_from(group).where(*conditions))
    try:
        counts: dict[str, int] | None = _counts(context) if rows else {}
    except headlines.SEARCH_FAILURES:
        counts = None
    return {
        "count": count,
        "results": [
            {
                "id": row.id,
                "name": row.name,
                "title": row.title,
                "display_name": row.title or row.name,
                "type": row.type,
                "package_count": None if counts is None else counts.get(row.id, 0),
            }
            for row in rows
        ],
    }


@tk.side_effect_free
def tangerang_headline_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return which indicators stand on the home page, and which may.

    :returns: ``{"chosen": [id or name], "most", "records": [{"id", "name", "title",
        "organization"}]}``: ``chosen`` is empty where the portal takes the last changed ones;
        ``records`` are the public indicators that name a table, with the title of their OPD
    :raises ValidationError: when the search index does not answer
    """
    tk.check_access("tangerang_headline_list", context, data_dict)
    try:
        records = headlines.with_figures()
    except headlines.SEARCH_FAILURES as error:
        raise tk.ValidationError(
            {"indikator": [tk._("The search does not answer. Please try again in a minute.")]}
        ) from error
    return {"chosen": config.headlines(), "most": headlines.MOST, "records": records}


@tk.validate_action_data(schema.tangerang_headline_update)
def tangerang_headline_update(context: Context, data_dict: DataDict) -> list[str]:
    """Choose the indicators whose newest figures stand on the home page.

    Kept as CKAN keeps options that are changed while it runs.

    :param indikator: ids or names in their order, eight at most; an empty list lets the portal
        take the last changed ones with figures
    :returns: their ids
    :raises ValidationError: naming those that are not public indicators with a table
    """
    tk.check_access("tangerang_headline_update", context, data_dict)
    known: dict[str, str] = {}
    for record in tangerang_headline_list(tk.fresh_context(context), {})["records"]:
        known |= {record["id"]: record["id"], record["name"]: record["id"]}
    wrong = [key for key in data_dict["indikator"] if key not in known]
    if wrong:
        text = tk._("Not a public indicator with a table: {names}.")
        raise tk.ValidationError({"indikator": [text.format(names=", ".join(wrong))]})
    ids = list(dict.fromkeys(known[key] for key in data_dict["indikator"]))
    tk.config[config.HEADLINES] = " ".join(ids)
    model.set_system_info(config.HEADLINES, " ".join(ids))
    # Other processes read it again when this has changed.
    model.set_system_info("ckan.config_update", str(time.time()))
    return ids
