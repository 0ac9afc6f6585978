"""The list of requests, the decision about one, and who read what: for who decides."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, request

from ...pages import guarded, messages
from .. import config, states, texts
from .asking import PER_PAGE, paged, private

tangerang_akses_keputusan = Blueprint("tangerang_akses_keputusan", __name__, url_prefix="/akses")

#: Steps by the last part of their address: the action, and the fields of its form.
_STEPS = {
    "beri": ("tangerang_access_grant", ("until", "reason")),
    "tolak": ("tangerang_access_refuse", ("reason",)),
    "cabut": ("tangerang_access_revoke", ("reason",)),
    "tautan": ("tangerang_access_link", ()),
}


def _bad_address() -> Any:
    """Return the answer to an address with a filter that there is not."""
    return tk.abort(400, tk._("This address can not be read. Choose from the lists."))


@tangerang_akses_keputusan.route("")
@guarded
def index() -> Any:
    """Show the requests that the user decides about; who decides nothing sees their own."""
    names = ("state", "owner_org", "dataset")
    query = {name: request.args[name] for name in names if request.args.get(name)}
    number = tk.h.get_page_number(request.args)
    try:
        found = tk.get_action("tangerang_access_list")(
            {}, {**query, "limit": PER_PAGE, "offset": (number - 1) * PER_PAGE}
        )
    except tk.NotAuthorized:
        if tk.current_user.is_anonymous:
            raise
        return tk.redirect_to("tangerang_akses.mine")
    except tk.ValidationError:
        return _bad_address()
    page = paged(found, "tangerang_akses_keputusan.index", query, number)
    return private(
        tk.render(
            "tangerang/akses/index.html",
            {
                "rows": found["results"],
                "page": page,
                "query": query,
                "states": {state: texts.state_label(state) for state in states.SHOWN},
            },
        )
    )


def _read(id: str, **data: Any) -> Any:  # noqa: A002
    """Return the page of one request."""
    found = tk.get_action("tangerang_access_show")({}, {"id": id})
    tk.check_access("tangerang_access_grant", {}, {"id": id})
    today = datetime.now(tk.h.get_display_timezone()).date()
    return private(
        tk.render(
            "tangerang/akses/request.html",
            {
                "found": found,
                "values": {"until": (today + timedelta(days=config.usual_days())).isoformat()},
                "least": today.isoformat(),
                "most": (today + timedelta(days=config.max_days())).isoformat(),
                "problems": [],
                "link": None,
                **data,
            },
        )
    )


@tangerang_akses_keputusan.route("/permintaan/<id>")
@guarded
def read(id: str) -> Any:  # noqa: A002
    """Show one request to who decides about it."""
    return _read(id)


@tangerang_akses_keputusan.route(
    "/permintaan/<id>/<any(beri, tolak, cabut, tautan):step>", methods=["POST"]
)
@guarded
def decide(id: str, step: str) -> Any:  # noqa: A002
    """Decide; a new link is shown by the answer, the one time that it can be."""
    action, names = _STEPS[step]
    values = {name: request.form.get(name, "")[:4_000] for name in names}
    try:
        found = tk.get_action(action)({}, {"id": id, **values, "mail": "mail" in request.form})
    except tk.ValidationError as error:
        typed = {"values": values} if "until" in names else {}
        return _read(id, problems=messages(error), **typed)
    if found.get("link"):
        return _read(id, link=found["link"])
    tk.h.flash_success(texts.state_label(found["state"]))
    return tk.redirect_to("tangerang_akses_keputusan.read", id=id)


@tangerang_akses_keputusan.route("/catatan")
@guarded
def reads() -> Any:
    """Show who read restricted data."""
    query = {name: request.args[name] for name in ("dataset",) if request.args.get(name)}
    number = tk.h.get_page_number(request.args)
    try:
        found = tk.get_action("tangerang_access_read_list")(
            {}, {**query, "limit": PER_PAGE, "offset": (number - 1) * PER_PAGE}
        )
    except tk.ValidationError:
        return _bad_address()
    page = paged(found, "tangerang_akses_keputusan.reads", query, number)
    return private(
        tk.render(
            "tangerang/akses/reads.html", {"rows": found["results"], "page": page, "query": query}
        )
    )
