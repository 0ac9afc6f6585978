"""What the actions of the plugin ``tangerang_opd`` take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckan.types import Schema

#: The largest number of changes that one call returns, and the usual one.
MAX_JOURNAL = 500
DEFAULT_JOURNAL = 50


def _at_most(limit: int) -> Callable[[int], int]:
    """Return a validator that reads a larger number as ``limit``, as CKAN does."""
    return lambda number: min(number, limit)


def tangerang_opd_plan() -> Schema:
    """Return the schema of the action of that name, without ``upload`` and ``registry``."""
    v: Any = tk.get_validator
    return {"filename": [v("default")(""), v("unicode_only")]}


def tangerang_opd_apply() -> Schema:
    """Return the schema of the action of that name."""
    v: Any = tk.get_validator
    return {"token": [v("not_empty"), v("unicode_only")]}


def tangerang_opd_undo() -> Schema:
    """Return the schema of the action of that name."""
    v: Any = tk.get_validator
    return {"id": [v("not_empty"), v("unicode_only")]}


def tangerang_opd_journal_list() -> Schema:
    """Return the schema of the action of that name."""
    v: Any = tk.get_validator
    return {
        "id": [v("ignore_empty"), v("unicode_only")],
        "limit": [
            v("default")(DEFAULT_JOURNAL),
            v("natural_number_validator"),
            _at_most(MAX_JOURNAL),
        ],
        "offset": [v("default")(0), v("natural_number_validator")],
    }
