"""Uploads that are no workbooks, or try to do harm: refused before anything parses them."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile

import pytest
from python_calamine import load_workbook

from ckanext.tangerang.metadata.values import Problem
from ckanext.tangerang.workbook import container, writer

from .schemas import schemas

GOOD = writer.write(schemas(), {})


def _with(parts=(), drop=(), level=zipfile.ZIP_DEFLATED):
    """Return the good workbook with parts added or replaced."""
    parts = dict(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(out, "w", level) as new:
        for name in old.namelist():
            if name not in parts and name not in drop:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def _part(name):
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        return archive.read(name)


def _sheet(rows):
    return (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
        % rows
    )


SHEET = "xl/worksheets/sheet1.xml"
BOMB = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
OLE = bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600

BAD = {
    "empty": (lambda: b"", "not a workbook"),
    "text": (lambda: b"a;b\n1;2\n", "not a workbook"),
    "pdf": (lambda: b"%PDF-1.7 " + b"x" * 100, "not a workbook"),
    "zip": (lambda: _with(drop=["xl/workbook.xml"]), "not a workbook"),
    "ods": (
        lambda: _with({"content.xml": "<x/>"}, drop=["xl/workbook.xml"]),
        "not a workbook",
    ),
    "truncated": (lambda: GOOD[: len(GOOD) // 2], "not a workbook"),
    "xls": (lambda: OLE, "old Excel"),
    "password": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
    "macro": (lambda: _with({"xl/vbaProject.bin": b"x"}), "macros"),
    "xlsm": (
        lambda: _with(
            {
                "[Content_Types].xml": _part("[Content_Types].xml").replace(
                    b"spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"
                )
            }
        ),
        "macros",
    ),
    "macro sheet": (lambda: _with({"xl/macrosheets/sheet1.xml": b"<x/>"}), "macros"),
    "external link": (
        lambda: _with({"xl/externalLinks/externalLink1.xml": b"<x/>"}),
        "another file",
    ),
    "connection": (lambda: _with({"xl/connections.xml": b"<x/>"}), "another file"),
    "embedded": (lambda: _with({"xl/embeddings/oleObject1.bin": b"x"}), "other files"),
    "entities": (lambda: _with({"xl/sharedStrings.xml": BOMB + b"<sst/>"}), "not a workbook"),
    "utf-16": (
        lambda: _with({SHEET: BOMB.decode().encode("utf-16")}),
        "not a workbook",
    ),
    "other encoding": (
        lambda: _with({SHEET: b'<?xml version="1.0" encoding="utf-7"?><x/>'}),
        "not a workbook",
    ),
    "far cell": (
        lambda: _with({SHEET: _sheet(b'<row r="1"><c r="XFD1048576"><v>1</v></c></row>')}),
        "too large",
    ),
    "far row": (
        lambda: _with({SHEET: _sheet(b'<row r="1048576"><c><v>1</v></c></row>')}),
        "too large",
    ),
    "many cells": (
        lambda: _with({SHEET: _sheet(b"<row><c><v>1</v></c></row>" * 300_001)}),
        "too large",
    ),
    "far cell without a name": (
        lambda: _with({SHEET: _sheet(b"<row>" + b"<c/>" * 400 + b"<c><v>1</v></c></row>")}),
        "too large",
    ),
    "far cell behind a named one": (
        lambda: _with({SHEET: _sheet(b'<row r="1"><c r="OJ1"/><c><v>1</v></c></row>')}),
        "too large",
    ),
    "far cell with a prefix": (
        lambda: _with({SHEET: _sheet(b'<row r="1"><a-b:c r="XFD1048576"><v>1</v></a-b:c></row>')}),
        "too large",
    ),
    "far cell of another part": (
        lambda: _with({"xl/styles.xml": _sheet(b'<row r="1"><c r="XFD1"><v>1</v></c></row>')}),
        "too large",
    ),
    "far cell that seems empty": (
        lambda: _with({SHEET: _sheet(b'<row r="1"><c s="/>" r="XFD1"><v>1</v></c></row>')}),
        "too large",
    ),
    "far cell with two names": (
        lambda: _with({SHEET: _sheet(b'<row><c s=" r=\'A1\'" r="XFD1"><v>1</v></c></row>')}),
        "too large",
    ),
    "far cell behind an open quote": (
        lambda: _with(
            {SHEET: _sheet(b'<!-- <c " --><row><c r="XFD1"><v>1</v></c></row><!-- " -->')}
        ),
        "not a workbook",
    ),
    "far row with a near one in a comment": (
        lambda: _with(
            {SHEET: _sheet(b'<row r="1048576"><!-- <row r="1"> --><c><v>1</v></c></row>')}
        ),
        "not a workbook",
    ),
    "row that no sheet has": (
        lambda: _with({SHEET: _sheet(b'<row r="4294967295"><c><v>1</v></c></row>')}),
        "not a workbook",
    ),
    "cell that no sheet has": (
        lambda: _with({SHEET: _sheet(b'<row r="1"><c r="A4294967295"><v>1</v></c></row>')}),
        "not a workbook",
    ),
    "many parts": (lambda: _with({f"xl/media/{n}.png": b"" for n in range(1_001)}), "too large"),
    "zip bomb": (lambda: _with({SHEET: b" " * (41 * 1024 * 1024)}), "too large"),
    "200 MB": (lambda: _with({SHEET: b"<x>" + b" " * (200 * 1024 * 1024)}), "too large"),
    "damaged": (
        lambda: _with({"xl/sharedStrings.xml": b"<sst>" * 999}).replace(b"\x78", b"\x79"),
        "",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_is_refused_with_what_to_do(name):
    make, words = BAD[name]
    data = make()
    tracemalloc.start()
    began = time.monotonic()
    with pytest.raises(Problem, match=words):
        container.safe_copy(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 150 * 1024 * 1024
    assert time.monotonic() - began < 30


def test_a_directory_that_lies_about_sizes_is_found_out():
    """The directory says 10 bytes, the part has 50 million."""
    data = bytearray(_with({SHEET: b" " * (50 * 1024 * 1024)}))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        size = archive.getinfo(SHEET).file_size
    data = bytes(data).replace(size.to_bytes(4, "little"), (10).to_bytes(4, "little"))
    with pytest.raises(Problem):
        container.safe_copy(data)


def test_too_many_bytes_are_refused_by_the_limit():
    with pytest.raises(Problem, match=r"too large: .* MB"):
        container.safe_copy(GOOD, limit=1_000)


def test_formatted_but_empty_cells_far_away_are_no_reason():
    """LibreOffice describes the last row of a sheet, and people format whole columns."""
    rows = b'<row r="1048576" ht="12.8"><c r="XFD1048576" s="1"/></row>'
    container.safe_copy(
        _with({SHEET: _part(SHEET).replace(b"</sheetData>", rows + b"</sheetData>")})
    )


def test_cells_without_names_and_in_other_spellings_are_read():
    """Not all programs name their cells, and not in the same way."""
    rows = (
        b'<row><c t="inlineStr"><is><t>a</t></is></c><c s="1"/><c><v>2</v></c></row>'
        b"<row r='3' ><c  r = 'B3' s='1' ><v>3</v></c><c><v>4</v></c></row><!-- end -->"
    )
    with pytest.raises(Problem):  # a comment may hide where a cell without a name stands
        container.safe_copy(_with({SHEET: _sheet(rows)}))
    safe = container.safe_copy(_with({SHEET: _sheet(rows.replace(b"<!-- end -->", b""))}))
    grid = load_workbook(io.BytesIO(safe)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert grid == [["a", "", 2], ["", "", ""], ["", 3, 4]]


def test_all_cells_count_where_one_is_named_in_its_own_way():
    """As many as allowed, and one more."""
    cells = b"".join(b'<c r="A%d"><v>1</v></c>' % (n % 9_000 + 1) for n in range(300_000))
    with pytest.raises(Problem, match="too large"):
        container.safe_copy(_with({SHEET: _sheet(b"<row>" + cells + b"<c><v>1</v></c></row>")}))
    many = cells + b'<c r="A1"><v>1</v></c>'
    with pytest.raises(Problem, match="too large"):
        container.safe_copy(_with({SHEET: _sheet(b'<row r="1">' + many + b"</row>")}))


def test_only_what_holds_values_is_kept():
    safe = container.safe_copy(_with({"xl/media/image1.png": b"x", "docProps/custom.xml": BOMB}))
    with zipfile.ZipFile(io.BytesIO(safe)) as archive:
        names = archive.namelist()
    assert "xl/workbook.xml" in names
    assert not [name for name in names if "media" in name or "docProps" in name]
