"""The table of what the tables of the DataStore have figures for."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column


def now() -> datetime:
    """Return the time, UTC without a zone, as CKAN stores it."""
    return datetime.now(timezone.utc).replace(tzinfo=None)


class ChartTable(tk.BaseModel):
    """What the columns of one table are, written when the table or its record changes.

    A table that allows no chart has no row.
    """

    __tablename__ = "tangerang_chart_table"

    resource_id: Mapped[str] = mapped_column(
        sa.UnicodeText,
        sa.ForeignKey("resource.id", ondelete="CASCADE", onupdate="CASCADE"),
        primary_key=True,
    )
    package_id: Mapped[str] = mapped_column(sa.UnicodeText, index=True)
    #: What it was made of (:func:`.keeping.table_version`).
    version: Mapped[str] = mapped_column(sa.UnicodeText)
    shape: Mapped[dict[str, Any]] = mapped_column(JSONB)
    #: Kemendagri codes of the kecamatan that it has figures for.
    districts: Mapped[list[str]] = mapped_column(ARRAY(sa.UnicodeText))
    #: Figures of each of them: ``label``, ``unit``, ``year``, ``category``, ``values`` (by code).
    figures: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    updated: Mapped[datetime] = mapped_column(sa.DateTime)
