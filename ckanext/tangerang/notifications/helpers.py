"""Template helpers of the plugin ``tangerang_notifications``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ..metadata.language import moment_label
from . import store, texts

if TYPE_CHECKING:
    from collections.abc import Mapping


def tangerang_notifications_unread() -> int | None:
    """Return how many notifications the user has not read, by one statement.

    None for visitors without an account: nothing is looked up for them.
    """
    user: Any = tk.current_user
    if user.is_anonymous:
        return None
    return store.count(user.id, unread=True)


def tangerang_notifications_headline(row: Mapping[str, Any]) -> str:
    """Return in a few words what a notification is about."""
    return texts.headline(row["event"], row["detail"])


def tangerang_notifications_time(moment: str) -> str:
    """Return day, time and zone of a notification."""
    return moment_label(moment)


def tangerang_notifications_mail_label(choice: str) -> str:
    """Return what people call a choice of when e-mail comes."""
    return texts.mail_label(choice)
