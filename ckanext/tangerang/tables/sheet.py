"""A table as an Excel workbook, written row by row: memory does not grow with the table."""

from __future__ import annotations

from datetime import date, datetime
from typing import IO, TYPE_CHECKING, Any, Final, cast

import ckan.plugins.toolkit as tk
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from ..characters import UNFIT, fit
from ..metadata.kamus import KEYS
from .values import excel_value

if TYPE_CHECKING:
    from .describing import About
    from .reading import Snapshot

#: Rows of a sheet of Excel, the header too.
MAX_ROWS: Final = 1_048_576
#: Columns of a sheet of Excel.
MAX_COLUMNS: Final = 16_384
#: Characters of a cell of Excel.
_MAX_TEXT: Final = 32_767
_CUT: Final = " […]"
_WIDTH: Final = 22
#: What openpyxl would take for a formula, or for an error value such as ``#N/A``.
_MEANS_MORE: Final = ("=", "#")


class _Cells:
    """Makes the cells of a sheet; counts the texts that were too long for one."""

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet
        self.cut = 0

    def text(self, value: Any, **style: Any) -> Any:
        """Return a cell that holds text, whatever it begins with: never a formula."""
        text = fit(str(value))
        if len(text) > _MAX_TEXT:
            text = text[: _MAX_TEXT - len(_CUT)] + _CUT
            self.cut += 1
        cell = WriteOnlyCell(self._sheet, value=text)
        cell.data_type = "s"
        # Stays text when somebody edits the cell.
        cell.quotePrefix = True
        for name, part in style.items():
            setattr(cell, name, part)
        return cell

    def of(self, column_type: str, value: Any) -> Any:
        """Return what stands in the place of a value: a cell, or what needs none of its own."""
        found = excel_value(column_type, value)
        if isinstance(found, str):
            short = len(found) <= _MAX_TEXT and not UNFIT.search(found)
            return found if short and not found.startswith(_MEANS_MORE) else self.text(found)
        if isinstance(found, (date, datetime)):
            cell = WriteOnlyCell(self._sheet, value=cast("Any", found))
            is_day = not isinstance(found, datetime)
            cell.number_format = "yyyy-mm-dd" if is_day else "yyyy-mm-dd hh:mm:ss"
            return cell
        return found


def _table(book: Workbook, table: Snapshot) -> int:
    """Write the rows; return how many texts were cut."""
    sheet: Any = book.create_sheet(tk._("Data"))
    cells = _Cells(sheet)
    for number in range(1, len(table.columns) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTH
    sheet.freeze_panes = "A2"
    bold = Font(bold=True)
    sheet.append([cells.text(column.name, font=bold) for column in table.columns])
    types = [column.type for column in table.columns]
    of = cells.of
    for row in table.rows:
        sheet.append([of(kind, value) for kind, value in zip(types, row, strict=True)])
    return cells.cut


def _metadata(book: Workbook, about: About, cut: int) -> None:
    """Write what the table says of itself, and its dictionary."""
    sheet: Any = book.create_sheet(tk._("Metadata"))
    cells = _Cells(sheet)
    for number, width in enumerate((30, 60, 60, 16, 16, 40), start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    bold, wrap = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    facts = list(about.facts)
    if cut:
        note = tk._("{count} texts are longer than Excel holds and were cut; CSV has them whole.")
        facts.append((tk._("Note"), note.format(count=cut)))
    for name, text in facts:
        sheet.append([cells.text(name, font=bold), cells.text(text, alignment=wrap)])
    if not about.dictionary:
        return
    sheet.append([])
    heads = {
        "kolom": tk._("Column"),
        "label": tk._("Label"),
        "definisi": tk._("Definition"),
        "tipe": tk._("Type"),
        "satuan": tk._("Unit"),
        "variabel": tk._("Variable"),
    }
    sheet.append([cells.text(heads[key], font=bold) for key in KEYS])
    for row in about.dictionary:
        sheet.append([cells.text(row.get(key, ""), alignment=wrap) for key in KEYS])


def write(out: IO[bytes], table: Snapshot, about: About) -> None:
    """Write a workbook: the rows with their header in row 1, and a sheet that describes them."""
    book = Workbook(write_only=True)
    cut = _table(book, table)
    _metadata(book, about, cut)
    book.save(out)
