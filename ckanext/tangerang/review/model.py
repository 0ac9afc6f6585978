"""Tables of the review: the state of each record, how it came there, and notes."""

from __future__ import annotations

import uuid
from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from . import states


def new_id() -> str:
    """Return a new id."""
    return str(uuid.uuid4())


def now() -> datetime:
    """Return the present time as CKAN stores it: UTC, without a zone."""
    return datetime.now(timezone.utc).replace(tzinfo=None)


def package_key() -> sa.ForeignKey:
    """Return the reference to the record; its rows go with it when it is purged.

    It is checked at the end of the transaction: an approval is written before a new record is.
    """
    return sa.ForeignKey(
        "package.id",
        ondelete="CASCADE",
        onupdate="CASCADE",
        deferrable=True,
        initially="DEFERRED",
    )


class Review(tk.BaseModel):
    """Where a record stands. A record without a row is a draft."""

    __tablename__ = "tangerang_review"

    package_id: Mapped[str] = mapped_column(sa.UnicodeText, package_key(), primary_key=True)
    state: Mapped[str] = mapped_column(sa.UnicodeText, default=states.DRAFT)
    #: When it came into this state.
    since: Mapped[datetime] = mapped_column(sa.DateTime, default=now)
    #: When, by whom and in which version it was last handed in.
    submitted: Mapped[datetime | None] = mapped_column(sa.DateTime)
    submitted_by: Mapped[str | None] = mapped_column(sa.UnicodeText)
    submitted_version: Mapped[str | None] = mapped_column(sa.UnicodeText)
    #: The officer of the walidata who has claimed it.
    reviewer_id: Mapped[str | None] = mapped_column(sa.UnicodeText)
    #: When it is to be published, by whose decision, and which version was seen.
    publish_at: Mapped[datetime | None] = mapped_column(sa.DateTime)
    publish_by: Mapped[str | None] = mapped_column(sa.UnicodeText)
    publish_version: Mapped[str | None] = mapped_column(sa.UnicodeText)
    #: The transaction in which publication was granted; the trigger on ``package`` reads it.
    granted_tx: Mapped[int | None] = mapped_column(sa.BigInteger)


class ReviewTransition(tk.BaseModel):
    """One thing that happened to a record in the review."""

    __tablename__ = "tangerang_review_transition"

    id: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True, default=new_id)
    #: Order of what happened.
    position: Mapped[int] = mapped_column(sa.Integer, sa.Identity(), unique=True)
    package_id: Mapped[str] = mapped_column(sa.UnicodeText, package_key(), index=True)
    #: None for what the portal did by itself.
    user_id: Mapped[str | None] = mapped_column(sa.UnicodeText)
    verb: Mapped[str] = mapped_column(sa.UnicodeText)
    from_state: Mapped[str] = mapped_column(sa.UnicodeText)
    to_state: Mapped[str] = mapped_column(sa.UnicodeText)
    reason: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    #: ``metadata_modified`` of the record that the user saw.
    version: Mapped[str | None] = mapped_column(sa.UnicodeText)
    created: Mapped[datetime] = mapped_column(sa.DateTime, default=now)
    #: The revisi (id of its working copy) in which it happened, once that has ended.
    revision_id: Mapped[str | None] = mapped_column(sa.UnicodeText)


class ReviewNote(tk.BaseModel):
    """A note about a record, or about one place in it."""

    __tablename__ = "tangerang_review_note"

    id: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True, default=new_id)
    position: Mapped[int] = mapped_column(sa.Integer, sa.Identity(), unique=True)
    package_id: Mapped[str] = mapped_column(sa.UnicodeText, package_key(), index=True)
    user_id: Mapped[str | None] = mapped_column(sa.UnicodeText)
    #: ``catatan`` of a check, ``komentar``, or ``rekomendasi`` of the pembina.
    kind: Mapped[str] = mapped_column(sa.UnicodeText)
    #: Where: field of the record, row of a repeating field, file, column of its table.
    field: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    row: Mapped[int | None] = mapped_column(sa.Integer)
    resource_id: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    column: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    #: ``wajib`` or ``saran``.
    severity: Mapped[str] = mapped_column(sa.UnicodeText)
    text: Mapped[str] = mapped_column(sa.UnicodeText)
    #: Of a recommendation: ``layak`` or ``belum_layak``.
    verdict: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    #: ``open``, ``answered`` or ``settled``.
    status: Mapped[str] = mapped_column(sa.UnicodeText)
    #: ``{"user_id", "text", "created"}`` each.
    answers: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    created: Mapped[datetime] = mapped_column(sa.DateTime, default=now)
    #: As in :class:`ReviewTransition`.
    revision_id: Mapped[str | None] = mapped_column(sa.UnicodeText)


class ReviewSwitch(tk.BaseModel):
    """Whether the trigger on ``package`` decides: one row, kept by ``…review.enabled``."""

    __tablename__ = "tangerang_review_switch"

    id: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    enabled: Mapped[bool] = mapped_column(sa.Boolean)
