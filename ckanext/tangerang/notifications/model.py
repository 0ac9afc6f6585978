"""Tables of the plugin: what people were told, and how they want to be told."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column


def new_id() -> str:
    """Return a new id."""
    return str(uuid.uuid4())


def now() -> datetime:
    """Return the present time as CKAN stores it: UTC, without a zone."""
    return datetime.now(timezone.utc).replace(tzinfo=None)


def _of(table: str) -> sa.ForeignKey:
    """Return a reference to a row of CKAN; a purged one takes ours along."""
    return sa.ForeignKey(f"{table}.id", ondelete="CASCADE", onupdate="CASCADE")


class Notification(tk.BaseModel):
    """One thing that one person was told. No title: that is read when the list is."""

    __tablename__ = "tangerang_notification"
    __table_args__ = (sa.UniqueConstraint("user_id", "key"),)

    id: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(sa.UnicodeText, _of("user"))
    package_id: Mapped[str] = mapped_column(sa.UnicodeText, _of("package"), index=True)
    #: One of :data:`events.EVENTS`.
    event: Mapped[str] = mapped_column(sa.UnicodeText)
    #: As what the person was told, ``walidata`` or ``opd``: whoever is that no more, sees it no
    #: more.
    role: Mapped[str] = mapped_column(sa.UnicodeText)
    #: Who did it; None for what nobody did.
    actor_id: Mapped[str | None] = mapped_column(sa.UnicodeText)
    #: What it is about: a person is told of it once.
    key: Mapped[str] = mapped_column(sa.UnicodeText)
    #: ``reason``, ``state``, ``at``, ``day``, ``days``: what the event has.
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    created: Mapped[datetime] = mapped_column(sa.DateTime, default=now)
    read: Mapped[datetime | None] = mapped_column(sa.DateTime)
    mailed: Mapped[datetime | None] = mapped_column(sa.DateTime)


class NotificationSetting(tk.BaseModel):
    """How one person wants to be told. Who has no row, has the default of the portal."""

    __tablename__ = "tangerang_notification_setting"

    user_id: Mapped[str] = mapped_column(sa.UnicodeText, _of("user"), primary_key=True)
    #: One of :data:`events.MAIL`.
    mail: Mapped[str] = mapped_column(sa.UnicodeText)
    #: The day of the last digest, where the portal is.
    digest_day: Mapped[date | None] = mapped_column(sa.Date)
