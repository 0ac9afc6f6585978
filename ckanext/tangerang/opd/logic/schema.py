"""What the actions of the plugin ``tangerang_opd`` take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ...metadata import codelists, values
from ...metadata.navl import message
from ..lookup import MAX_TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckan.types import Schema

#: The largest number of changes that one call returns, and the usual one.
MAX_JOURNAL = 500
DEFAULT_JOURNAL = 50
#: More characters than any name has.
_LONGEST = 300


def _reading(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a validator that gives what ``read`` makes of a value; nothing for an empty one.

    :param read: raises ``Problem`` for what can not be read
    """

    def validator(value: Any) -> Any:
        if value is tk.missing or values.is_empty(value):
            return None
        try:
            return read(value)
        except values.Problem as problem:
            raise tk.Invalid(message(problem)) from problem

    return validator


def _text(value: Any) -> Any:
    """Read one short text."""
    return values.read_text(value, _LONGEST)


def _key_of(lists: str) -> Callable[[Any], Any]:
    """Return what reads one key of some code lists."""
    return lambda value: values.read_choice(value, [c["value"] for c in codelists.choices(lists)])


def tangerang_opd_list() -> Schema:
    """Return the schema of the action of that name."""
    v: Any = tk.get_validator
    return {
        "q": [_reading(_text)],
        "jenis": [_reading(_key_of("kelompok_opd"))],
        "urusan": [_reading(_key_of("urusan unsur_penunjang"))],
        "valid_on": [_reading(values.read_period)],
        "tree": [v("default")(False), v("boolean_validator")],
    }


def tangerang_opd_show() -> Schema:
    """Return the schema of the action of that name."""
    return {"id": [_reading(_text), tk.get_validator("not_empty")]}


def tangerang_opd_alias_create() -> Schema:
    """Return the schema of the action of that name."""
    not_empty = tk.get_validator("not_empty")
    return {"id": [_reading(_text), not_empty], "alias": [_reading(_text), not_empty]}


def tangerang_opd_alias_delete() -> Schema:
    """Return the schema of the action of that name."""
    return tangerang_opd_alias_create()


def _asked(value: Any) -> str:
    """Read what the resolver is asked; an empty text is an answer to give, not an error."""
    if value is None or value is tk.missing:
        raise tk.Invalid(tk._("Send the text or code as q."))
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise tk.Invalid(tk._("Write plain text here."))
    return str(value)


def _several_asked(value: Any) -> list[str]:
    """Read the list of what the resolver is asked."""
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list):
        raise tk.Invalid(tk._("Send the texts or codes as a list q."))
    if len(value) > MAX_TEXTS:
        text = tk._("This is too long: {count} texts. Send at most {limit} at once.")
        raise tk.Invalid(text.format(count=len(value), limit=MAX_TEXTS))
    return ["" if entry is None else _asked(entry) for entry in value]


def _year(value: Any) -> int:
    """Read a year, also the first four digits of a month or day."""
    text = str(_reading(values.read_period)(str(value)) or "")
    return int(text[:4])


def _ask(read: Callable[[Any], Any]) -> Schema:
    """Return the schema of an action that asks the resolver."""
    return {"q": [read], "year": [tk.get_validator("ignore_empty"), _year]}


def tangerang_opd_resolve() -> Schema:
    """Return the schema of the action of that name."""
    return _ask(_asked)


def tangerang_opd_resolve_many() -> Schema:
    """Return the schema of the action of that name."""
    return _ask(_several_asked)


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
