"""What the actions of the plugin ``tangerang_accounts`` take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from .. import audit, roles, store
from ..reader import FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from ckan.types import Schema

#: The largest number of rows that one call returns, and the usual one.
MAX_LIMIT = 1_000
DEFAULT_LIMIT = 100
_MAX_OFFSET = 10_000_000


def _one_of(names: Collection[str]) -> Callable[[Any], Any]:
    """Return a validator for one of some names, or nothing."""

    def validator(value: Any) -> Any:
        if value is tk.missing or value in (None, ""):
            return None
        if not isinstance(value, str) or value not in names:
            raise tk.Invalid(tk._("Use one of {names}.").format(names=", ".join(names)))
        return value

    return validator


def _text(value: Any) -> Any:
    """Refuse what is not text."""
    if not isinstance(value, str) or "\0" in value:
        raise tk.Invalid(tk._("Write plain text here."))
    return value.strip()


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


def _pages() -> Schema:
    """Return the schema of the part of a list that is wanted."""
    return {
        "limit": [_number(DEFAULT_LIMIT, MAX_LIMIT)],
        "offset": [_number(0, _MAX_OFFSET)],
    }


def _optional() -> list[Any]:
    """Return the validators of a text that may be left out."""
    return [tk.get_validator("ignore_empty"), _text]


def _needed() -> list[Any]:
    """Return the validators of a text that is needed."""
    return [tk.get_validator("not_empty"), _text]


def tangerang_account_list() -> Schema:
    """Return the schema of the action of that name."""
    return {
        "organization": _optional(),
        "role": [_one_of(roles.ROLES)],
        "state": [_one_of(tuple(store.STATES))],
        "q": _optional(),
        **_pages(),
    }


def tangerang_account_audit_list() -> Schema:
    """Return the schema of the action of that name."""
    return {"id": _optional(), "action": [_one_of(audit.KINDS)], **_pages()}


def tangerang_account_create() -> Schema:
    """Return the schema of the action of that name; the values are read row by row."""
    v: Any = tk.get_validator
    return {
        "accounts": {name: [v("ignore_missing")] for name in FIELDS},
        "upload": [v("ignore_missing")],
        "dry_run": [v("default")(True), v("boolean_validator")],
        "mail": [v("default")(True), v("boolean_validator")],
    }


def tangerang_account_show() -> Schema:
    """Return the schema of the actions that take one account and nothing else."""
    return {"id": _needed()}


def tangerang_account_link() -> Schema:
    """Return the schema of the action of that name."""
    v: Any = tk.get_validator
    return {"id": _needed(), "mail": [v("default")(True), v("boolean_validator")]}


def tangerang_account_move() -> Schema:
    """Return the schema of the action of that name."""
    return {
        "id": _needed(),
        "organization": _needed(),
        "role": [tk.get_validator("not_empty"), _one_of(roles.ROLES)],
    }


def tangerang_account_handover() -> Schema:
    """Return the schema of the action of that name."""
    return {"id": _needed(), "to": _needed()}
