"""Reading accounts, and what was done to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ... import access, store
from ...model import AccountEvent
from .. import schema

if TYPE_CHECKING:
    from ckan.types import Context, DataDict

__all__ = ["tangerang_account_audit_list", "tangerang_account_list", "tangerang_account_show"]


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_account_list)
def tangerang_account_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return accounts, by name: all for the walidata, for an Admin OPD those of the own OPD.

    Accounts of sysadmins are not among them. A disabled account is found under the OPD that it
    belonged to.

    :param organization: id or name of an OPD (optional, default: all)
    :param role: ``admin``, ``editor`` or ``member`` (optional)
    :param state: ``active``, ``pending`` (no password yet) or ``disabled`` (optional)
    :param q: part of a name, user name or e-mail address (optional)
    :param limit: how many at most, up to 1,000 (optional, default: 100)
    :param offset: how many to skip (optional)
    :returns: ``{"count", "results": [{"id", "name", "fullname", "email", "state", "created",
        "last_active", "roles": [{"organization", "role"}], "former_roles", "elsewhere",
        "open_link_until", "manageable"}]}``; ``former_roles`` are those of a disabled account,
        ``elsewhere`` says that it has a role that the caller may not see, ``manageable`` that the
        caller may change it
    """
    tk.check_access("tangerang_account_list", context, data_dict)
    wanted = data_dict.get("organization")
    own = access.scope(context)
    count, results = store.search(
        own,
        store.Filter(
            organization=store.organization(wanted).id if wanted else None,
            role=data_dict.get("role"),
            state=data_dict.get("state"),
            text=data_dict.get("q"),
        ),
        data_dict["limit"],
        data_dict["offset"],
    )
    return {"count": count, "results": results}


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_account_show)
def tangerang_account_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return one account.

    :param id: id or name of the account
    :returns: as an entry of :func:`tangerang_account_list`
    :raises ObjectNotFound: when there is none in the caller's list
    """
    tk.check_access("tangerang_account_show", context, data_dict)
    own = access.scope(context)
    account = store.find(data_dict["id"])
    if account.sysadmin or not store.is_listed(own, account):
        raise tk.ObjectNotFound(tk._("There is no such account."))
    return store.describe(own, [account])[0]


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_account_audit_list)
def tangerang_account_audit_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return who did what to which account, the last first. It holds no secret.

    :param id: id or name of an account (optional, default: all)
    :param action: ``create``, ``link``, ``password``, ``move``, ``handover``, ``disable``,
        ``enable`` or ``member`` (optional)
    :param limit: how many at most, up to 1,000 (optional, default: 100)
    :param offset: how many to skip (optional)
    :returns: ``{"count", "results": [{"position", "created", "actor", "account", "account_id",
        "action", "details"}]}``
    """
    tk.check_access("tangerang_account_audit_list", context, data_dict)
    conditions: list[Any] = []
    if reference := data_dict.get("id"):
        # An account that was purged since has its id and name here alone.
        conditions.append(
            sa.or_(AccountEvent.account_id == reference, AccountEvent.account_name == reference)
        )
    if kind := data_dict.get("action"):
        conditions.append(AccountEvent.action == kind)
    count = model.Session.execute(
        sa.select(sa.func.count()).select_from(AccountEvent).where(*conditions)
    ).scalar_one()
    query = sa.select(AccountEvent).where(*conditions).order_by(AccountEvent.position.desc())
    query = query.limit(data_dict["limit"]).offset(data_dict["offset"])
    return {
        "count": count,
        "results": [
            {
                "position": event.position,
                "created": event.created.isoformat(),
                "actor": event.actor_name,
                "account": event.account_name,
                "account_id": event.account_id,
                "action": event.action,
                "details": event.details,
            }
            for event in model.Session.execute(query).scalars()
        ],
    }
