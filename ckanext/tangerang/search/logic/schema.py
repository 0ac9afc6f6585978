"""What the action of the plugin ``tangerang_search`` takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ..query import MAX_CHARACTERS

if TYPE_CHECKING:
    from ckan.types import Schema


def _typed(value: Any) -> str:
    """Return what somebody typed, without white space around it; empty for nothing.

    :raises Invalid: when it is not text, or too long
    """
    if value is tk.missing or value is None:
        return ""
    if not isinstance(value, str):
        raise tk.Invalid(tk._("Write text here."))
    text = " ".join(value.split())
    if len(text) > MAX_CHARACTERS:
        raise tk.Invalid(
            tk._("Write at most {number} characters here.").format(number=MAX_CHARACTERS)
        )
    return text


def tangerang_search_suggest() -> Schema:
    """Return the schema of the action of that name."""
    return {"q": [_typed]}
