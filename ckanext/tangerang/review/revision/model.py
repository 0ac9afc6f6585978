"""The table that ties the working copy of a record to it: at most one for each record."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - SQLAlchemy reads it
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ..model import now, package_key


class Revision(tk.BaseModel):
    """An open revisi. The row goes when either package is purged."""

    __tablename__ = "tangerang_review_revision"

    #: The published record.
    package_id: Mapped[str] = mapped_column(sa.UnicodeText, package_key(), primary_key=True)
    #: The working copy.
    shadow_id: Mapped[str] = mapped_column(sa.UnicodeText, package_key(), unique=True)
    opened: Mapped[datetime] = mapped_column(sa.DateTime, default=now)
    opened_by: Mapped[str | None] = mapped_column(sa.UnicodeText)
    #: ``metadata_modified`` of the record when the revisi was opened.
    base_version: Mapped[str] = mapped_column(sa.UnicodeText)
    #: What the record said then (:mod:`.content`).
    base: Mapped[dict[str, Any]] = mapped_column(JSONB)
    #: Files of the working copy that were made of files of the record:
    #: ``{id: {"id": <id there>, "url": <address that stands for "unchanged">}}``.
    files: Mapped[dict[str, dict[str, str]]] = mapped_column(JSONB)
    #: What the working copy said when it was handed in last, and the time before.
    handed_in: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    handed_in_before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
