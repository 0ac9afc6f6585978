"""Auth functions: the roles of Satu Data Indonesia.

Every feature that asks for one of the roles asks here, by ``tk.check_access``; sysadmins pass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model

from .. import roles

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckan.types import AuthResult, Context


def _judge(context: Context, has_role: Callable[[str], bool], refusal: str) -> AuthResult:
    """Return the answer for the user of ``context``."""
    user = model.User.get(context.get("user"))
    if user and has_role(user.id):
        return {"success": True}
    return {"success": False, "msg": refusal}


def tangerang_walidata(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:  # noqa: ARG001
    """Tell whether the user is walidata: admin or editor of an organization of that role."""
    return _judge(context, roles.is_walidata, tk._("Only the walidata may do this."))


def tangerang_pembina(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:  # noqa: ARG001
    """Tell whether the user is pembina data: member of an organization of that role."""
    return _judge(context, roles.is_pembina, tk._("Only the pembina data may do this."))
