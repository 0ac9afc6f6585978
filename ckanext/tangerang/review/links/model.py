"""The table of what links of published records lead to."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - the mapping reads it

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ..model import now


class LinkTarget(tk.BaseModel):
    """What a link led to when it was last read."""

    __tablename__ = "tangerang_review_link"

    resource_id: Mapped[str] = mapped_column(
        sa.UnicodeText,
        sa.ForeignKey("resource.id", ondelete="CASCADE", onupdate="CASCADE"),
        primary_key=True,
    )
    #: The link that was read: another one has nothing to be compared with.
    url: Mapped[str] = mapped_column(sa.UnicodeText)
    #: Of the content, in hexadecimal; empty before it could first be read.
    sha256: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    #: Of the content, in bytes.
    size: Mapped[int | None] = mapped_column(sa.BigInteger)
    #: Why it could not be read the last time; empty if it could.
    problem: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    checked: Mapped[datetime] = mapped_column(sa.DateTime, default=now)
    changed: Mapped[datetime | None] = mapped_column(sa.DateTime)
