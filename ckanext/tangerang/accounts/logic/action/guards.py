"""CKAN's own ways to give somebody a role: written down, and no half-made invitation stays.

Who may make admins is judged by the auth functions of the same names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan import plugins as p

from ....metadata.roles import acts_as_walidata
from ... import audit

if TYPE_CHECKING:
    from ckan.types import Action, Context, DataDict

__all__ = ["group_update", "member_create", "organization_update", "user_invite"]


def _members(organization_id: str) -> set[str]:
    """Return the ids of the accounts that have a role in an organization."""
    member = model.Member
    query: Any = sa.select(member.table_id).where(
        member.table_name == "user",
        member.group_id == organization_id,
        member.state == model.State.ACTIVE,
    )
    return set(model.Session.execute(query).scalars())


def _organization(reference: object) -> Any:
    """Return an organization by id or name; None for what is none."""
    found: Any = model.Group.get(reference) if isinstance(reference, str) else None
    return found if found is not None and found.is_organization else None


def _note(context: Context, account: Any, organization: Any, role: object, *, new: bool) -> None:
    """Write down that an account was given a role.

    :param new: it had none there before
    """
    audit.note(
        context,
        account,
        audit.MEMBER,
        organization=organization.name,
        role=role,
        # One who was there before does not come from elsewhere.
        by_walidata=not new or acts_as_walidata(context),
    )
    if not context.get("defer_commit"):
        model.Session.commit()


@tk.chained_action
def member_create(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Give a role as CKAN does, and write it down."""
    organization = (
        _organization(data_dict.get("id")) if data_dict.get("object_type") == "user" else None
    )
    before = _members(organization.id) if organization else set()
    made = original_action(context, data_dict)
    account = model.User.get(data_dict.get("object")) if organization else None
    # Who makes an organization becomes its admin: that is no appointment.
    if account is not None and account.name != context.get("user"):
        new = account.id not in before
        _note(context, account, organization, data_dict.get("capacity"), new=new)
    return made


def _update(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Change an organization as CKAN does, and write down who became a member along with it."""
    organization = _organization(data_dict.get("id")) if data_dict.get("users") else None
    if organization is None:
        return original_action(context, data_dict)
    before = _members(organization.id)
    made = original_action(context, data_dict)
    for user_id in sorted(_members(organization.id) - before):
        account = model.User.get(user_id)
        if account is not None:
            _note(context, account, organization, None, new=True)
    return made


@tk.chained_action
def organization_update(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Change an organization as CKAN does, and write down who became a member along with it."""
    return _update(original_action, context, data_dict)


@tk.chained_action
def group_update(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """As :func:`organization_update`, which this action may stand in for."""
    return _update(original_action, context, data_dict)


def _refused() -> tk.ValidationError:
    """Return the message that leads from an invitation to the page of accounts."""
    return tk.ValidationError(
        {
            "email": [
                tk._(
                    "No invitation can be sent: this portal has no mail server that answers. Make "
                    "the account on the page {url}, and hand over the link that you get there."
                ).format(url=tk.h.url_for("tangerang_accounts.new", _external=True))
            ]
        }
    )


@tk.chained_action
def user_invite(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Invite somebody as CKAN does, or leave nothing behind.

    Without a mail server CKAN 2.12.0 either sends nothing and says nothing, or fails, wants to
    take the new account back as the user who invites, may not, and leaves it with its role.
    """
    tk.check_access("user_invite", context, data_dict)
    if not tk.config.get("smtp.server") and not list(p.PluginImplementations(p.INotifier)):
        raise _refused()
    before = _pending(data_dict.get("email"))
    try:
        made = original_action(context, data_dict)
    except Exception as error:
        model.Session.rollback()
        _remove(_pending(data_dict.get("email")) - before)
        if isinstance(error, tk.NotAuthorized):
            raise _refused() from error
        raise
    account, group = model.User.get(made["id"]), _organization(data_dict.get("group_id"))
    if account is not None and group is not None:
        audit.note(
            context, account, audit.CREATE, organization=group.name, role=data_dict.get("role")
        )
        model.Session.commit()
    return made


def _pending(email: object) -> set[str]:
    """Return the ids of the accounts with an address that wait for their owners."""
    user: Any = model.User
    query = sa.select(user.id).where(user.email == email, user.state == model.State.PENDING)
    return set(model.Session.execute(query).scalars()) if isinstance(email, str) else set()


def _tables() -> tuple[Any, Any]:
    """Return the classes of memberships and of accounts."""
    return model.Member, model.User


def _remove(ids: set[str]) -> None:
    """Remove the accounts that an invitation left behind, with their roles."""
    member, user = _tables()
    model.Session.execute(sa.delete(member).where(member.table_id.in_(ids)))
    model.Session.execute(sa.delete(user).where(user.id.in_(ids)))
    model.Session.commit()
