"""Actions of CKAN that change records past ``IPackageController``: their scores follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model

from ... import store

if TYPE_CHECKING:
    from ckan.types import Action, Context, DataDict

__all__ = ["package_owner_org_update", "tag_delete"]


@tk.chained_action
def package_owner_org_update(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Change the organization of a record, and judge it: a public one needs an organization.

    Within the creation or change of a record (``defer_commit``) that is judged anyway.
    """
    package = None if context.get("defer_commit") else model.Package.get(data_dict.get("id"))
    if package is None:
        return original_action(context, data_dict)
    with store.refreshing([package.id]):
        return original_action(context, data_dict)


@tk.chained_action
def tag_delete(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Delete a keyword, and judge the records that had it."""
    tag = model.Tag.get(data_dict.get("id") or "", data_dict.get("vocabulary_id"))
    with store.refreshing([package.id for package in tag.packages] if tag else []):
        return original_action(context, data_dict)
