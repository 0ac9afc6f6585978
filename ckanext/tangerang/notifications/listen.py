"""Hears from the review what happened to records, and tells the people."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
from ckan import model
from sqlalchemy.orm import Session

from . import audience, events, jobs, store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..signals import Moved

log = logging.getLogger(__name__)


def on_moves(sender: Any, moves: Sequence[Moved], **_: Any) -> None:  # noqa: ARG001
    """Write who is to know of steps of the review, in a transaction of its own.

    :param moves: what happened; its transaction is over
    """
    wanted = [(move, told) for move in moves if (told := events.of_move(move))]
    if not wanted:
        return
    with Session(cast("Any", model.meta.engine)) as session, session.begin():
        made = store.write(session, _rows(session, wanted))
    if made:
        jobs.mail_soon()


def _rows(
    session: Session, wanted: Sequence[tuple[Moved, tuple[str, str]]]
) -> list[dict[str, Any]]:
    """Return the notifications of some steps."""
    package = store.packages()
    query = sa.select(package.c.id, package.c.owner_org, package.c.creator_user_id)
    query = query.where(package.c.id.in_({move.package_id for move, _ in wanted}))
    records = {row.id: row for row in session.execute(query)}
    owners = {row.owner_org for row in records.values() if row.owner_org}
    directory = audience.Directory(session, owners)
    return [
        {
            "user_id": person,
            "package_id": move.package_id,
            "event": event,
            "role": role,
            "actor_id": move.user_id,
            "key": f"langkah:{move.id}",
            "detail": events.detail_of(move, event),
        }
        for move, (event, to) in wanted
        # One that was purged meanwhile is nobody's any more.
        if move.package_id in records
        for person, role in directory.told(
            records[move.package_id], to, move.user_id, move.people
        ).items()
    ]
