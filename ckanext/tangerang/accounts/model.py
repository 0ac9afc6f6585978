"""Tables of the plugin: one-time links, and what was done to accounts."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column


def now() -> datetime:
    """Return the present time as CKAN stores it: UTC, without a zone."""
    return datetime.now(timezone.utc).replace(tzinfo=None)


class AccountLink(tk.BaseModel):
    """A link by which somebody sets the password of an account, once."""

    __tablename__ = "tangerang_account_link"

    #: SHA-256 of the code: whoever reads the table can not use it.
    token_hash: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True)
    user_id: Mapped[str] = mapped_column(
        sa.UnicodeText,
        sa.ForeignKey("user.id", ondelete="CASCADE", onupdate="CASCADE"),
        index=True,
    )
    creator_id: Mapped[str | None] = mapped_column(sa.UnicodeText)
    created: Mapped[datetime] = mapped_column(sa.DateTime, default=now)
    expires: Mapped[datetime] = mapped_column(sa.DateTime)
    used: Mapped[datetime | None] = mapped_column(sa.DateTime)
    #: When a newer link, or disabling the account, put it out of use.
    voided: Mapped[datetime | None] = mapped_column(sa.DateTime)


class AccountEvent(tk.BaseModel):
    """What somebody did to an account. It outlives both; it never holds a secret."""

    __tablename__ = "tangerang_account_audit"

    position: Mapped[int] = mapped_column(sa.Integer, sa.Identity(), primary_key=True)
    actor_id: Mapped[str | None] = mapped_column(sa.UnicodeText)
    actor_name: Mapped[str] = mapped_column(sa.UnicodeText)
    account_id: Mapped[str] = mapped_column(sa.UnicodeText, index=True)
    account_name: Mapped[str] = mapped_column(sa.UnicodeText)
    #: One of :data:`ckanext.tangerang.accounts.audit.KINDS`.
    action: Mapped[str] = mapped_column(sa.UnicodeText)
    details: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created: Mapped[datetime] = mapped_column(sa.DateTime, default=now)
