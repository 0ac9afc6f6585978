"""What was done to accounts, as a page and as a table."""

from __future__ import annotations

import csv
import io
from functools import partial
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import Page
from flask import Blueprint, Response, request, stream_with_context

from ...pages import forbid_keeping
from ...spreadsheet import BYTE_ORDER_MARK, cell
from .. import audit
from ..logic.schema import MAX_LIMIT
from .common import guarded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

tangerang_accounts_audit = Blueprint("tangerang_accounts_audit", __name__, url_prefix="/akun")

#: Lines of one page.
_PER_PAGE = 100


def _query() -> dict[str, str]:
    """Return the filters of the address that say something."""
    return {name: request.args[name] for name in ("id", "action") if request.args.get(name)}


def _page_url(query: Mapping[str, str], page: int, **_: Any) -> str:
    """Return the address of one page of the list."""
    return tk.h.url_for("tangerang_accounts_audit.index", **query, page=page)


def _batch(query: Mapping[str, str], limit: int, offset: int) -> dict[str, Any]:
    """Return a part of the list, in words."""
    found = tk.get_action("tangerang_account_audit_list")(
        {}, {**query, "limit": limit, "offset": offset}
    )
    for row in found["results"]:
        row["action_label"] = audit.label(row["action"])
        row["words"] = audit.words(row["details"])
    return found


@tangerang_accounts_audit.route("/catatan")
@guarded
def index() -> Any:
    """Show what was done to accounts, the last first."""
    query = _query()
    number = tk.h.get_page_number(request.args)
    try:
        found = _batch(query, _PER_PAGE, (number - 1) * _PER_PAGE)
    except tk.ValidationError:
        return tk.abort(400, tk._("This address can not be read. Choose from the lists."))
    page = Page(
        collection=found["results"],
        page=number,
        url=partial(_page_url, query),
        item_count=found["count"],
        items_per_page=_PER_PAGE,
    )
    page.items = found["results"]
    return tk.render(
        "tangerang/akun/audit.html",
        {
            "rows": found["results"],
            "page": page,
            "query": query,
            "kinds": [(kind, audit.label(kind)) for kind in audit.KINDS],
        },
    )


def _lines(query: Mapping[str, str], rows: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the lines of the table.

    :param rows: the first ones, which have been read to see whether the user may
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write(BYTE_ORDER_MARK)
    writer.writerow(("created_utc", "actor", "account", "action", "details"))
    offset = 0
    while True:
        for row in rows:
            values = (row["created"], row["actor"], row["account"], row["action_label"])
            writer.writerow([cell(value) for value in (*values, row["words"])])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        if len(rows) < MAX_LIMIT:
            return
        offset += MAX_LIMIT
        rows = _batch(query, MAX_LIMIT, offset)["results"]


@tangerang_accounts_audit.route("/catatan.csv")
@guarded
def table() -> Response:
    """Send what was done to accounts as a table."""
    query = _query()
    try:
        first = _batch(query, MAX_LIMIT, 0)["results"]
    except tk.ValidationError:
        return tk.abort(400, tk._("This address can not be read. Choose from the lists."))
    return forbid_keeping(
        Response(
            stream_with_context(_lines(query, first)),
            mimetype="text/csv",
            headers={"Content-Disposition": 'attachment; filename="catatan-akun.csv"'},
        )
    )
