"""The table of fragments: each public dataset in each form of the catalogue."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column


class CatalogueFragment(tk.BaseModel):
    """What was made of one dataset; whether it is still right, its key says.

    Whether the dataset is public is never asked here: whoever reads joins ``package``.
    """

    __tablename__ = "tangerang_catalogue_fragment"

    package_id: Mapped[str] = mapped_column(
        sa.UnicodeText,
        sa.ForeignKey("package.id", ondelete="CASCADE", onupdate="CASCADE"),
        primary_key=True,
    )
    #: Of the record, the agencies and records it names, and the profile, when it was made.
    key: Mapped[str] = mapped_column(sa.UnicodeText)
    #: Ids of the activities and indicators that it names.
    named: Mapped[list[str]] = mapped_column(ARRAY(sa.UnicodeText))
    ttl: Mapped[str] = mapped_column(sa.UnicodeText)
    xml: Mapped[str] = mapped_column(sa.UnicodeText)
    jsonld: Mapped[str] = mapped_column(sa.UnicodeText)
    json: Mapped[str] = mapped_column(sa.UnicodeText)
