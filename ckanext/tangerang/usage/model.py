"""Tables of the plugin: counts by record and day, the size of the portal by day, batches."""

from __future__ import annotations

from datetime import date, datetime, timezone

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column


def now() -> datetime:
    """Return the present time as CKAN stores it: UTC, without a zone."""
    return datetime.now(timezone.utc).replace(tzinfo=None)


class Usage(tk.BaseModel):
    """How often a record was looked at and downloaded on a day.

    Nothing about who did it. The row outlives the record, so that totals of the past stay.
    """

    __tablename__ = "tangerang_usage"

    package_id: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True)
    #: Where the portal is, not in UTC.
    day: Mapped[date] = mapped_column(sa.Date, primary_key=True, index=True)
    views: Mapped[int] = mapped_column(sa.Integer, default=0)
    downloads: Mapped[int] = mapped_column(sa.Integer, default=0)


class PortalDay(tk.BaseModel):
    """How much the portal held at the end of a day (until now, for the present one)."""

    __tablename__ = "tangerang_usage_portal"

    day: Mapped[date] = mapped_column(sa.Date, primary_key=True)
    #: Public datasets, and organizations that have one.
    datasets: Mapped[int] = mapped_column(sa.Integer)
    organizations: Mapped[int] = mapped_column(sa.Integer)


class UsageBatch(tk.BaseModel):
    """A batch of counts that was taken out of Redis and written.

    Written in one transaction with the counts: what a broken flush left in Redis is then known to
    be in the table or not, and counted once.
    """

    __tablename__ = "tangerang_usage_batch"

    id: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True)
    created: Mapped[datetime] = mapped_column(sa.DateTime, default=now)
