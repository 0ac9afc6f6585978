"""Codes by which somebody without an account uses what was granted.

The code stands behind the ``#`` of the address, which browsers do not send: no server, proxy or
log sees it before it is posted. What it opens is asked anew at each request.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from .. import codes
from . import codes_in_session, config, states
from .model import AccessCode, AccessRequest, now

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class NewCode:
    """A code that was just made: the only time that it is known."""

    code: str
    expires: datetime
    uses: int

    @property
    def url(self) -> str:
        """Return the whole address."""
        page = tk.h.url_for("tangerang_akses_kode.open_", _external=True, locale="default")
        return f"{page}#{self.code}"

    def as_dict(self) -> dict[str, Any]:
        """Return the code as actions return it."""
        return {
            "url": self.url,
            "code": self.code,
            "expires": self.expires.isoformat(),
            "uses": self.uses,
        }


def void(request_id: str) -> None:
    """Put the codes of a request out of use. Does not commit."""
    model.Session.execute(
        sa.update(AccessCode)
        .where(AccessCode.request_id == request_id, AccessCode.voided.is_(None))
        .values(voided=now())
    )


def make(request: AccessRequest) -> NewCode:
    """Make a code in place of the one there was. Does not commit.

    :param request: granted, of somebody without an account
    """
    void(request.id)
    code = codes.new()
    uses = config.link_uses()
    model.Session.add(
        AccessCode(code_hash=cast("str", codes.digest(code)), request_id=request.id, uses_left=uses)
    )
    return NewCode(code, cast("Any", request.until), uses)


def use(code: object) -> AccessRequest | None:
    """Open what a code grants in the session of the browser, and count that. Does not commit.

    One statement decides, so that of two who come at once the last use is one's alone.

    :returns: the request; None where the code opens nothing (any more)
    """
    code_hash = codes.digest(code)
    if code_hash is None:
        return None
    granted: Any = sa.select(AccessRequest.id).where(
        AccessRequest.state == states.GRANTED, AccessRequest.until > now()
    )
    used = model.Session.execute(
        sa.update(AccessCode)
        .where(
            AccessCode.code_hash == code_hash,
            AccessCode.voided.is_(None),
            AccessCode.uses_left > 0,
            AccessCode.request_id.in_(granted),
        )
        .values(uses_left=AccessCode.uses_left - 1)
        .returning(AccessCode.request_id)
    ).scalar_one_or_none()
    if used is None:
        return None
    codes_in_session.remember(code_hash)
    return cast("Any", model.Session).get(AccessRequest, used)
