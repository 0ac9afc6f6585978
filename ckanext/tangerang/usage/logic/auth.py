"""Who may call the actions of the plugin ``tangerang_usage``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import authz, model

from ...metadata.roles import acts_as_walidata

if TYPE_CHECKING:
    from ckan.types import AuthResult, Context, DataDict


@tk.auth_allow_anonymous_access
def tangerang_usage_list(context: Context, data_dict: DataDict | None) -> AuthResult:  # noqa: ARG001
    """Let everybody see what is used most: only public records are in the list."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def tangerang_usage_month_list(context: Context, data_dict: DataDict | None) -> AuthResult:  # noqa: ARG001
    """Let everybody see the totals of the portal."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def tangerang_usage_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may see a record may see how often it was used."""
    tk.check_access("package_show", tk.fresh_context(context), {"id": data_dict["id"]})
    return {"success": True}


def tangerang_usage_organization_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Let members of an organization see the use of its records, withdrawn ones too.

    The walidata and sysadmins see that of all.
    """
    group: Any = model.Group.get(data_dict["id"])
    if group is None or not group.is_organization:
        raise tk.ObjectNotFound(tk._("There is no such organization."))
    if acts_as_walidata(context) or authz.has_user_permission_for_group_or_org(
        group.id, context.get("user"), "read"
    ):
        return {"success": True}
    return {
        "success": False,
        "msg": tk._("Only the walidata and members of the organization may see its figures."),
    }
