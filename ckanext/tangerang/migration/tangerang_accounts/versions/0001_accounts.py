"""Create the tables of one-time links and of what was done to accounts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "tangerang_accounts_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; a purged account takes its links along, but not what was done to it."""
    op.create_table(
        "tangerang_account_link",
        sa.Column("token_hash", sa.UnicodeText, primary_key=True),
        sa.Column(
            "user_id",
            sa.UnicodeText,
            sa.ForeignKey("user.id", ondelete="CASCADE", onupdate="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("creator_id", sa.UnicodeText),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("expires", sa.DateTime, nullable=False),
        sa.Column("used", sa.DateTime),
        sa.Column("voided", sa.DateTime),
    )
    op.create_table(
        "tangerang_account_audit",
        sa.Column("position", sa.Integer, sa.Identity(), primary_key=True),
        sa.Column("actor_id", sa.UnicodeText),
        sa.Column("actor_name", sa.UnicodeText, nullable=False),
        sa.Column("account_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("account_name", sa.UnicodeText, nullable=False),
        sa.Column("action", sa.UnicodeText, nullable=False),
        sa.Column("details", JSONB, nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("tangerang_account_audit")
    op.drop_table("tangerang_account_link")
