"""Actions of CKAN that give whole records: without contact data that is not for the reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk

from ....streams import ACTIVITY_LISTS
from ... import personal

if TYPE_CHECKING:
    from ckan.types import Action, Context, DataDict

__all__ = [
    "current_package_list_with_resources",
    "dataset_followee_list",
    "followee_list",
    "package_search",
    "package_show",
]


@tk.chained_action
@tk.side_effect_free
def package_show(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Return a record; contact data only to those who work on it.

    What is read to be written again (``for_update``, or past the index) is whole: CKAN and our
    plugins change records in this way, and the reader never gets it.
    """
    # CKAN writes into the context; a page that reads past the index is for a reader all the same.
    again = context.get("use_cache") is False and not context.get("for_view")
    whole = bool(context.get("for_update")) or again
    record = original_action(context, data_dict)
    return record if whole else personal.hide(context, [record])[0]


@tk.chained_action
@tk.side_effect_free
def package_search(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Return what a search finds; contact data only to those who work on a record."""
    found = original_action(context, data_dict)
    return {**found, "results": personal.hide_in_results(context, found["results"])}


def _records(name: str) -> Action:
    """Return the action that lists records, guarded.

    :param name: of the action
    """

    @tk.chained_action
    @tk.side_effect_free
    def action(original_action: Action, context: Context, data_dict: DataDict) -> Any:
        return personal.hide(tk.fresh_context(context), original_action(context, data_dict))

    action.__name__ = name
    action.__doc__ = f"{name} of CKAN; contact data only to those who work on a record."
    return cast("Action", action)


current_package_list_with_resources = _records("current_package_list_with_resources")
dataset_followee_list = _records("dataset_followee_list")


@tk.chained_action
@tk.side_effect_free
def followee_list(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Return what a user follows; contact data only to those who work on a record."""
    # CKAN writes ``ignore_auth`` into the context.
    reader = tk.fresh_context(context)
    rows = original_action(context, data_dict)
    shown = personal.hide(reader, [row["dict"] for row in rows])
    return [{**row, "dict": record} for row, record in zip(rows, shown, strict=True)]


def _of_activity(row: Any) -> Any:
    """Return the record that an activity has with it; None for none."""
    data = row.get("data")
    return data.get("package") if isinstance(data, dict) else None


def _hide_in_activities(context: Context, rows: list[Any]) -> list[Any]:
    """Return activities with their records as the user may see them."""
    shown = personal.hide(context, map(_of_activity, rows), old=True)
    return [
        row if record is None else {**row, "data": {**row["data"], "package": record}}
        for row, record in zip(rows, shown, strict=True)
    ]


def _stream(name: str) -> Action:
    """Return the action that lists activities, guarded.

    :param name: of the action
    """

    @tk.chained_action
    @tk.side_effect_free
    def action(original_action: Action, context: Context, data_dict: DataDict) -> Any:
        return _hide_in_activities(context, original_action(context, data_dict))

    action.__name__ = name
    action.__doc__ = f"{name} of CKAN; contact data only to those who work on a record."
    return cast("Action", action)


@tk.chained_action
@tk.side_effect_free
def _activity_show(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Return an activity; contact data only to those who work on its record."""
    return _hide_in_activities(context, [original_action(context, data_dict)])[0]


@tk.chained_action
@tk.side_effect_free
def _activity_data_show(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Return what an activity has with it; contact data only to those who work on its record."""
    data = original_action(context, data_dict)
    if data_dict.get("object_type"):
        return personal.hide(context, [data], old=True)[0]
    return _hide_in_activities(context, [{"data": data}])[0]["data"]


def streams() -> dict[str, Action]:
    """Return the actions of ckanext-activity by name."""
    found: dict[str, Any] = {name: _stream(name) for name in ACTIVITY_LISTS}
    found |= {"activity_show": _activity_show, "activity_data_show": _activity_data_show}
    return found
