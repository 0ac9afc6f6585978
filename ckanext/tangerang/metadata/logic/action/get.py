"""Reading actions of CKAN that list records: they leave out what is not a dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import authz, model
from ckan.lib.dictization.model_dictize import get_group_dataset_counts
from ckan.lib.plugins import get_permission_labels
from ckan.lib.search.query import solr_literal
from ckan.logic.schema import default_autocomplete_schema, default_package_list_schema

from ... import listing

if TYPE_CHECKING:
    from ckan.types import Action, Context, DataDict

__all__ = [
    "group_list",
    "organization_list",
    "package_autocomplete",
    "package_list",
    "user_show",
]


def _validated(data_dict: DataDict, schema: Any, context: Context) -> dict[str, Any]:
    """Return the data of an action as its schema reads them.

    :raises ValidationError: when they are wrong
    """
    data, errors = tk.navl_validate(data_dict, schema, context)
    if errors:
        raise tk.ValidationError(errors)
    return data


@tk.chained_action
@tk.side_effect_free
def package_list(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Return the names of all public datasets.

    :param dataset_type: another type of record, such as ``kegiatan``, or ``all`` (optional,
        default: ``dataset``)
    :param limit: as CKAN has it
    :param offset: as CKAN has it
    """
    dataset_type = listing.read_type(data_dict)
    if dataset_type == listing.ALL_TYPES:
        return original_action(context, data_dict)
    data = _validated(data_dict, default_package_list_schema(), context)
    tk.check_access("package_list", context, data)
    column = model.Package.id if context.get("api_version") == 2 else model.Package.name  # noqa: PLR2004
    query = (
        sa.select(column)
        .where(
            model.Package.state == model.State.ACTIVE,
            model.Package.private.is_(False),
            model.Package.type == dataset_type,
        )
        .order_by(column)
    )
    if data.get("limit"):
        query = query.limit(data["limit"])
    if data.get("offset"):
        query = query.offset(data["offset"])
    return model.Session.scalars(query).all()


@tk.chained_action
@tk.side_effect_free
def package_autocomplete(
    original_action: Action,  # noqa: ARG001
    context: Context,
    data_dict: DataDict,
) -> Any:
    """Return the datasets whose name or title holds a text.

    CKAN's own asks the search index past ``before_dataset_search``; this asks ``package_search``.

    :param q: the text
    :param limit: how many at most (optional, default: 10)
    :param dataset_type: another type of record, or ``all`` (optional, default: ``dataset``)
    """
    dataset_type = listing.read_type(data_dict)
    data = _validated(data_dict, default_autocomplete_schema(), context)
    tk.check_access("package_autocomplete", context, data)
    text = solr_literal(data["q"])
    names = ("name_ngram", "title_ngram", "name", "title")
    found = tk.get_action("package_search")(
        context,
        {
            "q": " OR ".join(f"{name}:{text}" for name in names),
            "fq": listing.type_filter(dataset_type),
            "fl": ["name", "title"],
            "rows": data.get("limit", 10),
            "facet": "false",
            "include_private": True,
        },
    )
    out = []
    for record in found["results"]:
        by_name = data["q"].lower() in record["name"]
        shown = record["name"] if by_name else f"{record['title']} ({record['name']})"
        out.append(
            {
                "name": record["name"],
                "title": record["title"],
                "match_field": "name" if by_name else "title",
                "match_displayed": shown,
            }
        )
    return out


def _count_datasets(groups: list[dict[str, Any]], context: Context, field: str) -> None:
    """Write into ``groups`` how many datasets each has, by one query of the search index.

    :param field: ``owner_org`` for organizations (by id) or ``groups`` (by name)
    """
    user = context.get("auth_user_obj")
    everything = context.get("ignore_auth") or authz.is_sysadmin(context.get("user"))
    labels = (
        None if everything else get_permission_labels().get_user_dataset_labels(user)  # pyright: ignore[reportArgumentType]
    )
    counts = get_group_dataset_counts(
        fq=f"+entity_type:package {listing.ONLY_DATASETS}", permissions_labels=labels
    )[field]
    for group in groups:
        group["package_count"] = counts.get(group["id" if field == "owner_org" else "name"], 0)


@tk.chained_action
@tk.side_effect_free
def organization_list(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Return the organizations; ``package_count`` counts datasets only."""
    found = original_action(context, data_dict)
    if found and isinstance(found[0], dict) and "package_count" in found[0]:
        _count_datasets(found, context, "owner_org")
    return found


@tk.chained_action
@tk.side_effect_free
def group_list(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Return the groups; ``package_count`` counts datasets only."""
    found = original_action(context, data_dict)
    if found and isinstance(found[0], dict) and "package_count" in found[0]:
        _count_datasets(found, context, "groups")
    return found


@tk.chained_action
@tk.side_effect_free
def user_show(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Return a user; to themselves and to sysadmins with their records of all types.

    :param include_datasets: as CKAN has it: drafts and private records are among them for the
        user and for sysadmins, who also see activities and indicators here
    """
    found = original_action(context, {**data_dict, "include_datasets": False})
    if not tk.asbool(data_dict.get("include_datasets", False)):
        return found
    requester = context.get("user")
    own = bool(requester) and (requester == found["name"] or authz.is_sysadmin(requester))
    filters = [f"+creator_user_id:{found['id']}"]
    filters += [listing.type_filter(listing.ALL_TYPES)] if own else []
    search = {"fq_list": filters, "rows": 50}
    search |= {"include_private": True, "include_drafts": True} if own else {}
    return found | {"datasets": tk.get_action("package_search")(context, search)["results"]}
