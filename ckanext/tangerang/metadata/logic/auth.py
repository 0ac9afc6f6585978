"""Who may call the actions of the plugin ``tangerang_metadata``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk

if TYPE_CHECKING:
    from ckan.types import AuthResult, Context, DataDict


@tk.auth_allow_anonymous_access
def tangerang_codelist_list(context: Context, data_dict: DataDict | None) -> AuthResult:  # noqa: ARG001
    """Everybody may read the code lists."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def tangerang_codelist_show(context: Context, data_dict: DataDict | None) -> AuthResult:  # noqa: ARG001
    """Everybody may read the code lists."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def tangerang_condition_show(context: Context, data_dict: DataDict | None) -> AuthResult:  # noqa: ARG001
    """Everybody may ask what a form asks: the answer depends on what is sent alone."""
    return {"success": True}
