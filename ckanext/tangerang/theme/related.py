"""Datasets that belong to another: of the same activity, indicators or topics."""

from __future__ import annotations

from typing import Any, Final

import ckan.plugins.toolkit as tk
from ckan.lib.search import SearchError, SolrConnectionError

#: Fields by which datasets belong together, as the dataset has them and the search index, and how
#: much each counts.
_TIES: Final = (
    ("kegiatan", "kegiatan", 8),
    ("indikator", "vocab_indikator", 8),
    ("kategori", "vocab_kategori", 1),
)
_ROWS: Final = 5
#: More values than this in one field say nothing of what belongs together.
_MAX_VALUES: Final = 20
_FIELDS: Final = ["name", "title", "dataset_type", "organization"]


def _quoted(value: object) -> str:
    """Return a value as a phrase of a query of Solr."""
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def _query(dataset: dict[str, Any]) -> str:
    """Return what is searched; empty where nothing ties the dataset to others."""
    parts: list[str] = []
    for name, indexed, weight in _TIES:
        value = dataset.get(name) or []
        entries = value if isinstance(value, list) else [value]
        phrases = " OR ".join(_quoted(entry) for entry in entries[:_MAX_VALUES])
        if phrases:
            parts.append(f"{indexed}:({phrases})^{weight}")
    return " OR ".join(parts)


def related(dataset: dict[str, Any]) -> list[dict[str, str]]:
    """Return the public datasets that belong most to one, by one search.

    The same for every reader: only what is public.

    :param dataset: as it is shown
    :returns: ``[{"name", "title", "type"}]``, what shares most first; nothing where none does, or
        the search index does not answer
    """
    query = _query(dataset)
    if not query:
        return []
    try:
        found = tk.get_action("package_search")(
            {"user": ""},
            {
                "q": query,
                "fq": f"+dataset_type:dataset -id:{_quoted(dataset['id'])}",
                "rows": _ROWS,
                "sort": "score desc, metadata_modified desc",
                "fl": _FIELDS,
                "facet": "false",
            },
        )
    except (SearchError, SolrConnectionError):
        return []
    return [
        {"name": row["name"], "title": row.get("title") or row["name"], "type": row["dataset_type"]}
        for row in found["results"]
    ]
