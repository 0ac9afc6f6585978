"""Create the tables of notifications and of how people want to be told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "tangerang_notifications_0001"
down_revision = None
branch_labels = None
depends_on = None


def _of(table: str) -> sa.ForeignKey:
    """Return a reference to a row of CKAN; a purged one takes ours along."""
    return sa.ForeignKey(f"{table}.id", ondelete="CASCADE", onupdate="CASCADE")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "tangerang_notification",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("user_id", sa.UnicodeText, _of("user"), nullable=False),
        sa.Column("package_id", sa.UnicodeText, _of("package"), nullable=False, index=True),
        sa.Column("event", sa.UnicodeText, nullable=False),
        sa.Column("role", sa.UnicodeText, nullable=False),
        sa.Column("actor_id", sa.UnicodeText),
        sa.Column("key", sa.UnicodeText, nullable=False),
        sa.Column("detail", JSONB, nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("read", sa.DateTime),
        sa.Column("mailed", sa.DateTime),
        sa.UniqueConstraint("user_id", "key"),
    )
    op.create_index(
        "tangerang_notification_unread",
        "tangerang_notification",
        ["user_id"],
        postgresql_where=sa.text("read IS NULL"),
    )
    op.create_index(
        "tangerang_notification_unmailed",
        "tangerang_notification",
        ["created"],
        postgresql_where=sa.text("mailed IS NULL"),
    )
    op.create_table(
        "tangerang_notification_setting",
        sa.Column("user_id", sa.UnicodeText, _of("user"), primary_key=True),
        sa.Column("mail", sa.UnicodeText, nullable=False),
        sa.Column("digest_day", sa.Date),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("tangerang_notification_setting")
    op.drop_table("tangerang_notification")
