"""Whose scores a user may see together.

The score of a record is for everybody who may see the record. What is guarded is the comparison
of organizations: lists and averages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import authz, model

if TYPE_CHECKING:
    from ckan.types import Context


def is_member(context: Context, organization_id: str) -> bool:
    """Tell whether the user may read the private records of an organization."""
    return bool(context.get("user")) and authz.has_user_permission_for_group_or_org(
        organization_id, context.get("user"), "read"
    )


def own_organizations(context: Context) -> list[str]:
    """Return the ids of the organizations whose private records the user may read."""
    user: Any = context.get("auth_user_obj") or model.User.get(context.get("user"))
    if user is None:
        return []
    found = tk.get_action("organization_list_for_user")(
        {"user": user.name, "auth_user_obj": user}, {"permission": "read"}
    )
    return [row["id"] for row in found]
