"""Writing actions of CKAN that the plugin ``tangerang_metadata`` adds to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
from ckan import model
from sqlalchemy.orm import selectinload

from ... import completeness, conditions, config, kamus, link_store
from ...fields import DATASET_TYPE, RECORD_TYPES, record_fields
from ...navl import RESOURCES
from ..message_validators import labelled

if TYPE_CHECKING:
    from ckan.types import Action, Context, DataDict

__all__ = ["bulk_update_public", "package_owner_org_update", "package_update"]

#: Needed fields that are columns of the dataset, not extras.
_COLUMNS = ("title", "notes", "owner_org")


@tk.chained_action
def package_update(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Update a dataset, and let its validators see all resources.

    CKAN 2.12 validates only the resources that changed, but whether a public dataset has its
    definitions may depend on the kamus of one that did not.
    """
    cast("dict[str, Any]", context)[RESOURCES] = data_dict.get("resources")
    return original_action(context, data_dict)


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


def _incomplete(datasets: list[str], org_id: str) -> list[str]:
    """Return the titles of those records of an organization that lack something.

    :param datasets: ids
    """
    found = (
        model.Session.query(model.Package)
        .filter(
            model.Package.id.in_(datasets),
            model.Package.owner_org == org_id,
            model.Package.type.in_(RECORD_TYPES),
        )
        .options(selectinload(model.Package.resources_all))
        .order_by(model.Package.title)
    )
    out = []
    for package in found:
        fields = record_fields(package.type)
        record = {**package.extras, **{name: getattr(package, name) for name in _COLUMNS}}
        if package.type == DATASET_TYPE:
            keys = {key for r in package.resources for key in kamus.filled(r.extras.get("kamus"))}
            lacking = completeness.missing(fields, record, keys)
            if any("link_suffices" in field for field in lacking):
                keys |= link_store.filled_by_links(lacking, record.get)
                lacking = completeness.missing(fields, record, keys)
        else:
            lacking = conditions.missing(fields, record)
        if lacking:
            out.append(package.title or package.name)
    return out


@tk.chained_action
def bulk_update_public(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Make datasets public, if all of them are complete; else change none.

    :raises ValidationError: naming the datasets that are not complete
    """
    tk.check_access("bulk_update_public", context, data_dict)
    datasets = data_dict.get("datasets") or []
    if config.require_complete() and isinstance(datasets, list):
        titles = _incomplete(datasets, data_dict.get("org_id", ""))
        if titles:
            raise tk.ValidationError(
                {
                    "datasets": [
                        tk._(
                            "Nothing was made public, because metadata are missing. "
                            "Complete these datasets first: {titles}"
                        ).format(titles="; ".join(titles))
                    ]
                }
            )
    return original_action(context, data_dict)
