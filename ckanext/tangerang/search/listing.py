"""What is added to the parameters of a search.

Years are a filter for everybody who names them. Words are expanded only where people type them, by
default: who calls the API gets the records and counts that CKAN gives, and can ask for more.
"""

from __future__ import annotations

from typing import Any, Final

import ckan.plugins.toolkit as tk
from flask import has_request_context

from . import config, query, words, years

#: Parameter that says how words are read: :data:`WIDE` or :data:`EXACT`.
READING: Final = "ext_kata"
WIDE: Final = "luas"
EXACT: Final = "persis"

#: Pages where people search among records.
_PAGES = frozenset(
    {"dataset.search", "kegiatan.search", "indikator.search"}
    | {"organization.read", "group.read", "tangerang_kategori.read"}
)
#: Who sets one of these has a query of their own.
_OWN = frozenset({"defType", "qf", "mm"})
#: The largest number of items of a filter that pages get: as many OPD as a regency has, so that
#: their tree is whole.
_MAX_ITEMS = 500


def on_page() -> bool:
    """Tell whether this is the request of a page where people search."""
    return has_request_context() and tk.request.endpoint in _PAGES


def is_expanded(extras: dict[str, Any], *, page: bool) -> bool:
    """Tell whether words are looked for together with their synonyms and stems.

    :param extras: the parameters ``ext_…`` of the search
    :param page: whether it is that of a page where people search
    """
    reach, asked = config.reach(), extras.get(READING)
    if reach == config.NOBODY or asked == EXACT:
        return False
    return asked == WIDE or reach == config.ALL or page


def prepare(params: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters of a search with the filter by years, and the words expanded.

    A query in the syntax of Solr, or with a parser of its own, is not changed; filters that are
    there neither.

    :param params: as ``IPackageController.before_dataset_search`` gets them
    """
    extras, page = params.get("extras") or {}, on_page()
    added = years.filters(extras)
    if added:
        given = params.get("fq_list") or []
        params["fq_list"] = [*(given if isinstance(given, (list, tuple)) else [given]), *added]
    if page and params.get("facet.field"):
        params.setdefault("facet.limit", _MAX_ITEMS)
    text = params.get("q")
    if not isinstance(text, str) or _OWN & params.keys() or not is_expanded(extras, page=page):
        return params
    known = words.load(config.word_files())
    reading = query.read(text, known)
    if reading:
        params["q"] = query.expand(reading, known)
        params["defType"] = "edismax"
    return params
