"""Create the table of scores."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "tangerang_score_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; a purged record takes its row along."""
    op.create_table(
        "tangerang_score",
        sa.Column(
            "package_id",
            sa.UnicodeText,
            sa.ForeignKey("package.id", ondelete="CASCADE", onupdate="CASCADE"),
            primary_key=True,
        ),
        sa.Column("completeness", sa.SmallInteger, nullable=False),
        sa.Column("score", sa.SmallInteger),
        sa.Column("parts", JSONB, nullable=False),
        sa.Column("todo", JSONB, nullable=False),
        sa.Column("checks_version", sa.Integer, nullable=False),
        sa.Column("updated", sa.DateTime, nullable=False),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("tangerang_score")
