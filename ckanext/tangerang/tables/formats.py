"""The formats in which a table is downloaded, each written into a file as the rows come."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Final, cast

from ..metadata.values import N_
from ..spreadsheet import BYTE_ORDER_MARK
from . import sheet, values

if TYPE_CHECKING:
    from collections.abc import Callable

    from .describing import About
    from .reading import Snapshot


def _csv(out: IO[bytes], table: Snapshot, *, excel: bool) -> None:
    """Write a table as CSV."""
    text = io.TextIOWrapper(cast("Any", out), encoding="utf-8", newline="")
    if excel:
        text.write(BYTE_ORDER_MARK)
    writer = csv.writer(text, delimiter=";" if excel else ",")
    writer.writerow([values.csv_text(column.name, decimal_comma=False) for column in table.columns])
    for row in table.rows:
        writer.writerow([values.csv_text(value, decimal_comma=excel) for value in row])
    # The file stays open for who reads it.
    text.flush()
    text.detach()


def _write_csv(out: IO[bytes], table: Snapshot, about: About) -> None:  # noqa: ARG001 - as the others
    """Write a table with commas and decimal points."""
    _csv(out, table, excel=False)


def _write_excel_csv(out: IO[bytes], table: Snapshot, about: About) -> None:  # noqa: ARG001
    """Write a table with semicolons and decimal commas, as Excel set to Indonesian reads it."""
    _csv(out, table, excel=True)


def _write_json(out: IO[bytes], table: Snapshot, about: About) -> None:  # noqa: ARG001
    """Write a table as a list of objects, one in a line."""
    names = [values.json_text(column.name) for column in table.columns]
    out.write(b"[")
    between = "\n"
    for row in table.rows:
        pairs = (f"{n}: {values.json_text(v)}" for n, v in zip(names, row, strict=True))
        out.write(f"{between}{{{', '.join(pairs)}}}".encode())
        between = ",\n"
    out.write(b"\n]\n")


@dataclass(frozen=True, slots=True)
class Format:
    """A format of downloads."""

    #: Its name in addresses.
    key: str
    #: Msgid of what the button says.
    label: str
    #: Msgid of for what it is good.
    hint: str
    #: What the name of the file ends with, after the title of the table.
    ending: str
    mimetype: str
    #: Writes a table into a file.
    write: Callable[[IO[bytes], Snapshot, About], None]


FORMATS: Final = {
    made.key: made
    for made in (
        Format(
            "xlsx",
            "XLSX",
            N_("For Excel and LibreOffice; codes stay text. With a sheet that describes the data."),
            ".xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            sheet.write,
        ),
        Format(
            "csv",
            "CSV",
            N_("For programs: comma, decimal point."),
            ".csv",
            "text/csv",
            _write_csv,
        ),
        Format(
            "csv-excel",
            N_("CSV for Excel (;)"),
            N_("For an Excel set to Indonesian: semicolon, decimal comma."),
            " (Excel).csv",
            "text/csv",
            _write_excel_csv,
        ),
        Format(
            "json",
            "JSON",
            N_("For programs: one object for each row."),
            ".json",
            "application/json",
            _write_json,
        ),
    )
}


class TooLarge(Exception):  # noqa: N818 - says what it is
    """A file would become larger than it may."""


class Bounded(io.RawIOBase):
    """A file that refuses to grow beyond a size.

    :param out: what it writes into
    :param limit: in bytes
    """

    def __init__(self, out: IO[bytes], limit: int) -> None:
        super().__init__()
        self._out, self._left = out, limit

    def writable(self) -> bool:
        """Tell that it can be written."""
        return True

    def write(self, data: Any) -> int:
        """Write.

        :raises TooLarge: when no room is left
        """
        size = len(data)
        self._left -= size
        if self._left < 0:
            raise TooLarge
        self._out.write(data)
        return size
