"""The variables of an activity as a table (CSV).

A plain library without CKAN. Columns have the names of the fields, as everywhere in the API. No
cell begins with what a spreadsheet takes for a formula.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from ..metadata.values import as_list, is_empty
from ..spreadsheet import BYTE_ORDER_MARK, cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..metadata.fields import Field


def _text(column: Field, value: Any) -> str:
    """Return a cell in one text: several entries in lines, pairs as ``1 = Laki-laki``."""
    if is_empty(value):
        return ""
    if column["kind"] == "pairs":
        pairs = (pair for pair in as_list(value) if isinstance(pair, dict))
        return "\n".join(
            f"{pair.get('kode', '')} = {pair.get('nilai', '')}".strip() for pair in pairs
        )
    return "\n".join(str(entry) for entry in as_list(value))


def write(columns: Iterable[Field], rows: Iterable[Mapping[str, Any]], *, excel: bool) -> str:
    """Return the table of the variables of an activity.

    :param columns: ``row_fields`` of the field of the variables
    :param excel: with semicolons and the mark of UTF-8, which Excel set to Indonesian reads by a
        double click; with commas and without the mark otherwise
    """
    listed = list(columns)
    buffer = io.StringIO()
    if excel:
        buffer.write(BYTE_ORDER_MARK)
    writer = csv.writer(buffer, delimiter=";" if excel else ",")
    writer.writerow([column["field_name"] for column in listed])
    for row in rows:
        writer.writerow([cell(_text(c, row.get(c["field_name"]))) for c in listed])
    return buffer.getvalue()
