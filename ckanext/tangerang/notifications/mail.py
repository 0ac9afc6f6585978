"""Sends notifications by e-mail, through CKAN: plugins of ``INotifier`` may send them elsewhere."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib import mailer
from sqlalchemy.dialects.postgresql import insert

from ..opd.clock import today
from . import config, events, store, texts
from .model import Notification, NotificationSetting, now

if TYPE_CHECKING:
    from collections.abc import Sequence

log = logging.getLogger(__name__)

#: Older ones are no news: where the server was away for longer, they stay unsent.
_FRESH = timedelta(days=3)
#: What one message tells; the rest is in the portal.
_MOST = 100

_table: Any = Notification.__table__
_settings: Any = NotificationSetting.__table__


def _people(choice: str) -> list[str]:
    """Return the ids of those who want e-mail like this and have something to be told."""
    user = cast("Any", model.User).__table__
    chosen = sa.func.coalesce(_settings.c.mail, config.default_mail())
    waits = sa.exists().where(
        _table.c.user_id == user.c.id, _table.c.mailed.is_(None), _table.c.created > now() - _FRESH
    )
    query = (
        sa.select(user.c.id)
        .select_from(user.outerjoin(_settings, _settings.c.user_id == user.c.id))
        .where(
            chosen == choice,
            waits,
            user.c.state == model.State.ACTIVE,
            sa.func.coalesce(user.c.email, "") != "",
        )
        .order_by(user.c.id)
    )
    return list(model.Session.scalars(query))


def _take(user_id: str) -> Sequence[Any]:
    """Return what a person is still to be told, locked; another process passes it by.

    Only what they may see now, and have not read.
    """
    query = (
        store.selected()
        .where(
            _table.c.user_id == user_id,
            _table.c.mailed.is_(None),
            _table.c.read.is_(None),
            _table.c.created > now() - _FRESH,
            store.visible(),
        )
        .order_by(_table.c.created, _table.c.id)
        .with_for_update(of=_table, skip_locked=True)
    )
    return cast("Any", model.Session).execute(query).all()


def _line(row: Any) -> str:
    """Return what happened, to which record, and its address."""
    title = " ".join((row.record_title or row.record_name).split())
    line = f"{texts.headline(row.event, row.detail)}: {title}"
    if row.actor:
        line += " " + tk._("({name})").format(name=row.actor)
    reason = row.detail.get("reason")
    address = texts.address(row.event, row.record_type, row.record_name, external=True)
    return "\n".join([line, *([reason] if reason else []), address])


def _message(rows: Sequence[Any]) -> tuple[str, str]:
    """Return subject and text of a message."""
    if len(rows) == 1:
        subject = _line(rows[0]).split("\n", 1)[0]
    else:
        subject = tk.ungettext(
            "{count} notification of {portal}", "{count} notifications of {portal}", len(rows)
        ).format(count=len(rows), portal=tk.config["ckan.site_title"])
    parts = [_line(row) for row in rows[:_MOST]]
    if len(rows) > _MOST:
        parts.append(tk._("… and {count} more.").format(count=len(rows) - _MOST))
    all_of_them = tk.h.url_for("tangerang_pemberitahuan.index", _external=True)
    parts.append(
        tk._("All notifications, and how you want to be told: {url}").format(url=all_of_them)
    )
    return subject[:200], "\n\n".join(parts)


def _send_to(user_id: str) -> bool | None:
    """Send one person what waits; tell whether that went well, None for nothing to send.

    It is marked as sent in the same transaction that locks it. Commits.
    """
    rows = _take(user_id)
    user: Any = model.User.get(user_id)
    if not rows or user is None:
        model.Session.rollback()
        return None
    subject, body = _message(rows)
    try:
        mailer.mail_user(user, subject, body)
    except (mailer.MailerException, OSError) as error:
        model.Session.rollback()
        log.warning("Notifications for %s could not be sent by e-mail: %s", user.name, error)
        return False
    ids = [row.id for row in rows]
    model.Session.execute(sa.update(_table).where(_table.c.id.in_(ids)).values(mailed=now()))
    model.Session.commit()
    return True


def _send_all(people: Sequence[str]) -> int:
    """Send to people until a message can not be sent: then the server is away, and each try waits.

    :returns: how many messages were sent
    """
    sent = 0
    for user_id in people:
        done = _send_to(user_id)
        if done is False:
            break
        sent += done is True
    return sent


def send_waiting() -> int:
    """Send what people want to have at once; return how many messages were sent."""
    return _send_all(_people(events.AT_ONCE)) if config.mail_is_set() else 0


def _begin_digest(user_id: str, day: date) -> bool:
    """Note that a person gets the digest of a day; tell whether they had it already. No commit."""
    row = _settings.c
    statement = (
        insert(_settings)
        .values(user_id=user_id, mail=events.DAILY, digest_day=day)
        .on_conflict_do_update(
            index_elements=["user_id"],
            set_={"digest_day": day},
            where=sa.or_(row.digest_day.is_(None), row.digest_day < day),
        )
        .returning(row.user_id)
    )
    return model.Session.execute(statement).first() is not None


def send_digests() -> int:
    """Send the digest of the day to those who want one; return how many messages were sent.

    Running it again on the same day sends nothing more, also twice at once.
    """
    if not config.mail_is_set():
        return 0
    day, sent = date.fromisoformat(today()), 0
    for user_id in _people(events.DAILY):
        if not _begin_digest(user_id, day):
            model.Session.rollback()
            continue
        done = _send_to(user_id)
        if done is False:
            break
        sent += done is True
    return sent
