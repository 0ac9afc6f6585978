"""Lists of accounts as files, also hostile ones."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import Workbook

from ckanext.tangerang.accounts import reader
from ckanext.tangerang.metadata.values import Problem

ROWS = [
    ("Nama", "OPD", "Peran", "E-mail"),
    ("Siti Aminah", "Dinas Kesehatan", "Operator", "siti@example.go.id"),
    ("Budi", "dinsos", "Pembaca OPD", None),
]


def workbook(rows=ROWS):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def table(rows=ROWS, separator=","):
    return "\n".join(separator.join(cell or "" for cell in row) for row in rows).encode()


@pytest.mark.parametrize(
    "data",
    [
        table(),
        table(separator=";"),
        table(separator="\t"),
        b"\xef\xbb\xbf" + table(separator=";"),
        workbook(),
        workbook([("Daftar akun",), (), *ROWS]),
        workbook([*ROWS, (), ("", " ")]),
    ],
)
def test_the_same_list_in_any_form(data):
    rows = reader.read(data, 10)
    assert [row.values["fullname"] for row in rows] == ["Siti Aminah", "Budi"]
    assert rows[0].values["email"] == "siti@example.go.id"
    assert rows[1].values["email"] == ""
    assert rows[1].cell("role") == f"C{rows[1].number}"


def test_columns_in_any_order_and_more_of_them():
    heading = ("No", "E-mail", "PERAN *", "OPD", "Nama Lengkap", "Catatan")
    rows = reader.read(table([heading, ("1", "a@b.id", "Operator", "dinkes", "Siti", "x")]), 10)
    assert rows[0].values == {
        "email": "a@b.id",
        "role": "Operator",
        "organization": "dinkes",
        "fullname": "Siti",
    }
    assert rows[0].cell("fullname") == "E2"


def test_what_excel_writes_without_utf_8():
    assert reader.read("Nama;OPD;Peran\nJosé;a;Operator".encode("cp1252"), 10)[0].values[
        "fullname"
    ] == ("José")


def bomb():
    """Return an archive that unpacks to far more than it is."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 70_000_000)
    return out.getvalue()


def entity():
    """Return a workbook whose sheet declares an entity."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a/>')
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0\0\0",
        b"PK\x03\x04 no archive",
        bytes.fromhex("D0CF11E0A1B11AE1"),
        b"\x89PNG\r\n\x1a\n\0\0",
        b"just a line",
        b"Nama;OPD\nSiti;dinkes",
        b"Nama;OPD;Peran",
        b'Nama;OPD;Peran\n"' + b"x" * 200_000,
        b"x" * (reader.MAX_BYTES + 1),
        b"Nama;OPD;Peran\n" + b"a;b;c\n" * 11,
        bomb(),
        entity(),
        workbook([("Nama", "OPD", "Peran"), *[("a", "b", "c")] * 11]),
    ],
    ids=lambda data: repr(data[:12]),
)
def test_hostile_files_get_a_message(data):
    with pytest.raises(Problem):
        reader.read(data, 10)


def test_a_formula_is_not_run():
    rows = reader.read(workbook([ROWS[0], ('=HYPERLINK("http://evil","Siti")', "a", "b", "")]), 10)
    assert "HYPERLINK" not in rows[0].values["fullname"]
