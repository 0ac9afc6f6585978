"""The table of fragments: each public dataset in each form of the catalogue."""

from __future__ import annotations

import zlib
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

#: The quickest: a fragment repeats addresses, and comes down to an eighth.
_LEVEL = 1


class Packed(sa.TypeDecorator[str]):
    """Text that is packed by whoever writes it, so that the database need neither read nor pack it.

    10,000 datasets are 500 MB of text: sending that to PostgreSQL and having it packed there took
    longer than making it.
    """

    impl = sa.LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> bytes | None:  # noqa: ARG002
        """Pack a text."""
        return None if value is None else zlib.compress(value.encode("utf-8"), _LEVEL)

    def process_result_value(self, value: Any, dialect: Any) -> str | None:  # noqa: ARG002
        """Return the text."""
        return None if value is None else zlib.decompress(value).decode("utf-8")


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
    ttl: Mapped[str] = mapped_column(Packed)
    xml: Mapped[str] = mapped_column(Packed)
    jsonld: Mapped[str] = mapped_column(Packed)
    json: Mapped[str] = mapped_column(Packed)
