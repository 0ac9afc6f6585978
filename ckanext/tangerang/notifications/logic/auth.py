"""Who may call the actions of the plugin: everybody who is logged in, about their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ckan.types import AuthResult, Context, DataDict

_OK: AuthResult = {"success": True}


def tangerang_notification_list(context: Context, data_dict: DataDict) -> AuthResult:  # noqa: ARG001
    """Let everybody who is logged in read what they were told."""
    return _OK


def tangerang_notification_show(context: Context, data_dict: DataDict) -> AuthResult:  # noqa: ARG001
    """Let everybody who is logged in read what they were told."""
    return _OK


def tangerang_notification_read(context: Context, data_dict: DataDict) -> AuthResult:  # noqa: ARG001
    """Let everybody who is logged in mark what they were told as read."""
    return _OK


def tangerang_notification_setting_show(context: Context, data_dict: DataDict) -> AuthResult:  # noqa: ARG001
    """Let everybody who is logged in see how they are told."""
    return _OK


def tangerang_notification_setting_update(context: Context, data_dict: DataDict) -> AuthResult:  # noqa: ARG001
    """Let everybody who is logged in choose how they are told."""
    return _OK
