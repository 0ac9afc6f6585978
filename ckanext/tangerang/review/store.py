"""Reads and writes the tables of the review.

Nothing here commits, except the switch: a state belongs to the transaction that changes the record.
Whoever changes a record and its state locks the record first, then the row of the review.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import OperationalError, ProgrammingError

from ..metadata.fields import RECORD_TYPES
from . import announce, states
from .model import Review, ReviewSwitch, ReviewTransition, new_id, now

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

#: Rows of ``package`` that are public: what the trigger asks, in SQLAlchemy's words.
_PACKAGE: Any = model.Package


def is_public(package: Any) -> bool:
    """Tell whether a record is active and public; what is not said yet is so by default."""
    return (package.state or model.State.ACTIVE) == model.State.ACTIVE and not package.private


def version(package: Any) -> str:
    """Return what names the version of a record: its ``metadata_modified`` as CKAN shows it."""
    return package.metadata_modified.isoformat() if package.metadata_modified else ""


def get(package_id: str) -> Review | None:
    """Return the row of a record; None for one that nothing has happened to."""
    return cast("Any", model.Session).get(Review, package_id)


def reload(package_id: str) -> None:
    """Read the row of a record again, whatever the session knows of it."""
    cast("Any", model.Session).get(Review, package_id, populate_existing=True)


def state(package: Any) -> str:
    """Return the state of a record. A public one is published: no look-up."""
    if is_public(package):
        return states.PUBLISHED
    row = get(package.id)
    return row.state if row else states.DRAFT


def create(ids: Collection[str]) -> None:
    """Make the rows of new records that have none yet."""
    if ids:
        rows = [{"package_id": key, "state": states.DRAFT, "since": now()} for key in ids]
        model.Session.execute(insert(Review).values(rows).on_conflict_do_nothing())


def lock(package_id: str) -> tuple[Any, Review]:
    """Return a record and its row, as they are now, and keep others from changing them.

    :raises ObjectNotFound: when the record has been removed meanwhile
    """
    session: Any = model.Session
    package = (
        session.query(_PACKAGE)
        .filter(_PACKAGE.id == package_id)
        .populate_existing()
        .with_for_update(of=_PACKAGE)
        .one_or_none()
    )
    if package is None:
        session.rollback()
        raise tk.ObjectNotFound(tk._("There is no such record."))
    create([package_id])
    row = session.get(Review, package_id, populate_existing=True, with_for_update=True)
    return package, row


def record(
    package_id: str,
    verb: str,
    *,
    user_id: str | None,
    from_state: str,
    to_state: str,
    reason: str = "",
    seen: str | None = None,
) -> None:
    """Write into the history of a record; who listens is told after the commit.

    :param user_id: None for what the portal did by itself
    :param seen: the version that the user saw
    """
    key = new_id()
    model.Session.execute(
        sa.insert(ReviewTransition).values(
            id=key,
            package_id=package_id,
            user_id=user_id,
            verb=verb,
            from_state=from_state,
            to_state=to_state,
            reason=reason,
            version=seen,
            created=now(),
        )
    )
    # What was public before the review has not moved, and a portal has thousands of it: a job for
    # each table was made when the review was switched on.
    if verb != states.ADOPT:
        announce.after_commit(key)


def move(
    row: Review,
    verb: str,
    to_state: str,
    *,
    user_id: str | None,
    reason: str = "",
    seen: str | None = None,
) -> None:
    """Bring a locked row into another state, and write that into the history.

    A time of publication that was set is forgotten: it was for what lay there before. Moving to
    the published state grants it to this transaction.
    """
    record(
        row.package_id,
        verb,
        user_id=user_id,
        from_state=row.state,
        to_state=to_state,
        reason=reason,
        seen=seen,
    )
    row.state, row.since = to_state, now()
    row.publish_at = row.publish_by = row.publish_version = None
    if to_state not in states.WAITING:
        row.reviewer_id = None
    session: Any = model.Session
    row.granted_tx = (
        session.scalar(sa.select(sa.func.txid_current())) if to_state == states.PUBLISHED else None
    )
    session.flush([row])


def is_granted(package_id: str) -> bool:
    """Tell whether publication was granted in this transaction."""
    query = sa.select(Review.package_id).where(
        Review.package_id == package_id,
        Review.state == states.PUBLISHED,
        Review.granted_tx == sa.func.txid_current(),
    )
    return model.Session.execute(query).first() is not None


def put(
    package_id: str, verb: str, to_state: str, *, user_id: str | None, reason: str = ""
) -> None:
    """Bring a record into a state by statements alone: what a flush in progress allows."""
    create([package_id])
    table: Any = Review.__table__
    before = model.Session.execute(
        sa.select(table.c.state).where(table.c.package_id == package_id).with_for_update()
    ).scalar_one()
    record(package_id, verb, user_id=user_id, from_state=before, to_state=to_state, reason=reason)
    published = to_state == states.PUBLISHED
    model.Session.execute(
        sa.update(table)
        .where(table.c.package_id == package_id)
        .values(
            state=to_state,
            since=now(),
            reviewer_id=None,
            publish_at=None,
            publish_by=None,
            publish_version=None,
            granted_tx=sa.func.txid_current() if published else None,
        )
    )
    for loaded in cast("Any", model.Session).identity_map.values():
        if isinstance(loaded, Review) and loaded.package_id == package_id:
            cast("Any", model.Session).expire(loaded)
            break


def due(moment: datetime) -> list[str]:
    """Return the records whose time of publication has come, by time."""
    query = (
        sa.select(Review.package_id)
        .where(Review.publish_at <= moment)
        .order_by(Review.publish_at, Review.package_id)
    )
    return list(model.Session.scalars(query))


def take_in() -> None:
    """Make public records published, and those that the review knows as public but are not, drafts.

    What was published, hidden or made while the review was off.
    """
    package, row = _PACKAGE.__table__, cast("Any", Review.__table__)
    ours = package.c.type.in_(RECORD_TYPES)
    public = sa.and_(package.c.state == model.State.ACTIVE, package.c.private.isnot(True))
    known = sa.select(row.c.package_id)
    missing = sa.select(
        package.c.id, sa.literal(states.DRAFT), sa.literal(now(), sa.DateTime)
    ).where(ours, package.c.id.notin_(known))
    session: Any = model.Session
    session.execute(sa.insert(row).from_select(["package_id", "state", "since"], missing))
    found = session.execute(
        sa.select(package.c.id, row.c.state, public.label("public"))
        .join(row, row.c.package_id == package.c.id)
        .where(ours, public != (row.c.state == states.PUBLISHED))
    ).all()
    for key, _state, shown in found:
        put(
            key,
            states.ADOPT if shown else states.HIDE,
            states.PUBLISHED if shown else states.RETRACTED,
            user_id=None,
        )


def follow_switch(*, enabled: bool) -> None:
    """Let the trigger in the database decide, or not; commits.

    A database without our tables is left alone: the migration has not run yet.
    """
    session: Any = model.Session
    try:
        row = session.get(ReviewSwitch, 1)
    except (ProgrammingError, OperationalError):
        session.rollback()
        return
    if (row is not None and row.enabled) == enabled:
        session.rollback()
        return
    if enabled:
        take_in()
    session.merge(ReviewSwitch(id=1, enabled=enabled))
    session.commit()
