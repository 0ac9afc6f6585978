"""What a user is to a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
from ckan import authz

from . import states

if TYPE_CHECKING:
    from ckan.types import Context

#: In a context: asks CKAN's rights about a record, whatever its state.
RIGHTS_ALONE = "tangerang_review_rights_alone"


def _has(name: str, context: Context, data_dict: dict[str, Any] | None = None) -> bool:
    """Tell whether a check passes for the user of a context."""
    try:
        tk.check_access(name, context, data_dict or {})
    except tk.NotAuthorized:
        return False
    return True


def _asking(context: Context) -> Context:
    """Return a context that asks about the user alone."""
    return cast("Context", {"user": context.get("user"), RIGHTS_ALONE: True})


def acts_as(context: Context, role: str) -> bool:
    """Tell whether the user is walidata (``walidata``) or pembina data (``pembina``).

    A sysadmin is both.
    """
    return bool(context.get("user")) and _has(f"tangerang_{role}", _asking(context))


def of_record(context: Context, package: Any) -> set[str]:
    """Return the roles of the user about a record.

    :param package: a package object
    """
    user = context.get("user")
    if not user:
        return set()
    if authz.is_sysadmin(user):
        return set(states.ROLES)
    roles = {role for role in (states.WALIDATA, states.PEMBINA) if acts_as(context, role)}
    if _has("package_update", _asking(context), {"id": package.id}):
        roles.add(states.PRODUCER)
        if package.owner_org and authz.has_user_permission_for_group_or_org(
            package.owner_org, user, "admin"
        ):
            roles.add(states.OPD_ADMIN)
    return roles
