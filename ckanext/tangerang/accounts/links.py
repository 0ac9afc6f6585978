"""One-time links by which somebody sets the password of an account.

The code stands behind the ``#`` of the address, which browsers do not send: no server, proxy or
log sees it before it is posted. The database keeps its SHA-256 alone. Not built on CKAN's
``reset_key``, which is kept as it is, does not expire, and lets its holder change the e-mail.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from .. import codes
from . import config, sessions
from .model import AccountLink, now

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link that was just made: the only time that its code is known."""

    code: str
    expires: datetime

    def as_dict(self) -> dict[str, str]:
        """Return the link as actions return it."""
        return {"url": self.url, "code": self.code, "expires": self.expires.isoformat()}

    @property
    def url(self) -> str:
        """Return the whole address."""
        page = tk.h.url_for(
            "tangerang_accounts_password.password", _external=True, locale="default"
        )
        return f"{page}#{self.code}"


def void(user_ids: Iterable[str]) -> None:
    """Put the open links of accounts out of use. Does not commit."""
    model.Session.execute(
        sa.update(AccountLink)
        .where(
            AccountLink.user_id.in_(list(user_ids)),
            AccountLink.used.is_(None),
            AccountLink.voided.is_(None),
        )
        .values(voided=now())
    )


def make(user_id: str, creator_id: str | None) -> NewLink:
    """Make a link in place of the open one. Does not commit."""
    void([user_id])
    code = codes.new()
    expires = now() + config.link_life()
    model.Session.add(
        AccountLink(
            token_hash=cast("str", codes.digest(code)),
            user_id=user_id,
            creator_id=creator_id,
            expires=expires,
        )
    )
    return NewLink(code, expires)


def _open() -> tuple[Any, ...]:
    """Return the conditions of a link that can be used."""
    return AccountLink.used.is_(None), AccountLink.voided.is_(None), AccountLink.expires > now()


def account_of(code: object) -> Any:
    """Return the account that a code opens; None where it opens none. Uses nothing up."""
    token_hash = codes.digest(code)
    user: Any = model.User
    query = (
        sa.select(user)
        .join(AccountLink, AccountLink.user_id == user.id)
        .where(AccountLink.token_hash == token_hash, *_open())
    )
    found = model.Session.execute(query).scalar_one_or_none() if token_hash else None
    return found if found is not None and _may_be_opened(found) else None


def _may_be_opened(account: Any) -> bool:
    """Tell whether a link may set the password of an account: it may have changed since."""
    return not account.sysadmin and account.state != model.State.DELETED


def use(code: object, password: str) -> Any:
    """Set the password of the account that a code opens, and use the link up.

    One statement decides who uses it, so that of two who come at once one gets nothing. Does not
    commit.

    :param password: already checked
    :returns: the account; None where the code opens none (any more)
    """
    account = account_of(code)
    if account is None:
        return None
    # First the account, then the link, as whoever disables an account does.
    lock(account.id)
    if not _may_be_opened(account):
        return None
    used = model.Session.execute(
        sa.update(AccountLink)
        .where(AccountLink.token_hash == codes.digest(code), *_open())
        .values(used=now())
        .returning(AccountLink.user_id)
    ).scalar_one_or_none()
    if used is None:
        return None
    account.password = password
    account.state = model.State.ACTIVE
    account.reset_key = None
    sessions.end(account)
    return account


def lock(user_id: str) -> Any:
    """Return an account as it is now, and keep others from changing it until the commit."""
    user: Any = model.User
    query = sa.select(user).where(user.id == user_id).with_for_update()
    return model.Session.execute(
        query, execution_options={"populate_existing": True}
    ).scalar_one_or_none()
