"""Pages of activities and indicators beside those that CKAN makes: INDAH, and the copy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan.lib.search import SearchError, SolrConnectionError
from flask import Blueprint, g, request
from flask.views import MethodView

from ..codelists import codelist
from ..fields import ACTIVITY_TYPE, FORM_TYPES, RECORD_TYPES
from ..language import current_language
from ..listing import type_filter
from ..logic.action import copy as copying
from ..values import is_empty

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ckan.types import Context
    from flask.wrappers import Response
    from werkzeug.wrappers import Response as AnyResponse

tangerang_record = Blueprint("tangerang_record", __name__)

#: More activities than this on one page are for no one's eyes; a year narrows them down.
_MOST = 200

_FORMS = f"<any({', '.join(FORM_TYPES)}):record_type>"
_RECORDS = f"<any({', '.join(RECORD_TYPES)}):record_type>"


def _context() -> Context:
    """Return the context of the reader."""
    user = tk.current_user
    return {"user": user.name, "auth_user_obj": user, "for_view": True}  # pyright: ignore[reportReturnType]


def _record(record_type: str, record_id: str, endpoint: str) -> dict[str, Any] | Response:
    """Return a record that the reader may see, or the way to its page if it is of another type.

    What the reader may not see looks as if it were not there, as on CKAN's pages.
    """
    try:
        record = tk.get_action("package_show")(_context(), {"id": record_id})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404, tk._("Dataset not found or you have no permission to view it"))
    if record["type"] == record_type:
        return record
    if record["type"] not in (FORM_TYPES if endpoint.endswith("screens") else RECORD_TYPES):
        return tk.abort(404, tk._("There is no such page."))
    return tk.redirect_to(endpoint, record_type=record["type"], id=record["name"])


@tangerang_record.route(f"/{_FORMS}/<id>/indah")
def screens(record_type: str, id: str) -> Response | str:  # noqa: A002 - CKAN's name in addresses
    """Show a record by the screens of INDAH, with buttons to copy."""
    record = _record(record_type, id, "tangerang_record.screens")
    if not isinstance(record, dict):
        return record
    return tk.render(
        "tangerang/record/screens.html",
        {
            "pkg_dict": record,
            "dataset_type": record_type,
            "sections": tk.h.tangerang_indah_sections(record),
        },
    )


def _counts(filters: list[str], facet: str) -> dict[tuple[str, str], int]:
    """Return how many activities the reader may see, by name and label of an item of a facet."""
    found = tk.get_action("package_search")(
        _context(),
        {
            "fq_list": [type_filter(ACTIVITY_TYPE), *filters],
            "rows": 0,
            "facet.field": [facet],
            "facet.limit": -1,
            "include_private": True,
            "include_drafts": True,
        },
    )
    items = found["search_facets"].get(facet, {}).get("items", [])
    return {(item["name"], item["display_name"]): item["count"] for item in items}


def _overview() -> str:
    """Show the agencies with the numbers of their activities that are, and are not, in INDAH."""
    everything = _counts([], "organization")
    reported = _counts(["+status_indah:*"], "organization")
    rows = [
        {
            "name": name,
            "title": title,
            "total": total,
            "reported": reported.get((name, title), 0),
        }
        for (name, title), total in everything.items()
    ]
    rows.sort(key=lambda row: (row["reported"] - row["total"], row["title"]))
    return tk.render("tangerang/record/overview.html", {"agencies": rows})


def _scores(records: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what the plugin ``tangerang_score`` says about the records, if it is there."""
    if not records or "tangerang_score_summary" not in tk.h:
        return {}
    return tk.h.tangerang_score_summary([record["id"] for record in records])


@tangerang_record.route(f"/{ACTIVITY_TYPE}/indah")
def reported() -> str:
    """List the activities of an agency: which are in INDAH, and which are still to be reported.

    One search finds them all; its facets count also those that are too many to be listed.
    """
    name, year = request.args.get("organization", ""), request.args.get("tahun", "")
    if ACTIVITY_TYPE not in tk.h.tangerang_form_types():
        return tk.abort(404, tk._("There is no such page."))
    try:
        if not name:
            return _overview()
        owner = tk.get_action("organization_show")(
            _context(),
            {
                "id": name,
                "include_dataset_count": False,
                "include_extras": False,
                "include_users": False,
                "include_groups": False,
                "include_tags": False,
                "include_followers": False,
            },
        )
        filters = [type_filter(ACTIVITY_TYPE), f'+owner_org:"{owner["id"]}"']
        if year.isdigit():
            filters.append(f'+tahun_kegiatan:"{year}"')
        found = tk.get_action("package_search")(
            _context(),
            {
                "fq_list": filters,
                "rows": _MOST,
                "sort": "tahun_kegiatan desc, title_string asc",
                "facet.field": ["status_indah", "tahun_kegiatan"],
                "facet.limit": -1,
                "include_private": True,
                "include_drafts": True,
            },
        )
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404, tk._("Organization not found"))
    except (SearchError, SolrConnectionError, tk.ValidationError):
        return tk.abort(400, tk._("This search can not be read. Search for plain words."))
    by_status = found["facets"].get("status_indah", {})
    lang = current_language()
    return tk.render(
        "tangerang/record/reported.html",
        {
            "organization": owner,
            "year": year if year.isdigit() else "",
            "years": sorted(found["facets"].get("tahun_kegiatan", {}), reverse=True),
            "count": found["count"],
            "reported_count": sum(by_status.values()),
            "statuses": [
                (item.label(lang), by_status[item.key])
                for item in codelist("status_indah").items
                if by_status.get(item.key)
            ],
            "shown": len(found["results"]),
            "waiting": [r for r in found["results"] if is_empty(r.get("status_indah"))],
            "reported": [r for r in found["results"] if not is_empty(r.get("status_indah"))],
            "scores": _scores(found["results"]),
        },
    )


class CopyView(MethodView):
    """Asks before a record is copied to the next year, and copies it."""

    def _source(self, record_type: str, record_id: str) -> dict[str, Any] | Response:
        """Return the record, if the reader may copy it."""
        record = _record(record_type, record_id, "tangerang_record.copy")
        if not isinstance(record, dict):
            return record
        try:
            tk.check_access("tangerang_record_copy", _context(), {"id": record["id"]})
        except tk.NotAuthorized:
            return tk.abort(403, tk._("You may not create records of this agency."))
        if record["state"] == "deleted":
            return tk.abort(404, tk._("Dataset not found or you have no permission to view it"))
        return record

    def _page(
        self, record: dict[str, Any], year: str | None, errors: Mapping[str, Any]
    ) -> Response | str:
        """Show what the copy will be."""
        try:
            # A year that is wrong stays in its field; what is shown is the copy of the next one.
            plan = copying.plan(_context(), record, None if "tahun" in errors else year)
        except tk.ValidationError as error:
            errors = {**error.error_dict, **errors}
            plan = None
        return tk.render(
            "tangerang/record/copy.html",
            {
                "pkg_dict": record,
                "dataset_type": record["type"],
                "plan": plan,
                "year": year or (str(plan.year) if plan and plan.year else ""),
                "errors": [text for name in ("tahun", "id") for text in errors.get(name, [])],
                "other_errors": {
                    name: texts
                    for name, texts in errors.items()
                    if name not in ("tahun", "id", "existing")
                },
            },
        )

    def get(self, record_type: str, id: str) -> Response | str:  # noqa: A002 - CKAN's name
        """Show what will be copied and what will not."""
        record = self._source(record_type, id)
        if not isinstance(record, dict):
            return record
        return self._page(record, None, {})

    def post(self, record_type: str, id: str) -> Response | str:  # noqa: A002 - CKAN's name
        """Copy the record and open the form of the copy."""
        record = self._source(record_type, id)
        if not isinstance(record, dict):
            return record
        year = request.form.get("tahun", "").strip() or None
        try:
            made = tk.get_action("tangerang_record_copy")(
                {"user": tk.current_user.name, "auth_user_obj": tk.current_user},
                {"id": record["id"], "tahun": year, "force": "force" in request.form},
            )
        except tk.ValidationError as error:
            return self._page(record, year, error.error_dict)
        tk.h.flash_success(
            tk._(
                '"{title}" was made as a private draft. Check it, above all its days, and save.'
            ).format(title=made["title"])
        )
        return tk.redirect_to(f"{made['type']}.edit", id=made["name"])


tangerang_record.add_url_rule(f"/{_RECORDS}/<id>/salin", view_func=CopyView.as_view("copy"))


@tangerang_record.after_app_request
def to_the_page_of_its_type(response: AnyResponse) -> AnyResponse:
    """Send who asks for a record below another type (``/dataset/<name>``) to its own page.

    CKAN shows it there as well. What the record is, the page has found out already.
    """
    record = getattr(g, "pkg_dict", None)
    if (
        response.status_code == 200  # noqa: PLR2004
        and isinstance(record, dict)
        and record.get("type") in RECORD_TYPES
        and request.endpoint in {f"{name}.read" for name in RECORD_TYPES}
        and request.blueprint != record["type"]
    ):
        return tk.redirect_to(f"{record['type']}.read", id=record["name"])
    return response
