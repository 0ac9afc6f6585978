"""Making accounts, one or a whole list of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model
from sqlalchemy.exc import IntegrityError

from ....metadata.navl import message
from ....metadata.values import Problem
from ... import access, audit, config, links, mail, planning, reader, store
from .. import schema

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ckan.types import Context, DataDict

    from ...links import NewLink
    from ...planning import Planned

__all__ = ["tangerang_account_create"]


def _content(upload: Any) -> bytes:
    """Return the bytes of an upload, one more than allowed at most.

    :raises ValidationError: for what is no file
    """
    if isinstance(upload, bytes):
        return upload
    read = getattr(upload, "read", None)
    if read is None:
        raise tk.ValidationError(
            {"upload": [tk._("Send a list of accounts (.csv or .xlsx) as a file.")]}
        )
    return bytes(read(reader.MAX_BYTES + 1))


def _rows(data_dict: DataDict) -> Sequence[reader.Row]:
    """Return the accounts that a call wants.

    :raises ValidationError: for a file that can not be read, or when there are none or too many
    """
    entries = data_dict.get("accounts") or []
    if data_dict.get("upload"):
        try:
            return reader.read(_content(data_dict["upload"]), config.max_rows())
        except Problem as problem:
            raise tk.ValidationError({"upload": [message(problem)]}) from problem
    if not entries:
        raise tk.ValidationError({"accounts": [tk._("Name at least one account, or send a file.")]})
    if len(entries) > config.max_rows():
        problem = Problem(
            "There are too many accounts. Send at most {limit} at once.", limit=config.max_rows()
        )
        raise tk.ValidationError({"accounts": [message(problem)]})
    return reader.of_dicts(entries)


def _make(context: Context, own: access.Scope, planned: Planned) -> tuple[Any, NewLink]:
    """Make an account without a password, its role and its link. Does not commit."""
    # Not by user_create: it wants a password and an e-mail address, and commits.
    account: Any = model.User(
        name=planned.name,
        fullname=planned.fullname,
        email=planned.email,
        state=model.State.PENDING,
    )
    session: Any = model.Session
    session.add(account)
    session.flush()
    session.add(model.Dashboard(account.id))
    store.give_role(account.id, planned.organization.id, planned.role)
    audit.note(
        context,
        account,
        audit.CREATE,
        organization=planned.organization.name,
        role=planned.role,
    )
    return account, links.make(account.id, own.user_id)


def _make_all(
    context: Context, own: access.Scope, accounts: Sequence[Planned]
) -> list[tuple[Any, NewLink]]:
    """Make all accounts, or none.

    :raises ValidationError: when somebody takes one of the names meanwhile
    """
    try:
        made = [_make(context, own, planned) for planned in accounts]
        if not context.get("defer_commit"):
            model.Session.commit()
    except IntegrityError as error:
        model.Session.rollback()
        raise tk.ValidationError(
            {"accounts": [tk._("Somebody made accounts at the same time. Send the list again.")]}
        ) from error
    for account, _link in made:
        tk.signals.user_created.send(account.name, user=account)
    return made


@tk.validate_action_data(schema.tangerang_account_create)
def tangerang_account_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Make accounts with a role in an OPD and a one-time link, all of them or none.

    With ``dry_run`` nothing is made, and the answer says what would be. Nothing is made either
    when anything is wrong. The user name is made from the full name. The links are in this answer
    and nowhere else.

    :param accounts: list of ``{"fullname", "organization", "role", "email"}``: the OPD by id, name,
        title or abbreviation; the role ``admin``, ``editor`` or ``member``, or by its Indonesian
        name; ``email`` may be left out
    :param upload: instead of ``accounts``, a file (.csv or .xlsx) with the columns Nama, OPD,
        Peran and E-mail
    :param dry_run: only tell what would be made (default: true)
    :param mail: send the links by e-mail where the site has a mail server (default: true)
    :returns: ``{"accounts": [{"row", "name", "fullname", "organization", "role", "email"}],
        "errors": [{"row", "cell", "field", "message"}], "notes": as errors, "applied": bool}``;
        accounts that were made also have ``id`` and ``link``: ``{"url", "code", "expires",
        "mailed"}``
    :raises ValidationError: for a file that can not be read
    """
    tk.check_access("tangerang_account_create", context, data_dict)
    own = access.scope(context)
    plan = planning.Plan(own, _rows(data_dict))
    found: dict[str, Any] = {
        "accounts": [planned.as_dict() for planned in plan.accounts],
        "errors": planning.by_row(plan.errors),
        "notes": planning.by_row(plan.notes),
        "applied": False,
    }
    if plan.errors or data_dict["dry_run"]:
        return found
    made = _make_all(context, own, plan.accounts)
    sent = mail.send(made) if data_dict["mail"] else set()
    for shown, (account, link) in zip(found["accounts"], made, strict=True):
        shown["id"] = account.id
        shown["link"] = {**link.as_dict(), "mailed": account.id in sent}
    return {**found, "applied": True}
