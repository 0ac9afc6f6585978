"""Facets of the dataset lists, in terms of Satu Data Indonesia."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from . import config, topics
from .codelists import label
from .fields import DATASET_TYPE
from .language import current_language

if TYPE_CHECKING:
    from collections.abc import Callable

#: Facets whose items are keys of a code list.
_CODELISTS = {
    "jenis_statistik": "jenis_statistik",
    "vocab_tingkat_penyajian": "tingkat_penyajian_dataset",
    "frekuensi": "frekuensi",
    "accesslevel": "akses",
}

#: CKAN's own facets: ours take their place. Those of other plugins follow ours.
_STOCK = ("organization", "groups", "tags", "res_format", "license_id")


def facet_titles(stock: dict[str, str], package_type: str, *, of_one_opd: bool) -> dict[str, str]:
    """Return the facets of a list of datasets, in their order, with titles.

    :param stock: the facets so far; those of another package type are returned unchanged
    :param of_one_opd: the list of one organization, which needs no facet of organizations
    """
    if package_type != DATASET_TYPE:
        return stock
    titles: dict[str, str] = {
        "vocab_kategori": tk._("Topic"),
        "organization": stock.get("organization") or tk._("Organizations"),
        "jenis_statistik": tk._("Kind of statistics"),
        "vocab_tingkat_penyajian": tk._("Level of presentation"),
        "frekuensi": tk._("Publication frequency"),
        "res_format": stock.get("res_format") or tk._("Formats"),
        "accesslevel": tk._("Access level"),
    }
    if of_one_opd:
        del titles["organization"]
    others = {name: title for name, title in stock.items() if name not in (*_STOCK, *titles)}
    return {**titles, **others}


def _labeller(facet: str, lang: str) -> Callable[[str], str] | None:
    """Return what turns an item of ``facet`` into its label; None for facets that are not ours."""
    if facet == "vocab_kategori":
        known = topics.by_key(config.topics_location())
        return lambda key: known[key].label(lang) if key in known else key
    if facet in _CODELISTS:
        return lambda key: label(_CODELISTS[facet], key, lang)
    return None


def label_items(search_results: dict[str, Any]) -> dict[str, Any]:
    """Give the items of our facets their labels as ``display_name``.

    CKAN does the same for organizations. The names, which filters use, stay the keys.
    """
    lang = current_language()
    for facet, found in search_results.get("search_facets", {}).items():
        labeller = _labeller(facet, lang)
        if labeller:
            for item in found["items"]:
                item["display_name"] = labeller(item["name"])
    return search_results
