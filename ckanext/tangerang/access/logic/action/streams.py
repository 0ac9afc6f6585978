"""Lists of activities of CKAN: without the files that a restricted record had when it was open.

CKAN gives with each activity the record as it was then, addresses of its files included.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
from ckan import model

from ....streams import ACTIVITY_LISTS
from ... import levels, rights

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ckan.types import Action, Context, DataDict


def _closed(context: Context, ids: Iterable[str]) -> set[str]:
    """Return those among some records whose files the user may not have; one query."""
    package: Any = model.Package
    found = cast("Any", model.Session).query(package).filter(package.id.in_(set(ids)))
    return {
        entry.id
        for entry in found
        if levels.of_package(entry) != levels.OPEN and not rights.is_insider(context, entry)
    }


def _without_files(row: dict[str, Any]) -> dict[str, Any]:
    """Return an activity without the files of its record."""
    data = row["data"]
    return {**row, "data": {**data, "package": {**data["package"], "resources": []}}}


def _has_record(row: dict[str, Any]) -> bool:
    """Tell whether an activity has a record with it."""
    data = row.get("data")
    return isinstance(data, dict) and isinstance(data.get("package"), dict)


def _guarded(name: str) -> Action:
    """Return the action that lists activities, guarded.

    :param name: of the action
    """

    @tk.chained_action
    @tk.side_effect_free
    def action(original_action: Action, context: Context, data_dict: DataDict) -> Any:
        rows = original_action(context, data_dict)
        if context.get("ignore_auth"):
            return rows
        closed = _closed(context, [row["object_id"] for row in rows if _has_record(row)])
        return [
            _without_files(row) if row["object_id"] in closed and _has_record(row) else row
            for row in rows
        ]

    action.__name__ = name
    action.__doc__ = f"{name} of CKAN, without files that the user may not have."
    return cast("Action", action)


def actions() -> dict[str, Action]:
    """Return the actions by name."""
    return {name: _guarded(name) for name in ACTIVITY_LISTS}
