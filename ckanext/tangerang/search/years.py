"""The years that a dataset covers, and the filter by them. A library without CKAN.

In the index stand the first and the last year, each as one exact text of four digits.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Fields of the search index.
FIRST: Final = "tangerang_tahun_awal"
LAST: Final = "tangerang_tahun_akhir"

#: Parameters of a search, also of the API: from this year on, up to this year.
FROM: Final = "ext_tahun_dari"
TO: Final = "ext_tahun_sampai"

_YEAR = re.compile(r"\s*(\d{4})(?!\d)")


def year(value: Any) -> str:
    """Return the year with which a year, month or day begins; empty if there is none."""
    found = _YEAR.match(value) if isinstance(value, str) else None
    return found.group(1) if found else ""


def covered(start: Any, end: Any) -> dict[str, str]:
    """Return the fields of the index for a period; without an end it is its first year.

    :param start: ``periode_awal``: a year, year-month or day
    :param end: ``periode_akhir``
    """
    first, last = year(start), year(end)
    if not (first or last):
        return {}
    return {FIRST: min(first or last, last or first), LAST: max(last or first, first or last)}


def asked(params: Mapping[str, Any]) -> tuple[str, str]:
    """Return the years from and to which somebody asks, each empty if there is none.

    Two years in the wrong order are put in order; what is no year is not read.
    """
    first, last = (
        year(value[0] if isinstance(value, list) and value else value)
        for value in (params.get(FROM), params.get(TO))
    )
    if first and last and first > last:
        return last, first
    return first, last


def filters(params: Mapping[str, Any]) -> list[str]:
    """Return the filters of a search: the period of a dataset touches the years asked for."""
    first, last = asked(params)
    found = []
    if first:
        found.append(f"+{LAST}:[{first} TO *]")
    if last:
        found.append(f"+{FIRST}:[* TO {last}]")
    return found
