"""Who may call the actions of the plugin ``tangerang_score``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model

from ...metadata.roles import acts_as_walidata
from .. import access, config

if TYPE_CHECKING:
    from ckan.types import AuthResult, Context, DataDict


@tk.auth_allow_anonymous_access
def tangerang_score_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may see a record may see its score."""
    tk.check_access("package_show", tk.fresh_context(context), {"id": data_dict["id"]})
    return {"success": True}


@tk.auth_allow_anonymous_access
def tangerang_score_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Sysadmins and the walidata; members for their organization; or everybody by configuration."""
    if config.public_averages() or acts_as_walidata(context):
        return {"success": True}
    organization: Any = model.Group.get(data_dict.get("organization"))
    if organization is not None and access.is_member(context, organization.id):
        return {"success": True}
    return {
        "success": False,
        "msg": tk._("Only the walidata and members of the organization may see its scores."),
    }


@tk.auth_allow_anonymous_access
def tangerang_score_average_list(context: Context, data_dict: DataDict | None) -> AuthResult:  # noqa: ARG001
    """Everybody by configuration; else people who are logged in, for their organizations."""
    if config.public_averages() or context.get("user"):
        return {"success": True}
    return {"success": False, "msg": tk._("Log in to see the scores of your organization.")}
