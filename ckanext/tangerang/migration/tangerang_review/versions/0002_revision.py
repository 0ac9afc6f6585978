"""Create the table that ties working copies to their records."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "tangerang_review_0002"
down_revision = "tangerang_review_0001"
branch_labels = None
depends_on = None


def _package_key() -> sa.ForeignKey:
    """Return the reference to a record, checked at the end of the transaction."""
    return sa.ForeignKey(
        "package.id",
        ondelete="CASCADE",
        onupdate="CASCADE",
        deferrable=True,
        initially="DEFERRED",
    )


def upgrade() -> None:
    """Create the table; let history and notes say in which revisi they were written."""
    op.create_table(
        "tangerang_review_revision",
        sa.Column("package_id", sa.UnicodeText, _package_key(), primary_key=True),
        sa.Column("shadow_id", sa.UnicodeText, _package_key(), nullable=False, unique=True),
        sa.Column("opened", sa.DateTime, nullable=False),
        sa.Column("opened_by", sa.UnicodeText),
        sa.Column("base_version", sa.UnicodeText, nullable=False),
        sa.Column("base", JSONB, nullable=False),
        sa.Column("files", JSONB, nullable=False),
        sa.Column("handed_in", JSONB(none_as_null=True)),
        sa.Column("handed_in_before", JSONB(none_as_null=True)),
    )
    # What the migration before has written is checked at the end of the transaction, and PostgreSQL
    # changes no table while such a check is due: make it now.
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for name in ("transition", "note"):
        op.add_column(f"tangerang_review_{name}", sa.Column("revision_id", sa.UnicodeText))
    op.execute("SET CONSTRAINTS ALL DEFERRED")


def downgrade() -> None:
    """Drop the table. Working copies stay as private packages."""
    for name in ("transition", "note"):
        op.drop_column(f"tangerang_review_{name}", "revision_id")
    op.drop_table("tangerang_review_revision")
