"""Create the tables of kept links, requests for access, codes, and of who read what."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "tangerang_access_0001"
down_revision = None
branch_labels = None
depends_on = None


def _of(name: str, table: str, **more: Any) -> sa.Column[str]:
    """Return a column that names a row of another table, and goes with it."""
    key = sa.ForeignKey(f"{table}.id", ondelete="CASCADE", onupdate="CASCADE")
    return sa.Column(name, sa.UnicodeText, key, **more)


def upgrade() -> None:
    """Create the tables; what was read outlives record, request and account."""
    op.create_table(
        "tangerang_access_link",
        _of("resource_id", "resource", primary_key=True),
        sa.Column("url", sa.UnicodeText, nullable=False),
        sa.Column("address", sa.UnicodeText, nullable=False),
    )
    op.create_table(
        "tangerang_access_public",
        _of("package_id", "package", primary_key=True),
        sa.Column("since", sa.DateTime, nullable=False),
    )
    op.create_table(
        "tangerang_access_request",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        _of("package_id", "package", nullable=False, index=True),
        _of("resource_id", "resource"),
        _of("user_id", "user", index=True),
        sa.Column("name", sa.UnicodeText, nullable=False),
        sa.Column("institution", sa.UnicodeText, nullable=False),
        sa.Column("email", sa.UnicodeText, nullable=False),
        sa.Column("purpose", sa.UnicodeText, nullable=False),
        sa.Column("state", sa.UnicodeText, nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("decided", sa.DateTime),
        sa.Column("decided_by", sa.UnicodeText),
        sa.Column("reason", sa.UnicodeText, nullable=False),
        sa.Column("until", sa.DateTime),
    )
    op.create_table(
        "tangerang_access_code",
        sa.Column("code_hash", sa.UnicodeText, primary_key=True),
        _of("request_id", "tangerang_access_request", nullable=False, index=True),
        sa.Column("uses_left", sa.Integer, nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("voided", sa.DateTime),
    )
    op.create_table(
        "tangerang_access_read",
        sa.Column("position", sa.Integer, sa.Identity(), primary_key=True),
        sa.Column("package_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("resource_id", sa.UnicodeText),
        sa.Column("user_id", sa.UnicodeText),
        sa.Column("request_id", sa.UnicodeText),
        sa.Column("way", sa.UnicodeText, nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
    )


def downgrade() -> None:
    """Drop the tables, unless links are kept.

    :raises RuntimeError: then: put back into their records they would be public, dropped lost
    """
    kept = op.get_bind().execute(sa.text("SELECT count(*) FROM tangerang_access_link")).scalar()
    if kept:
        raise RuntimeError(
            f"{kept} links of restricted files are kept. Upload the files, or make their records "
            "open, before the plugin is taken off."
        )
    for name in ("read", "code", "request", "public", "link"):
        op.drop_table(f"tangerang_access_{name}")
