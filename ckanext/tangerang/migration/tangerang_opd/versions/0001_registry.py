"""Create the tables of the OPD registry: former names, aliases, plans and the journal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "tangerang_opd_0001"
down_revision = None
branch_labels = None
depends_on = None


def _organization() -> sa.Column[str]:
    """Return the column that names the organization; its rows go with it when it is purged."""
    return sa.Column(
        "organization_id",
        sa.UnicodeText,
        sa.ForeignKey("group.id", ondelete="CASCADE", onupdate="CASCADE"),
        nullable=False,
        index=True,
    )


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "tangerang_opd_name",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        _organization(),
        sa.Column("name", sa.UnicodeText, nullable=False, index=True),
        sa.Column("title", sa.UnicodeText, nullable=False),
        sa.Column("singkatan", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("berlaku_dari", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("berlaku_sampai", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("dasar_hukum", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("created", sa.DateTime, nullable=False),
    )
    op.create_table(
        "tangerang_opd_alias",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        _organization(),
        sa.Column("alias", sa.UnicodeText, nullable=False),
        sa.Column("folded", sa.UnicodeText, nullable=False, unique=True),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("user_id", sa.UnicodeText),
    )
    op.create_table(
        "tangerang_opd_plan",
        sa.Column("token", sa.UnicodeText, primary_key=True),
        sa.Column("user_id", sa.UnicodeText),
        sa.Column("digest", sa.UnicodeText, nullable=False),
        sa.Column("content", JSONB, nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
    )
    op.create_table(
        "tangerang_opd_journal",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("position", sa.Integer, sa.Identity(), nullable=False, unique=True),
        sa.Column("user_id", sa.UnicodeText),
        sa.Column("kind", sa.UnicodeText, nullable=False),
        sa.Column("entries", JSONB, nullable=False),
        sa.Column("undoes", sa.UnicodeText),
        sa.Column("undone_by", sa.UnicodeText),
        sa.Column("settled", sa.DateTime),
        sa.Column("created", sa.DateTime, nullable=False),
    )


def downgrade() -> None:
    """Drop the tables."""
    for name in ("journal", "plan", "alias", "name"):
        op.drop_table(f"tangerang_opd_{name}")
