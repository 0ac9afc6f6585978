"""The table of links between records: one row for each record that another names."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column


class RecordLink(tk.BaseModel):
    """A link, kept beside the record that holds it, so that it can be read from both sides."""

    __tablename__ = "tangerang_link"

    #: The record that holds the link.
    source_id: Mapped[str] = mapped_column(
        sa.UnicodeText,
        sa.ForeignKey("package.id", ondelete="CASCADE", onupdate="CASCADE"),
        primary_key=True,
    )
    #: Where it stands, see :class:`..links.Link`.
    field: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True)
    #: What it names: a record or a file. No foreign key: it may be pending (see ``store.links``).
    target_id: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True, index=True)
    #: Code of the variable; empty for the record itself.
    part: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True, default="")
