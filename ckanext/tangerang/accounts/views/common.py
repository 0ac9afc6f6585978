"""What the pages share."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from flask import make_response, request

from .. import access, roles, store

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flask import Response


def guarded(view: Callable[..., Any]) -> Callable[..., Any]:
    """Return a view that answers in words where an action refuses, or leads to the log-in."""

    @wraps(view)
    def answering(*args: Any, **kwargs: Any) -> Any:
        try:
            return view(*args, **kwargs)
        except tk.NotAuthorized as error:
            if tk.current_user.is_anonymous:
                return tk.redirect_to("user.login", came_from=request.full_path)
            return tk.abort(403, str(error))
        except tk.ObjectNotFound as error:
            return tk.abort(404, str(error))

    return answering


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


def messages(error: tk.ValidationError) -> list[str]:
    """Return the texts of an error."""
    found: list[str] = []
    values: Any = error.error_dict.values()
    for texts in values:
        found.extend([texts] if isinstance(texts, str) else [str(text) for text in texts])
    return found


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
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    return response
