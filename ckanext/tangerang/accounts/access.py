"""Who may manage which accounts.

Sysadmins and the walidata manage all accounts, an Admin OPD those of Operators and readers who
have no role outside the own OPD. Nobody manages the account of a sysadmin here, nor the own.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ..metadata.roles import acts_as_walidata
from . import audit, roles

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ckan.types import Context


@dataclass(frozen=True, slots=True)
class Scope:
    """What a user may manage."""

    user_id: str | None
    #: All accounts, in all organizations.
    everywhere: bool
    #: Ids of the organizations whose admin the user is, directly.
    organizations: frozenset[str]

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.organizations)


@dataclass(slots=True)
class Standing:
    """Where an account belongs."""

    #: Role by id of the organization.
    roles: dict[str, str] = field(default_factory=dict)
    #: Roles that it had when it was disabled, where it has none now.
    former: dict[str, str] = field(default_factory=dict)
    #: Ids of groups, and of organizations by whose datasets it is a collaborator.
    others: set[str | None] = field(default_factory=set)
    #: Somebody who is not walidata added it to an organization on CKAN's own pages.
    added: bool = False


def scope(context: Context) -> Scope:
    """Return what the user of ``context`` may manage."""
    user = model.User.get(context.get("user"))
    user_id = user.id if user else None
    if acts_as_walidata(context):
        return Scope(user_id, everywhere=True, organizations=frozenset())
    return Scope(user_id, everywhere=False, organizations=_own(user_id))


def _own(user_id: str | None) -> frozenset[str]:
    """Return the ids of the organizations whose admin a user is; a role of a parent is none."""
    if user_id is None:
        return frozenset()
    group, member = _tables()
    query = sa.select(group.id).join(member, member.group_id == group.id)
    query = query.where(
        member.table_name == "user",
        member.table_id == user_id,
        member.state == model.State.ACTIVE,
        member.capacity == roles.ADMIN,
        group.is_organization.is_(True),
        group.state == model.State.ACTIVE,
    )
    return frozenset(model.Session.execute(query).scalars())


def _tables() -> tuple[Any, Any]:
    """Return the classes of organizations and of memberships."""
    return model.Group, model.Member


def standings(ids: Collection[str]) -> Mapping[str, Standing]:
    """Return where accounts belong, by a number of queries that does not depend on theirs."""
    found: dict[str, Standing] = defaultdict(Standing)
    if not ids:
        return found
    group, member = _tables()
    query = sa.select(member.table_id, group.id, group.is_organization, member.capacity)
    query = query.join(group, member.group_id == group.id).where(
        member.table_name == "user",
        member.table_id.in_(ids),
        member.state == model.State.ACTIVE,
        group.state == model.State.ACTIVE,
    )
    for user_id, group_id, is_organization, capacity in model.Session.execute(query):
        if is_organization:
            found[user_id].roles[group_id] = capacity
        else:
            found[user_id].others.add(group_id)
    collaborator, package = _collaborator()
    query = (
        sa.select(collaborator.user_id, package.owner_org)
        .join(package, package.id == collaborator.package_id)
        .where(collaborator.user_id.in_(ids))
        .distinct()
    )
    for user_id, organization_id in model.Session.execute(query):
        found[user_id].others.add(organization_id)
    homeless = [user_id for user_id in ids if not found[user_id].roles]
    for user_id, event in audit.latest(homeless, [audit.DISABLE]).items():
        found[user_id].former = dict(event.details.get("roles", {}))
    arrivals = audit.latest(ids, [audit.CREATE, audit.MOVE, audit.MEMBER])
    for user_id, event in arrivals.items():
        found[user_id].added = event.action == audit.MEMBER and not event.details["by_walidata"]
    return found


def _collaborator() -> tuple[Any, Any]:
    """Return the classes of collaborators and of packages."""
    return model.PackageMember, model.Package


def refusal(own: Scope, account: Any, standing: Standing) -> str | None:
    """Return why a user may not manage an account, in their language; None where they may."""
    if account.sysadmin:
        return tk._("Accounts of sysadmins are not managed here.")
    if account.id == own.user_id:
        return tk._("This is your own account. Change it in your profile, or ask a colleague.")
    return None if own.everywhere else _refusal_within(own, standing)


def _refusal_within(own: Scope, standing: Standing) -> str | None:
    """Return why an Admin OPD may not manage an account that belongs so; None where they may."""
    held = standing.roles or standing.former
    outside = (set(held) | standing.others) - own.organizations
    if not held or outside:
        return tk._("You may manage only accounts that belong to your OPD and to no other.")
    if not set(held.values()) <= set(roles.OPERATOR_ROLES):
        return tk._("Accounts of Admin OPD are managed by the walidata.")
    if standing.added:
        return tk._(
            "This account existed before it was added to your OPD. Ask the walidata to move it "
            "to your OPD; after that you may manage it."
        )
    return None


def may_give(own: Scope, organization_id: str, role: str) -> bool:
    """Tell whether a user may give a role in an organization."""
    if own.everywhere:
        return True
    return organization_id in own.organizations and role in roles.OPERATOR_ROLES


def require(own: Scope, account: Any) -> Standing:
    """Return where an account belongs.

    :raises NotAuthorized: when the user may not manage it, whatever the context says
    """
    standing = standings([account.id])[account.id]
    reason = refusal(own, account, standing)
    if reason:
        raise tk.NotAuthorized(reason)
    return standing
