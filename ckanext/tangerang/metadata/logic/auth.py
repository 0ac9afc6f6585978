"""Who may call the actions of the plugin ``tangerang_metadata``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan import plugins as p
from ckan.logic.auth import get_package_object

from .. import personal

if TYPE_CHECKING:
    from ckan.types import AuthFunction, AuthResult, Context, DataDict


@tk.auth_allow_anonymous_access
def tangerang_codelist_list(context: Context, data_dict: DataDict | None) -> AuthResult:  # noqa: ARG001
    """Everybody may read the code lists."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def tangerang_codelist_show(context: Context, data_dict: DataDict | None) -> AuthResult:  # noqa: ARG001
    """Everybody may read the code lists."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def tangerang_condition_show(context: Context, data_dict: DataDict | None) -> AuthResult:  # noqa: ARG001
    """Everybody may ask what a form asks: the answer depends on what is sent alone."""
    return {"success": True}


def tangerang_link_autocomplete(context: Context, data_dict: DataDict | None) -> AuthResult:  # noqa: ARG001
    """Everybody who is logged in may look for records; the answer has what they may see."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def tangerang_link_list(context: Context, data_dict: DataDict | None) -> AuthResult:
    """Who may see a record may see its links, as far as they may see their other ends."""
    return tk.check_access("package_show", context, data_dict) and {"success": True}


@tk.auth_allow_anonymous_access
def tangerang_release_list(context: Context, data_dict: DataDict | None) -> AuthResult:  # noqa: ARG001
    """Everybody may read when public datasets are due."""
    return {"success": True}


def tangerang_link_report(context: Context, data_dict: DataDict | None) -> AuthResult:  # noqa: ARG001
    """Only sysadmins see the faults of all links."""
    return {"success": False, "msg": tk._("Only sysadmins may read this report.")}


def tangerang_record_copy(context: Context, data_dict: DataDict | None) -> AuthResult:
    """Whoever may see a record and create records of its organization may copy it."""
    package = get_package_object(context, data_dict)
    tk.check_access("package_show", context, {"id": package.id})
    tk.check_access("package_create", context, {"owner_org": package.owner_org})
    return {"success": True}


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
def _activity_diff(
    next_auth: AuthFunction, context: Context, data_dict: DataDict | None
) -> AuthResult:
    """Refuse what changed in a record, which CKAN gives as text, to those who may not see all."""
    from ckanext.activity.model import Activity  # noqa: PLC0415 - its table may be missing

    data = {} if data_dict is None else data_dict
    answer = next_auth(context, data)
    activity: Any = model.Session.get(Activity, data.get("id", ""))
    package = model.Package.get(activity.object_id) if activity else None
    if not answer.get("success") or package is None or personal.may_see(context, package):
        return answer
    return {
        "success": False,
        "msg": tk._("Only those who work on this record may read what changed: it has contacts."),
    }


def auth_functions() -> dict[str, AuthFunction]:
    """Return all checks by name; that of ckanext-activity only where it is on."""
    found: dict[str, Any] = {
        name: function for name, function in globals().items() if name.startswith("tangerang_")
    }
    if p.plugin_loaded("activity"):
        found["activity_diff"] = _activity_diff
    return found
