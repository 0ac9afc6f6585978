"""What the actions of the plugin ``tangerang_metadata`` take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from .. import values
from ..fields import RECORD_TYPES
from ..navl import message

if TYPE_CHECKING:
    from ckan.types import Schema


def _record_type(value: Any) -> Any:
    """Refuse what is no type of a record.

    :raises Invalid: naming the types
    """
    if value not in RECORD_TYPES:
        raise tk.Invalid(tk._("Use one of {names}.").format(names=", ".join(RECORD_TYPES)))
    return value


def _mapping(value: Any) -> Any:
    """Refuse what is no object with values by field name.

    :raises Invalid: for anything else
    """
    if not isinstance(value, dict):
        raise tk.Invalid(tk._("Send an object with values by field name."))
    return value


def _year(value: Any) -> Any:
    """Refuse what is no year.

    :raises Invalid: saying how to write one
    """
    try:
        return values.read_year(value)
    except values.Problem as problem:
        raise tk.Invalid(message(problem)) from problem


def tangerang_codelist_show() -> Schema:
    """Return the schema of the action of that name."""
    text = tk.get_validator("unicode_safe")
    return {"name": [tk.get_validator("not_empty"), text]}


def tangerang_condition_show() -> Schema:
    """Return the schema of the action of that name."""
    return {
        "type": [tk.get_validator("not_empty"), _record_type],
        "data": [tk.get_validator("not_missing"), _mapping],
    }


#: Largest number of suggestions in one answer.
_SUGGESTIONS = 50


def _at_most(limit: int) -> Any:
    """Return a validator that lowers a number to ``limit``."""
    return lambda value: min(value, limit)


def tangerang_link_autocomplete() -> Schema:
    """Return the schema of the action of that name."""
    v: Any = tk.get_validator
    return {
        "type": [v("not_empty"), v("one_of")(["kegiatan", "indikator", "variabel"])],
        "q": [v("default")(""), v("unicode_safe")],
        "limit": [v("default")(10), v("natural_number_validator"), _at_most(_SUGGESTIONS)],
    }


def tangerang_link_list() -> Schema:
    """Return the schema of the action of that name."""
    return {"id": [tk.get_validator("not_empty"), tk.get_validator("unicode_safe")]}


#: Largest number of releases in one answer.
_RELEASES = 100


def tangerang_release_list() -> Schema:
    """Return the schema of the action of that name."""
    v: Any = tk.get_validator
    return {"limit": [v("default")(10), v("natural_number_validator"), _at_most(_RELEASES)]}


def tangerang_record_copy() -> Schema:
    """Return the schema of the action of that name."""
    v: Any = tk.get_validator
    return {
        "id": [v("not_empty"), v("unicode_safe")],
        "tahun": [v("ignore_empty"), _year],
        "force": [v("default")(False), v("boolean_validator")],
    }
