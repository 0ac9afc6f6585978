"""CKAN's actions of datasets, which know former names and closed OPD."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model

from ... import closing, names, producer

if TYPE_CHECKING:
    from ckan.types import Action, Context, DataDict

__all__ = ["package_create", "package_owner_org_update", "package_update"]


def _renew(data_dict: DataDict, key: str) -> None:
    """Put the id of an OPD in place of its present or former name."""
    value = data_dict.get(key)
    if not isinstance(value, str) or not value or names.is_id(value):
        return
    found = names.find(value)
    if found is not None:
        data_dict[key] = found.id


@tk.chained_action
def package_create(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Create a dataset of an OPD that is named by its id, name or a former name.

    :param produsen: the OPD as another system writes it, in place of ``owner_org`` (optional)
    """
    producer.set_owner(data_dict)
    _renew(data_dict, "owner_org")
    return original_action(context, data_dict)


@tk.chained_action
def package_update(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Change a dataset; its OPD may be named by a former name.

    :param produsen: the OPD as another system writes it, in place of ``owner_org`` (optional)
    """
    producer.set_owner(data_dict)
    _renew(data_dict, "owner_org")
    return original_action(context, data_dict)


@tk.chained_action
def package_owner_org_update(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Move a dataset to another OPD, by any of its names, unless that has ended.

    Within the creation or change of a record (``defer_commit``) the validators have seen to it.

    :raises ValidationError: when the OPD has ended
    """
    if not context.get("defer_commit"):
        _renew(data_dict, "organization_id")
        package = model.Package.get(data_dict.get("id") or "")
        new: Any = model.Group.get(data_dict.get("organization_id"))
        if package is not None and new is not None and package.owner_org != new.id:
            tk.check_access("package_owner_org_update", context, data_dict)
            refusal = closing.refusal(new)
            if refusal:
                raise tk.ValidationError({"organization_id": [refusal]})
    return original_action(context, data_dict)
