"""The list of previews of a file: it has their filters, which say what is in the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ... import levels, rights

if TYPE_CHECKING:
    from ckan.types import Action, Context, DataDict

__all__ = ["resource_view_list"]


@tk.chained_action
@tk.side_effect_free
def resource_view_list(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Return the previews of a file; none of restricted data to those who may not read them.

    The page of the file asks here, and is public: an empty list leaves it as it is.
    """
    # Looked up before CKAN does, and held: so CKAN finds both in the session, and an open record
    # costs no statement more.
    resource, package = rights.resource_and_package(data_dict.get("id"))
    found = original_action(context, data_dict)
    if package is None or levels.of_package(package) == levels.OPEN or context.get("ignore_auth"):
        return found
    return found if rights.reading(context, package, resource.id) is not None else []
