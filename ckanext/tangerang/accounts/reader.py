"""Reads a list of accounts from a CSV or XLSX file, without trusting it.

A plain library without CKAN. Columns are found by their headings, in any order; the heading is the
first row that names a column. Every value keeps the name of its cell, for messages.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from openpyxl.utils import get_column_letter
from python_calamine import CalamineError, load_workbook

from ..metadata.values import N_, Problem
from ..workbook import container
from ..workbook.cells import fold, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: Bytes of a file: five hundred accounts have less than a tenth of it.
MAX_BYTES = 1024 * 1024
#: Rows above the heading, such as a title, and columns that are looked at.
_HEADING_ROWS, _COLUMNS = 10, 40

FULLNAME, ORGANIZATION, ROLE, EMAIL = "fullname", "organization", "role", "email"
FIELDS = (FULLNAME, ORGANIZATION, ROLE, EMAIL)
_HEADINGS = {
    FULLNAME: ("nama", "nama lengkap", "name", "full name", "fullname"),
    ORGANIZATION: (
        *("opd", "perangkat daerah", "perangkat daerah (opd)", "organisasi", "instansi"),
        *("organization", "agency"),
    ),
    ROLE: ("peran", "role", "jabatan di portal"),
    EMAIL: ("e-mail", "email", "surel", "pos-el", "alamat e-mail"),
}
_BY_HEADING = {fold(text): name for name, texts in _HEADINGS.items() for text in texts}
_NEEDED = (FULLNAME, ORGANIZATION, ROLE)


@dataclass(frozen=True, slots=True)
class Row:
    """One account of a list: its values as they were written, and their cells."""

    number: int
    values: dict[str, Any]
    cells: dict[str, str] = field(default_factory=dict)

    def cell(self, name: str) -> str:
        """Return the name of the cell of a field; empty where there is none."""
        return self.cells.get(name, "")


def _decode(data: bytes) -> str:
    """Return the text of a CSV file.

    :raises Problem: when it is not text
    """
    if b"\0" in data:
        raise Problem(N_("This is neither a CSV file nor a workbook (.xlsx)."))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Excel writes where it is not told to write UTF-8.
        return data.decode("cp1252", errors="replace")


def _csv_rows(data: bytes, limit: int) -> list[Sequence[Any]]:
    """Return the rows of a CSV file, with commas, semicolons or tabs.

    :raises Problem: when it can not be read
    """
    text = _decode(data)
    head = text[:4_000]
    delimiter = max(",;\t", key=head.count)
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        return list(islice(rows, limit + _HEADING_ROWS + 1))
    except csv.Error as error:
        raise Problem(
            N_("This CSV file is damaged. Open it in a spreadsheet and save it again.")
        ) from error


def _xlsx_rows(data: bytes, limit: int) -> list[Sequence[Any]]:
    """Return the rows of the first sheet of a workbook.

    :raises Problem: when it can not be read
    """
    safe = container.safe_copy(data, MAX_BYTES)
    try:
        book = load_workbook(io.BytesIO(safe))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise Problem(
            N_("This workbook is damaged. Open it in Excel, save it again and send that file.")
        ) from error
    return list(rows[: limit + _HEADING_ROWS + 1])


def _columns(row: Sequence[Any]) -> dict[str, int]:
    """Return the number of the column of each field that a row of headings names."""
    found: dict[str, int] = {}
    for number, cell in enumerate(row[:_COLUMNS]):
        name = _BY_HEADING.get(fold(text_of(cell)[:100].rstrip(" *")))
        if name:
            found.setdefault(name, number)
    return found


def _heading(rows: Sequence[Sequence[Any]]) -> tuple[int, dict[str, int]]:
    """Return the number of the row of headings and its columns.

    :raises Problem: when a needed one is not there
    """
    for number, row in enumerate(rows[:_HEADING_ROWS]):
        columns = _columns(row)
        if set(_NEEDED) <= set(columns):
            return number, columns
    raise Problem(
        N_("The columns Nama, OPD and Peran were not found. Begin with the example file.")
    )


def _read(rows: Sequence[Sequence[Any]], limit: int) -> list[Row]:
    """Return the accounts of a table.

    :raises Problem: when there is none, or there are too many
    """
    start, columns = _heading(rows)
    found: list[Row] = []
    for number, row in enumerate(rows[start + 1 :], start + 2):
        values = {
            name: text_of(row[column]).strip()
            for name, column in columns.items()
            if column < len(row)
        }
        if any(values.values()):
            cells = {name: f"{get_column_letter(at + 1)}{number}" for name, at in columns.items()}
            found.append(Row(number, values, cells))
    if not found:
        raise Problem(N_("There is no account below the headings."))
    if len(found) > limit:
        raise Problem(N_("There are too many accounts. Send at most {limit} at once."), limit=limit)
    return found


def read(data: bytes, limit: int) -> list[Row]:
    """Return the accounts that a file lists.

    :param data: what was uploaded
    :param limit: the largest number of accounts
    :raises Problem: for a file that can not be read at all
    """
    if len(data) > MAX_BYTES:
        raise Problem(
            N_("This file is too large. A list of accounts has less than {limit} MB."), limit=1
        )
    binary = data.startswith((b"PK", bytes.fromhex("D0CF11E0A1B11AE1")))
    return _read((_xlsx_rows if binary else _csv_rows)(data, limit), limit)


def of_dicts(entries: Iterable[dict[str, Any]]) -> list[Row]:
    """Return the accounts that a call lists."""
    return [Row(number, entry) for number, entry in enumerate(entries, 1)]
