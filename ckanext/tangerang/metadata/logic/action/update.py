"""Writing actions of CKAN that the plugin ``tangerang_metadata`` adds to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
from ckan import model
from sqlalchemy.orm import selectinload

from ... import completeness, conditions, config, incoming, kamus, link_store, seen
from ...fields import DATASET_TYPE, RECORD_TYPES, record_fields
from ...navl import RESOURCES
from ..message_validators import labelled
from .create import readable

if TYPE_CHECKING:
    from ckan.types import Action, Context, DataDict

__all__ = ["bulk_update_public", "package_owner_org_update", "package_update", "resource_update"]

#: Needed fields that are columns of the dataset, not extras.
_COLUMNS = ("title", "notes", "owner_org")


@tk.chained_action
def package_update(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Update a dataset, and let its validators see all resources.

    CKAN 2.12 validates only the resources that changed, but whether a public dataset has its
    definitions may depend on the kamus of one that did not.

    :param seen: ``metadata_modified`` that the caller has seen (optional; forms send it)
    :raises ValidationError: when the dataset was changed since
    """
    data_dict = _unless_changed("package_update", context, incoming.cleaned(data_dict))
    cast("dict[str, Any]", context)[RESOURCES] = data_dict.get("resources")
    return original_action(context, data_dict)


@tk.chained_action
def resource_update(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Change a file.

    :param seen: ``metadata_modified`` of the file that the caller has seen (optional)
    :raises ValidationError: when the file was changed since, or its address can not be taken apart
    """
    data_dict = readable("resource_update", context, data_dict)
    return original_action(context, _unless_changed("resource_update", context, data_dict))


def _unless_changed(action: str, context: Context, data_dict: DataDict) -> DataDict:
    """Return what a save says, unless it was made of an older version.

    :param action: ``package_update`` or ``resource_update``, whose right is asked first
    :raises ValidationError: then
    """
    if seen.SEEN not in data_dict:
        return data_dict
    tk.check_access(action, context, data_dict)
    return seen.without(data_dict, file=action == "resource_update")


@tk.chained_action
def package_owner_org_update(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Change the organization of a record; a public one may not lose it.

    This runs no validators. Within the creation or change of a record (``defer_commit``) they have
    run already.

    :raises ValidationError: when a public record would be left without one
    """
    found = None if context.get("defer_commit") else model.Package.get(data_dict.get("id") or "")
    if found is not None and not data_dict.get("organization_id"):
        tk.check_access("package_owner_org_update", context, data_dict)
        public = found.state == model.State.ACTIVE and not found.private
        if public and found.type in RECORD_TYPES and config.require_complete():
            field = next(f for f in record_fields(found.type) if f["field_name"] == "owner_org")
            text = tk._("A public record needs this. Make the record private first.")
            raise tk.ValidationError({"owner_org": labelled(field, [text])})
    return original_action(context, data_dict)


def _chosen(data_dict: DataDict) -> list[Any]:
    """Return the package objects that a bulk action is about, by title.

    Only those of the organization, as CKAN has it, and of a type of ours.
    """
    ids = data_dict.get("datasets")
    package: Any = model.Package
    return (
        model.Session.query(package)
        .filter(
            package.id.in_(ids if isinstance(ids, list) else []),
            package.owner_org == data_dict.get("org_id", ""),
            package.type.in_(RECORD_TYPES),
        )
        .options(selectinload(package.resources_all))
        .order_by(package.title)
        .all()
    )


def _lacks_something(package: Any) -> bool:
    """Tell whether a record lacks what a public one needs."""
    fields = record_fields(package.type)
    record = {**package.extras, **{name: getattr(package, name) for name in _COLUMNS}}
    if package.type != DATASET_TYPE:
        return bool(conditions.missing(fields, record))
    keys = {key for r in package.resources for key in kamus.filled(r.extras.get("kamus"))}
    lacking = completeness.missing(fields, record, keys)
    if any("link_suffices" in field for field in lacking):
        keys |= link_store.filled_by_links(lacking, record.get)
        lacking = completeness.missing(fields, record, keys)
    return bool(lacking)


@tk.chained_action
def bulk_update_public(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Make records public, if all are complete and name only public ones; else change none.

    Records that name each other become public together.

    :raises ValidationError: naming the records that stand in the way
    """
    tk.check_access("bulk_update_public", context, data_dict)
    chosen = _chosen(data_dict)
    incomplete = [p for p in chosen if _lacks_something(p)] if config.require_complete() else []
    if incomplete:
        text = tk._(
            "Nothing was made public, because metadata are missing. "
            "Complete these datasets first: {titles}"
        )
        raise tk.ValidationError({"datasets": [text.format(titles=_titles(incomplete))]})
    hidden = link_store.hidden_targets(chosen)
    if hidden:
        sight = link_store.Sight(context)
        visible = [package for package in hidden if sight.sees(package)]
        text = tk._(
            "Nothing was made public, because it links to records that are not. "
            "Publish these first: {titles}"
        )
        shown = _titles(visible) or tk._("records of other agencies")
        raise tk.ValidationError({"datasets": [text.format(titles=shown)]})
    with link_store.arriving(package.id for package in chosen):
        return original_action(context, data_dict)


def _titles(packages: list[Any]) -> str:
    """Return the titles of records in one line."""
    return "; ".join(package.title or package.name for package in packages)
