"""Facets of the dataset lists, in terms of Satu Data Indonesia."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from . import config, topics
from .codelists import label
from .fields import ACTIVITY_TYPE, DATASET_TYPE, INDICATOR_TYPE
from .language import current_language
from .values import N_

if TYPE_CHECKING:
    from collections.abc import Callable

#: Facets whose items are keys of a code list.
_CODELISTS = {
    "jenis_statistik": "jenis_statistik",
    "vocab_tingkat_penyajian": "tingkat_penyajian_dataset",
    "frekuensi": "frekuensi",
    "accesslevel": "akses",
    "cara_pengumpulan_data": "cara_pengumpulan_data",
    "sektor_kegiatan": "sektor_kegiatan",
    "apakah_indikator_komposit": "ya_tidak",
    "status_indah": "status_indah",
}

#: Facets whose items are words of CKAN itself.
_STATES = {
    "state": {"active": N_("Finished"), "draft": N_("Draft")},
    "capacity": {"public": N_("Public"), "private": N_("Private")},
}

#: CKAN's own facets: ours take their place. Those of other plugins follow ours.
_STOCK = ("organization", "groups", "tags", "res_format", "license_id")


def _activity_titles(stock: dict[str, str]) -> dict[str, str]:
    """Return the facets of the list of activities."""
    return {
        "organization": stock.get("organization") or tk._("Organizations"),
        "tahun_kegiatan": tk._("Year"),
        "cara_pengumpulan_data": tk._("Way of collecting data"),
        "sektor_kegiatan": tk._("Sector"),
        "jenis_statistik": tk._("Kind of statistics"),
        "status_indah": tk._("Status in INDAH"),
    }


def _indicator_titles(stock: dict[str, str]) -> dict[str, str]:
    """Return the facets of the list of indicators."""
    return {
        "organization": stock.get("organization") or tk._("Organizations"),
        "ukuran": tk._("Measure"),
        "satuan": tk._("Unit"),
        "level_estimasi": tk._("Level of estimation"),
        "apakah_indikator_komposit": tk._("Composite indicator"),
        "status_indah": tk._("Status in INDAH"),
    }


def _dataset_titles(stock: dict[str, str]) -> dict[str, str]:
    """Return the facets of a list of datasets."""
    return {
        "vocab_kategori": tk._("Topic"),
        "organization": stock.get("organization") or tk._("Organizations"),
        "jenis_statistik": tk._("Kind of statistics"),
        "vocab_tingkat_penyajian": tk._("Level of presentation"),
        "frekuensi": tk._("Publication frequency"),
        "res_format": stock.get("res_format") or tk._("Formats"),
        "accesslevel": tk._("Access level"),
    }


_TITLES = {
    DATASET_TYPE: _dataset_titles,
    ACTIVITY_TYPE: _activity_titles,
    INDICATOR_TYPE: _indicator_titles,
}


def facet_titles(stock: dict[str, str], package_type: str, *, of_one_opd: bool) -> dict[str, str]:
    """Return the facets of a list of records, in their order, with titles.

    People who are logged in also see private records and drafts in the lists of activities and
    indicators, and can tell them apart there.

    :param stock: the facets so far; those of another package type are returned unchanged
    :param of_one_opd: the list of one organization, which needs no facet of organizations
    """
    if package_type not in _TITLES:
        return stock
    titles = _TITLES[package_type](stock)
    if of_one_opd:
        del titles["organization"]
    if package_type != DATASET_TYPE and tk.current_user.is_authenticated:
        titles |= {"state": tk._("State"), "capacity": tk._("Visibility")}
    others = {name: title for name, title in stock.items() if name not in (*_STOCK, *titles)}
    return {**titles, **others}


def _labeller(facet: str, lang: str) -> Callable[[str], str] | None:
    """Return what turns an item of ``facet`` into its label; None for facets that are not ours."""
    if facet == "vocab_kategori":
        known = topics.by_key(config.topics_location())
        return lambda key: known[key].label(lang) if key in known else key
    if facet in _STATES:
        return lambda key: tk._(_STATES[facet].get(key, key))
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
