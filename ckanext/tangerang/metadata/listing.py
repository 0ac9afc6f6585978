"""Which records a list of datasets holds: activities and indicators are not datasets.

``package_search`` and all that is built on it (pages, feeds, counts, ``data.json``) finds only
datasets, unless the caller asks for a type by a positive clause of a filter. What harvesters read
holds datasets whatever its caller asks for.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from flask import has_request_context

from .fields import DATASET_TYPE, FORM_TYPES
from .filters import asks_for_type

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What a caller says to get records of every type.
ALL_TYPES = "all"
#: The filter that keeps everything else out.
ONLY_DATASETS = f"+dataset_type:{DATASET_TYPE}"

#: CKAN's own pages for machines, which pass filters of the reader on and can not be chained.
_FEEDS = frozenset({"feeds"})

#: Lists where people look for what they have begun: drafts are there for those who may see them.
_LISTS = frozenset(f"{name}.search" for name in FORM_TYPES)

_forced: ContextVar[bool] = ContextVar("tangerang_only_datasets", default=False)


@contextmanager
def only_datasets() -> Iterator[None]:
    """Let all searches inside find datasets only, whatever their filters say."""
    token = _forced.set(True)
    try:
        yield
    finally:
        _forced.reset(token)


def _is_forced() -> bool:
    """Tell whether this search may find nothing but datasets."""
    return _forced.get() or (has_request_context() and tk.request.blueprint in _FEEDS)


def add_type_filter(params: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters of a search with the filter for datasets, where it belongs.

    The lists of activities and indicators also find drafts, of which CKAN shows each reader those
    that they may see; a form of sixty variables is seldom finished in one sitting.

    :param params: as ``IPackageController.before_dataset_search`` gets them
    """
    given = params.get("fq_list") or []
    filters = list(given) if isinstance(given, (list, tuple)) else [str(given)]
    texts = [str(params.get("fq") or ""), *(str(text) for text in filters)]
    if _is_forced() or not any(asks_for_type(text) for text in texts):
        params["fq_list"] = [*filters, ONLY_DATASETS]
    if has_request_context() and tk.request.endpoint in _LISTS:
        params["include_drafts"] = True
    return params


def read_type(data: dict[str, Any]) -> str:
    """Take the parameter ``dataset_type`` out of the data of an action and return it.

    :raises ValidationError: when it is not text
    """
    value = data.pop("dataset_type", None) or DATASET_TYPE
    if not isinstance(value, str):
        raise tk.ValidationError({"dataset_type": [tk._("Write the name of one type here.")]})
    return value


def type_filter(name: str) -> str:
    """Return the filter for the records of one type, or of any with :data:`ALL_TYPES`."""
    return (
        "+dataset_type:*"
        if name == ALL_TYPES
        else '+dataset_type:"{}"'.format(name.replace("\\", "").replace('"', ""))
    )
