"""Finds accounts, and says what the pages and actions tell of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import array

from . import access, audit, roles
from .model import AccountEvent, AccountLink, now

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

#: State of an account as the actions say it, and as CKAN stores it.
STATES = {
    "active": model.State.ACTIVE,
    "pending": model.State.PENDING,
    "disabled": model.State.DELETED,
}
_STATE_NAMES = {stored: name for name, stored in STATES.items()}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which accounts a list is about."""

    organization: str | None = None
    role: str | None = None
    state: str | None = None
    text: str | None = None


def find(reference: object) -> Any:
    """Return an account by id or name.

    :raises ObjectNotFound: when there is none
    """
    found = model.User.get(reference) if isinstance(reference, str) else None
    if found is None:
        raise tk.ObjectNotFound(tk._("There is no such account."))
    return found


def organization(reference: object) -> Any:
    """Return an active organization by id or name.

    :raises ObjectNotFound: when there is none
    """
    found: Any = model.Group.get(reference) if isinstance(reference, str) else None
    if found is None or not found.is_organization or found.state != model.State.ACTIVE:
        raise tk.ObjectNotFound(tk._("There is no such OPD."))
    return found


def organizations(ids: Collection[str] | None = None) -> Sequence[Any]:
    """Return active organizations, by title; all, or those of some ids.

    :returns: rows with ``id``, ``name``, ``title`` and ``short``
    """
    group: Any = model.Group
    query = sa.select(
        group.id,
        group.name,
        sa.func.coalesce(sa.func.nullif(group.title, ""), group.name).label("title"),
        group.extras["singkatan"].astext.label("short"),
    ).where(group.is_organization.is_(True), group.state == model.State.ACTIVE)
    if ids is not None:
        query = query.where(group.id.in_(ids))
    return model.Session.execute(query.order_by(sa.text("title"))).all()


def _membership(user: Any, ids: Collection[str] | None, role: str | None) -> Any:
    """Return the condition that an account has a role in one of some organizations."""
    member, group = model.Member, model.Group
    inner: Any = (
        sa.select(sa.literal(1))
        .select_from(member)
        .join(group, group.id == member.group_id)
        .where(
            member.table_name == "user",
            member.table_id == user.id,
            member.state == model.State.ACTIVE,
            group.is_organization.is_(True),
            group.state == model.State.ACTIVE,
        )
    )
    if ids is not None:
        inner = inner.where(member.group_id.in_(ids))
    if role is not None:
        inner = inner.where(member.capacity == role)
    return inner.exists()


def _belonged(user: Any, ids: Collection[str]) -> Any:
    """Return the condition that an account had a role there when it was disabled, and has none."""
    details = (
        sa.select(AccountEvent.details["roles"])
        .where(AccountEvent.account_id == user.id, AccountEvent.action == audit.DISABLE)
        .order_by(AccountEvent.position.desc())
        .limit(1)
        .scalar_subquery()
    )
    return sa.and_(
        ~_membership(user, None, None),
        sa.func.jsonb_exists_any(details, sa.cast(array(ids), sa.ARRAY(sa.Text))),
    )


def _conditions(own: access.Scope, wanted: Filter) -> list[Any]:
    """Return the conditions of a list."""
    user: Any = model.User
    found: list[Any] = [user.sysadmin.is_(False)]
    own_ids = None if own.everywhere else list(own.organizations)
    wanted_ids = [wanted.organization] if wanted.organization else None
    found.extend(
        sa.or_(_membership(user, ids, None), _belonged(user, ids))
        for ids in (own_ids, wanted_ids)
        if ids is not None
    )
    if wanted.role:
        found.append(_membership(user, wanted_ids or own_ids, wanted.role))
    if wanted.state:
        found.append(user.state == STATES[wanted.state])
    if wanted.text:
        columns = (user.name, user.fullname, user.email)
        found.append(sa.or_(*(c.icontains(wanted.text, autoescape=True) for c in columns)))
    return found


def search(
    own: access.Scope, wanted: Filter, limit: int, offset: int
) -> tuple[int, list[dict[str, Any]]]:
    """Return how many accounts there are, and some of them, by name."""
    user: Any = model.User
    conditions = _conditions(own, wanted)
    count = model.Session.execute(
        sa.select(sa.func.count()).select_from(user).where(*conditions)
    ).scalar_one()
    query = sa.select(user).where(*conditions)
    query = query.order_by(
        sa.func.lower(sa.func.coalesce(sa.func.nullif(user.fullname, ""), user.name)), user.id
    )
    accounts = model.Session.execute(query.limit(limit).offset(offset)).scalars().all()
    return count, describe(own, accounts)


def _open_links(ids: Collection[str]) -> Mapping[str, Any]:
    """Return until when the open links of accounts can be used, by account."""
    query = sa.select(AccountLink.user_id, AccountLink.expires).where(
        AccountLink.user_id.in_(ids),
        AccountLink.used.is_(None),
        AccountLink.voided.is_(None),
        AccountLink.expires > now(),
    )
    return {row.user_id: row.expires for row in model.Session.execute(query)} if ids else {}


def _roles(held: Mapping[str, str], titles: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return roles as actions return them; only those in organizations that are named."""
    return [
        {
            "organization": {"id": row.id, "name": row.name, "title": row.title},
            "role": held[key],
        }
        for key, row in titles.items()
        if key in held
    ]


def describe(own: access.Scope, accounts: Iterable[Any]) -> list[dict[str, Any]]:
    """Return what actions tell of accounts. The number of queries does not depend on theirs.

    An Admin OPD learns that somebody has a role elsewhere, not where.
    """
    accounts = list(accounts)
    ids = [account.id for account in accounts]
    standings = access.standings(ids)
    named = {key for s in standings.values() for key in (*s.roles, *s.former)}
    shown = named if own.everywhere else named & own.organizations
    titles = {row.id: row for row in organizations(shown)} if shown else {}
    links = _open_links(ids)
    found: list[dict[str, Any]] = []
    for account in accounts:
        standing = standings[account.id]
        expires, seen = links.get(account.id), account.last_active
        found.append(
            {
                "id": account.id,
                "name": account.name,
                "fullname": account.fullname or "",
                "email": account.email or "",
                "state": _STATE_NAMES.get(account.state, account.state),
                "created": account.created.isoformat(),
                "last_active": seen.isoformat() if seen else None,
                "roles": _roles(standing.roles, titles),
                "former_roles": _roles(standing.former, titles),
                "elsewhere": bool((set(standing.roles) | standing.others) - set(titles)),
                "open_link_until": expires.isoformat() if expires else None,
                "manageable": access.refusal(own, account, standing) is None,
            }
        )
    return found


def give_role(user_id: str, organization_id: str, role: str) -> None:
    """Give an account its one role: the others in organizations end. Does not commit."""
    member, group = model.Member, model.Group
    organizations_of_all: Any = sa.select(group.id).where(group.is_organization.is_(True))
    session: Any = model.Session
    session.execute(
        sa.update(member)
        .where(
            member.table_name == "user",
            member.table_id == user_id,
            member.state == model.State.ACTIVE,
            member.group_id.in_(organizations_of_all),
        )
        .values(state=model.State.DELETED)
        .execution_options(synchronize_session="fetch")
    )
    row: Any = (
        session.query(member)
        .filter_by(table_name="user", table_id=user_id, group_id=organization_id)
        .first()
    )
    if row is None:
        # The object too: without it CKAN's class would leave the column empty.
        row = member(
            group=session.get(group, organization_id),
            group_id=organization_id,
            table_name="user",
            table_id=user_id,
        )
        session.add(row)
    row.capacity, row.state = role, model.State.ACTIVE


def check_email(email: str | None, but: str) -> None:
    """Check that no other account that is in use has an address.

    :param but: id of the account that may have it
    :raises ValidationError: when one has
    """
    user: Any = model.User
    query = sa.select(user.id).where(
        sa.func.lower(user.email) == (email or "").lower(),
        user.state != model.State.DELETED,
        user.id != but,
    )
    if email and model.Session.execute(query.limit(1)).first():
        raise tk.ValidationError(
            {"email": [tk._("Another account has this e-mail address. Change one of the two.")]}
        )


def role_choices(own: access.Scope) -> tuple[str, ...]:
    """Return the roles that a user may give."""
    return roles.ROLES if own.everywhere else roles.OPERATOR_ROLES


def is_listed(own: access.Scope, account: Any) -> bool:
    """Tell whether an account is in the list of a user."""
    user: Any = model.User
    query = sa.select(user.id).where(user.id == account.id, *_conditions(own, Filter()))
    return model.Session.execute(query).first() is not None
