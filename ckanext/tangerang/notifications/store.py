"""Writes and reads notifications.

What a person may not see any more is left out where it is read: the role in which they were told
is looked up in the same statement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from . import audience, events
from .model import Notification, NotificationSetting, new_id, now

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

#: What one statement writes; PostgreSQL takes 65,535 values.
_BATCH = 1_000

_table: Any = Notification.__table__
_settings: Any = NotificationSetting.__table__


def write(session: Session, rows: Sequence[dict[str, Any]]) -> int:
    """Write notifications, each person's each key once; return how many are new.

    :param rows: with ``user_id``, ``package_id``, ``event``, ``role``, ``actor_id``, ``key``,
        ``detail``
    """
    made = 0
    for start in range(0, len(rows), _BATCH):
        values = [{"id": new_id(), "created": now(), **row} for row in rows[start : start + _BATCH]]
        statement = insert(_table).values(values).on_conflict_do_nothing().returning(_table.c.id)
        made += len(session.execute(statement).all())
    return made


def packages() -> Any:
    """Return the table of packages."""
    return cast("Any", model.Package).__table__


def visible() -> Any:
    """Return the condition that a person still is that as which they were told of a record.

    Of the walidata: that they work there. Of an OPD: that they work there, and the record is of
    that OPD. Needs the table of packages joined.
    """
    package = packages()
    _member, group, condition = audience.memberships(_table.c.user_id)
    of_opd = sa.and_(_table.c.role == events.OPD, group.c.id == package.c.owner_org)
    of_walidata = sa.and_(_table.c.role == events.WALIDATA, audience.is_walidata(group))
    return sa.and_(
        package.c.state != model.State.DELETED,
        sa.exists().where(condition, sa.or_(of_opd, of_walidata)),
    )


def joined() -> Any:
    """Return the notifications with their records."""
    return _table.join(packages(), packages().c.id == _table.c.package_id)


def count(user_id: str, *, unread: bool) -> int:
    """Return how many notifications a person has, or has not read: one statement."""
    query = sa.select(sa.func.count()).select_from(joined())
    query = query.where(_table.c.user_id == user_id, visible())
    if unread:
        query = query.where(_table.c.read.is_(None))
    return cast("Any", model.Session).scalar(query) or 0


def selected() -> Any:
    """Return the statement for notifications with what is shown of them."""
    package = packages()
    actor = cast("Any", model.User).__table__.alias("actor")
    return sa.select(
        _table,
        package.c.name.label("record_name"),
        package.c.title.label("record_title"),
        package.c.type.label("record_type"),
        sa.func.coalesce(sa.func.nullif(actor.c.fullname, ""), actor.c.name).label("actor"),
    ).select_from(joined().outerjoin(actor, actor.c.id == _table.c.actor_id))


def of_user(user_id: str, *, unread: bool, limit: int, offset: int) -> Sequence[Any]:
    """Return notifications of a person, the newest first: one statement."""
    query = selected().where(_table.c.user_id == user_id, visible())
    if unread:
        query = query.where(_table.c.read.is_(None))
    query = query.order_by(_table.c.created.desc(), _table.c.id).limit(limit).offset(offset)
    return cast("Any", model.Session).execute(query).all()


def mark_read(user_id: str, ids: Collection[str] | None) -> int:
    """Mark notifications of a person as read; return how many were unread. Does not commit.

    :param ids: None for all
    """
    statement = sa.update(_table).where(_table.c.user_id == user_id, _table.c.read.is_(None))
    if ids is not None:
        statement = statement.where(_table.c.id.in_(ids))
    done = model.Session.execute(statement.values(read=now()).returning(_table.c.id))
    return len(done.all())


def owned(user_id: str, notification_id: str) -> Any:
    """Return one notification of a person that they may still see; None for none."""
    query = selected().where(_table.c.user_id == user_id, _table.c.id == notification_id, visible())
    return cast("Any", model.Session).execute(query).first()


def mail_choice(user_id: str) -> str | None:
    """Return when a person wants e-mail; None if they have not said."""
    query = sa.select(_settings.c.mail).where(_settings.c.user_id == user_id)
    return cast("Any", model.Session).scalar(query)


def choose_mail(user_id: str, mail: str) -> None:
    """Keep when a person wants e-mail. Does not commit."""
    statement = insert(_settings).values(user_id=user_id, mail=mail)
    model.Session.execute(
        statement.on_conflict_do_update(index_elements=["user_id"], set_={"mail": mail})
    )


def forget_before(session: Session, moment: datetime) -> int:
    """Delete notifications that are older; return how many."""
    statement = sa.delete(_table).where(_table.c.created < moment).returning(_table.c.id)
    return len(session.execute(statement).all())
