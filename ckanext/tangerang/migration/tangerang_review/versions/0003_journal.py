"""Create the journal of switches and what is known of the targets of links."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "tangerang_review_0003"
down_revision = "tangerang_review_0002"
branch_labels = None
depends_on = None


def _text(name: str, *, empty: bool = False, index: bool = False) -> sa.Column[str]:
    """Return a column of text."""
    return sa.Column(name, sa.UnicodeText, nullable=empty, index=index)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "tangerang_review_journal",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        _text("package_id", index=True),
        _text("shadow_id", index=True),
        _text("user_id", empty=True),
        _text("state"),
        sa.Column("plan", JSONB, nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("finished", sa.DateTime),
    )
    op.create_index(
        "ix_tangerang_review_journal_open",
        "tangerang_review_journal",
        ["package_id"],
        unique=True,
        postgresql_where=sa.text("finished IS NULL"),
    )
    op.create_table(
        "tangerang_review_link",
        sa.Column(
            "resource_id",
            sa.UnicodeText,
            sa.ForeignKey("resource.id", ondelete="CASCADE", onupdate="CASCADE"),
            primary_key=True,
        ),
        _text("url"),
        _text("sha256"),
        sa.Column("size", sa.BigInteger),
        _text("problem"),
        sa.Column("checked", sa.DateTime, nullable=False, index=True),
        sa.Column("changed", sa.DateTime),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("tangerang_review_link")
    op.drop_table("tangerang_review_journal")
