"""Opens what was uploaded as a workbook, without trusting it.

A plain library without CKAN. An XLSX file is a zip archive of XML. Nothing is parsed before its
size is known: every part that is needed is unpacked up to a limit, searched for what could be
expanded or point elsewhere, and counted; then a new archive of these parts alone is made, which
the reader gets. So a lie in the archive's directory, a part that nobody asked for, or two
directories in one file come to nothing.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from functools import lru_cache

from ..metadata.values import N_, Problem

#: Bytes of an upload, unless the configuration says otherwise.
MAX_UPLOAD = 10 * 1024 * 1024
#: Parts of an archive; pictures count too.
MAX_PARTS = 1_000
#: Bytes of one part and of all, unpacked. A full form with 500 variables has 3 million.
MAX_PART = 40 * 1024 * 1024
MAX_TOTAL = 60 * 1024 * 1024
#: Cells of all sheets that hold something, and how far to the right and down they may be.
MAX_CELLS = 300_000
MAX_ROWS = 20_000
MAX_COLUMNS = 400

_PIECE = 1024 * 1024
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

#: What a reader of values needs; anything else in the archive is left alone.
_NEEDED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/(sharedStrings|styles)\.xml|xl/worksheets/[^/]+\.xml",
    re.IGNORECASE,
)
#: Parts that run, or that fetch something from elsewhere.
_REFUSED = (
    (
        re.compile(r"vbaProject|xl/macrosheets/|xl/dialogsheets/|activeX|customUI", re.IGNORECASE),
        N_("This workbook holds macros. Save it as .xlsx (Excel Workbook) without them."),
    ),
    (
        re.compile(r"xl/externalLinks/|xl/connections\.xml|xl/queryTables/", re.IGNORECASE),
        N_(
            "This workbook takes values from another file. In Excel choose Data, Edit Links, "
            "Break Link, and save it again."
        ),
    ),
    (
        re.compile(r"xl/embeddings/", re.IGNORECASE),
        N_("This workbook holds other files. Remove them and save it again."),
    ),
)
_NOT_A_WORKBOOK = N_("This is not a workbook (.xlsx). Open the file in Excel and save it as .xlsx.")
_PASSWORD = N_("This workbook is protected by a password. Save it without one and send it again.")
_OLD = N_("This is a file of an old Excel (.xls). Open it and save it as .xlsx (Excel Workbook).")
_TOO_LARGE = N_("This workbook is too large. Send only the sheets of the form, without pictures.")

_CELLS = re.compile(
    rb"<(?:\w+:)?row\b([^>]*)>|<(?:\w+:)?c\b([^>]*)>",
)
_ROW_NUMBER = re.compile(rb"\br\s*=\s*[\"'](\d{1,9})[\"']")
_CELL_NAME = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,4})(\d{1,9})[\"']")


def _open(data: bytes, limit: int) -> zipfile.ZipFile:
    """Return the archive.

    :raises Problem: for what is none, saying what it is where that can be told
    """
    if len(data) > limit:
        raise Problem(
            N_("This file is too large: {size} MB. {limit} MB are allowed."),
            size=round(len(data) / 1024 / 1024, 1),
            limit=round(limit / 1024 / 1024, 1),
        )
    if data.startswith(_OLE):
        raise Problem(_PASSWORD if _ENCRYPTED in data else _OLD)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Problem(_NOT_A_WORKBOOK) from error
    if len(archive.infolist()) > MAX_PARTS:
        raise Problem(_TOO_LARGE)
    return archive


def _check_names(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the parts that are needed.

    :raises Problem: for an archive that is no workbook, or has parts that are refused
    """
    found = archive.infolist()
    for pattern, msgid in _REFUSED:
        if any(pattern.search(info.filename) for info in found):
            raise Problem(msgid)
    needed = [info for info in found if _NEEDED.fullmatch(info.filename)]
    names = [info.filename.lower() for info in needed]
    if "xl/workbook.xml" not in names or len(set(names)) != len(names):
        raise Problem(_NOT_A_WORKBOOK)
    if any(info.flag_bits & 1 for info in found):
        raise Problem(_PASSWORD)
    # Told by the directory itself: no need to unpack anything.
    if sum(info.file_size for info in needed) > MAX_TOTAL:
        raise Problem(_TOO_LARGE)
    return needed


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, room: int) -> bytes:
    """Return the content of a part, at most as much as there is room for.

    :raises Problem: when it is longer, or damaged
    """
    limit = min(room, MAX_PART)
    pieces: list[bytes] = []
    size = 0
    try:
        with archive.open(info) as part:
            while piece := part.read(_PIECE):
                size += len(piece)
                if size > limit:
                    raise Problem(_TOO_LARGE)
                pieces.append(piece)
    except (
        zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError,
    ) as error:  # fmt: skip
        raise Problem(
            N_("This workbook is damaged. Open it in Excel, save it again and send that file.")
        ) from error
    return b"".join(pieces)


def _check_xml(content: bytes) -> None:
    """Check that a part declares nothing that could be expanded, in an encoding that tells.

    :raises Problem: when it does
    """
    head = content[:200]
    declared = re.search(rb"encoding\s*=\s*[\"']([\w.-]+)", head)
    if (
        head[:2] in (b"\xff\xfe", b"\xfe\xff")
        or b"\0" in head
        or (declared and declared[1].lower() not in (b"utf-8", b"us-ascii", b"ascii"))
        or b"<!DOCTYPE" in content
        or b"<!ENTITY" in content
    ):
        raise Problem(_NOT_A_WORKBOOK)


@lru_cache(maxsize=2_000)
def _column(name: bytes) -> int:
    """Return the number of a column of that name."""
    number = 0
    for letter in name.upper():
        number = number * 26 + letter - 64
    return number


def _count_cells(content: bytes, before: int) -> int:
    """Return the number of cells so far, those of this sheet included.

    Only cells that are not empty count: a sheet often says how its empty ones look.

    :raises Problem: for too many, or one that is too far away
    """
    count, row = before, 0
    for match in _CELLS.finditer(content):
        attributes = match[1]
        if attributes is not None:
            number = _ROW_NUMBER.search(attributes)
            row = int(number[1]) if number else row + 1
            continue
        attributes = match[2]
        if attributes.endswith(b"/"):
            continue
        count += 1
        name = _CELL_NAME.search(attributes)
        column, line = (_column(name[1]), int(name[2])) if name else (1, row)
        if count > MAX_CELLS or line > MAX_ROWS or column > MAX_COLUMNS:
            raise Problem(
                N_(
                    "A sheet of this workbook is too large: at most {rows} rows, {columns} "
                    "columns and {cells} filled cells are read. Remove what is not part of the "
                    "form."
                ),
                rows=MAX_ROWS,
                columns=MAX_COLUMNS,
                cells=MAX_CELLS,
            )
    return count


def safe_copy(data: bytes, limit: int = MAX_UPLOAD) -> bytes:
    """Return a workbook with the values of the uploaded one and nothing else.

    :param data: what was uploaded
    :param limit: the largest number of bytes of an upload
    :raises Problem: with what is wrong with it, and what to do
    """
    with _open(data, limit) as archive:
        needed = _check_names(archive)
        out = io.BytesIO()
        total = cells = 0
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as copy:
            for info in needed:
                content = _unpack(archive, info, MAX_TOTAL - total)
                total += len(content)
                _check_xml(content)
                if info.filename.lower() == "[content_types].xml" and b"macroEnabled" in content:
                    raise Problem(_REFUSED[0][1])
                if info.filename.lower().startswith("xl/worksheets/"):
                    cells = _count_cells(content, cells)
                copy.writestr(zipfile.ZipInfo(info.filename), content)
    return out.getvalue()
