"""Actions of the plugin ``tangerang_notifications``: everybody about their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model

from .. import config, store, texts
from . import schema

if TYPE_CHECKING:
    from ckan.types import Context, DataDict


def _user_id(context: Context) -> str:
    """Return the id of the user; their access has been checked."""
    user: Any = model.User.get(context.get("user"))
    if user is None:
        raise tk.NotAuthorized(tk._("Log in to see what you were told."))
    return str(user.id)


def _shown(row: Any) -> dict[str, Any]:
    """Return a notification as the actions show it."""
    return {
        "id": row.id,
        "event": row.event,
        "text": texts.headline(row.event, row.detail),
        "detail": row.detail,
        "role": row.role,
        "actor": row.actor,
        "created": row.created.isoformat(),
        "read": row.read.isoformat() if row.read else None,
        "url": texts.address(row.event, row.record_type, row.record_name),
        "record": {
            "id": row.package_id,
            "name": row.record_name,
            "title": row.record_title or row.record_name,
            "type": row.record_type,
        },
    }


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_notification_list)
def tangerang_notification_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return what the user was told, the newest first.

    Left out is what they were told in a role that they do not have any more.

    :param unread: only what they have not read (optional)
    :param limit: how many at most, up to 1,000 (optional, default: 50)
    :param offset: how many to skip (optional)
    :returns: ``{"count", "unread", "results": [{"id", "event", "text", "detail", "role", "actor",
        "created", "read", "url", "record": {"id", "name", "title", "type"}}]}``; times are UTC
    """
    tk.check_access("tangerang_notification_list", context, data_dict)
    user_id = _user_id(context)
    only_unread = bool(data_dict.get("unread"))
    rows = store.of_user(
        user_id, unread=only_unread, limit=data_dict["limit"], offset=data_dict["offset"]
    )
    unread = store.count(user_id, unread=True)
    return {
        "count": unread if only_unread else store.count(user_id, unread=False),
        "unread": unread,
        "results": [_shown(row) for row in rows],
    }


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_notification_show)
def tangerang_notification_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return one thing that the user was told.

    :param id: id of a notification
    :returns: as :func:`tangerang_notification_list` has it
    :raises ObjectNotFound: when there is none of theirs that they may still see
    """
    tk.check_access("tangerang_notification_show", context, data_dict)
    row = store.owned(_user_id(context), data_dict["id"])
    if row is None:
        raise tk.ObjectNotFound(tk._("There is no such notification."))
    return _shown(row)


@tk.validate_action_data(schema.tangerang_notification_read)
def tangerang_notification_read(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Mark what the user was told as read. Doing it again changes nothing.

    Notifications of other people, and unknown ones, are passed by.

    :param id: id of a notification, or a list of up to 1,000
    :param all: true for all (in place of ``id``)
    :returns: ``{"read": how many were unread, "unread": how many still are}``
    :raises ValidationError: when neither is given
    """
    tk.check_access("tangerang_notification_read", context, data_dict)
    user_id = _user_id(context)
    if not data_dict["id"] and not data_dict.get("all"):
        raise tk.ValidationError({"id": [tk._("Say which ones, or all.")]})
    done = store.mark_read(user_id, None if data_dict.get("all") else data_dict["id"])
    model.Session.commit()
    return {"read": done, "unread": store.count(user_id, unread=True)}


def _setting(user_id: str) -> dict[str, Any]:
    """Return how a person is told."""
    return {
        "mail": store.mail_choice(user_id) or config.default_mail(),
        "mail_is_set": config.mail_is_set(),
    }


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_notification_setting_show)
def tangerang_notification_setting_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return when the user gets e-mail.

    :returns: ``{"mail": "langsung", "harian" or "tidak", "mail_is_set": whether the portal sends
        e-mail at all}``
    """
    tk.check_access("tangerang_notification_setting_show", context, data_dict)
    return _setting(_user_id(context))


@tk.validate_action_data(schema.tangerang_notification_setting_update)
def tangerang_notification_setting_update(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Choose when the user gets e-mail.

    :param mail: ``langsung`` (at once), ``harian`` (one message a day) or ``tidak`` (never)
    :returns: the same as :func:`tangerang_notification_setting_show`
    """
    tk.check_access("tangerang_notification_setting_update", context, data_dict)
    user_id = _user_id(context)
    store.choose_mail(user_id, data_dict["mail"])
    model.Session.commit()
    return _setting(user_id)
