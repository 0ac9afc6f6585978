"""Actions of ckanext-dcat that the plugin ``tangerang_interop`` adds to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import plugins as p

from . import lookup

if TYPE_CHECKING:
    from ckan.types import Action, Context, DataDict


@tk.chained_action
@tk.side_effect_free
def dcat_catalog_show(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Return a page of the catalogue; what its datasets name is asked once for all of them."""
    with lookup.page():
        return original_action(context, data_dict)


@tk.chained_action
@tk.side_effect_free
def dcat_catalog_search(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Return the datasets of the catalogue that fit a search, with one lookup for all of them."""
    with lookup.page():
        return original_action(context, data_dict)


def actions() -> dict[str, Any]:
    """Return the actions by name; none where ckanext-dcat is off.

    CKAN refuses an action that is chained to one that does not exist.
    """
    if not p.plugin_loaded("dcat"):
        return {}
    return {
        "dcat_catalog_search": dcat_catalog_search,
        "dcat_catalog_show": dcat_catalog_show,
    }
