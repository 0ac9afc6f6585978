"""Actions of ckanext-dcat that the plugin ``tangerang_metadata`` adds to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ... import listing

if TYPE_CHECKING:
    from ckan.types import Action, Context, DataDict

__all__ = ["dcat_catalog_search", "dcat_catalog_show"]


@tk.chained_action
@tk.side_effect_free
def dcat_catalog_show(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Return the catalogue of datasets: ckanext-dcat passes the filter of its caller on."""
    with listing.only_datasets():
        return original_action(context, data_dict)


@tk.chained_action
@tk.side_effect_free
def dcat_catalog_search(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Return the datasets of the catalogue that fit a search."""
    with listing.only_datasets():
        return original_action(context, data_dict)
