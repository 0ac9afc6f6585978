"""Create the table of fragments of the catalogue."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "tangerang_interop_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; a purged dataset takes its row along."""
    op.create_table(
        "tangerang_catalogue_fragment",
        sa.Column(
            "package_id",
            sa.UnicodeText,
            sa.ForeignKey("package.id", ondelete="CASCADE", onupdate="CASCADE"),
            primary_key=True,
        ),
        sa.Column("key", sa.UnicodeText, nullable=False),
        sa.Column("named", ARRAY(sa.UnicodeText), nullable=False),
        *(
            sa.Column(form, sa.UnicodeText, nullable=False)
            for form in ("ttl", "xml", "jsonld", "json")
        ),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("tangerang_catalogue_fragment")
