"""Actions of ckanext-dcat that the plugin ``tangerang_interop`` adds to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ...dcat import lookup

if TYPE_CHECKING:
    from ckan.types import Action, Context, DataDict

__all__ = ["dcat_catalog_search", "dcat_catalog_show"]


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
