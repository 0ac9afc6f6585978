"""The form by which somebody asks for access, and the list of what they asked."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import Page
from flask import Blueprint, make_response, request

from ...pages import forbid_keeping, guarded, is_our_form, messages
from .. import exposure, gate

if TYPE_CHECKING:
    from collections.abc import Mapping

tangerang_akses = Blueprint("tangerang_akses", __name__, url_prefix="/akses")
tangerang_akses.before_app_request(gate.before_request)
tangerang_akses.after_app_request(exposure.after_request)

#: Requests of one page.
PER_PAGE = 50
#: Fields of the form, and how much of each is read.
_FIELDS = {"name": 400, "institution": 400, "email": 400, "purpose": 4_000, "resource_id": 100}


def page_url(endpoint: str, query: Mapping[str, str], page: int, **_: Any) -> str:
    """Return the address of one page of a list."""
    return str(tk.h.url_for(endpoint, **query, page=page))


def paged(found: dict[str, Any], endpoint: str, query: Mapping[str, str], number: int) -> Page:
    """Return what the pager of a list needs.

    :param found: the answer of the action: ``count`` and ``results``
    """
    page = Page(
        collection=found["results"],
        page=number,
        url=partial(page_url, endpoint, query),
        item_count=found["count"],
        items_per_page=PER_PAGE,
    )
    page.items = found["results"]
    return page


def private(body: str) -> Any:
    """Return a page that names people: no cache keeps it."""
    return forbid_keeping(make_response(body))


def _form(package: dict[str, Any], values: Mapping[str, str], **data: Any) -> Any:
    """Return the page of the form."""
    return private(
        tk.render(
            "tangerang/akses/ask.html",
            {"package": package, "values": values, "problems": [], "errors": {}, **data},
        )
    )


@tangerang_akses.route("/minta/<id>", methods=["GET", "POST"])
@guarded
def ask(id: str) -> Any:  # noqa: A002 - the name that CKAN's pages use
    """Show the form; send what was typed."""
    package = tk.get_action("package_show")({}, {"id": id})
    if request.method == "GET":
        user: Any = tk.current_user
        known = user.is_authenticated
        values = {
            "name": user.fullname or user.name if known else "",
            "email": user.email or "" if known else "",
            "resource_id": request.args.get("resource", "")[:100],
        }
        return _form(package, values)
    values = {name: request.form.get(name, "")[:limit] for name, limit in _FIELDS.items()}
    if not is_our_form():
        return _form(
            package,
            values,
            problems=[tk._("This page was open for too long. Send it once more.")],
        )
    try:
        asked = tk.get_action("tangerang_access_request")({}, {"id": package["id"], **values})
    except tk.ValidationError as error:
        errors = {name: texts for name, texts in error.error_dict.items() if name in _FIELDS}
        general = tk.ValidationError(
            {name: texts for name, texts in error.error_dict.items() if name not in _FIELDS}
        )
        return _form(package, values, errors=errors, problems=messages(general))
    return private(tk.render("tangerang/akses/asked.html", {"package": package, "asked": asked}))


@tangerang_akses.route("/saya")
@guarded
def mine() -> Any:
    """Show what the user has asked for."""
    number = tk.h.get_page_number(request.args)
    found = tk.get_action("tangerang_access_list")(
        {}, {"mine": True, "limit": PER_PAGE, "offset": (number - 1) * PER_PAGE}
    )
    page = paged(found, "tangerang_akses.mine", {}, number)
    return private(tk.render("tangerang/akses/mine.html", {"rows": found["results"], "page": page}))


@tangerang_akses.route("/saya/<id>/batal", methods=["POST"])
@guarded
def cancel(id: str) -> Any:  # noqa: A002
    """Take the own request, or the access that was granted, back."""
    try:
        tk.get_action("tangerang_access_revoke")({}, {"id": id})
    except tk.ValidationError as error:
        tk.h.flash_error(" ".join(messages(error)))
    else:
        tk.h.flash_success(tk._("Your request is taken back."))
    return tk.redirect_to("tangerang_akses.mine")
