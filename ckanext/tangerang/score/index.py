"""The score in the search index: for facets, filters and sorting.

* ``kelengkapan``: a key of :data:`BANDS`
* ``tangerang_completeness``, ``tangerang_score``: 000 to 100, with zeros in front because CKAN's
  schema for Solr has no dynamic field of numbers, and text is sorted by its characters
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from . import store

if TYPE_CHECKING:
    from .model import Score

FACET = "kelengkapan"
#: The order of a search that puts the most complete records first.
BEST_FIRST = "tangerang_completeness desc, tangerang_score desc"
#: From this score on a dataset is "sangat lengkap".
_GOOD = 80

INCOMPLETE, COMPLETE, VERY_COMPLETE = BANDS = ("belum_lengkap", "lengkap", "sangat_lengkap")


def band(score: Score) -> str:
    """Return the band of a record."""
    if score.completeness < 100:  # noqa: PLR2004 - per cent
        return INCOMPLETE
    return VERY_COMPLETE if score.score is not None and score.score >= _GOOD else COMPLETE


def band_label(key: str) -> str:
    """Return the label of a band in the user's language."""
    labels = {
        INCOMPLETE: tk._("Incomplete: needed items are missing"),
        COMPLETE: tk._("Complete: all needed items"),
        VERY_COMPLETE: tk._("Complete, and a score of 80 or more"),
    }
    return labels.get(key, key)


def facet_titles(facets: dict[str, str], package_type: str) -> dict[str, str]:
    """Return the facets of a list with ours at the end."""
    if package_type not in store.TYPES:
        return facets
    return {**facets, FACET: tk._("Completeness")}


def label_items(search_results: dict[str, Any]) -> dict[str, Any]:
    """Give the items of our facet their labels."""
    for item in search_results.get("search_facets", {}).get(FACET, {}).get("items", []):
        item["display_name"] = band_label(item["name"])
    return search_results


def prepare(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document for Solr with the score; it is read by primary key."""
    if document.get("dataset_type") not in store.TYPES:
        return document
    score = store.get(document["id"])
    if score is None:
        return document
    document[FACET] = band(score)
    document["tangerang_completeness"] = f"{score.completeness:03}"
    if score.score is not None:
        document["tangerang_score"] = f"{score.score:03}"
    return document
