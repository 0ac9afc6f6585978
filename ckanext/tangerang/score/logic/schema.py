"""What the actions of the plugin ``tangerang_score`` take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from .. import query, store

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from ckan.types import Schema

#: The largest number of records that one call returns, and the usual one.
MAX_LIMIT = 1_000
DEFAULT_LIMIT = 100
#: More records than any portal has; it bounds what reaches the database.
_MAX_OFFSET = 10_000_000


def _one_of(names: Collection[str], default: str | None = None) -> Callable[[Any], Any]:
    """Return a validator for one of some names.

    :param default: what an empty value stands for
    """

    def validator(value: Any) -> Any:
        if value is tk.missing or value in (None, ""):
            return default
        if not isinstance(value, str) or value not in names:
            raise tk.Invalid(tk._("Use one of {names}.").format(names=", ".join(names)))
        return value

    return validator


def _number(default: int, limit: int) -> Callable[[Any], int]:
    """Return a validator for a number from 0; one beyond ``limit`` is read as that, as CKAN does.

    :param default: what an empty value stands for
    """

    def validator(value: Any) -> int:
        if value is tk.missing or value in (None, ""):
            return default
        try:
            number = int(value)
        except (TypeError, ValueError, OverflowError):
            number = -1
        if number < 0:
            raise tk.Invalid(tk._("Write a whole number, 0 or more."))
        return min(number, limit)

    return validator


def tangerang_score_show() -> Schema:
    """Return the schema of the action of that name."""
    return {"id": [tk.get_validator("not_empty"), tk.get_validator("unicode_safe")]}


def tangerang_score_average_list() -> Schema:
    """Return the schema of the action of that name."""
    return {
        "type": [_one_of(store.TYPES)],
        "organization": [tk.get_validator("ignore_empty"), tk.get_validator("unicode_safe")],
    }


def tangerang_score_list() -> Schema:
    """Return the schema of the action of that name."""
    return {
        "type": [_one_of(store.TYPES)],
        "organization": [tk.get_validator("ignore_empty"), tk.get_validator("unicode_safe")],
        "sort": [_one_of(query.SORTS, query.LACKING)],
        "limit": [_number(DEFAULT_LIMIT, MAX_LIMIT)],
        "offset": [_number(0, _MAX_OFFSET)],
    }
