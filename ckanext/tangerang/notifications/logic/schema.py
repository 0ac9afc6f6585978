"""What the actions of the plugin ``tangerang_notifications`` take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from .. import events

if TYPE_CHECKING:
    from ckan.types import Schema

#: The largest number of notifications that one call returns or marks, and the usual one.
MAX_LIMIT = 1_000
DEFAULT_LIMIT = 50
_MAX_OFFSET = 10_000_000
_MAX_ID = 100


def _number(default: int, limit: int) -> Any:
    """Return a validator for a whole number from 0 to ``limit``.

    :param default: what an empty value stands for
    """

    def validator(value: Any) -> int:
        if value is tk.missing or value in (None, ""):
            return default
        try:
            number = int(value)
        except (TypeError, ValueError, OverflowError):
            number = -1
        if not 0 <= number <= limit:
            raise tk.Invalid(tk._("Write a whole number from 0 to {limit}.").format(limit=limit))
        return number

    return validator


def _ids(value: Any) -> list[str]:
    """Return ids of notifications: one, or a list."""
    if value is tk.missing or value in (None, "", []):
        return []
    found = value if isinstance(value, list) else [value]
    if len(found) > MAX_LIMIT or not all(
        isinstance(entry, str) and 0 < len(entry) <= _MAX_ID for entry in found
    ):
        raise tk.Invalid(
            tk._("Write the id of a notification, or a list of up to {limit}.").format(
                limit=MAX_LIMIT
            )
        )
    return found


def _mail(value: Any) -> str:
    """Return a choice of when e-mail comes."""
    if not isinstance(value, str) or value not in events.MAIL:
        raise tk.Invalid(tk._("Use one of {names}.").format(names=", ".join(events.MAIL)))
    return value


def tangerang_notification_list() -> Schema:
    """Return the schema of the action of that name."""
    return {
        "unread": [tk.get_validator("boolean_validator")],
        "limit": [_number(DEFAULT_LIMIT, MAX_LIMIT)],
        "offset": [_number(0, _MAX_OFFSET)],
    }


def tangerang_notification_show() -> Schema:
    """Return the schema of the action of that name."""
    return {"id": [tk.get_validator("not_empty"), tk.get_validator("unicode_safe")]}


def tangerang_notification_read() -> Schema:
    """Return the schema of the action of that name."""
    return {"id": [_ids], "all": [tk.get_validator("boolean_validator")]}


def tangerang_notification_setting_show() -> Schema:
    """Return the schema of the action of that name."""
    return {}


def tangerang_notification_setting_update() -> Schema:
    """Return the schema of the action of that name."""
    return {"mail": [_mail]}
