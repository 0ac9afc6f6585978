"""Ends the sessions of an account, on all machines.

CKAN's sessions can not be found by their user, and a cookie that says "remember me" outlives them.
So a log-in notes its time in the session, and an account notes since when sessions are over; a
session that is older, or that says nothing of its log-in, is ended at its next request. Without
such a note on the account, as on most, nothing is asked.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from flask import session
from flask_login import logout_user

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ckan import model

_LOGIN = "tangerang_login"
#: Where an account keeps the note, in CKAN's ``plugin_extras`` (which sysadmins alone may read).
_EXTRAS, _ENDED = "tangerang_accounts", "sessions_ended"


def end(user: model.User) -> None:
    """Let all sessions that an account has now be over. Does not commit."""
    extras = dict(user.plugin_extras or {})
    extras[_EXTRAS] = {**extras.get(_EXTRAS, {}), _ENDED: time.time()}
    user.plugin_extras = extras


def note_login(_app: Any, **_kwargs: Any) -> None:
    """Note the time of a log-in; called by the signal of flask-login."""
    session[_LOGIN] = time.time()


def _is_over(extras: Mapping[str, Any] | None, login: Any) -> bool:
    """Tell whether a session that began at ``login`` is over."""
    ended = ((extras or {}).get(_EXTRAS) or {}).get(_ENDED)
    if ended is None:
        return False
    return not isinstance(login, float) or login < ended


def check() -> None:
    """Log the user of the request out if their session is over."""
    user: Any = tk.current_user
    if tk.g.get("login_via_auth_header") or not user.is_authenticated:
        return
    if _is_over(user.plugin_extras, session.get(_LOGIN)):
        logout_user()
        tk.g.user, tk.g.userobj = "", None
