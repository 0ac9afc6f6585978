"""The pages ``/daftar-data`` (also ``.xlsx``) and ``/beranda``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import plugins as p
from ckan.lib.helpers import Page
from flask import Blueprint, Response, make_response, request

from ...metadata.fields import RECORD_TYPES
from ...metadata.language import local_day
from ...metadata.releases import STATUSES
from ...pages import forbid_keeping
from .. import states, texts
from ..logic.schema import MAX_LIMIT
from . import labels, sheet

if TYPE_CHECKING:
    from collections.abc import Iterator

tangerang_daftar_data = Blueprint("tangerang_daftar_data", __name__)
tangerang_beranda = Blueprint("tangerang_beranda", __name__)
blueprints = [tangerang_daftar_data, tangerang_beranda]

#: Records of one page.
_PER_PAGE = 50
#: Records of a workbook: a longer list is filtered first.
_MOST_ROWS = 20_000
_FILTERS = ("owner_org", "type", "state", "release", "q")
#: Unread notifications on the start page.
_NEWS = 5


def _query() -> dict[str, str]:
    """Return the filters of the address that say something."""
    return {name: request.args[name] for name in _FILTERS if request.args.get(name)}


def _refused(error: Exception) -> tuple[str, int]:
    """Say why a list can not be shown."""
    if isinstance(error, tk.ObjectNotFound):
        return tk.abort(404, str(error))
    return tk.abort(400, tk._("This address can not be read. Choose from the lists."))


def _page_url(query: dict[str, str], page: int, **_: Any) -> str:
    """Return the address of one page of the list."""
    return tk.h.url_for("tangerang_daftar_data.index", **query, page=page)


def _extra(query: dict[str, str]) -> dict[str, Any]:
    """Return what both views of the page show."""
    return {
        "query": query,
        "types": texts.type_labels(),
        "states": states.STATES if tk.g.user else (),
        "statuses": {name: texts.release_label(name) for name in STATUSES},
    }


@tangerang_daftar_data.route("/daftar-data")
def index() -> str | tuple[str, int]:
    """Show what each OPD produces; with a filter, the records."""
    query = _query()
    if not query and not request.args.get("semua"):
        rows = tk.get_action("tangerang_inventory_organization_list")({}, {})
        return tk.render("tangerang/daftar_data/index.html", {"rows": rows, **_extra(query)})
    number = tk.h.get_page_number(request.args)
    try:
        found = tk.get_action("tangerang_inventory_list")(
            {}, {**query, "limit": _PER_PAGE, "offset": (number - 1) * _PER_PAGE}
        )
    except (tk.ObjectNotFound, tk.ValidationError) as error:
        return _refused(error)
    page = Page(
        collection=found["results"],
        page=number,
        url=partial(_page_url, query or {"semua": "1"}),
        item_count=found["count"],
        items_per_page=_PER_PAGE,
    )
    page.items = found["results"]
    return tk.render("tangerang/daftar_data/list.html", {"page": page, **_extra(query)})


def _all(query: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Yield all records of a list, as many as one call returns at a time."""
    for offset in range(0, _MOST_ROWS, MAX_LIMIT):
        found = tk.get_action("tangerang_inventory_list")(
            {}, {**query, "limit": MAX_LIMIT, "offset": offset}
        )
        yield from found["results"]
        if offset + MAX_LIMIT >= found["count"]:
            return


def _line(row: dict[str, Any], types: dict[str, str]) -> list[str]:
    """Return a record as a row of the workbook."""
    return [
        (row["organization"] or {}).get("title") or "",
        row["title"],
        types[row["type"]],
        labels.frequency_label(row["frequency"]),
        (row["release"] or {}).get("first") or "",
        (row["release"] or {}).get("last") or "",
        texts.release_label(row["release_status"]) if row["type"] == "dataset" else "",
        local_day(row["updated"]).isoformat() if row["updated"] else "",
        texts.state_label(row["state"]),
        row["reviewer"] or "",
        tk.h.url_for(f"{row['type']}.read", id=row["name"], _external=True),
    ]


@tangerang_daftar_data.route("/daftar-data.xlsx")
def xlsx() -> Response | tuple[str, int]:
    """Send the list as a workbook."""
    types = texts.type_labels()
    header = [
        tk._("Agency (OPD)"),
        tk._("Title"),
        tk._("Kind of record"),
        tk._("Publication frequency"),
        tk._("Next release from"),
        tk._("Next release until"),
        tk._("Release"),
        tk._("Last update"),
        tk._("State"),
        tk._("Checked by"),
        tk._("Address"),
    ]
    try:
        body = sheet.workbook(
            tk._("List of data"), header, (_line(row, types) for row in _all(_query()))
        )
    except (tk.ObjectNotFound, tk.ValidationError) as error:
        return _refused(error)
    response = make_response(body)
    response.headers["Content-Type"] = sheet.MIMETYPE
    response.headers["Content-Disposition"] = 'attachment; filename="daftar-data.xlsx"'
    if tk.g.user:
        # What a user sees beyond the public is theirs.
        forbid_keeping(response)
    return response


@tangerang_beranda.route("/beranda")
def start() -> str | Response:
    """Show what waits for the user, what they have in work and what is due."""
    if not tk.g.user:
        return tk.redirect_to("user.login", came_from=request.path)
    found = tk.get_action("tangerang_start_show")({}, {})
    news = None
    if p.plugin_loaded("tangerang_notifications"):
        news = tk.get_action("tangerang_notification_list")({}, {"unread": True, "limit": _NEWS})
    return tk.render(
        "tangerang/beranda/index.html",
        {
            **found,
            "news": news,
            "record_types": RECORD_TYPES,
            "types": texts.type_labels(),
        },
    )
