"""Values of a table as the formats write them: a plain library without CKAN.

A text stays the text that it is (``36.03.01`` is no number, ``=1+1`` no formula), a number a number
and a day a day. What a format can not hold becomes text rather than something else.
"""

from __future__ import annotations

import json
import math
import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from ..spreadsheet import cell as safe_cell

#: Excel keeps numbers with so many digits; a NIK of 16 would end in a zero.
_EXCEL_DIGITS: Final = 15
_EXCEL_LARGEST: Final = 10**307
#: Excel counts a 29 February 1900 that never was: earlier days would shift by one.
_EXCEL_FIRST: Final = datetime(1900, 3, 1)  # noqa: DTZ001 - as the table has it, without a zone
#: Begins like a formula, and is none: a signed number, or the dash of a cell without data.
_HARMLESS: Final = re.compile(r"[-+]?[\d.,]*")


def is_number(value: Any) -> bool:
    """Tell whether a value is a number; True and False are none."""
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _is_finite(value: Any) -> bool:
    """Tell whether a number is one that can be written."""
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) or value.is_finite()


def number_text(value: Any) -> str:
    """Return a number with all its digits, a decimal point and no exponent."""
    if isinstance(value, int):
        return str(value)
    if not _is_finite(value):
        return str(value)
    return format(value if isinstance(value, Decimal) else Decimal(repr(value)), "f")


def moment(column_type: str, value: Any) -> datetime | date | None:
    """Return the day or moment of a text that PostgreSQL wrote; None where it is none of Python's.

    :param column_type: ``date`` or ``timestamp``; moments with a zone stay text
    """
    try:
        if column_type == "date":
            return date.fromisoformat(value)
        if column_type == "timestamp":
            return datetime.fromisoformat(value)
    except ValueError:
        pass
    return None


def plain_text(value: Any) -> str:
    """Return a value that is neither number nor text, as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def csv_text(value: Any, *, decimal_comma: bool) -> str:
    """Return a cell of a CSV file; none begins with what a spreadsheet takes for a formula."""
    if is_number(value):
        text = number_text(value)
        return text.replace(".", ",") if decimal_comma else text
    text = plain_text(value)
    return text if _HARMLESS.fullmatch(text) else safe_cell(text)


def json_text(value: Any) -> str:
    """Return a value as JSON; numbers with all digits."""
    if is_number(value) and _is_finite(value):
        return number_text(value)
    if value is None or isinstance(value, (bool, list, dict)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return json.dumps(str(value), ensure_ascii=False)


def _fits_excel(value: Any) -> bool:
    """Tell whether Excel keeps a number as it is."""
    if not _is_finite(value) or abs(value) >= _EXCEL_LARGEST:
        return False
    digits = number_text(value).lstrip("-0.").replace(".", "").strip("0")
    return isinstance(value, float) or len(digits) <= _EXCEL_DIGITS


def excel_value(column_type: str, value: Any) -> Any:
    """Return what a cell of Excel holds: a number, a truth, a day, a moment, or text.

    :param column_type: of PostgreSQL
    """
    if value is None or isinstance(value, bool):
        return value
    if is_number(value):
        return value if _fits_excel(value) else number_text(value)
    found = moment(column_type, value) if isinstance(value, str) else None
    if found is None:
        return plain_text(value)
    start = found if isinstance(found, datetime) else datetime.combine(found, time())
    return found if start >= _EXCEL_FIRST and start.tzinfo is None else str(value)
