"""Create the tables of pages and of their versions."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "tangerang_content_0001"
down_revision = None
branch_labels = None
depends_on = None


def _content() -> list[sa.Column[Any]]:
    """Return the columns that a page and each of its versions have."""
    return [
        sa.Column("title_id", sa.UnicodeText, nullable=False),
        sa.Column("title_en", sa.UnicodeText, nullable=False),
        sa.Column("text_id", sa.UnicodeText, nullable=False),
        sa.Column("text_en", sa.UnicodeText, nullable=False),
        sa.Column("place", sa.UnicodeText, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("published", sa.Boolean, nullable=False),
        sa.Column("deleted", sa.Boolean, nullable=False),
    ]


def upgrade() -> None:
    """Create the tables; the versions of a page go with it."""
    op.create_table(
        "tangerang_page",
        sa.Column("name", sa.UnicodeText, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("modified", sa.DateTime, nullable=False),
        *_content(),
    )
    op.create_table(
        "tangerang_page_version",
        sa.Column(
            "name",
            sa.UnicodeText,
            sa.ForeignKey("tangerang_page.name", ondelete="CASCADE", onupdate="CASCADE"),
            primary_key=True,
        ),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("user_id", sa.UnicodeText),
        sa.Column("verb", sa.UnicodeText, nullable=False),
        sa.Column("note", sa.UnicodeText, nullable=False),
        *_content(),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("tangerang_page_version")
    op.drop_table("tangerang_page")
