"""The first rows of a table as a page shows them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from babel.numbers import format_decimal

from ..metadata.language import current_language
from . import reading
from .values import is_number, number_text, plain_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

#: Numbers that name or count nothing: a year or a code has no thousands.
_NAMES: Final = re.compile(
    r"(^|[\W_])(tahun|thn|year|kode|code|id|nik|nip|npsn|nomor|no|rt|rw)([\W_]|$)", re.IGNORECASE
)
#: Type of a column, in the dictionary of a table, that is a year.
_YEAR: Final = "year"
#: Digits after the decimal comma that are shown.
_FORM: Final = "#,##0.##########"
#: Characters of a cell that are shown.
_MAX_TEXT: Final = 200


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a column."""

    name: str
    label: str
    unit: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of a table."""

    headings: tuple[Heading, ...]
    rows: tuple[tuple[str, ...], ...]
    #: There are further rows.
    has_more: bool


def _cell(value: Any, *, grouped: bool) -> str:
    """Return a value as people of the language of the request write it."""
    if is_number(value):
        if not grouped:
            return number_text(value)
        return format_decimal(cast("Decimal", value), _FORM, locale=current_language())
    text = plain_text(value)
    return text if len(text) <= _MAX_TEXT else f"{text[:_MAX_TEXT]}…"


def preview(
    resource_id: str, dictionary: Sequence[Mapping[str, str]], count: int
) -> Preview | None:
    """Return the first rows of a table; None where there are none.

    :param resource_id: the caller has checked that the user may read it
    :param dictionary: the rows of its dictionary of columns
    :param count: how many rows
    """
    found = reading.first_rows(resource_id, count + 1)
    if not found:
        return None
    told = {row["kolom"]: row for row in dictionary}
    shown = found[:count]
    headings: list[Heading] = []
    grouped: list[bool] = []
    for name in found[0]:
        row = told.get(name, {})
        numeric = all(is_number(entry[name]) for entry in shown if entry[name] is not None)
        has_any = any(entry[name] is not None for entry in shown)
        headings.append(
            Heading(name, row.get("label") or name, row.get("satuan", ""), numeric and has_any)
        )
        grouped.append(row.get("tipe") != _YEAR and not _NAMES.search(name))
    return Preview(
        headings=tuple(headings),
        rows=tuple(
            tuple(_cell(v, grouped=g) for v, g in zip(entry.values(), grouped, strict=True))
            for entry in shown
        ),
        has_more=len(found) > count,
    )
