"""Words for days, releases and frequencies, in the language of the user."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from babel.dates import format_date

from ...metadata.codelists import codelist
from ...metadata.language import current_language, local_day

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Characters of a day in ISO form; a moment has more.
_DAY = 10


def day_label(day: str | None) -> str:
    """Return a day as people read it; empty for none.

    :param day: its ISO form, or that of a moment
    """
    if not day:
        return ""
    found = date.fromisoformat(day) if len(day) == _DAY else local_day(day)
    return format_date(found, "d MMMM yyyy", locale=current_language())


def release_text(row: Mapping[str, Any]) -> str:
    """Return when the next release is expected: a day, or a month; empty for no plan."""
    if not row["release"]:
        return ""
    first, last = row["release"]["first"], row["release"]["last"]
    if first == last:
        return day_label(last)
    return format_date(date.fromisoformat(first), "MMMM yyyy", locale=current_language())


def frequency_label(key: str | None) -> str:
    """Return what people call a frequency; empty for none."""
    item = codelist("frekuensi").get(key or "")
    return item.label(current_language()) if item else ""
