"""What was done to accounts: written in the transaction that does it, read by the walidata."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from . import roles
from .model import AccountEvent

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ckan.types import Context

CREATE = "create"
LINK = "link"
PASSWORD = "password"  # noqa: S105 - the name of what was done
MOVE = "move"
HANDOVER = "handover"
DISABLE = "disable"
ENABLE = "enable"
#: By CKAN's own pages and actions, not by ours.
MEMBER = "member"

KINDS = (CREATE, LINK, PASSWORD, MOVE, HANDOVER, DISABLE, ENABLE, MEMBER)


def label(kind: str) -> str:
    """Return in words what was done, in the language of the user."""
    return {
        CREATE: tk._("Account made"),
        LINK: tk._("Link made"),
        PASSWORD: tk._("Password set by link"),
        MOVE: tk._("Moved"),
        HANDOVER: tk._("Work handed over"),
        DISABLE: tk._("Disabled"),
        ENABLE: tk._("Enabled"),
        MEMBER: tk._("Role given on CKAN's own pages"),
    }.get(kind, kind)


def note(context: Context, account: Any, kind: str, **details: Any) -> None:
    """Write down what the user of ``context`` did to an account. Does not commit.

    :param account: the account (model object)
    :param details: what else is to be remembered; never a code, a link or a password
    """
    actor = model.User.get(context.get("user"))
    model.Session.add(
        AccountEvent(
            actor_id=actor.id if actor else None,
            actor_name=actor.name if actor else "",
            account_id=account.id,
            account_name=account.name,
            action=kind,
            details=details,
        )
    )


def latest(ids: Collection[str], kinds: Collection[str]) -> Mapping[str, AccountEvent]:
    """Return the last event of some kinds of each account, by one query."""
    if not ids:
        return {}
    query = (
        sa.select(AccountEvent)
        .where(AccountEvent.account_id.in_(ids), AccountEvent.action.in_(kinds))
        .distinct(AccountEvent.account_id)
        .order_by(AccountEvent.account_id, AccountEvent.position.desc())
    )
    return {event.account_id: event for event in model.Session.execute(query).scalars()}


def words(details: Mapping[str, Any]) -> str:
    """Return the details of an event in words, in the language of the user."""
    found: list[str] = []
    if details.get("organization"):
        found.append(str(details["organization"]))
    if details.get("role"):
        found.append(roles.label(details["role"]))
    if details.get("to"):
        found.append(tk._("to {name}").format(name=details["to"]))
    for name, text in (
        ("drafts", tk._("drafts: {count}")),
        ("roles", tk._("roles taken: {count}")),
        ("before", tk._("roles before: {count}")),
    ):
        if details.get(name):
            found.append(text.format(count=len(details[name])))
    if details.get("collaborations"):
        given = details["collaborations"]
        count = given if isinstance(given, int) else len(given)
        found.append(tk._("datasets as collaborator: {count}").format(count=count))
    return "; ".join(found)
