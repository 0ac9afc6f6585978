"""Which codes were opened in a session of a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from ckan import model
from flask import session

from .model import AccessCode

if TYPE_CHECKING:
    from collections.abc import Collection

_KEY = "tangerang_access"
#: More grants than this at once nobody has.
_MOST = 20


def _kept() -> list[str]:
    """Return the hashes of the session."""
    found: Any = session.get(_KEY)
    return [text for text in found if isinstance(text, str)] if isinstance(found, list) else []


def remember(code_hash: str) -> None:
    """Note that a code was opened here; the session holds its hash, which opens nothing."""
    kept = [text for text in _kept() if text != code_hash]
    session[_KEY] = [*kept, code_hash][-_MOST:]


def opened() -> Collection[str]:
    """Return the ids of the requests whose codes were opened here and are not out of use."""
    kept = _kept()
    if not kept:
        return ()
    query: Any = sa.select(AccessCode.request_id).where(
        AccessCode.code_hash.in_(kept), AccessCode.voided.is_(None)
    )
    return list(model.Session.execute(query).scalars())
