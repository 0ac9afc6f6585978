"""Auth functions: the roles of Satu Data Indonesia.

Every feature that asks for one of the roles asks here, by ``tk.check_access``; sysadmins pass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model

from ...metadata.roles import acts_as_walidata
from .. import roles

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckan.types import AuthFunction, AuthResult, Context


def _judge(context: Context, has_role: Callable[[str], bool], refusal: str) -> AuthResult:
    """Return the answer for the user of ``context``."""
    user = context.get("auth_user_obj") or model.User.get(context.get("user"))
    if user and has_role(user.id):
        return {"success": True}
    return {"success": False, "msg": refusal}


def tangerang_walidata(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:  # noqa: ARG001
    """Tell whether the user is walidata: admin or editor of an organization of that role."""
    return _judge(context, roles.is_walidata, tk._("Only the walidata may do this."))


def tangerang_pembina(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:  # noqa: ARG001
    """Tell whether the user is pembina data: member of an organization of that role."""
    return _judge(context, roles.is_pembina, tk._("Only the pembina data may do this."))


def _registry(context: Context) -> AuthResult:
    """Return the answer for what changes the registry: the walidata may."""
    return _judge(
        context, roles.is_walidata, tk._("Only the walidata may change the registry of OPD.")
    )


@tk.auth_allow_anonymous_access
def tangerang_opd_list(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:  # noqa: ARG001
    """Let everybody read the registry: it is a public register of offices."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def tangerang_opd_show(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:  # noqa: ARG001
    """Let everybody read an OPD."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def tangerang_opd_resolve(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:  # noqa: ARG001
    """Let everybody ask which OPD a text or code means."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def tangerang_opd_resolve_many(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:  # noqa: ARG001
    """Let everybody ask which OPD several texts or codes mean."""
    return {"success": True}


def tangerang_opd_alias_create(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:  # noqa: ARG001
    """Let the walidata confirm another way to write an OPD."""
    return _registry(context)


def tangerang_opd_alias_delete(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:  # noqa: ARG001
    """Let the walidata take an alias back."""
    return _registry(context)


def tangerang_opd_plan(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:  # noqa: ARG001
    """Let the walidata see what a registry file would change."""
    return _registry(context)


def tangerang_opd_apply(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:  # noqa: ARG001
    """Let the walidata apply a plan."""
    return _registry(context)


def tangerang_opd_undo(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:  # noqa: ARG001
    """Let the walidata take a change of the registry back."""
    return _registry(context)


def tangerang_opd_journal_list(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:  # noqa: ARG001
    """Let the walidata read the journal: it names members that were moved."""
    return _registry(context)


@tk.chained_auth_function
def organization_create(
    next_auth: AuthFunction,  # noqa: ARG001
    context: Context,
    data_dict: dict[str, Any] | None,  # noqa: ARG001
) -> AuthResult:
    """Let the walidata create an OPD; CKAN alone lets every user."""
    return _registry(context)


@tk.chained_auth_function
def organization_update(
    next_auth: AuthFunction, context: Context, data_dict: dict[str, Any] | None
) -> AuthResult:
    """Let the walidata change every OPD, and admins of an OPD their own.

    What of it admins may change is the business of the validators (``opd_may_edit``).
    """
    if acts_as_walidata(context):
        return {"success": True}
    return next_auth(context, data_dict or {})


def _no_deletion() -> AuthResult:
    """Return the answer for who wants to delete an OPD and is no sysadmin."""
    return {"success": False, "msg": tk._("Only a sysadmin deletes an OPD. Close it instead.")}


@tk.chained_auth_function
def organization_delete(
    next_auth: AuthFunction,  # noqa: ARG001
    context: Context,  # noqa: ARG001
    data_dict: dict[str, Any] | None,  # noqa: ARG001
) -> AuthResult:
    """Let only sysadmins delete an OPD: its history would go with it."""
    return _no_deletion()


def _names_organization(data_dict: dict[str, Any] | None) -> bool:
    """Tell whether the group that is asked for is an organization."""
    group: Any = model.Group.get((data_dict or {}).get("id"))
    return bool(group is not None and group.is_organization)


@tk.chained_auth_function
def group_delete(
    next_auth: AuthFunction, context: Context, data_dict: dict[str, Any] | None
) -> AuthResult:
    """Let only sysadmins delete an OPD by the action for groups, which CKAN takes for both."""
    return _no_deletion() if _names_organization(data_dict) else next_auth(context, data_dict or {})


@tk.chained_auth_function
def member_create(
    next_auth: AuthFunction, context: Context, data_dict: dict[str, Any] | None
) -> AuthResult:
    """Let only the walidata put an OPD below another; CKAN asks this for taking it away too."""
    below = (data_dict or {}).get("object_type") == "group"
    if below and _names_organization(data_dict):
        return _registry(context)
    return next_auth(context, data_dict or {})
