"""Create the tables of what was looked at and downloaded, and of the size of the portal by day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "tangerang_usage_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; counts outlive their record, so that totals of the past stay."""
    op.create_table(
        "tangerang_usage",
        sa.Column("package_id", sa.UnicodeText, primary_key=True),
        sa.Column("day", sa.Date, primary_key=True, index=True),
        sa.Column("views", sa.Integer, nullable=False),
        sa.Column("downloads", sa.Integer, nullable=False),
    )
    op.create_table(
        "tangerang_usage_portal",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("datasets", sa.Integer, nullable=False),
        sa.Column("organizations", sa.Integer, nullable=False),
    )
    op.create_table(
        "tangerang_usage_batch",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("created", sa.DateTime, nullable=False),
    )


def downgrade() -> None:
    """Drop the tables."""
    for name in ("tangerang_usage_batch", "tangerang_usage_portal", "tangerang_usage"):
        op.drop_table(name)
