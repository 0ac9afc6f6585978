"""The pages ``/skor``: what the records of each organization lack, also as a table to download."""

from __future__ import annotations

import csv
import io
from functools import partial
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import Page
from flask import Blueprint, Response, request, stream_with_context

from ..spreadsheet import BYTE_ORDER_MARK, cell
from . import checks, store, texts
from .logic.schema import MAX_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator

tangerang_skor = Blueprint("tangerang_skor", __name__)

#: Records of one page.
_PER_PAGE = 50

_Row = dict[str, Any]


def _labels() -> dict[str, str]:
    """Return the types of records with what people call them."""
    return {
        "dataset": tk._("Dataset"),
        "kegiatan": tk._("Activity (MS-Keg)"),
        "indikator": tk._("Indicator (MS-Ind)"),
    }


def _state(row: _Row) -> str:
    """Return in words who may see a record."""
    if row["state"] != "active":
        return tk._("Draft")
    return tk._("Private") if row["private"] else tk._("Public")


def _query() -> dict[str, str]:
    """Return the filters of the address that say something."""
    names = ("organization", "type", "sort")
    return {name: request.args[name] for name in names if request.args.get(name)}


def _page_url(query: dict[str, str], page: int, **_: Any) -> str:
    """Return the address of one page of a list."""
    return tk.h.url_for("tangerang_skor.index", **query, page=page)


def _organizations(record_type: str) -> str | Response:
    """Show the organizations that the user may see; one alone is shown at once."""
    rows = tk.get_action("tangerang_score_average_list")({}, {"type": record_type})
    if len(rows) == 1:
        return tk.redirect_to("tangerang_skor.index", organization=rows[0]["name"])
    return tk.render(
        "tangerang/skor/index.html",
        {"rows": rows, "types": _labels(), "record_type": record_type},
    )


def _records(query: dict[str, str]) -> str:
    """Show the records of one organization, what lacks most first."""
    number = tk.h.get_page_number(request.args)
    found = tk.get_action("tangerang_score_list")(
        {}, {**query, "limit": _PER_PAGE, "offset": (number - 1) * _PER_PAGE}
    )
    page = Page(
        collection=found["results"],
        page=number,
        url=partial(_page_url, query),
        item_count=found["count"],
        items_per_page=_PER_PAGE,
    )
    page.items = found["results"]
    organization = tk.get_action("organization_show")(
        {},
        {
            "id": query["organization"],
            "include_extras": False,
            "include_users": False,
            "include_groups": False,
            "include_tags": False,
            "include_followers": False,
            "include_dataset_count": False,
        },
    )
    return tk.render(
        "tangerang/skor/records.html",
        {
            "organization": organization,
            "page": page,
            "rows": [
                {**row, "state_label": _state(row), "part_list": texts.parts(row["parts"])}
                for row in found["results"]
            ],
            "types": _labels(),
            "query": query,
        },
    )


@tangerang_skor.route("/skor")
def index() -> str | Response | tuple[str, int]:
    """Show organizations, or with ``?organization=`` the records of one."""
    query = _query()
    try:
        if "organization" in query:
            return _records(query)
        return _organizations(query.get("type", store.TYPES[0]))
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error))
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))
    except tk.ValidationError:
        return tk.abort(400, tk._("This address can not be read. Choose from the lists."))


def _lines(query: dict[str, str], first: list[_Row]) -> Iterator[str]:
    """Yield the lines of the table.

    :param first: the first records, which have been read to see whether the user may
    """
    labels = _labels()
    parts = checks.load().parts
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    heading = (
        *("type", "title", "url", "organization", "state", "completeness", "score"),
        *(part.name for part in parts),
        *("tasks", "next_task"),
    )
    buffer.write(BYTE_ORDER_MARK)
    writer.writerow(heading)
    rows, offset = first, 0
    while True:
        for row in rows:
            writer.writerow(
                map(
                    cell,
                    (
                        labels[row["type"]],
                        row["title"],
                        tk.h.url_for(f"{row['type']}.read", id=row["name"], _external=True),
                        (row["organization"] or {}).get("title"),
                        _state(row),
                        row["completeness"],
                        row["score"],
                        *(row["parts"].get(part.name) for part in parts),
                        row["tasks"],
                        row["next"]["message"] if row["next"] else "",
                    ),
                )
            )
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        if len(rows) < MAX_LIMIT:
            return
        offset += MAX_LIMIT
        rows = _batch(query, offset)


def _batch(query: dict[str, str], offset: int) -> list[_Row]:
    """Return the records of the table from ``offset`` on."""
    found = tk.get_action("tangerang_score_list")(
        {}, {**query, "limit": MAX_LIMIT, "offset": offset}
    )
    return found["results"]


@tangerang_skor.route("/skor.csv")
def table() -> Response:
    """Send the records of one organization, or of all, as a table."""
    query = _query()
    try:
        first = _batch(query, 0)
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error))
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))
    except tk.ValidationError:
        return tk.abort(400, tk._("This address can not be read. Choose from the lists."))
    return Response(
        stream_with_context(_lines(query, first)),
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="skor.csv"'},
    )
