"""Who may manage accounts, and what an admin of an organization may do on CKAN's own paths.

The functions about one account are asked for sysadmins too: the accounts of sysadmins, and the
own one, are managed by nobody here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ...metadata.roles import acts_as_walidata
from .. import access, roles, store

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ckan.types import AuthResult, Context, DataDict


def _manager(context: Context) -> AuthResult:
    """Return the answer for those who manage any accounts."""
    if access.scope(context):
        return {"success": True}
    return {
        "success": False,
        "msg": tk._("Only the walidata and Admin OPD may manage accounts."),
    }


def _target(context: Context, data_dict: DataDict) -> AuthResult:
    """Return the answer for managing the account ``id``."""
    own = access.scope(context)
    if not own:
        return _manager(context)
    account = store.find(data_dict.get("id"))
    reason = access.refusal(own, account, access.standings([account.id])[account.id])
    return {"success": False, "msg": reason} if reason else {"success": True}


def tangerang_account_list(context: Context, data_dict: DataDict | None) -> AuthResult:  # noqa: ARG001
    """Sysadmins and the walidata all accounts, an Admin OPD those of the own OPD."""
    return _manager(context)


def tangerang_account_show(context: Context, data_dict: DataDict | None) -> AuthResult:  # noqa: ARG001
    """As the list; what is not in the list of the caller is not found."""
    return _manager(context)


def tangerang_account_create(context: Context, data_dict: DataDict | None) -> AuthResult:  # noqa: ARG001
    """As the list; each row is judged by itself."""
    return _manager(context)


@tk.auth_sysadmins_check
def tangerang_account_link(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever manages the account."""
    return _target(context, data_dict)


@tk.auth_sysadmins_check
def tangerang_account_move(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever manages the account; where it may go to is judged by the action."""
    return _target(context, data_dict)


@tk.auth_sysadmins_check
def tangerang_account_handover(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever manages the account whose work it is."""
    return _target(context, data_dict)


@tk.auth_sysadmins_check
def tangerang_account_disable(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever manages the account."""
    return _target(context, data_dict)


@tk.auth_sysadmins_check
def tangerang_account_enable(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever manages the account, or managed it before it was disabled."""
    return _target(context, data_dict)


def tangerang_account_audit_list(context: Context, data_dict: DataDict | None) -> AuthResult:  # noqa: ARG001
    """Sysadmins and the walidata."""
    if acts_as_walidata(context):
        return {"success": True}
    return {
        "success": False,
        "msg": tk._("Only the walidata may see what was done to accounts."),
    }


# CKAN's own paths


def _appoints_admin(context: Context, organization: object, role: object) -> AuthResult | None:
    """Return the refusal where somebody who is not walidata makes an admin of an organization."""
    group: Any = model.Group.get(organization) if isinstance(organization, str) else None
    if (
        role != roles.ADMIN
        or group is None
        or not group.is_organization
        or acts_as_walidata(context)
    ):
        return None
    return {
        "success": False,
        "msg": tk._("Only the walidata makes an Admin OPD. Ask it to do so on the page Accounts."),
    }


@tk.chained_auth_function
def member_create(next_auth: Any, context: Context, data_dict: DataDict | None) -> AuthResult:
    """Let only the walidata make admins of organizations.

    CKAN asks here too for ``organization_member_create`` and ``group_member_create``, which takes
    organizations as well.
    """
    given = data_dict or {}
    refused = given.get("object_type") == "user" and _appoints_admin(
        context, given.get("id"), given.get("capacity")
    )
    return refused or next_auth(context, data_dict)


@tk.chained_auth_function
def user_invite(next_auth: Any, context: Context, data_dict: DataDict | None) -> AuthResult:
    """Let only the walidata invite admins of organizations, before there is a new account."""
    refused = _appoints_admin(
        context, (data_dict or {}).get("group_id"), (data_dict or {}).get("role")
    )
    return refused or next_auth(context, data_dict)


def _admins_of(group_id: str) -> set[str]:
    """Return the ids and names of the admins of an organization."""
    user, member = model.User, model.Member
    query: Any = (
        sa.select(user.id, user.name)
        .join(member, member.table_id == user.id)
        .where(
            member.table_name == "user",
            member.group_id == group_id,
            member.state == model.State.ACTIVE,
            member.capacity == roles.ADMIN,
        )
    )
    return {text for row in model.Session.execute(query) for text in row}


def _new_admin(context: Context, data_dict: DataDict | None) -> AuthResult | None:
    """Return the refusal where a list of members holds an admin who is none yet.

    CKAN's ``organization_update`` takes the members along with the organization.
    """
    given = data_dict or {}
    users: Iterable[Any] = given.get("users") or ()
    named = {
        str(entry.get("id") or entry.get("name"))
        for entry in users
        if isinstance(entry, dict) and entry.get("capacity") == roles.ADMIN
    }
    group: Any = model.Group.get(given.get("id")) if named else None
    if group is None or named <= _admins_of(group.id):
        return None
    return _appoints_admin(context, group.id, roles.ADMIN)


@tk.chained_auth_function
def organization_update(next_auth: Any, context: Context, data_dict: DataDict | None) -> AuthResult:
    """Let only the walidata make admins along with a change of the organization."""
    return _new_admin(context, data_dict) or next_auth(context, data_dict)


@tk.chained_auth_function
def group_update(next_auth: Any, context: Context, data_dict: DataDict | None) -> AuthResult:
    """As :func:`organization_update`, which this action may stand in for."""
    return _new_admin(context, data_dict) or next_auth(context, data_dict)
