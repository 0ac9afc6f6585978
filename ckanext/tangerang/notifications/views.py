"""The page ``/pemberitahuan``: what a person was told, and how they want to be told."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import Page
from flask import Blueprint, request

from . import events

if TYPE_CHECKING:
    from ckan.types import Response

tangerang_pemberitahuan = Blueprint(
    "tangerang_pemberitahuan", __name__, url_prefix="/pemberitahuan"
)

#: Notifications of one page.
_PER_PAGE = 30


@tangerang_pemberitahuan.before_request
def _log_in() -> Response | None:
    """Send visitors to log in, as CKAN's dashboard does."""
    if tk.current_user.is_anonymous:
        return tk.redirect_to("user.login", came_from=request.path)
    return None


def _page_url(query: dict[str, str], page: int, **_: Any) -> str:
    """Return the address of one page of the list."""
    return tk.h.url_for("tangerang_pemberitahuan.index", **query, page=page)


@tangerang_pemberitahuan.route("")
def index() -> str:
    """Show what the user was told, the newest first."""
    query = {"belum": "1"} if request.args.get("belum") else {}
    number = tk.h.get_page_number(request.args)
    found = tk.get_action("tangerang_notification_list")(
        {},
        {"unread": bool(query), "limit": _PER_PAGE, "offset": (number - 1) * _PER_PAGE},
    )
    page = Page(
        collection=found["results"],
        page=number,
        url=partial(_page_url, query),
        item_count=found["count"],
        items_per_page=_PER_PAGE,
    )
    page.items = found["results"]
    return tk.render(
        "tangerang/pemberitahuan/index.html",
        {
            "page": page,
            "unread": found["unread"],
            "only_unread": bool(query),
            "setting": tk.get_action("tangerang_notification_setting_show")({}, {}),
            "choices": events.MAIL,
        },
    )


@tangerang_pemberitahuan.route("/baca", methods=["POST"])
def read() -> Response:
    """Mark all, or one, as read."""
    chosen = request.form.get("id", "")
    tk.get_action("tangerang_notification_read")({}, {"id": chosen} if chosen else {"all": True})
    return tk.redirect_to("tangerang_pemberitahuan.index")


@tangerang_pemberitahuan.route("/<id>/buka", methods=["POST"])
def open_(id: str) -> Response | tuple[str, int]:  # noqa: A002 - CKAN's name
    """Mark one as read and go where it leads."""
    try:
        row = tk.get_action("tangerang_notification_show")({}, {"id": id})
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))
    tk.get_action("tangerang_notification_read")({}, {"id": id})
    return tk.redirect_to(row["url"])


@tangerang_pemberitahuan.route("/setelan", methods=["POST"])
def setting() -> Response | tuple[str, int]:
    """Choose when e-mail comes."""
    try:
        tk.get_action("tangerang_notification_setting_update")(
            {}, {"mail": request.form.get("mail", "")}
        )
    except tk.ValidationError:
        return tk.abort(400, tk._("Choose from the list."))
    tk.h.flash_success(tk._("Your choice is kept."))
    return tk.redirect_to("tangerang_pemberitahuan.index")
