"""What the actions of the plugin ``tangerang_usage`` take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ckan.plugins.toolkit as tk

from ...metadata.fields import DATASET_TYPE, RECORD_TYPES
from ..store import SORTS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from ckan.types import Schema

#: The largest and the usual number of records of a list, days and months.
MAX_ROWS: Final = 100
DEFAULT_ROWS: Final = 10
MAX_DAYS: Final = 3_660
DEFAULT_DAYS: Final = 30
MAX_MONTHS: Final = 120
DEFAULT_MONTHS: Final = 12


def _number(default: int, limit: int) -> Callable[[Any], int]:
    """Return a validator for a whole number from 1 to ``limit``.

    :param default: what an empty value stands for
    """

    def validator(value: Any) -> int:
        if value is tk.missing or value in (None, ""):
            return default
        try:
            number = int(value)
        except (TypeError, ValueError, OverflowError):
            number = 0
        if not 1 <= number <= limit:
            raise tk.Invalid(tk._("Write a whole number from 1 to {limit}.").format(limit=limit))
        return number

    return validator


def _one_of(names: Collection[str], default: str) -> Callable[[Any], str]:
    """Return a validator for one of some names.

    :param default: what an empty value stands for
    """

    def validator(value: Any) -> str:
        if value is tk.missing or value in (None, ""):
            return default
        if not isinstance(value, str) or value not in names:
            raise tk.Invalid(tk._("Use one of {names}.").format(names=", ".join(names)))
        return value

    return validator


def _id() -> list[Any]:
    """Return the validators of an id or name."""
    return [tk.get_validator("not_empty"), tk.get_validator("unicode_safe")]


def tangerang_usage_list() -> Schema:
    """Return the schema of the action of that name."""
    return {
        "rows": [_number(DEFAULT_ROWS, MAX_ROWS)],
        "days": [_number(DEFAULT_DAYS, MAX_DAYS)],
        "sort": [_one_of(SORTS, SORTS[0])],
        "type": [_one_of(RECORD_TYPES, DATASET_TYPE)],
    }


def tangerang_usage_show() -> Schema:
    """Return the schema of the action of that name."""
    return {"id": _id(), "days": [_number(DEFAULT_DAYS, MAX_DAYS)]}


def tangerang_usage_month_list() -> Schema:
    """Return the schema of the action of that name."""
    return {"months": [_number(DEFAULT_MONTHS, MAX_MONTHS)]}


def tangerang_usage_organization_show() -> Schema:
    """Return the schema of the action of that name."""
    return {"id": _id(), "days": [_number(DEFAULT_DAYS, MAX_DAYS)]}
