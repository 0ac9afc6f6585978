"""Keep the fragments of the catalogue packed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "tangerang_interop_0002"
down_revision = "tangerang_interop_0001"
branch_labels = None
depends_on = None

_TABLE = "tangerang_catalogue_fragment"
_FORMS = ("ttl", "xml", "jsonld", "json")


def _replace(kind: type[sa.LargeBinary | sa.UnicodeText]) -> None:
    """Give the columns of the forms another type; the next job makes all fragments anew."""
    op.execute(f"DELETE FROM {_TABLE}")  # noqa: S608 - a name of ours
    for form in _FORMS:
        op.drop_column(_TABLE, form)
        op.add_column(_TABLE, sa.Column(form, kind, nullable=False))


def upgrade() -> None:
    """Make the columns binary."""
    _replace(sa.LargeBinary)


def downgrade() -> None:
    """Make them text again."""
    _replace(sa.UnicodeText)
