"""Actions that in CKAN say something of records that are not public: they keep to what one may see.

Seen in CKAN 2.12.0: names of private records as members of their organization, formats of their
files, the ids of their tables, and activities written when a record was still public.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import authz, model
from ckan import plugins as p
from ckan.logic import auth_audit_exempt

from .... import working_copy
from ....metadata.fields import RECORD_TYPES
from ... import config
from ...labels import ReviewLabels
from ...model import Review

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ckan.types import Action, Context, DataDict

#: The table of the DataStore that names all others.
_TABLES = "_table_metadata"
_ACTIVITIES = (
    "group_activity_list",
    "organization_activity_list",
    "recently_changed_packages_activity_list",
    "user_activity_list",
)


def _sees_all(context: Context) -> bool:
    """Tell whether nothing is kept from the caller."""
    return (
        not config.enabled()
        or bool(context.get("ignore_auth"))
        or authz.is_sysadmin(context.get("user"))
    )


def _hidden(context: Context, ids: Iterable[str]) -> set[str]:
    """Return those records among some ids that the user may not see; three queries at most.

    Working copies are among them, whoever asks: they are no records.
    """
    package, session = cast("Any", model.Package), cast("Any", model.Session)
    found = session.query(package).filter(
        package.id.in_(set(ids)),
        package.type.in_(RECORD_TYPES),
        sa.or_(package.state != model.State.ACTIVE, package.private.is_(True)),
    )
    private = found.all()
    if not private:
        return set()
    copies = {entry.id for entry in private if working_copy.original_of(entry)}
    keys = [entry.id for entry in private]
    # The labels look each of them up, and find it in the session as long as it is held here.
    held = session.query(Review).filter(cast("Any", Review).package_id.in_(keys)).all()
    labels = ReviewLabels()
    user: Any = model.User.get(context.get("user"))
    own = set(labels.get_user_dataset_labels(user)) if user else set()
    hidden = {entry.id for entry in private if not own & set(labels.get_dataset_labels(entry))}
    held.clear()
    return hidden | copies


@tk.chained_action
@tk.side_effect_free
def member_list(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Return the members of a group, without the records that the user may not see."""
    rows = original_action(context, data_dict)
    if _sees_all(context):
        return rows
    hidden = _hidden(context, [row[0] for row in rows if row[1] == "package"])
    return [row for row in rows if row[0] not in hidden]


@tk.chained_action
@tk.side_effect_free
def format_autocomplete(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Return formats of files that begin like a text: those of public records alone."""
    found = original_action(context, data_dict)
    if _sees_all(context) or not found:
        return found
    resource, package = cast("Any", model.Resource), cast("Any", model.Package)
    public = (
        cast("Any", model.Session)
        .query(sa.func.lower(resource.format))
        .join(package, package.id == resource.package_id)
        .filter(
            resource.state == model.State.ACTIVE,
            sa.func.lower(resource.format).in_(found),
            package.state == model.State.ACTIVE,
            package.private.isnot(True),
        )
        .distinct()
    )
    known = {name for (name,) in public}
    return [name for name in found if name in known]


@tk.chained_action
@tk.side_effect_free
@auth_audit_exempt  # as CKAN's own: it asks nothing about the tables that are configured as public
def datastore_search(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Search a table; the one that names all tables is for sysadmins.

    :raises NotAuthorized: for others
    """
    if data_dict.get("resource_id") == _TABLES and not _sees_all(context):
        raise tk.NotAuthorized(tk._("Only sysadmins may list all tables."))
    return original_action(context, data_dict)


@tk.chained_action
def activity_create(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Write into the activity stream; nothing about a working copy, which is no record."""
    package = model.Package.get(data_dict.get("object_id") or "")
    if package is not None and working_copy.original_of(package):
        tk.check_access("activity_create", context, data_dict)
        return {}
    return original_action(context, data_dict)


def _without_hidden(name: str) -> Action:
    """Return an action that lists activities, without those of records that the user may not see.

    CKAN keeps with an activity who might see it when it was written.

    :param name: of the action
    """

    @tk.chained_action
    @tk.side_effect_free
    def action(original_action: Action, context: Context, data_dict: DataDict) -> Any:
        rows = original_action(context, data_dict)
        if _sees_all(context):
            return rows
        hidden = _hidden(context, [row["object_id"] for row in rows])
        return [row for row in rows if row["object_id"] not in hidden]

    action.__name__ = name
    action.__doc__ = f"{name} of CKAN, without records that the user may not see."
    return cast("Action", action)


def actions() -> dict[str, Callable[..., Any]]:
    """Return the actions by name; those of other plugins only where these are there."""
    found: dict[str, Any] = {
        "format_autocomplete": format_autocomplete,
        "member_list": member_list,
    }
    if p.plugin_loaded("datastore"):
        found["datastore_search"] = datastore_search
    if p.plugin_loaded("activity"):
        found["activity_create"] = activity_create
        found.update({name: _without_hidden(name) for name in _ACTIVITIES})
    return found
