"""Tells other plugins what happened to records, once that is committed.

:func:`store.record` notes each entry of the history here. When the transaction has ended, what is
in the database is announced: what was rolled back, also by a savepoint, is not there.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
from ckan import model
from sqlalchemy import event
from sqlalchemy.orm import Session

from ..signals import Moved, record_moved
from .model import ReviewTransition

if TYPE_CHECKING:
    from collections.abc import Collection

log = logging.getLogger(__name__)

#: Where a session keeps the entries of the transaction in progress.
_PENDING = "tangerang_review_pending"
#: Who sends.
_SENDER = "tangerang_review"


def after_commit(transition_id: str) -> None:
    """Announce an entry of the history when the transaction in progress is committed."""
    session: Any = model.Session()
    if not record_moved.receivers:
        return
    if _PENDING not in session.info:
        session.info[_PENDING] = []
        event.listen(session, "after_transaction_end", _ended)
    session.info[_PENDING].append(transition_id)


def _ended(session: Any, transaction: Any) -> None:
    """Announce what the transaction that has ended left in the history."""
    pending = session.info[_PENDING]
    if transaction.parent is not None or not pending:
        return
    session.info[_PENDING] = []
    try:
        moves = _moves(pending)
        if moves:
            record_moved.send(_SENDER, moves=moves)
    except Exception:
        # The records have moved: who listens can not undo that, nor stop who moved them.
        log.exception("Not everybody was told of %s", pending)


def _moves(ids: Collection[str]) -> list[Moved]:
    """Return those entries that are in the database, with who took part: two statements."""
    table: Any = ReviewTransition.__table__
    # Not the session of the caller, which may be at the end of its request.
    with Session(cast("Any", model.meta.engine)) as session:
        rows = session.execute(
            sa.select(table).where(table.c.id.in_(ids)).order_by(table.c.position)
        ).all()
        people: defaultdict[str, set[str]] = defaultdict(set)
        seen = sa.select(table.c.package_id, table.c.user_id).distinct()
        packages = {row.package_id for row in rows}
        for key, user in session.execute(seen.where(table.c.package_id.in_(packages))):
            if user:
                people[key].add(user)
    return [
        Moved(
            id=row.id,
            package_id=row.package_id,
            verb=row.verb,
            from_state=row.from_state,
            to_state=row.to_state,
            user_id=row.user_id,
            reason=row.reason,
            created=row.created,
            people=frozenset(people[row.package_id]),
        )
        for row in rows
    ]
