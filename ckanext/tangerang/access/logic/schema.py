"""What the actions of the plugin ``tangerang_access`` take."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ...metadata.navl import message
from ...metadata.values import Problem, read_date, read_text
from .. import states

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckan.types import Schema

#: The largest number of rows that one call returns, and the usual one.
MAX_LIMIT = 1_000
DEFAULT_LIMIT = 100
_MAX_OFFSET = 10_000_000


def _text(limit: int, least: int = 0) -> Callable[[Any], Any]:
    """Return a validator for plain text.

    :param limit: the largest number of characters
    :param least: the smallest
    """

    def validator(value: Any) -> Any:
        try:
            read = read_text(value, limit) or ""
        except Problem as problem:
            raise tk.Invalid(message(problem)) from problem
        if len(read) < least:
            raise tk.Invalid(
                tk._("Write a little more: {count} characters at least.").format(count=least)
            )
        return read

    return validator


def _day(value: Any) -> Any:
    """Refuse what is no day.

    :raises Invalid: saying how to write one
    """
    try:
        return date.fromisoformat(read_date(value) or "")
    except (Problem, ValueError) as problem:
        raise tk.Invalid(tk._("Write a day as year-month-day, such as 2027-01-31.")) from problem


def _needed(*more: Any) -> list[Any]:
    """Return the validators of a value that is needed."""
    return [tk.get_validator("not_empty"), *more]


def _optional(*more: Any) -> list[Any]:
    """Return the validators of a value that may be left out."""
    return [tk.get_validator("ignore_empty"), *more]


def _number(default: int, limit: int) -> list[Any]:
    """Return the validators of a number from 0; one beyond ``limit`` is read as that."""
    v: Any = tk.get_validator
    return [v("default")(default), v("natural_number_validator"), lambda value: min(value, limit)]


def _pages() -> Schema:
    """Return the schema of the part of a list that is wanted."""
    return {"limit": _number(DEFAULT_LIMIT, MAX_LIMIT), "offset": _number(0, _MAX_OFFSET)}


def tangerang_access_read() -> Schema:
    """Return the schema of the action of that name."""
    return {"id": _needed(_text(100))}


def tangerang_access_request() -> Schema:
    """Return the schema of the action of that name."""
    return {
        "id": _needed(_text(100)),
        "resource_id": _optional(_text(100)),
        "name": _needed(_text(200, 3)),
        "institution": _needed(_text(200, 2)),
        "email": _needed(_text(254, 5), tk.get_validator("email_validator")),
        "purpose": _needed(_text(2_000, 20)),
    }


def tangerang_access_grant() -> Schema:
    """Return the schema of the action of that name."""
    v: Any = tk.get_validator
    return {
        "id": _needed(_text(100)),
        "until": _needed(_day),
        "reason": _optional(_text(2_000)),
        "mail": [v("default")(True), v("boolean_validator")],
    }


def tangerang_access_refuse() -> Schema:
    """Return the schema of the actions that take a request and a reason."""
    v: Any = tk.get_validator
    return {
        "id": _needed(_text(100)),
        "reason": _needed(_text(2_000, 5)),
        "mail": [v("default")(True), v("boolean_validator")],
    }


def tangerang_access_revoke() -> Schema:
    """Return the schema of the action of that name; for the own request no reason is needed."""
    return {**tangerang_access_refuse(), "reason": _optional(_text(2_000))}


def tangerang_access_link() -> Schema:
    """Return the schema of the action of that name."""
    v: Any = tk.get_validator
    return {"id": _needed(_text(100)), "mail": [v("default")(True), v("boolean_validator")]}


def tangerang_access_show() -> Schema:
    """Return the schema of the action of that name."""
    return {"id": _needed(_text(100))}


def tangerang_access_list() -> Schema:
    """Return the schema of the action of that name."""
    v: Any = tk.get_validator
    return {
        "dataset": _optional(_text(100)),
        "owner_org": _optional(_text(100)),
        "state": _optional(v("one_of")(states.SHOWN)),
        "mine": [v("default")(False), v("boolean_validator")],
        **_pages(),
    }


def tangerang_access_read_list() -> Schema:
    """Return the schema of the action of that name."""
    return {"dataset": _optional(_text(100)), **_pages()}
