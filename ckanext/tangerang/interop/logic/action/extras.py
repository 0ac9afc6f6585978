"""Actions of CKAN to which API callers get the SDI fields as extras; nothing else sees them.

A design that keeps patches, forms, DCAT and the search index out: the extras are appended only to
the answer of the action that the API request itself names.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from flask import g, has_request_context, request

from ....config import region_code
from ....metadata import config as metadata_config
from ....metadata import topics
from ....metadata.fields import DATASET_TYPE, dataset_fields
from ....wilayah import shapes
from ... import clients, config
from ...extras import Exporter, strip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ckan.types import Action, Context, DataDict

__all__ = [
    "current_package_list_with_resources",
    "package_create",
    "package_search",
    "package_show",
    "package_update",
]

#: Set in a request while the action that it asked for runs: what that calls is no answer.
_RUNNING = "_tangerang_interop_running"


@contextmanager
def _answering(name: str) -> Iterator[bool]:
    """Tell whether the action that runs inside is the one that an API request asks for."""
    asked = (
        has_request_context()
        and request.endpoint == "api.action"
        and (request.view_args or {}).get("logic_function") == name
        and not hasattr(g, _RUNNING)
        and config.emits_extras()
    )
    if asked:
        setattr(g, _RUNNING, True)
    try:
        yield asked
    finally:
        if asked:
            delattr(g, _RUNNING)


@cache
def _outlines(location: str, code: str, box: str) -> dict[str, list[Any]]:
    """Return the polygons of regions by code: the portal's own region has at least its box."""
    polygon = shapes.read_box(box)
    return {**({code: [polygon]} if polygon else {}), **shapes.load(location)}


def exporter() -> Exporter:
    """Return what derives extras on this portal."""
    known = topics.by_key(metadata_config.topics_location())
    return Exporter(
        fields=tuple(field["field_name"] for field in dataset_fields()),
        prefix=config.extras_prefix(),
        topics={key: topic.label() for key, topic in known.items()},
        outlines=_outlines(config.polygons_location(), region_code(), config.bounding_box()),
    )


def _prepare(records: list[Any]) -> None:
    """Give the shown datasets among some records their extras, and what strict clients want."""
    found = exporter()
    for record in records:
        # With `fl` a result holds only the fields that were asked for.
        if isinstance(record, dict) and record.get("type") == DATASET_TYPE and "id" in record:
            clients.make_strict(record)
            found.append(record)


@tk.chained_action
@tk.side_effect_free
def package_show(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Return a record; to API callers with the SDI fields of a dataset as extras too."""
    with _answering("package_show") as asked:
        record = original_action(context, data_dict)
    if asked:
        _prepare([record])
    return record


@tk.chained_action
@tk.side_effect_free
def package_search(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Return what a search finds; to API callers with the SDI fields as extras too."""
    with _answering("package_search") as asked:
        found = original_action(context, data_dict)
    if asked and not data_dict.get("fl"):
        _prepare(found["results"])
    return found


@tk.chained_action
@tk.side_effect_free
def current_package_list_with_resources(
    original_action: Action, context: Context, data_dict: DataDict
) -> Any:
    """Return the datasets, newest first; to API callers with the SDI fields as extras too."""
    with _answering("current_package_list_with_resources") as asked:
        found = original_action(context, data_dict)
    if asked:
        _prepare(found)
    return found


@tk.chained_action
def package_create(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Create a record; extras that were derived from one of ours are left out."""
    return original_action(context, strip(data_dict))


@tk.chained_action
def package_update(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Change a record; extras that were derived from it are left out."""
    return original_action(context, strip(data_dict))
