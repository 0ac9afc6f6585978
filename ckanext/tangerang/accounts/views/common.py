"""What the pages share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from flask import make_response

from ...pages import forbid_keeping, guarded, messages
from .. import access, roles, store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Response


__all__ = ["choices", "guarded", "messages", "own_scope", "slips", "states"]


def own_scope() -> access.Scope:
    """Return what the user of the request may manage."""
    return access.scope(tk.fresh_context({"user": tk.current_user.name}))


def choices(own: access.Scope) -> dict[str, Any]:
    """Return what the forms offer: organizations and roles that the user may give."""
    return {
        "organizations": store.organizations(None if own.everywhere else own.organizations),
        "roles": [(role, roles.label(role)) for role in store.role_choices(own)],
        "everywhere": own.everywhere,
    }


def states() -> dict[str, str]:
    """Return the states of accounts with what people call them."""
    return {
        "active": tk._("In use"),
        "pending": tk._("Waits for a password"),
        "disabled": tk._("Disabled"),
    }


def slips(made: Sequence[dict[str, Any]], back: str) -> Response:
    """Return the page that shows links, the one time that they can be shown.

    Nothing keeps it. The referrer of its own forms stays, which CKAN's protection against CSRF
    wants: the address of this page holds no code.

    :param made: accounts with ``name``, ``fullname`` and ``link``
    :param back: where to go from there
    """
    response = make_response(
        tk.render("tangerang/akun/slips.html", {"accounts": made, "back": back})
    )
    forbid_keeping(response)
    response.headers["Referrer-Policy"] = "same-origin"
    return response
