"""Tables of the plugin: pages as they are, and all their versions.

A packaged page has a row only once somebody has changed it: until then it is read from its files,
so that a newer package brings newer words.
"""

from __future__ import annotations

from datetime import datetime, timezone

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column


def now() -> datetime:
    """Return the present time as CKAN stores it: UTC, without a zone."""
    return datetime.now(timezone.utc).replace(tzinfo=None)


class _Content:
    """What a page says, and where it stands; the same columns in both tables."""

    title_id: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    title_en: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    #: Markdown.
    text_id: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    text_en: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    #: One of :data:`.pages.PLACES`.
    place: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    position: Mapped[int] = mapped_column(sa.Integer, default=0)
    published: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    deleted: Mapped[bool] = mapped_column(sa.Boolean, default=False)


class Page(_Content, tk.BaseModel):
    """A page as it is now."""

    __tablename__ = "tangerang_page"

    #: Its address behind ``/halaman/``; it never changes.
    name: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True)
    #: Number of its newest version.
    version: Mapped[int] = mapped_column(sa.Integer)
    modified: Mapped[datetime] = mapped_column(sa.DateTime, default=now)


class PageVersion(_Content, tk.BaseModel):
    """A page as it was after one change."""

    __tablename__ = "tangerang_page_version"

    name: Mapped[str] = mapped_column(
        sa.UnicodeText,
        sa.ForeignKey("tangerang_page.name", ondelete="CASCADE", onupdate="CASCADE"),
        primary_key=True,
    )
    version: Mapped[int] = mapped_column(sa.Integer, primary_key=True)
    created: Mapped[datetime] = mapped_column(sa.DateTime, default=now)
    user_id: Mapped[str | None] = mapped_column(sa.UnicodeText)
    #: ``create``, ``update``, ``delete`` or ``revert``.
    verb: Mapped[str] = mapped_column(sa.UnicodeText)
    #: What was changed and why, in the words of who did it.
    note: Mapped[str] = mapped_column(sa.UnicodeText, default="")
