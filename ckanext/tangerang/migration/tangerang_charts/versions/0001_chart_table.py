"""Create the table of what the tables of the DataStore have figures for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "tangerang_charts_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; a purged file takes its row along."""
    op.create_table(
        "tangerang_chart_table",
        sa.Column(
            "resource_id",
            sa.UnicodeText,
            sa.ForeignKey("resource.id", ondelete="CASCADE", onupdate="CASCADE"),
            primary_key=True,
        ),
        sa.Column("package_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("version", sa.UnicodeText, nullable=False),
        sa.Column("shape", JSONB, nullable=False),
        sa.Column("districts", ARRAY(sa.UnicodeText), nullable=False),
        sa.Column("figures", JSONB, nullable=False),
        sa.Column("updated", sa.DateTime, nullable=False),
    )
    op.create_index(
        "ix_tangerang_chart_table_districts",
        "tangerang_chart_table",
        ["districts"],
        postgresql_using="gin",
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("tangerang_chart_table")
