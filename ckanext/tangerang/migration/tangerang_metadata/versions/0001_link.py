"""Create the table of links between records."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "tangerang_metadata_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; a purged record takes its links along."""
    op.create_table(
        "tangerang_link",
        sa.Column(
            "source_id",
            sa.UnicodeText,
            sa.ForeignKey("package.id", ondelete="CASCADE", onupdate="CASCADE"),
            primary_key=True,
        ),
        sa.Column("field", sa.UnicodeText, primary_key=True),
        sa.Column("target_id", sa.UnicodeText, primary_key=True, index=True),
        sa.Column("part", sa.UnicodeText, primary_key=True),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("tangerang_link")
