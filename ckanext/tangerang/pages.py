"""What pages of several plugins share."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import ckan.plugins.toolkit as tk
from flask import current_app, request
from flask_wtf.csrf import validate_csrf
from wtforms.validators import ValidationError as WrongToken

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Response

_Response = TypeVar("_Response", bound="Response")


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


def forbid_keeping(response: _Response) -> _Response:
    """Let no cache keep an answer, and return it.

    CKAN calls every answer public that does not say in the environment of its request that it is
    not.
    """
    request.environ["__no_cache__"] = True
    response.headers["Cache-Control"] = "private, no-store"
    response.headers.pop("ETag", None)
    response.headers.pop("Last-Modified", None)
    return response


def messages(error: tk.ValidationError) -> list[str]:
    """Return the texts of an error."""
    found: list[str] = []
    values: Any = error.error_dict.values()
    for texts in values:
        found.extend([texts] if isinstance(texts, str) else [str(text) for text in texts])
    return found


def is_our_form() -> bool:
    """Tell whether the form that was sent comes from a page of this portal.

    CKAN asks nobody for the token against CSRF who is not logged in.
    """
    if not current_app.config["WTF_CSRF_ENABLED"]:
        return True
    try:
        validate_csrf(request.form.get(current_app.config["WTF_CSRF_FIELD_NAME"]))
    except WrongToken:
        return False
    return True
