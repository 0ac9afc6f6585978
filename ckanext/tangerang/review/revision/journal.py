"""The journal of switches: what is under way, who holds it, and whether it counts.

A row is written before anything is staged. It says in the same transaction as the record itself
that the switch counts; whoever finds it after a crash knows by that whether to finish or to undo.

Who works on a row holds a session lock of PostgreSQL on it. The lock ends with the connection, so
with the process, however it ends: a row without a lock belongs to nobody any more.
"""

from __future__ import annotations

import time
from contextlib import contextmanager, suppress
from datetime import datetime  # noqa: TC003 - the mapping reads it
from typing import TYPE_CHECKING, Any, Final, cast

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.model import meta
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Mapped, mapped_column

from ..model import new_id, now

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

#: Being staged: nothing that anybody sees has changed.
PREPARED: Final = "disiapkan"
#: The record was saved: files and tables follow, whatever happens.
COMMITTED: Final = "berlaku"
#: Everything is in its place.
DONE: Final = "selesai"
#: Nothing came of it.
UNDONE: Final = "dibatalkan"
OPEN: Final = (PREPARED, COMMITTED)

#: First half of the key of our session locks; any number that nobody else uses.
_LOCK_SPACE: Final = 0x7A26
#: How long a switch waits for a save or a job that is writing, in milliseconds.
_WAIT_MS: Final = 10_000
#: Code of PostgreSQL: not within ``lock_timeout``.
_LOCK_NOT_AVAILABLE: Final = "55P03"


class Journal(tk.BaseModel):
    """A switch of a published record to its next version."""

    __tablename__ = "tangerang_review_journal"

    id: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True, default=new_id)
    #: The published record and its shadow; no references, the row outlives both.
    package_id: Mapped[str] = mapped_column(sa.UnicodeText, index=True)
    shadow_id: Mapped[str] = mapped_column(sa.UnicodeText, index=True)
    user_id: Mapped[str | None] = mapped_column(sa.UnicodeText)
    state: Mapped[str] = mapped_column(sa.UnicodeText, default=PREPARED)
    #: What is switched, see :class:`ckanext.tangerang.review.revision.switch.Plan`.
    plan: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    created: Mapped[datetime] = mapped_column(sa.DateTime, default=now)
    finished: Mapped[datetime | None] = mapped_column(sa.DateTime)

    # One open switch of a record; of a shadow there is never another.
    __table_args__ = (
        sa.Index(
            "ix_tangerang_review_journal_open",
            "package_id",
            unique=True,
            postgresql_where=sa.text("finished IS NULL"),
        ),
    )


class Busy(Exception):  # noqa: N818 - says what it is
    """Another switch, a save or a job has the record."""


def _table() -> Any:
    """Return the table of the journal."""
    return cast("Any", Journal).__table__


class Hold:
    """The lock on a row, on a connection of its own; see the module."""

    def __init__(self, connection: Any, entry_id: str) -> None:
        self._connection, self.entry_id = connection, entry_id

    @classmethod
    def take(cls, entry_id: str, *, wait: float = 0) -> Hold | None:
        """Return the lock; None if somebody else has it.

        :param wait: how long to wait for it, in seconds
        """
        connection = cast("Any", meta.engine).connect()
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        # A detached connection is closed, not kept for others: the lock can not stay behind.
        connection.detach()
        query = sa.select(
            sa.func.pg_try_advisory_lock(sa.literal(_LOCK_SPACE), sa.func.hashtext(entry_id))
        )
        until = time.monotonic() + wait
        try:
            while not connection.scalar(query):
                if time.monotonic() >= until:
                    connection.close()
                    return None
                time.sleep(0.02)
        except BaseException:
            connection.close()
            raise
        return cls(connection, entry_id)

    def execute(self, statement: Any) -> Any:
        """Run a statement that counts at once."""
        return self._connection.execute(statement)

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        """Run several statements that count together."""
        self._connection.exec_driver_sql("BEGIN")
        try:
            yield self._connection
        except BaseException:
            self._connection.exec_driver_sql("ROLLBACK")
            raise
        self._connection.exec_driver_sql("COMMIT")

    def read(self) -> Any:
        """Return the row as it is now; None if it is not there."""
        return self.execute(sa.select(_table()).where(_table().c.id == self.entry_id)).first()

    def state(self) -> str:
        """Return the state of the row; empty if it is not there."""
        row = self.read()
        return row.state if row else ""

    def finish(self, state: str) -> None:
        """Close the row."""
        self.execute(
            sa.update(_table())
            .where(_table().c.id == self.entry_id)
            .values(state=state, finished=now())
        )

    def release(self) -> None:
        """Give the row back, at once: PostgreSQL may notice a closed connection only later."""
        # One that is broken has given it back, or will.
        with suppress(DBAPIError):
            self.execute(sa.select(sa.func.pg_advisory_unlock_all()))
        self._connection.close()


def begin(
    entry_id: str, package_id: str, shadow_id: str, plan: dict[str, Any], user_id: str | None
) -> Hold:
    """Write the row of a new switch and hold it.

    Saves and jobs that are writing into the record or its shadow end first; those that come later
    find the row.

    :raises Busy: when there is another, or a save or a job does not end
    """
    hold = Hold.take(entry_id)
    if hold is None:
        raise Busy
    package = cast("Any", model.Package).__table__
    both = (
        sa.select(package.c.id)
        .where(package.c.id.in_((package_id, shadow_id)))
        .order_by(package.c.id)
        .with_for_update()
    )
    row = {
        "id": entry_id,
        "package_id": package_id,
        "shadow_id": shadow_id,
        "user_id": user_id,
        "state": PREPARED,
        "plan": plan,
        "created": now(),
    }
    try:
        with hold.transaction() as connection:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {_WAIT_MS}")
            connection.execute(both)
            connection.execute(sa.insert(_table()).values(**row))
    except IntegrityError as error:
        hold.release()
        raise Busy from error
    except OperationalError as error:
        hold.release()
        if getattr(error.orig, "pgcode", "") == _LOCK_NOT_AVAILABLE:
            raise Busy from error
        raise
    except BaseException:
        hold.release()
        raise
    return hold


def commit_with_session(entry_id: str) -> None:
    """Let a switch count when the transaction of CKAN's session does.

    :raises Busy: when the row is no longer being prepared
    """
    statement = (
        sa.update(_table())
        .where(_table().c.id == entry_id, _table().c.state == PREPARED)
        .values(state=COMMITTED)
    )
    if cast("Any", model.Session.execute(statement)).rowcount != 1:
        raise Busy


def open_of(ids: Collection[str]) -> list[Any]:
    """Return the open rows of records or shadows, oldest first."""
    table = _table()
    query = (
        sa.select(table)
        .where(
            table.c.finished.is_(None),
            sa.or_(table.c.package_id.in_(ids), table.c.shadow_id.in_(ids)),
        )
        .order_by(table.c.created)
    )
    return list(model.Session.execute(query))


def open_rows() -> list[tuple[str, str]]:
    """Return id and record of all open rows, oldest first."""
    table = _table()
    query = (
        sa.select(table.c.id, table.c.package_id)
        .where(table.c.finished.is_(None))
        .order_by(table.c.created)
    )
    return [(row.id, row.package_id) for row in model.Session.execute(query)]
