"""Tables of the plugin: kept links, requests for access, codes, and who read what."""

from __future__ import annotations

import uuid
from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column


def now() -> datetime:
    """Return the present time as CKAN stores it: UTC, without a zone."""
    return datetime.now(timezone.utc).replace(tzinfo=None)


def _new_id() -> str:
    """Return a new id."""
    return str(uuid.uuid4())


def _of(table: str, **more: Any) -> Any:
    """Return a column that names a row of CKAN; ours goes with it when that is purged."""
    key = sa.ForeignKey(f"{table}.id", ondelete="CASCADE", onupdate="CASCADE")
    return mapped_column(sa.UnicodeText, key, **more)


class AccessLink(tk.BaseModel):
    """The address of a file of a restricted record that lies elsewhere: never in the record."""

    __tablename__ = "tangerang_access_link"

    resource_id: Mapped[str] = _of("resource", primary_key=True)
    url: Mapped[str] = mapped_column(sa.UnicodeText)
    #: Our address, which stands in the record in its place.
    address: Mapped[str] = mapped_column(sa.UnicodeText)


class AccessPublic(tk.BaseModel):
    """A record that has been public with restricted files: the OPD alone does not open it."""

    __tablename__ = "tangerang_access_public"

    package_id: Mapped[str] = _of("package", primary_key=True)
    since: Mapped[datetime] = mapped_column(sa.DateTime, default=now)


class AccessRequest(tk.BaseModel):
    """Somebody asks to read restricted files. Who it is, only those read who decide."""

    __tablename__ = "tangerang_access_request"

    id: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True, default=_new_id)
    package_id: Mapped[str] = _of("package", index=True)
    #: None for all files of the record.
    resource_id: Mapped[str | None] = _of("resource")
    #: None for somebody without an account.
    user_id: Mapped[str | None] = _of("user", index=True)
    name: Mapped[str] = mapped_column(sa.UnicodeText)
    institution: Mapped[str] = mapped_column(sa.UnicodeText)
    email: Mapped[str] = mapped_column(sa.UnicodeText)
    purpose: Mapped[str] = mapped_column(sa.UnicodeText)
    #: One of :data:`ckanext.tangerang.access.states.STATES`.
    state: Mapped[str] = mapped_column(sa.UnicodeText)
    created: Mapped[datetime] = mapped_column(sa.DateTime, default=now)
    decided: Mapped[datetime | None] = mapped_column(sa.DateTime)
    decided_by: Mapped[str | None] = mapped_column(sa.UnicodeText)
    reason: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    #: When access ends; UTC.
    until: Mapped[datetime | None] = mapped_column(sa.DateTime)


class AccessCode(tk.BaseModel):
    """A code by which somebody without an account uses what was granted, a number of times."""

    __tablename__ = "tangerang_access_code"

    #: SHA-256 of the code: whoever reads the table can not use it.
    code_hash: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True)
    request_id: Mapped[str] = _of("tangerang_access_request", index=True)
    uses_left: Mapped[int] = mapped_column(sa.Integer)
    created: Mapped[datetime] = mapped_column(sa.DateTime, default=now)
    #: When a newer code, or the end of access, put it out of use.
    voided: Mapped[datetime | None] = mapped_column(sa.DateTime)


class AccessRead(tk.BaseModel):
    """Somebody read data of a restricted record. It outlives record and account."""

    __tablename__ = "tangerang_access_read"

    position: Mapped[int] = mapped_column(sa.Integer, sa.Identity(), primary_key=True)
    package_id: Mapped[str] = mapped_column(sa.UnicodeText, index=True)
    resource_id: Mapped[str | None] = mapped_column(sa.UnicodeText)
    user_id: Mapped[str | None] = mapped_column(sa.UnicodeText)
    #: The grant by which it was read; None for those who may by their role.
    request_id: Mapped[str | None] = mapped_column(sa.UnicodeText)
    #: The way: name of the action or page.
    way: Mapped[str] = mapped_column(sa.UnicodeText)
    created: Mapped[datetime] = mapped_column(sa.DateTime, default=now)
