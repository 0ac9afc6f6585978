"""What the actions of the plugin ``tangerang_score`` take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk

from .. import query, store

if TYPE_CHECKING:
    from ckan.types import Schema, Validator

#: The largest number of records that one call returns, and the usual one.
MAX_LIMIT = 1_000
DEFAULT_LIMIT = 100


def _up_to(limit: int) -> Validator:
    """Return a validator that reads larger numbers as ``limit``, as CKAN's lists do."""

    def validator(value: int) -> int:
        return min(value, limit)

    return validator


def tangerang_score_show() -> Schema:
    """Return the schema of the action of that name."""
    return {"id": [tk.get_validator("not_empty"), tk.get_validator("unicode_safe")]}


def tangerang_score_average_list() -> Schema:
    """Return the schema of the action of that name."""
    return {
        "type": [tk.get_validator("ignore_empty"), tk.get_validator("one_of")(list(store.TYPES))],
    }


def tangerang_score_list() -> Schema:
    """Return the schema of the action of that name."""
    number = tk.get_validator("natural_number_validator")
    default = tk.get_validator("default")
    return {
        **tangerang_score_average_list(),
        "organization": [tk.get_validator("ignore_empty"), tk.get_validator("unicode_safe")],
        "sort": [default(query.LACKING), tk.get_validator("one_of")(list(query.SORTS))],
        "limit": [default(DEFAULT_LIMIT), number, _up_to(MAX_LIMIT)],
        "offset": [default(0), number],
    }
