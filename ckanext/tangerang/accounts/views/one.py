"""The page of one account, and what is done there."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, request

from .common import choices, guarded, messages, own_scope, slips, states

tangerang_account = Blueprint("tangerang_account", __name__, url_prefix="/akun/pengguna")

#: Colleagues who are offered to take work on.
_MOST_COLLEAGUES = 200


def _colleagues(account: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the other accounts in use of the OPD of an account."""
    held = account["roles"] or account["former_roles"]
    if not held:
        return []
    found = tk.get_action("tangerang_account_list")(
        {},
        {
            "organization": held[0]["organization"]["id"],
            "state": "active",
            "limit": _MOST_COLLEAGUES,
        },
    )
    return [row for row in found["results"] if row["id"] != account["id"]]


def _page(reference: str, **data: Any) -> str:
    """Return the page of an account."""
    account = tk.get_action("tangerang_account_show")({}, {"id": reference})
    own = own_scope()
    return tk.render(
        "tangerang/akun/account.html",
        {
            "account": account,
            "states": states(),
            "colleagues": _colleagues(account) if account["manageable"] else [],
            "values": {},
            "problems": [],
            **choices(own),
            **data,
        },
    )


@tangerang_account.route("/<name>")
@guarded
def read(name: str) -> Any:
    """Show an account."""
    return _page(name)


def _do(action: str, name: str, done: str, **data: Any) -> Any:
    """Do something with an account, and show it again; what was typed stays when it fails."""
    try:
        tk.get_action(action)({}, {"id": name, **data})
    except tk.ValidationError as error:
        return _page(name, problems=messages(error), values=data)
    tk.h.flash_success(done)
    return tk.redirect_to("tangerang_account.read", name=name)


@tangerang_account.route("/<name>/tautan", methods=["POST"])
@guarded
def link(name: str) -> Any:
    """Make a link and show it, once."""
    try:
        made = tk.get_action("tangerang_account_link")(
            {}, {"id": name, "mail": "mail" in request.form}
        )
    except tk.ValidationError as error:
        return _page(name, problems=messages(error))
    return slips([made], tk.h.url_for("tangerang_account.read", name=name))


@tangerang_account.route("/<name>/pindah", methods=["POST"])
@guarded
def move(name: str) -> Any:
    """Move an account to another OPD, or change its role."""
    return _do(
        "tangerang_account_move",
        name,
        tk._("The account has its new role."),
        organization=request.form.get("organization", ""),
        role=request.form.get("role", ""),
    )


@tangerang_account.route("/<name>/serah-terima", methods=["POST"])
@guarded
def handover(name: str) -> Any:
    """Hand the work of an account over."""
    data = {"to": request.form.get("to", "")[:200]}
    try:
        found = tk.get_action("tangerang_account_handover")({}, {"id": name, **data})
    except tk.ObjectNotFound:
        return _page(name, problems=[tk._("There is no such account.")], values=data)
    except tk.ValidationError as error:
        return _page(name, problems=messages(error), values=data)
    tk.h.flash_success(
        tk._("Handed over: {drafts} drafts, {datasets} datasets as collaborator.").format(
            drafts=len(found["drafts"]), datasets=found["collaborations"]
        )
    )
    if found["left"]:
        tk.h.flash_notice(
            tk._("{count} drafts stay: the receiver may not edit in their OPD.").format(
                count=found["left"]
            )
        )
    return tk.redirect_to("tangerang_account.read", name=name)


@tangerang_account.route("/<name>/nonaktif", methods=["POST"])
@guarded
def disable(name: str) -> Any:
    """Put an account out of use."""
    return _do("tangerang_account_disable", name, tk._("The account is disabled."))


@tangerang_account.route("/<name>/aktif", methods=["POST"])
@guarded
def enable(name: str) -> Any:
    """Let an account be used again."""
    return _do(
        "tangerang_account_enable",
        name,
        tk._("The account is enabled. Give it a role and make a link for it."),
    )
