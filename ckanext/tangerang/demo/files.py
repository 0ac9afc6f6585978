"""The files of a sample dataset: CSV and XLSX, and the kamus of its columns."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .tables import Column, Dataset

#: Types of the columns as the kamus (Table Schema) names them.
KAMUS_TYPES = {"text": "string", "integer": "integer", "numeric": "number", "date": "date"}

_KAMUS_HEADER = ("Kolom", "Label", "Label (Inggris)", "Definisi", "Tipe", "Satuan")
#: A column of a sheet is as wide as its longest value, up to this many characters.
_MAX_WIDTH = 60
#: Excel's format of text: without it, an edited code such as 36.10 becomes a number.
_TEXT_FORMAT = "@"


def csv_bytes(dataset: Dataset) -> bytes:
    """Return the table as CSV: UTF-8, comma, header in the first row."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(column.name for column in dataset.columns)
    writer.writerows(dataset.rows)
    return out.getvalue().encode("utf-8")


def _fill(sheet: Any, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a header and rows; texts get the format of text, so that codes stay codes.

    :param sheet: a sheet of a write-only workbook
    """
    rows = list(rows)
    for index, name in enumerate(header):
        longest = max([len(name), *(len(str(row[index] or "")) for row in rows)])
        sheet.column_dimensions[get_column_letter(index + 1)].width = min(longest, _MAX_WIDTH) + 2
    sheet.freeze_panes = "A2"
    titles = [WriteOnlyCell(sheet, value=name) for name in header]
    for title in titles:
        title.font = Font(bold=True)
    sheet.append(titles)
    for row in rows:
        cells = [WriteOnlyCell(sheet, value=value) for value in row]
        for cell, value in zip(cells, row, strict=True):
            if isinstance(value, str):
                cell.number_format = _TEXT_FORMAT
        sheet.append(cells)


def xlsx_bytes(dataset: Dataset) -> bytes:
    """Return the table as a workbook: sheet ``Data`` with the header in row 1, sheet ``Kamus``."""
    book = Workbook(write_only=True)
    book.properties.title = dataset.title
    _fill(book.create_sheet("Data"), [column.name for column in dataset.columns], dataset.rows)
    _fill(
        book.create_sheet("Kamus"),
        _KAMUS_HEADER,
        [
            (c.name, c.label["id"], c.label["en"], c.definition, KAMUS_TYPES[c.type], c.unit)
            for c in dataset.columns
        ],
    )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def kamus(columns: Iterable[Column]) -> list[dict[str, str]]:
    """Return the kamus of a table as the resource field ``kamus`` takes it."""
    return [
        {
            "kolom": column.name,
            "label": column.label["id"],
            "definisi": column.definition,
            "tipe": KAMUS_TYPES[column.type],
            **({"satuan": column.unit} if column.unit else {}),
        }
        for column in columns
    ]
