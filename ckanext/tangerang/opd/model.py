"""Tables of the registry, beside CKAN's organizations: former names, aliases, plans, journal."""

from __future__ import annotations

import uuid
from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column


def _new_id() -> str:
    """Return a new id."""
    return str(uuid.uuid4())


def _now() -> datetime:
    """Return the present time as CKAN stores it: UTC, without a zone."""
    return datetime.now(timezone.utc).replace(tzinfo=None)


def _organization_key() -> Any:
    """Return the column that names the organization; its rows go with it when it is purged."""
    return mapped_column(
        sa.UnicodeText,
        sa.ForeignKey("group.id", ondelete="CASCADE", onupdate="CASCADE"),
        nullable=False,
        index=True,
    )


class OpdName(tk.BaseModel):
    """A name that an organization had before, with the address that it had then."""

    __tablename__ = "tangerang_opd_name"

    id: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True, default=_new_id)
    organization_id: Mapped[str] = _organization_key()
    #: The address (``name`` in CKAN); it stays reserved for this organization.
    name: Mapped[str] = mapped_column(sa.UnicodeText, index=True)
    title: Mapped[str] = mapped_column(sa.UnicodeText)
    singkatan: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    #: Year, month or day of the first and last day of the name; empty where not known.
    berlaku_dari: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    berlaku_sampai: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    #: The regulation that ended it.
    dasar_hukum: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    created: Mapped[datetime] = mapped_column(sa.DateTime, default=_now)


class OpdAlias(tk.BaseModel):
    """Another way to write an OPD, confirmed by a person: it matches exactly."""

    __tablename__ = "tangerang_opd_alias"

    id: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True, default=_new_id)
    organization_id: Mapped[str] = _organization_key()
    alias: Mapped[str] = mapped_column(sa.UnicodeText)
    #: The alias as the resolver compares it; one of a kind, so that an alias names one OPD.
    folded: Mapped[str] = mapped_column(sa.UnicodeText, unique=True)
    created: Mapped[datetime] = mapped_column(sa.DateTime, default=_now)
    user_id: Mapped[str | None] = mapped_column(sa.UnicodeText)


class OpdPlan(tk.BaseModel):
    """A plan that waits to be applied."""

    __tablename__ = "tangerang_opd_plan"

    token: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True, default=_new_id)
    user_id: Mapped[str | None] = mapped_column(sa.UnicodeText)
    #: Digest of the registry that the plan was made for.
    digest: Mapped[str] = mapped_column(sa.UnicodeText)
    content: Mapped[Any] = mapped_column(JSONB)
    created: Mapped[datetime] = mapped_column(sa.DateTime, default=_now)


class OpdJournal(tk.BaseModel):
    """What one change of the registry did, in enough detail to undo it."""

    __tablename__ = "tangerang_opd_journal"

    id: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True, default=_new_id)
    #: Order of the changes.
    position: Mapped[int] = mapped_column(sa.Integer, sa.Identity(), unique=True)
    user_id: Mapped[str | None] = mapped_column(sa.UnicodeText)
    #: ``apply`` or ``undo``.
    kind: Mapped[str] = mapped_column(sa.UnicodeText)
    #: One for each operation: what it was, values before and after, ids of all that it moved.
    entries: Mapped[Any] = mapped_column(JSONB)
    #: Of an undo: the change that it took back, and of that one: the undo.
    undoes: Mapped[str | None] = mapped_column(sa.UnicodeText)
    undone_by: Mapped[str | None] = mapped_column(sa.UnicodeText)
    #: When index and activity stream had followed; None as long as they have not.
    settled: Mapped[datetime | None] = mapped_column(sa.DateTime)
    created: Mapped[datetime] = mapped_column(sa.DateTime, default=_now)
