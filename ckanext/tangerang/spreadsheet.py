"""What a table needs so that a spreadsheet reads it as it is meant."""

from __future__ import annotations

from typing import Any

#: The mark by which Excel knows UTF-8.
BYTE_ORDER_MARK = "\ufeff"
#: What spreadsheets take for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def cell(value: Any) -> str:
    """Return a value as the text of a cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
