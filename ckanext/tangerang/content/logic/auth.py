"""Who may call the actions of the plugin ``tangerang_content``: the walidata writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk

from ...metadata.roles import acts_as_walidata
from .. import store

if TYPE_CHECKING:
    from ckan.types import AuthResult, Context, DataDict

_OK: AuthResult = {"success": True}


def _editor(context: Context) -> AuthResult:
    """Return the answer for the walidata and sysadmins."""
    if acts_as_walidata(context):
        return _OK
    return {"success": False, "msg": tk._("Only the walidata may change the pages.")}


@tk.auth_allow_anonymous_access
def tangerang_page_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Let everybody see which pages are public, and the walidata see all."""
    return _editor(context) if data_dict.get("all") else _OK


@tk.auth_allow_anonymous_access
def tangerang_page_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Let everybody read what is public now; old versions and hidden pages are the walidata's."""
    page = store.get(data_dict["id"])
    if page is not None and page.is_public and data_dict.get("version") is None:
        return _OK
    return _editor(context)


def tangerang_page_create(context: Context, data_dict: DataDict | None) -> AuthResult:  # noqa: ARG001
    """Let the walidata make a page."""
    return _editor(context)


def tangerang_page_update(context: Context, data_dict: DataDict | None) -> AuthResult:  # noqa: ARG001
    """Let the walidata change a page."""
    return _editor(context)


def tangerang_page_delete(context: Context, data_dict: DataDict | None) -> AuthResult:  # noqa: ARG001
    """Let the walidata delete a page."""
    return _editor(context)


def tangerang_page_history(context: Context, data_dict: DataDict | None) -> AuthResult:  # noqa: ARG001
    """Let the walidata see who changed a page: it names people."""
    return _editor(context)


def tangerang_page_revert(context: Context, data_dict: DataDict | None) -> AuthResult:  # noqa: ARG001
    """Let the walidata bring an old version back."""
    return _editor(context)
