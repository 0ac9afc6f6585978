"""Who may call the actions of the plugin ``tangerang_theme``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk

from ...metadata.roles import acts_as_walidata

if TYPE_CHECKING:
    from ckan.types import AuthResult, Context, DataDict


def _walidata(context: Context) -> AuthResult:
    """Let the walidata and sysadmins choose what stands on the home page."""
    if acts_as_walidata(context):
        return {"success": True}
    return {
        "success": False,
        "msg": tk._("Only the walidata chooses the headline figures of the home page."),
    }


def tangerang_headline_list(context: Context, data_dict: DataDict | None) -> AuthResult:  # noqa: ARG001
    """Let the walidata see what may be chosen."""
    return _walidata(context)


def tangerang_headline_update(context: Context, data_dict: DataDict | None) -> AuthResult:  # noqa: ARG001
    """Let the walidata choose."""
    return _walidata(context)
