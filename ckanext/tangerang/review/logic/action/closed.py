"""Actions that in CKAN say something of records that are not public: they keep to what one may see.

Seen in CKAN 2.12.0: names of private records as members of their organization, formats of their
files, their keywords, the ids of their tables, and activities written when a record was still
public.
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
#: More keywords than a portal has, and how many CKAN suggests.
_MANY = 100_000
_SUGGESTED = 10
_ACTIVITIES = (
    "group_activity_list",
    "organization_activity_list",
    "recently_changed_packages_activity_list",
    "user_activity_list",
)
#: Ends of the types of activities whose object is a record.
_OF_RECORDS = ("package", "resource view")


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


def _purged(rows: Iterable[dict[str, Any]]) -> set[str]:
    """Return the ids that activities name of records which are gone for good; one query.

    CKAN keeps the activities of what was purged, each with the whole record as it was then.
    """
    named = {row["object_id"] for row in rows if (row["activity_type"] or "").endswith(_OF_RECORDS)}
    package = cast("Any", model.Package)
    found = cast("Any", model.Session).query(package.id).filter(package.id.in_(named))
    return named - {id_ for (id_,) in found} if named else set()


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
def user_show(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Return a user; working copies are not among the datasets that CKAN says they made.

    CKAN counts what is private to the user and to sysadmins only; then it is one more query.
    """
    found = original_action(context, data_dict)
    made = found.get("number_created_packages") if config.enabled() else 0
    viewer = context.get("user")
    if made and (authz.is_sysadmin(viewer) or viewer == found.get("name")):
        package = cast("Any", model.Package)
        found["number_created_packages"] = made - (
            cast("Any", model.Session)
            .query(package.id)
            .filter(
                package.creator_user_id == found["id"],
                package.state != model.State.DELETED,
                sa.not_(working_copy.is_record(package)),
            )
            .count()
        )
    return found


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


def _public_tags(names: Iterable[str]) -> set[str]:
    """Return those among some keywords that a public record has."""
    tag, link, package = (
        cast("Any", model.Tag),
        cast("Any", model.PackageTag),
        cast("Any", model.Package),
    )
    found = (
        cast("Any", model.Session)
        .query(tag.name)
        .join(link, link.tag_id == tag.id)
        .join(package, package.id == link.package_id)
        .filter(
            tag.vocabulary_id.is_(None),
            tag.name.in_(set(names)),
            link.state == model.State.ACTIVE,
            package.state == model.State.ACTIVE,
            package.private.isnot(True),
        )
        .distinct()
    )
    return {name for (name,) in found}


def _all_tags_shown(context: Context, data_dict: DataDict) -> bool:
    """Tell whether keywords need not be looked at: those of a vocabulary are the portal's own."""
    return _sees_all(context) or bool(data_dict.get("vocabulary_id"))


def _part(rows: list[Any], data_dict: DataDict, limit: int | None) -> list[Any]:
    """Return the page of a list that a caller asked for.

    :param limit: of one who gave none
    :raises ValidationError: for what are no numbers
    """
    given = {"limit": limit, "offset": 0, **{k: v for k, v in data_dict.items() if v is not None}}
    try:
        start = max(0, int(given["offset"]))
        end = None if given["limit"] is None else start + max(0, int(given["limit"]))
    except (TypeError, ValueError) as error:
        raise tk.ValidationError({"limit": [tk._("Give whole numbers.")]}) from error
    return rows[start:end]


@tk.chained_action
@tk.side_effect_free
def tag_list(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Return the keywords: those of public records alone."""
    found = original_action(context, data_dict)
    if _all_tags_shown(context, data_dict):
        return found
    names = {row["name"] if isinstance(row, dict) else row for row in found}
    public = _public_tags(names)
    return [row for row in found if (row["name"] if isinstance(row, dict) else row) in public]


@tk.chained_action
@tk.side_effect_free
def tag_search(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Search keywords, and count them: those of public records alone.

    :raises ValidationError: for a limit or offset that is no number, which CKAN fails of
    """
    _part([], data_dict, None)
    if _all_tags_shown(context, data_dict):
        return original_action(context, data_dict)
    found = original_action(context, {**data_dict, "limit": _MANY, "offset": 0})["results"]
    public = _public_tags(row["name"] for row in found)
    shown = [row for row in found if row["name"] in public]
    return {"count": len(shown), "results": _part(shown, data_dict, None)}


@tk.chained_action
@tk.side_effect_free
def tag_autocomplete(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Return keywords that hold a text: those of public records alone.

    :raises ValidationError: for a limit or offset that is no number, which CKAN fails of
    """
    _part([], data_dict, None)
    if _all_tags_shown(context, data_dict):
        return original_action(context, data_dict)
    found = original_action(context, {**data_dict, "limit": _MANY, "offset": 0})
    public = _public_tags(found)
    return _part([name for name in found if name in public], data_dict, _SUGGESTED)


@tk.chained_action
@tk.side_effect_free
def tag_show(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Show a keyword.

    :raises ObjectNotFound: for one that no public record has
    """
    shown = original_action(context, data_dict)
    if shown.get("vocabulary_id") or _sees_all(context) or _public_tags([shown["name"]]):
        return shown
    raise tk.ObjectNotFound


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

    Nor does it have those of records that were purged: who might see them can not be asked any
    more. CKAN keeps with an activity who might see it when it was written.

    :param name: of the action
    """

    @tk.chained_action
    @tk.side_effect_free
    def action(original_action: Action, context: Context, data_dict: DataDict) -> Any:
        rows = original_action(context, data_dict)
        if _sees_all(context):
            return rows
        hidden = _hidden(context, [row["object_id"] for row in rows]) | _purged(rows)
        return [row for row in rows if row["object_id"] not in hidden]

    action.__name__ = name
    action.__doc__ = f"{name} of CKAN, without records that the user may not see."
    return cast("Action", action)


def actions() -> dict[str, Callable[..., Any]]:
    """Return the actions by name; those of other plugins only where these are there."""
    found: dict[str, Any] = {
        "format_autocomplete": format_autocomplete,
        "member_list": member_list,
        "tag_autocomplete": tag_autocomplete,
        "tag_list": tag_list,
        "tag_search": tag_search,
        "tag_show": tag_show,
        "user_show": user_show,
    }
    if p.plugin_loaded("datastore"):
        found["datastore_search"] = datastore_search
    if p.plugin_loaded("activity"):
        found["activity_create"] = activity_create
        found.update({name: _without_hidden(name) for name in _ACTIVITIES})
    return found
