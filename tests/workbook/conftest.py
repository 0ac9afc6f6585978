"""Fixtures for the tests of workbooks."""

from __future__ import annotations

import io
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from openpyxl import load_workbook

from ckanext.tangerang.workbook import writer
from tests.metadata.conftest import make, people

from .schemas import schemas

#: The plugins that these tests are about, and their partners.
PLUGINS = (
    "tangerang_workbook tangerang_metadata tangerang_opd scheming_datasets scheming_organizations"
)

__all__ = ["make", "people"]


class Sheets:
    """A workbook as somebody fills it in: cells by sheet and key, or by name."""

    def __init__(self, content: bytes) -> None:
        self.book = load_workbook(io.BytesIO(content))

    def line(self, key: str, number: int = 1) -> int:
        """Return the row of a line of MS-Keg."""
        rows = [c.row for c in self.book["MS-Keg"]["F"] if c.value == key]
        return rows[number - 1]

    def answer(self, key: str, value: Any, number: int = 1) -> str:
        """Answer an item of MS-Keg; return the name of the cell."""
        cell = self.book["MS-Keg"].cell(self.line(key, number), 3)
        cell.value = value
        return cell.coordinate

    def column(self, sheet: str, key: str) -> int:
        """Return the number of a column of a table."""
        return next(c.column for c in self.book[sheet][5] if c.value == key)

    def put(self, sheet: str, key: str, value: Any, row: int = 6) -> str:
        """Fill in a cell of a table; return its name."""
        cell = self.book[sheet].cell(row, self.column(sheet, key))
        cell.value = value
        return cell.coordinate

    def content(self) -> bytes:
        """Return the workbook."""
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()


@pytest.fixture
def workbook():
    """Return what makes a workbook to be filled in: of a record, or an empty one."""

    def making(record=None, indicators=()):
        return Sheets(writer.write(schemas(), record or {}, indicators))

    return making


@pytest.fixture
def imports(people):
    """Return what imports a workbook as the editor of an OPD, with all checks of access."""

    def calling(content, user=None, **data):
        if isinstance(content, Sheets):
            content = content.content()
        name = (user or people.editor)["name"]
        return tk.get_action("tangerang_workbook_import")(
            {"user": name}, {"upload": io.BytesIO(content), **data}
        )

    return calling
