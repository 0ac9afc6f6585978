"""Working copies in the search index: there for those who ask for them, nowhere else.

They have a type of their own there (``dataset_type:revisi``), so that whatever asks for datasets,
activities or indicators, also past ``package_search``, does not find them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckan import model

from ... import working_copy
from ...metadata.filters import asks_for_type

if TYPE_CHECKING:
    from collections.abc import Iterator

_ASKED = f"dataset_type:{working_copy.INDEX_TYPE}"


def index_apart(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document of a package for Solr; of a working copy with the type of its own."""
    if document.get("capacity") != "public":
        package = model.Package.get(document["id"])
        if package is not None and working_copy.original_of(package):
            document["dataset_type"] = working_copy.INDEX_TYPE
    return document


def _filters(params: dict[str, Any]) -> Iterator[str]:
    """Yield the filters of a search."""
    yield str(params.get("fq") or "")
    given = params.get("fq_list") or []
    yield from map(str, given if isinstance(given, (list, tuple)) else [given])


def leave_out(params: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters of a search, without working copies unless they are asked for.

    A search that asks for no type finds datasets alone anyway.
    """
    texts = list(_filters(params))
    if any(_ASKED in text for text in texts) or not any(asks_for_type(text) for text in texts):
        return params
    given = params.get("fq_list") or []
    filters = list(given) if isinstance(given, (list, tuple)) else [str(given)]
    return {**params, "fq_list": [*filters, f"-{_ASKED}"]}
