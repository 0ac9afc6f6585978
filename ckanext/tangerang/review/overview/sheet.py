"""The list of data as an Excel workbook."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from ...characters import fit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MIMETYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What a cell of Excel holds.
_MAX_CELL = 32_767
_WIDTHS = (40, 60, 22, 22, 14, 14, 16, 18, 24, 24, 50)


def _cell(sheet: Any, value: Any) -> Any:
    """Return a cell that holds a value as text, whatever it begins with: never a formula."""
    text = fit("" if value is None else str(value))[:_MAX_CELL]
    made = WriteOnlyCell(sheet, value=text)
    made.data_type = "s"
    # Excel shows a text that begins like a formula as it is, and leaves it one when it is edited.
    made.quotePrefix = True
    return made


def workbook(title: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a workbook of one sheet; rows are written as they come.

    :param title: name of the sheet
    """
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(title[:31])
    for index in range(len(header)):
        sheet.column_dimensions[get_column_letter(index + 1)].width = _WIDTHS[index]
    sheet.freeze_panes = "A2"
    head = [_cell(sheet, name) for name in header]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
