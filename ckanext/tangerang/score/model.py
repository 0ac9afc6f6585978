"""The table of scores: one row for each dataset, kegiatan and indikator that is not deleted."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - read when the class is mapped
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column


class Score(tk.BaseModel):
    """What a record is worth, written when the record changes."""

    __tablename__ = "tangerang_score"

    package_id: Mapped[str] = mapped_column(
        sa.UnicodeText,
        sa.ForeignKey("package.id", ondelete="CASCADE", onupdate="CASCADE"),
        primary_key=True,
    )
    completeness: Mapped[int] = mapped_column(sa.SmallInteger)
    #: None for what is no dataset.
    score: Mapped[int | None] = mapped_column(sa.SmallInteger)
    #: Percentage by part.
    parts: Mapped[dict[str, int]] = mapped_column(JSONB)
    #: Tasks: ``check``, ``field``, ``points``, ``resource``.
    todo: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    #: ``version`` of the checks that it was judged by.
    checks_version: Mapped[int] = mapped_column(sa.Integer)
    updated: Mapped[datetime] = mapped_column(sa.DateTime)
