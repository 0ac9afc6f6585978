"""Who may call the actions of the plugin ``tangerang_exchange``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk
from ckan import authz

if TYPE_CHECKING:
    from ckan.types import AuthResult, Context, DataDict


def _who_may_see(context: Context, data_dict: DataDict | None) -> AuthResult:
    """Let whoever may see a record have it in any format."""
    return tk.check_access("package_show", context, data_dict) and {"success": True}


@tk.auth_allow_anonymous_access
def tangerang_indah_show(context: Context, data_dict: DataDict | None) -> AuthResult:
    """Whoever may see the record."""
    return _who_may_see(context, data_dict)


@tk.auth_allow_anonymous_access
def tangerang_ddi_show(context: Context, data_dict: DataDict | None) -> AuthResult:
    """Whoever may see the record."""
    return _who_may_see(context, data_dict)


@tk.auth_allow_anonymous_access
def tangerang_variable_list(context: Context, data_dict: DataDict | None) -> AuthResult:
    """Whoever may see the activity."""
    return _who_may_see(context, data_dict)


def tangerang_indah_import(context: Context, data_dict: DataDict | None) -> AuthResult:  # noqa: ARG001
    """Whoever may create records somewhere; each record is checked again by itself."""
    if authz.has_user_permission_for_some_org(context.get("user", ""), "create_dataset"):
        return {"success": True}
    return {
        "success": False,
        "msg": tk._("Only those who may describe data of an OPD can import metadata."),
    }
