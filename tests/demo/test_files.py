"""CSV, XLSX and kamus of the sample datasets. No services."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from openpyxl import load_workbook

from ckanext.tangerang.demo.files import csv_bytes, kamus, xlsx_bytes
from ckanext.tangerang.metadata import kamus as kamus_library

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ckanext.tangerang.demo.tables import Dataset


def test_csv_is_utf8_with_commas_and_holds_every_row(tangerang: Mapping[str, Dataset]) -> None:
    for dataset in tangerang.values():
        text = csv_bytes(dataset).decode("utf-8")
        header, *rows = csv.reader(io.StringIO(text))
        assert header == [column.name for column in dataset.columns]
        assert rows == [["" if c is None else str(c) for c in row] for row in dataset.rows]


def test_xlsx_has_its_header_in_row_one_and_codes_as_text(
    tangerang: Mapping[str, Dataset],
) -> None:
    dataset = tangerang["bidang-urusan-pemerintahan"]
    sheet = load_workbook(io.BytesIO(xlsx_bytes(dataset)))["Data"]
    rows = list(sheet.iter_rows())
    assert [cell.value for cell in rows[0]] == [column.name for column in dataset.columns]
    assert len(rows) == 1 + len(dataset.rows)
    (land,) = [row[0] for row in rows if row[0].value == "2.10"]
    assert (land.data_type, land.number_format) == ("s", "@")


def test_xlsx_keeps_numbers_and_dates(tangerang: Mapping[str, Dataset]) -> None:
    book = load_workbook(io.BytesIO(xlsx_bytes(tangerang["indeks-pembangunan-manusia-2019-2020"])))
    assert book["Data"]["E3"].value == 71.92
    book = load_workbook(io.BytesIO(xlsx_bytes(tangerang["keputusan-kode-wilayah"])))
    assert book["Data"]["E6"].is_date


def test_second_sheet_explains_every_column(tangerang: Mapping[str, Dataset]) -> None:
    for dataset in tangerang.values():
        book = load_workbook(io.BytesIO(xlsx_bytes(dataset)), read_only=True)
        assert book.sheetnames == ["Data", "Kamus"]
        rows = list(book["Kamus"].iter_rows(values_only=True))
        assert [row[0] for row in rows[1:]] == [column.name for column in dataset.columns]


def test_kamus_is_one_that_the_metadata_accept(tangerang: Mapping[str, Dataset]) -> None:
    for dataset in tangerang.values():
        rows = kamus_library.read(kamus(dataset.columns))
        assert [row["kolom"] for row in rows] == [column.name for column in dataset.columns]
        assert all(row["definisi"] and row["label"] and row["tipe"] for row in rows)
