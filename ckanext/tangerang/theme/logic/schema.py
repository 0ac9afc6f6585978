"""What the actions of the plugin ``tangerang_theme`` take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ..home.headlines import MOST

if TYPE_CHECKING:
    from ckan.types import Schema

#: Orders of the list of organizations; the first is the usual one.
SORTS = ["title asc", "title desc", "name asc", "name desc"]
_LIMIT = 1_000


def _several(value: Any) -> list[str]:
    """Return a list of texts.

    :raises Invalid: for anything else, and when there are too many
    """
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, list) or not all(isinstance(key, str) for key in found):
        raise tk.Invalid(tk._("Send a list of ids or names."))
    if len(found) > MOST:
        raise tk.Invalid(tk._("Choose {number} indicators at most.").format(number=MOST))
    return found


def tangerang_organization_list() -> Schema:
    """Return the schema of the action of that name."""
    v: Any = tk.get_validator
    return {
        "q": [v("default")(""), v("unicode_safe")],
        "sort": [v("default")(SORTS[0]), v("one_of")(SORTS)],
        "limit": [
            v("default")(20),
            v("natural_number_validator"),
            lambda value: min(value, _LIMIT),
        ],
        "offset": [v("default")(0), v("natural_number_validator")],
    }


def tangerang_headline_update() -> Schema:
    """Return the schema of the action of that name."""
    return {"indikator": [tk.get_validator("not_missing"), _several]}
