"""The registry as pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, redirect, request

from .. import store
from ..overview import Overview

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

tangerang_opd = Blueprint("tangerang_opd", __name__, url_prefix="/opd")

#: The ways to show all OPD, as the address names them; the first needs no name.
TREE, BY_KIND, BY_AFFAIR = VIEWS = ("pohon", "kelompok", "urusan")
#: No name is longer; what is longer is cut.
_MAX_QUERY = 200


def _shown(overview: Overview, view: str, query: str) -> dict[str, Any]:
    """Return the lines of the page."""
    if query:
        return {"found": overview.found(query)}
    shown: dict[str, Any] = {"closed": overview.closed(), "others": overview.others()}
    if view == BY_KIND:
        shown["sections"] = overview.by_kind()
    elif view == BY_AFFAIR:
        shown["sections"] = overview.by_affair()
    else:
        shown["tree"] = overview.tree()
    return shown


@tangerang_opd.route("", strict_slashes=False)
def index() -> str:
    """Show all OPD: as a tree, by kind or by urusan; with ``?q=`` those that a search finds."""
    view = request.args.get("tampilan", TREE)
    view = view if view in VIEWS else TREE
    query = request.args.get("q", "").strip()[:_MAX_QUERY]
    overview = Overview(with_units=request.args.get("unit") == "1")
    return tk.render(
        "tangerang/opd/index.html",
        {
            "view": view,
            "q": query,
            "overview": overview,
            "count": len(overview.lines),
            "opened": request.args.get("buka") == "1",
            **_shown(overview, view, query),
        },
    )


@tangerang_opd.route("/<name>")
def read(name: str) -> Response:
    """Lead to the page of an OPD, also by an address that it had before."""
    registry = store.load()
    unit = (
        registry.by_name.get(name) or registry.by_former_name.get(name) or registry.by_id.get(name)
    )
    if unit is None:
        return tk.abort(404, tk._("Organization not found"))
    return redirect(tk.h.url_for("organization.read", id=unit.name), code=301)


def _change_alias(action: str, name: str, done: str) -> Response:
    """Add or delete an alias, and go back to the list of them.

    :param done: what to say then
    """
    alias = request.form.get("alias", "")
    try:
        tk.get_action(action)({}, {"id": name, "alias": alias})
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error))
    except tk.ObjectNotFound as error:
        tk.h.flash_error(str(error))
    except tk.ValidationError as error:
        tk.h.flash_error(" ".join((error.error_summary or {}).values()))
    else:
        tk.h.flash_success(done.format(alias=alias))
    return redirect(tk.h.url_for("organization.about", id=name, _anchor="alias"))


@tangerang_opd.route("/<name>/alias", methods=["POST"])
def add_alias(name: str) -> Response:
    """Confirm another way to write an OPD."""
    return _change_alias("tangerang_opd_alias_create", name, tk._('"{alias}" now means this OPD.'))


@tangerang_opd.route("/<name>/alias/hapus", methods=["POST"])
def remove_alias(name: str) -> Response:
    """Take an alias back."""
    return _change_alias(
        "tangerang_opd_alias_delete", name, tk._('"{alias}" no longer means this OPD.')
    )
