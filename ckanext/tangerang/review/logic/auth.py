"""Who may call the actions of the plugin ``tangerang_review``, and who may change a record when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
from ckan import authz, model
from ckan import plugins as p
from ckan.logic.auth import get_package_object

from ...metadata.fields import RECORD_TYPES
from .. import config, grants, guards, roles, states
from ..model import ReviewNote

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckan.types import AuthFunction, AuthResult, Context, DataDict

_OK: AuthResult = {"success": True}


def _package(data_dict: DataDict) -> Any:
    """Return the record that a call is about.

    :raises ObjectNotFound: when there is none that is reviewed
    """
    package = model.Package.get(data_dict["id"])
    if package is None or package.type not in RECORD_TYPES:
        raise tk.ObjectNotFound(tk._("There is no such record."))
    return package


def _for_roles(context: Context, package: Any, wanted: set[str]) -> AuthResult:
    """Return the answer for users who have one of some roles about a record."""
    if roles.of_record(context, package) & wanted:
        return _OK
    return {"success": False, "msg": tk._("This is the task of others.")}


def _for_verb(context: Context, data_dict: DataDict, verb: str) -> AuthResult:
    """Return the answer for users who may do something with a record in some state of it."""
    wanted = {
        role for way in states.transitions(config.rules()) if way.verb == verb for role in way.roles
    }
    return _for_roles(context, _package(data_dict), wanted)


def tangerang_review_submit(context: Context, data_dict: DataDict) -> AuthResult:
    """Let those who may edit the record hand it in."""
    return _for_verb(context, data_dict, states.SUBMIT)


def tangerang_review_withdraw(context: Context, data_dict: DataDict) -> AuthResult:
    """Let those who may edit the record take the hand-in back."""
    return _for_verb(context, data_dict, states.WITHDRAW)


def tangerang_review_claim(context: Context, data_dict: DataDict) -> AuthResult:
    """Let the walidata take a record for checking."""
    return _for_verb(context, data_dict, states.CLAIM)


def tangerang_review_return(context: Context, data_dict: DataDict) -> AuthResult:
    """Let the walidata, or in the first check the Admin OPD, return a record."""
    return _for_verb(context, data_dict, states.RETURN)


def tangerang_review_publish(context: Context, data_dict: DataDict) -> AuthResult:
    """Let the walidata publish; the OPD where the portal says so."""
    return _for_verb(context, data_dict, states.PUBLISH)


def tangerang_review_schedule_cancel(context: Context, data_dict: DataDict) -> AuthResult:
    """Let those who publish cancel the time of publication."""
    return _for_verb(context, data_dict, states.PUBLISH)


def tangerang_review_retract(context: Context, data_dict: DataDict) -> AuthResult:
    """Let the walidata withdraw a published record."""
    return _for_verb(context, data_dict, states.RETRACT)


def tangerang_review_revise(context: Context, data_dict: DataDict) -> AuthResult:
    """Let those who may edit the record open its revisi."""
    return _for_verb(context, data_dict, states.REVISE)


def tangerang_review_discard(context: Context, data_dict: DataDict) -> AuthResult:
    """Let those who may edit the record give its revisi up."""
    return _for_verb(context, data_dict, states.DISCARD)


def _insider(context: Context, package: Any) -> AuthResult:
    """Return the answer for those who work on a record, and those who advise on it."""
    mine = roles.of_record(context, package)
    if mine & {states.PRODUCER, states.WALIDATA}:
        return _OK
    if package.owner_org and authz.has_user_permission_for_group_or_org(
        package.owner_org, context.get("user"), "read"
    ):
        return _OK
    if states.PEMBINA in mine:
        tk.check_access(
            "package_show", cast("Context", {"user": context.get("user")}), {"id": package.id}
        )
        return _OK
    return {"success": False, "msg": tk._("Only those who work on this record may see this.")}


def tangerang_review_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Let those who work on the record see where it stands."""
    return _insider(context, _package(data_dict))


def tangerang_review_history(context: Context, data_dict: DataDict) -> AuthResult:
    """Let those who work on the record see what happened to it."""
    return _insider(context, _package(data_dict))


def tangerang_review_diff(context: Context, data_dict: DataDict) -> AuthResult:
    """Let those who work on the record see what its revisi changes."""
    return _insider(context, _package(data_dict))


def tangerang_review_list(context: Context, data_dict: DataDict) -> AuthResult:  # noqa: ARG001
    """Let everybody who is logged in see what waits, as far as they may see the records."""
    return _OK


def tangerang_review_several(context: Context, data_dict: DataDict) -> AuthResult:  # noqa: ARG001
    """Let everybody who is logged in try: each step asks for itself."""
    return _OK


def tangerang_review_change_list(context: Context, data_dict: DataDict) -> AuthResult:  # noqa: ARG001
    """Let the walidata see what changed past the review."""
    if roles.acts_as(context, states.WALIDATA):
        return _OK
    return {"success": False, "msg": tk._("Only the walidata may see this.")}


@tk.auth_allow_anonymous_access
def tangerang_inventory_list(context: Context, data_dict: DataDict) -> AuthResult:  # noqa: ARG001
    """Let everybody see what there is, as far as they may see the records."""
    return _OK


@tk.auth_allow_anonymous_access
def tangerang_inventory_organization_list(context: Context, data_dict: DataDict) -> AuthResult:  # noqa: ARG001
    """Let everybody see what each OPD has, as far as they may see the records."""
    return _OK


def tangerang_start_show(context: Context, data_dict: DataDict) -> AuthResult:  # noqa: ARG001
    """Let everybody who is logged in see what they have to do."""
    return _OK


def tangerang_review_comment(context: Context, data_dict: DataDict) -> AuthResult:
    """Let those who work on the record, or advise on it, remark something."""
    package = _package(data_dict)
    wanted = {states.PRODUCER, states.WALIDATA, states.PEMBINA}
    answer = _for_roles(context, package, wanted)
    return _insider(context, package) if answer.get("success") else answer


def tangerang_review_recommend(context: Context, data_dict: DataDict) -> AuthResult:
    """Let the pembina data advise on what it may see."""
    package = _package(data_dict)
    answer = _for_roles(context, package, {states.PEMBINA})
    return _insider(context, package) if answer.get("success") else answer


def _note_package(data_dict: DataDict) -> Any:
    """Return the record of a note.

    :raises ObjectNotFound: when there is no such note
    """
    note = cast("Any", model.Session).get(ReviewNote, data_dict["id"])
    if note is None:
        raise tk.ObjectNotFound(tk._("There is no such note."))
    return model.Package.get(note.package_id)


def tangerang_review_note_answer(context: Context, data_dict: DataDict) -> AuthResult:
    """Let the OPD and the walidata answer a note."""
    package = _note_package(data_dict)
    return _for_roles(context, package, {states.PRODUCER, states.WALIDATA})


def tangerang_review_note_settle(context: Context, data_dict: DataDict) -> AuthResult:
    """Let those who check settle a note: the walidata; the Admin OPD where they check first."""
    wanted = {states.WALIDATA} | ({states.OPD_ADMIN} if config.rules().opd_check else set())
    return _for_roles(context, _note_package(data_dict), wanted)


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
def package_update(
    next_auth: AuthFunction, context: Context, data_dict: DataDict | None
) -> AuthResult:
    """Freeze what waits for a decision, or is published, for the OPD; let an approval save.

    Nearly everything that changes a record or its files asks this, so that it holds on all paths.
    """
    data = {} if data_dict is None else data_dict
    answer = next_auth(context, data)
    package = get_package_object(context, data)
    if not answer.get("success"):
        if config.enabled() and grants.is_publishing(package.id):
            return _OK
        return answer
    reason = guards.frozen(context, package)
    return {"success": False, "msg": reason} if reason else answer


def _of_file(package_of: Callable[[DataDict], Any]) -> AuthFunction:
    """Return a check of what changes a file or table, which says why it refuses.

    CKAN's own answers only that the user may not.

    :param package_of: returns the record, or None
    """

    @tk.chained_auth_function
    def check(next_auth: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
        data = {} if data_dict is None else data_dict
        package = package_of(data) if config.enabled() else None
        if package is None:
            return next_auth(context, data)
        with grants.changing_file(package.id):
            answer = next_auth(context, data)
        if not answer.get("success"):
            reason = guards.explain(context, package)
            if reason:
                return {"success": False, "msg": reason}
        return answer

    return cast("AuthFunction", check)


@tk.chained_auth_function
def _membership(
    next_auth: AuthFunction, context: Context, data_dict: DataDict | None
) -> AuthResult:
    """Refuse to put a record that is frozen for the user into a group, or to take it out.

    CKAN asks for the right to the group alone.
    """
    data = {} if data_dict is None else data_dict
    answer = next_auth(context, data)
    if not answer.get("success") or data.get("object_type") != "package":
        return answer
    package = model.Package.get(data.get("object"))
    reason = guards.frozen(context, package) if package is not None else ""
    return {"success": False, "msg": reason} if reason else answer


def _of_id(data_dict: DataDict) -> Any:
    """Return the record of the file that ``id`` names."""
    return guards.of_resource(data_dict.get("id"))


def _of_table(data_dict: DataDict) -> Any:
    """Return the record of an existing table."""
    return guards.of_resource(data_dict.get("resource_id"))


def auth_functions() -> dict[str, AuthFunction]:
    """Return all checks by name; those of the DataStore only where it is there."""
    own = {name: function for name, function in globals().items() if name.startswith("tangerang_")}
    found: dict[str, Any] = {
        **own,
        "member_create": _membership,
        "member_delete": _membership,
        "package_update": package_update,
        "resource_update": _of_file(_of_id),
    }
    if p.plugin_loaded("datastore"):
        for name in ("create", "upsert", "delete", "records_delete"):
            found[f"datastore_{name}"] = _of_file(_of_table)
    return found
