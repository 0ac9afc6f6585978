"""Changing an account: its link, its OPD and role, its work, whether it may be used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib.search import rebuild

from ... import access, audit, handover, links, mail, sessions, store
from .. import schema

if TYPE_CHECKING:
    from ckan.types import Context, DataDict

__all__ = [
    "tangerang_account_disable",
    "tangerang_account_enable",
    "tangerang_account_handover",
    "tangerang_account_link",
    "tangerang_account_move",
]


def _locked(context: Context, data_dict: DataDict) -> tuple[access.Scope, Any, access.Standing]:
    """Return who acts on which account, which nobody else changes until the commit.

    Asked again here, of the account as it is now: also for those whom CKAN does not ask.

    :raises NotAuthorized: when the user may not manage it
    """
    own = access.scope(context)
    account = links.lock(store.find(data_dict["id"]).id)
    if account is None:
        raise tk.ObjectNotFound(tk._("There is no such account."))
    return own, account, access.require(own, account)


def _commit(context: Context) -> None:
    """Commit, unless the caller does so later."""
    if not context.get("defer_commit"):
        model.Session.commit()


def _check_in_use(account: Any) -> None:
    """Check that an account is not disabled.

    :raises ValidationError: when it is
    """
    if account.state == model.State.DELETED:
        raise tk.ValidationError({"id": [tk._("This account is disabled. Enable it first.")]})


@tk.validate_action_data(schema.tangerang_account_link)
def tangerang_account_link(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Make a one-time link by which the owner of an account sets its password.

    It is in this answer and nowhere else, takes the place of an earlier one, and can be used for
    ``ckanext.tangerang.accounts.link_hours``. The password and API tokens stay as they are until
    then; using the link ends all sessions.

    :param id: id or name of the account
    :param mail: send it by e-mail where the site has a mail server (default: true)
    :returns: ``{"id", "name", "fullname", "link": {"url", "code", "expires", "mailed"}}``
    """
    tk.check_access("tangerang_account_link", context, data_dict)
    own, account, _standing = _locked(context, data_dict)
    _check_in_use(account)
    link = links.make(account.id, own.user_id)
    audit.note(context, account, audit.LINK)
    _commit(context)
    sent = mail.send([(account, link)]) if data_dict["mail"] else set()
    return {
        "id": account.id,
        "name": account.name,
        "fullname": account.fullname or "",
        "link": {**link.as_dict(), "mailed": account.id in sent},
    }


@tk.validate_action_data(schema.tangerang_account_move)
def tangerang_account_move(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Give an account its one role in one OPD; its roles in other OPD end.

    Also to change the role within the OPD, and to give an enabled account a role again.

    :param id: id or name of the account
    :param organization: id or name of the OPD
    :param role: ``admin``, ``editor`` or ``member``
    :returns: as :func:`tangerang_account_show`
    """
    tk.check_access("tangerang_account_move", context, data_dict)
    own, account, standing = _locked(context, data_dict)
    _check_in_use(account)
    target, role = store.organization(data_dict["organization"]), data_dict["role"]
    if not access.may_give(own, target.id, role):
        raise tk.NotAuthorized(
            tk._("You may give the roles Operator and Pembaca OPD, in your own OPD.")
        )
    store.give_role(account.id, target.id, role)
    audit.note(
        context,
        account,
        audit.MOVE,
        before=standing.roles,
        organization=target.name,
        role=role,
    )
    _commit(context)
    return store.describe(own, [account])[0]


@tk.validate_action_data(schema.tangerang_account_handover)
def tangerang_account_handover(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Hand the work of an account over to another: drafts and entries as a collaborator.

    Published and private records belong to the OPD and need no handing over. Drafts of an OPD in
    which the receiver may not edit stay.

    :param id: id or name of the account whose work it is
    :param to: id or name of the account that takes it on
    :returns: ``{"drafts": [id], "collaborations": number, "left": number of drafts that stay}``
    """
    tk.check_access("tangerang_account_handover", context, data_dict)
    own, account, _standing = _locked(context, data_dict)
    receiver = _receiver(own, account, data_dict["to"])
    within = None if own.everywhere else own.organizations
    ids, left = handover.drafts(account.id, receiver, within)
    count = handover.collaborations(account.id, receiver)
    audit.note(
        context,
        account,
        audit.HANDOVER,
        to=receiver.name,
        drafts=ids,
        collaborations=count,
    )
    _commit(context)
    for package_id in ids:
        rebuild(package_id)
    return {"drafts": ids, "collaborations": count, "left": left}


def _receiver(own: access.Scope, account: Any, reference: str) -> Any:
    """Return the account that takes work on.

    :raises ValidationError: when it can not
    """
    receiver = store.find(reference)
    problem = None
    if receiver.id == account.id:
        problem = tk._("Choose another account than the one whose work it is.")
    elif receiver.sysadmin or receiver.state == model.State.DELETED:
        problem = tk._("Choose an account that is in use and is not that of a sysadmin.")
    elif not own.everywhere:
        held = access.standings([receiver.id])[receiver.id].roles
        if not set(held) & own.organizations:
            problem = tk._("Choose an account of your own OPD.")
    if problem:
        raise tk.ValidationError({"to": [problem]})
    return receiver


@tk.validate_action_data(schema.tangerang_account_show)
def tangerang_account_disable(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Put an account out of use: nobody can log in with it, and what it held is taken from it.

    Sessions end, API tokens and links are void, the password is forgotten, roles in organizations
    and groups and entries as a collaborator end. The audit list remembers which they were. What
    the account made stays.

    :param id: id or name of the account
    :returns: as :func:`tangerang_account_show`
    """
    tk.check_access("tangerang_account_disable", context, data_dict)
    own, account, standing = _locked(context, data_dict)
    if account.state == model.State.DELETED:
        raise tk.ValidationError({"id": [tk._("This account is disabled already.")]})
    session: Any = model.Session
    member, entry, token = model.Member, model.PackageMember, model.ApiToken
    held: Any = sa.select(sa.cast(entry.package_id, sa.UnicodeText)).where(
        entry.user_id == account.id
    )
    datasets = list(session.execute(held).scalars())
    groups = session.execute(
        sa.update(member)
        .where(
            member.table_name == "user",
            member.table_id == account.id,
            member.state == model.State.ACTIVE,
        )
        .values(state=model.State.DELETED)
        .returning(member.group_id)
        .execution_options(synchronize_session=False)
    ).scalars()
    audit.note(
        context,
        account,
        audit.DISABLE,
        roles=standing.roles or standing.former,
        groups=sorted(set(groups) - set(standing.roles)),
        collaborations=datasets,
    )
    for model_class in (entry, token):
        session.execute(sa.delete(model_class).where(model_class.user_id == account.id))
    links.void([account.id])
    sessions.end(account)
    account.state = model.State.DELETED
    account._password = None
    account.reset_key = None
    _commit(context)
    session.expire_all()
    return store.describe(own, [account])[0]


@tk.validate_action_data(schema.tangerang_account_show)
def tangerang_account_enable(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Let a disabled account be used again: it waits for a link, and has no role.

    Give it a role with ``tangerang_account_move`` and a link with ``tangerang_account_link``.

    :param id: id or name of the account
    :returns: as :func:`tangerang_account_show`
    """
    tk.check_access("tangerang_account_enable", context, data_dict)
    own, account, _standing = _locked(context, data_dict)
    if account.state != model.State.DELETED:
        raise tk.ValidationError({"id": [tk._("This account is not disabled.")]})
    store.check_email(account.email, account.id)
    account.state = model.State.PENDING
    audit.note(context, account, audit.ENABLE)
    _commit(context)
    return store.describe(own, [account])[0]
