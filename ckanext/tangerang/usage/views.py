"""Counts what people read; the pages ``/statistik``: figures of the portal, and of an OPD."""

from __future__ import annotations

from datetime import date
from itertools import dropwhile
from typing import TYPE_CHECKING, Any, Final

import ckan.plugins.toolkit as tk
from babel.dates import format_date
from flask import Blueprint, Response, request

from ..metadata.fields import DATASET_TYPE
from ..metadata.language import current_language
from ..metadata.roles import acts_as_walidata
from ..pages import forbid_keeping, guarded
from . import listen, sheets, store
from .logic.schema import MAX_MONTHS, MAX_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterable

tangerang_statistik = Blueprint("tangerang_statistik", __name__)
tangerang_statistik.after_app_request(listen.answered)

#: Periods that people may choose, in days.
_PERIODS: Final = (30, 90, 365)
#: Records in the list of the page; tables to take away have more.
_ROWS: Final = 20
_MONTHS: Final = 12


def _days() -> int:
    """Return the period of the address; the shortest where it names none of ours."""
    asked = request.args.get("hari", "")
    return int(asked) if asked in {str(days) for days in _PERIODS} else _PERIODS[0]


def _period_labels() -> dict[int, str]:
    """Return the periods with what people call them."""
    return {days: tk._("last {number} days").format(number=days) for days in _PERIODS}


def _month_label(month: str) -> str:
    """Return a month such as ``2026-11`` as people write it."""
    return format_date(date.fromisoformat(f"{month}-01"), "MMMM yyyy", locale=current_language())


def _portal() -> dict[str, int]:
    """Return how many datasets everybody can see now, and how many organizations have one."""
    found = tk.get_action("package_search")(
        {"user": ""},
        {
            "fq": f"+dataset_type:{DATASET_TYPE}",
            "rows": 0,
            "facet.field": ["organization"],
            "facet.limit": -1,
        },
    )
    return {
        "datasets": found["count"],
        "organizations": len(found["search_facets"].get("organization", {}).get("items", [])),
    }


def _shares(rows: Iterable[dict[str, Any]], *names: str) -> list[dict[str, Any]]:
    """Return rows with the length of their bars in per cent of the longest, as ``share_…``."""
    found = list(rows)
    for name in names:
        most = max((row[name] or 0 for row in found), default=0)
        for row in found:
            row[f"share_{name}"] = round(100 * (row[name] or 0) / most, 1) if most else 0
    return found


def _is_known(month: dict[str, Any]) -> bool:
    """Tell whether anything was counted in a month."""
    return bool(month["views"] or month["downloads"] or month["datasets"] is not None)


def _known_months(number: int) -> list[dict[str, Any]]:
    """Return the figures of the last months, from the first of which there are any."""
    months = tk.get_action("tangerang_usage_month_list")({}, {"months": number})
    return list(dropwhile(lambda month: not _is_known(month), months[:-1])) + months[-1:]


def _months() -> list[dict[str, Any]]:
    """Return the figures of the last months, the newest first, with their labels."""
    months = _known_months(_MONTHS)
    labelled = [month | {"label": _month_label(month["month"])} for month in months]
    return _shares(reversed(labelled), "views", "downloads")


def _day_label(day: date | None) -> str:
    """Return a day as people write it; empty for none."""
    return format_date(day, "long", locale=current_language()) if day else ""


@tangerang_statistik.route("/statistik")
def index() -> str:
    """Show the figures of the portal."""
    days = _days()
    used = tk.get_action("tangerang_usage_list")({}, {"rows": _ROWS, "days": days})
    return tk.render(
        "tangerang/statistik/index.html",
        {
            "portal": _portal(),
            "months": _months(),
            "used": _shares(used, "views", "downloads"),
            "days": days,
            "periods": _period_labels(),
            "since": _day_label(store.counted_since()),
            "organizations": _own_organizations(),
        },
    )


def _own_organizations() -> list[dict[str, Any]]:
    """Return the organizations whose figures the user may see, by title."""
    user = tk.current_user
    if user.is_anonymous:
        return []
    if acts_as_walidata({"user": user.name, "auth_user_obj": user}):
        found = tk.get_action("organization_list")({}, {"all_fields": True, "limit": 1000})
    else:
        found = tk.get_action("organization_list_for_user")({}, {"permission": "read"})
    rows = [{"name": row["name"], "title": row["title"] or row["name"]} for row in found]
    return sorted(rows, key=lambda row: row["title"].casefold())


def _month_table() -> sheets.Table:
    """Return the figures of the months as a table to take away."""
    header = [
        tk._("Month"),
        tk._("Datasets"),
        tk._("Agencies with data"),
        tk._("Page views"),
        tk._("Downloads"),
    ]
    rows = [
        [row["month"], row["datasets"], row["organizations"], row["views"], row["downloads"]]
        for row in _known_months(MAX_MONTHS)
    ]
    return sheets.Table(tk._("By month"), header, rows)


def _used_table(days: int) -> sheets.Table:
    """Return the most used datasets as a table to take away."""
    header = [
        tk._("Address"),
        tk._("Dataset"),
        tk._("Agency"),
        tk._("Page views"),
        tk._("Downloads"),
    ]
    rows = [
        [
            row["name"],
            row["title"],
            (row["organization"] or {}).get("title") or "",
            row["views"],
            row["downloads"],
        ]
        for row in tk.get_action("tangerang_usage_list")({}, {"rows": MAX_ROWS, "days": days})
    ]
    return sheets.Table(tk._("Most used"), header, rows)


def _file(body: str | bytes, name: str) -> Response:
    """Return a table as a file that the browser keeps.

    :param name: of the file, with ``.csv`` or ``.xlsx``
    """
    mimetype = "text/csv; charset=utf-8" if name.endswith(".csv") else sheets.XLSX_TYPE
    response = Response(body, content_type=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@tangerang_statistik.route("/statistik/bulan.csv")
def months_csv() -> Response:
    """Give the figures of the months out as CSV."""
    return _file(sheets.as_csv(_month_table()), "statistik-bulan.csv")


@tangerang_statistik.route("/statistik/dataset.csv")
def used_csv() -> Response:
    """Give the most used datasets out as CSV."""
    return _file(sheets.as_csv(_used_table(_days())), "statistik-dataset.csv")


@tangerang_statistik.route("/statistik.xlsx")
def workbook() -> Response:
    """Give all figures out as an Excel workbook."""
    tables = [_month_table(), _used_table(_days())]
    return _file(sheets.as_xlsx(tables), "statistik.xlsx")


def _organization(name: str) -> dict[str, Any]:
    """Return the figures of an organization."""
    return tk.get_action("tangerang_usage_organization_show")({}, {"id": name, "days": _days()})


@tangerang_statistik.route("/statistik/opd/<name>")
@guarded
def organization(name: str) -> Any:
    """Show members of an organization how often its data were used."""
    found = _organization(name)
    found["records"] = _shares(found["records"], "views", "downloads")
    body = tk.render(
        "tangerang/statistik/organization.html",
        {"found": found, "days": _days(), "periods": _period_labels()},
    )
    return forbid_keeping(Response(body))


@tangerang_statistik.route("/statistik/opd/<name>.xlsx")
@guarded
def organization_workbook(name: str) -> Any:
    """Give the figures of an organization out as an Excel workbook."""
    found = _organization(name)
    header = [
        tk._("Address"),
        tk._("Title"),
        tk._("State"),
        tk._("Page views"),
        tk._("Downloads"),
    ]
    rows = [
        [
            row["name"],
            row["title"],
            tk._("Public") if row["public"] else tk._("Not public now"),
            row["views"],
            row["downloads"],
        ]
        for row in found["records"]
    ]
    table = sheets.Table(found["name"], header, rows)
    return forbid_keeping(_file(sheets.as_xlsx([table]), f"statistik-{found['name']}.xlsx"))
