"""Who reads what is restricted, who decides about requests, and what of CKAN asks here.

CKAN asks ``resource_show`` for everything about a file, and that is public. So each way to its
content is guarded by itself: what reads tables, previews, files and old versions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan import plugins as p

from .. import activities, exposure, files, levels, rights, store, tables, texts

if TYPE_CHECKING:
    from ckan.types import AuthFunction, AuthResult, Context, DataDict

_OK: AuthResult = {"success": True}


def _refused() -> AuthResult:
    """Return the refusal of restricted data."""
    return {"success": False, "msg": texts.restricted_text()}


def _of_file(context: Context, package: Any, resource_id: str | None) -> AuthResult:
    """Return the answer for reading data of a record; what is restricted is noted."""
    if package is None or levels.of_package(package) == levels.OPEN:
        return _OK
    reading = rights.reading(context, package, resource_id)
    if reading is None:
        return _refused()
    exposure.note(reading, rights.user_of(context), package, resource_id)
    return _OK


@tk.auth_allow_anonymous_access
def tangerang_access_read(context: Context, data_dict: DataDict) -> AuthResult:
    """Let read the data of a file whoever may see its record, and may read it by its level."""
    resource, package = rights.resource_and_package(data_dict.get("id"))
    if resource is None:
        raise tk.ObjectNotFound(tk._("There is no such file."))
    asking = cast("Context", {"user": context.get("user")})
    tk.check_access("resource_show", asking, {"id": resource.id})
    return _of_file(context, package, resource.id)


@tk.auth_allow_anonymous_access
def tangerang_access_request(context: Context, data_dict: DataDict) -> AuthResult:
    """Let everybody ask who sees the record, with or without an account."""
    package = model.Package.get(data_dict["id"])
    if package is None:
        raise tk.ObjectNotFound(tk._("There is no such record."))
    asking = cast("Context", {"user": context.get("user")})
    tk.check_access("package_show", asking, {"id": package.id})
    return _OK


def _decider(context: Context, data_dict: DataDict) -> AuthResult:
    """Return the answer for those who decide about a request."""
    request = store.find(data_dict["id"])
    if rights.may_decide(context, model.Package.get(request.package_id)):
        return _OK
    return {
        "success": False,
        "msg": tk._("The Admin OPD of the record and the walidata decide about this."),
    }


def _own(context: Context, data_dict: DataDict) -> bool:
    """Tell whether a request is the user's own."""
    user = rights.user_of(context)
    return user is not None and store.find(data_dict["id"]).user_id == user.id


def tangerang_access_grant(context: Context, data_dict: DataDict) -> AuthResult:
    """Let the Admin OPD of the record, and the walidata, grant access."""
    return _decider(context, data_dict)


def tangerang_access_refuse(context: Context, data_dict: DataDict) -> AuthResult:
    """Let those who grant refuse."""
    return _decider(context, data_dict)


def tangerang_access_link(context: Context, data_dict: DataDict) -> AuthResult:
    """Let those who grant make a new link."""
    return _decider(context, data_dict)


def tangerang_access_revoke(context: Context, data_dict: DataDict) -> AuthResult:
    """Let those who grant take access back, and who asked the own request."""
    return _OK if _own(context, data_dict) else _decider(context, data_dict)


def tangerang_access_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Let those see a request who decide about it, and who asked."""
    return _OK if _own(context, data_dict) else _decider(context, data_dict)


def tangerang_access_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Let everybody with an account see the own requests; those of others who decide about any."""
    if data_dict.get("mine") or store.scope(context).decides:
        return _OK
    return {"success": False, "msg": tk._("Only those who decide see the requests of others.")}


def tangerang_access_read_list(context: Context, data_dict: DataDict) -> AuthResult:  # noqa: ARG001
    """Let those who decide see who read what they let be read."""
    if store.scope(context).decides:
        return _OK
    return {"success": False, "msg": tk._("Only those who decide see who read restricted data.")}


# CKAN's own ways to data


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
@tk.auth_sysadmins_check
def _table(next_auth: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
    """Guard a table: CKAN asks ``resource_show`` alone. Sysadmins pass, and are written down."""
    data = {} if data_dict is None else data_dict
    answer = next_auth(context, data)
    if not answer.get("success"):
        return answer
    resource, package = tables.file_of(tables.named(data))
    return _of_file(context, package, resource.id if resource else None)


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
@tk.auth_sysadmins_check
def _sql(next_auth: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
    """Guard each table of a statement, by whatever name and in whatever part it stands.

    CKAN hands the names over as something that can be read once: they are read here, and kept.
    """
    asked: Any = context
    names = list(asked["table_names"])
    asked["table_names"] = names
    answer = next_auth(context, {} if data_dict is None else data_dict)
    if not answer.get("success"):
        return answer
    for name in names:
        resource, package = tables.file_of(name)
        judged = _of_file(context, package, resource.id if resource else None)
        if not judged.get("success"):
            return judged
    return _OK


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
def resource_view_show(
    next_auth: AuthFunction, context: Context, data_dict: DataDict | None
) -> AuthResult:
    """Guard a preview: its filters and columns say what is in the data."""
    data = {} if data_dict is None else data_dict
    answer = next_auth(context, data)
    if not answer.get("success"):
        return answer
    view = model.ResourceView.get(str(data.get("id")))
    resource, package = rights.resource_and_package(view.resource_id if view else None)
    return _of_file(context, package, resource.id if resource else None)


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
def permission_read_file(
    next_auth: AuthFunction, context: Context, data_dict: DataDict | None
) -> AuthResult:
    """Guard a file of CKAN 2.12 whose owner is a restricted record or a file of one."""
    data = {} if data_dict is None else data_dict
    answer = next_auth(context, data)
    if not answer.get("success"):
        return answer
    session: Any = model.Session
    package, resource_id = files.record_of(session.get(model.File, data.get("id")))
    return _of_file(context, package, resource_id)


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
def file_owner_scan(
    next_auth: AuthFunction, context: Context, data_dict: DataDict | None
) -> AuthResult:
    """Guard the list of the files of a restricted record: it has their hashes."""
    data = {} if data_dict is None else data_dict
    answer = next_auth(context, data)
    if not answer.get("success"):
        return answer
    package, resource_id = files.record_of_owner(data.get("owner_type"), data.get("owner_id"))
    return _of_file(context, package, resource_id)


def _old_versions(*, of_package: bool = False, always: bool = True) -> AuthFunction:
    """Return a guard of the versions that a record had: it may have been open then.

    :param of_package: the call names a record, not an activity
    :param always: the call shows the whole record; otherwise only with ``include_data``
    """

    @tk.chained_auth_function
    @tk.auth_allow_anonymous_access
    def check(next_auth: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
        data = {} if data_dict is None else data_dict
        answer = next_auth(context, data)
        if not answer.get("success") or not (always or tk.asbool(data.get("include_data"))):
            return answer
        named = data.get("id")
        package = model.Package.get(named) if of_package else activities.package_of(named)
        if package is None or levels.of_package(package) == levels.OPEN:
            return answer
        return answer if rights.is_insider(context, package) else _refused()

    return cast("AuthFunction", check)


def auth_functions() -> dict[str, AuthFunction]:
    """Return all checks by name; those of other plugins only where these are there."""
    found: dict[str, Any] = {
        name: function
        for name, function in globals().items()
        if name.startswith("tangerang_access_")
    }
    found |= {
        "resource_view_show": resource_view_show,
        "permission_read_file": permission_read_file,
        "file_owner_scan": file_owner_scan,
    }
    if p.plugin_loaded("datastore"):
        found |= {
            "datastore_search": _table,
            "datastore_info": _table,
            "datastore_search_sql": _sql,
        }
    if p.plugin_loaded("activity"):
        found |= {
            "activity_show": _old_versions(always=False),
            "activity_data_show": _old_versions(),
            "activity_diff": _old_versions(),
            "package_activity_list": _old_versions(of_package=True, always=False),
        }
    return found
