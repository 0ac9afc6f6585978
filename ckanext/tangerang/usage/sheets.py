"""Figures of use as tables to take away: CSV and Excel."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from ..characters import fit
from ..spreadsheet import BYTE_ORDER_MARK, cell

if TYPE_CHECKING:
    from collections.abc import Sequence

XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDE, _NARROW = 60, 16


@dataclass(frozen=True)
class Table:
    """A table of figures."""

    #: Name of the sheet, and part of the name of a file.
    name: str
    header: Sequence[str]
    #: Texts, whole numbers, and None for what nobody counted.
    rows: Sequence[Sequence[str | int | None]]


def as_csv(table: Table) -> str:
    """Return a table as CSV that spreadsheets take for UTF-8."""
    buffer = io.StringIO()
    buffer.write(BYTE_ORDER_MARK)
    writer = csv.writer(buffer)
    writer.writerow(table.header)
    for row in table.rows:
        writer.writerow([value if isinstance(value, int) else cell(value) for value in row])
    return buffer.getvalue()


def _cell(sheet: Any, value: str | int | None) -> Any:
    """Return a cell: a number, or text that Excel never takes for a formula."""
    if value is None or isinstance(value, int):
        return WriteOnlyCell(sheet, value=value)
    made = WriteOnlyCell(sheet, value=fit(value))
    made.data_type = "s"
    made.quotePrefix = True
    return made


def as_xlsx(tables: Sequence[Table]) -> bytes:
    """Return tables as a workbook, each on a sheet of its own."""
    book = Workbook(write_only=True)
    for table in tables:
        sheet: Any = book.create_sheet(table.name[:31])
        for index, _name in enumerate(table.header):
            is_text = any(isinstance(row[index], str) for row in table.rows)
            width = _WIDE if is_text and index else _NARROW
            sheet.column_dimensions[get_column_letter(index + 1)].width = width
        sheet.freeze_panes = "A2"
        head = [_cell(sheet, name) for name in table.header]
        for entry in head:
            entry.font = Font(bold=True)
        sheet.append(head)
        for row in table.rows:
            sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
