"""Create the tables of the review, take in what is public already, guard the table of packages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "tangerang_review_0001"
down_revision = None
branch_labels = None
depends_on = None

_TYPES = "('dataset', 'kegiatan', 'indikator')"

#: A record becomes active and public only where the approval was written earlier in the same
#: transaction. Immediate: CKAN indexes before it commits, and a deferred one would let the index
#: have what the database refuses.
_FUNCTION = f"""
CREATE OR REPLACE FUNCTION tangerang_review_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.state = 'active' AND OLD.private IS NOT TRUE
     AND OLD.type IN {_TYPES} THEN
    RETURN NEW;
  END IF;
  IF NOT EXISTS (SELECT 1 FROM tangerang_review_switch WHERE enabled) THEN
    RETURN NEW;
  END IF;
  IF EXISTS (
    SELECT 1 FROM tangerang_review
    WHERE package_id = NEW.id AND state = 'terbit' AND granted_tx = txid_current()
  ) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'tangerang_review: record % may not become public without an approval', NEW.id
    USING ERRCODE = 'check_violation';
END
$$
"""  # noqa: S608 - constants

_TRIGGER = f"""
CREATE TRIGGER tangerang_review_guard
BEFORE INSERT OR UPDATE OF state, private, type ON package
FOR EACH ROW
WHEN (NEW.state = 'active' AND NEW.private IS NOT TRUE AND NEW.type IN {_TYPES})
EXECUTE FUNCTION tangerang_review_guard()
"""


def _package_key() -> sa.ForeignKey:
    """Return the reference to a record, checked at the end of the transaction."""
    return sa.ForeignKey(
        "package.id",
        ondelete="CASCADE",
        onupdate="CASCADE",
        deferrable=True,
        initially="DEFERRED",
    )


def _text(name: str, *, empty: bool = False) -> sa.Column[str]:
    """Return a column of text."""
    return sa.Column(name, sa.UnicodeText, nullable=empty)


def upgrade() -> None:
    """Create tables and trigger; public records are published, others drafts."""
    op.create_table(
        "tangerang_review",
        sa.Column("package_id", sa.UnicodeText, _package_key(), primary_key=True),
        _text("state"),
        sa.Column("since", sa.DateTime, nullable=False),
        sa.Column("submitted", sa.DateTime),
        _text("submitted_by", empty=True),
        _text("submitted_version", empty=True),
        _text("reviewer_id", empty=True),
        sa.Column("publish_at", sa.DateTime),
        _text("publish_by", empty=True),
        _text("publish_version", empty=True),
        sa.Column("granted_tx", sa.BigInteger),
    )
    # The queue is read by state and age; the sweep looks for what is due.
    op.create_index("ix_tangerang_review_state", "tangerang_review", ["state", "submitted"])
    op.create_index(
        "ix_tangerang_review_publish_at",
        "tangerang_review",
        ["publish_at"],
        postgresql_where=sa.text("publish_at IS NOT NULL"),
    )
    op.create_table(
        "tangerang_review_transition",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("position", sa.Integer, sa.Identity(), nullable=False, unique=True),
        sa.Column("package_id", sa.UnicodeText, _package_key(), nullable=False, index=True),
        _text("user_id", empty=True),
        _text("verb"),
        _text("from_state"),
        _text("to_state"),
        _text("reason"),
        _text("version", empty=True),
        sa.Column("created", sa.DateTime, nullable=False),
    )
    op.create_table(
        "tangerang_review_note",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("position", sa.Integer, sa.Identity(), nullable=False, unique=True),
        sa.Column("package_id", sa.UnicodeText, _package_key(), nullable=False, index=True),
        _text("user_id", empty=True),
        _text("kind"),
        _text("field"),
        sa.Column("row", sa.Integer),
        _text("resource_id"),
        _text("column"),
        _text("severity"),
        _text("text"),
        _text("verdict"),
        _text("status"),
        sa.Column("answers", JSONB, nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
    )
    op.create_table(
        "tangerang_review_switch",
        sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("enabled", sa.Boolean, nullable=False),
    )
    _take_in()
    op.execute(_FUNCTION)
    op.execute(_TRIGGER)
    # The plugin switches it on at its next start, if the configuration says so.
    op.execute("INSERT INTO tangerang_review_switch (id, enabled) VALUES (1, false)")


def _take_in() -> None:
    """Write a row for each record; the history says of public ones that they were found so."""
    op.execute(f"""
        INSERT INTO tangerang_review (package_id, state, since)
        SELECT id,
               CASE WHEN state = 'active' AND private IS NOT TRUE THEN 'terbit' ELSE 'draf' END,
               timezone('utc', now())
        FROM package WHERE type IN {_TYPES}
    """)  # noqa: S608 - constants
    op.execute("""
        INSERT INTO tangerang_review_transition
               (id, package_id, verb, from_state, to_state, reason, created)
        SELECT gen_random_uuid()::text, package_id, 'sudah_terbit', 'draf', 'terbit', '', since
        FROM tangerang_review WHERE state = 'terbit'
    """)


def downgrade() -> None:
    """Drop trigger and tables."""
    op.execute("DROP TRIGGER tangerang_review_guard ON package")
    op.execute("DROP FUNCTION tangerang_review_guard()")
    for name in ("switch", "note", "transition"):
        op.drop_table(f"tangerang_review_{name}")
    op.drop_table("tangerang_review")
