"""What the actions of the plugin ``tangerang_content`` take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ckan.plugins.toolkit as tk

from .. import pages

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckan.types import Schema

MAX_TITLE: Final = 200
#: Some forty pages of paper.
MAX_TEXT: Final = 100_000
MAX_NOTE: Final = 500
_MAX_NUMBER: Final = 1_000_000


def _is_absent(value: Any) -> bool:
    """Tell whether nothing was given."""
    return value is tk.missing or value is None


def _text(limit: int, *, needed: bool = False) -> Callable[[Any], str]:
    """Return a validator for text of at most ``limit`` characters."""

    def validator(value: Any) -> str:
        if not isinstance(value, str):
            raise tk.Invalid(tk._("Write text here."))
        text = value.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
        if needed and not text:
            raise tk.Invalid(tk._("Fill this in."))
        if len(text) > limit:
            raise tk.Invalid(
                tk._("At most {limit} characters; these are {number}.").format(
                    limit=limit, number=len(text)
                )
            )
        return text

    return validator


def _name(value: Any) -> str:
    """Return the address of a page."""
    if (
        not isinstance(value, str)
        or len(value) > pages.MAX_NAME
        or not pages.NAME.fullmatch(value)
        or value in pages.RESERVED
    ):
        raise tk.Invalid(
            tk._(
                "Write small letters, digits and hyphens, at most {limit} characters, such as "
                "forum-satu-data."
            ).format(limit=pages.MAX_NAME)
        )
    return value


def _place(value: Any) -> str:
    """Return where a link to the page stands."""
    if value not in pages.PLACES:
        raise tk.Invalid(tk._("Use one of {names}.").format(names='"menu", "footer", ""'))
    return str(value)


def _number(value: Any) -> int:
    """Return a whole number from 0."""
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError):
        number = -1
    if isinstance(value, (bool, float)) or not 0 <= number <= _MAX_NUMBER:
        raise tk.Invalid(tk._("Write a whole number from 0 to {limit}.").format(limit=_MAX_NUMBER))
    return number


def _optional(validator: Callable[[Any], Any]) -> list[Any]:
    """Return the validators of what may be left out."""
    return [tk.get_validator("ignore_missing"), validator]


def _or(default: Any, validator: Callable[[Any], Any]) -> list[Any]:
    """Return the validators of what has a default."""

    def with_default(value: Any) -> Any:
        return default if _is_absent(value) else validator(value)

    return [with_default]


def _id() -> list[Any]:
    """Return the validators of the name of a page."""
    return [tk.get_validator("not_empty"), tk.get_validator("unicode_safe")]


def tangerang_page_list() -> Schema:
    """Return the schema of the action of that name."""
    return {
        "place": _optional(_place),
        "all": [tk.get_validator("boolean_validator")],
    }


def tangerang_page_show() -> Schema:
    """Return the schema of the action of that name."""
    return {"id": _id(), "version": _optional(_number)}


def tangerang_page_create() -> Schema:
    """Return the schema of the action of that name."""
    return {
        "name": [tk.get_validator("not_missing"), _name],
        "title_id": [tk.get_validator("not_missing"), _text(MAX_TITLE, needed=True)],
        "title_en": _or("", _text(MAX_TITLE)),
        "text_id": _or("", _text(MAX_TEXT)),
        "text_en": _or("", _text(MAX_TEXT)),
        "place": _or("", _place),
        "position": _or(100, _number),
        "published": [tk.get_validator("boolean_validator")],
        "note": _or("", _text(MAX_NOTE)),
    }


def tangerang_page_update() -> Schema:
    """Return the schema of the action of that name: what is left out stays."""
    return {
        "id": _id(),
        "version": [tk.get_validator("not_missing"), _number],
        "title_id": _optional(_text(MAX_TITLE, needed=True)),
        "title_en": _optional(_text(MAX_TITLE)),
        "text_id": _optional(_text(MAX_TEXT)),
        "text_en": _optional(_text(MAX_TEXT)),
        "place": _optional(_place),
        "position": _optional(_number),
        "published": [
            tk.get_validator("ignore_missing"),
            tk.get_validator("boolean_validator"),
        ],
        "note": _or("", _text(MAX_NOTE)),
    }


def tangerang_page_delete() -> Schema:
    """Return the schema of the action of that name."""
    return {
        "id": _id(),
        "version": [tk.get_validator("not_missing"), _number],
        "note": _or("", _text(MAX_NOTE)),
    }


def tangerang_page_history() -> Schema:
    """Return the schema of the action of that name."""
    return {"id": _id()}


def tangerang_page_revert() -> Schema:
    """Return the schema of the action of that name."""
    return {
        "id": _id(),
        "version": [tk.get_validator("not_missing"), _number],
        "to": [tk.get_validator("not_missing"), _number],
        "note": _or("", _text(MAX_NOTE)),
    }
