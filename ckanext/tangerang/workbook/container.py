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
from typing import TYPE_CHECKING

from ..metadata.values import N_, Problem

if TYPE_CHECKING:
    from collections.abc import Collection

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

#: The beginning of a cell that is not named as all programs name theirs, or is far away. Columns
#: are read up to NZ and lines up to 9999 here: no need to look closer at a sheet without a match.
_OTHER_CELL = re.compile(rb'<c(?! r="[A-N]?[A-Z][1-9]\d{0,3}")(?=[\s/>])')
_PREFIXED_CELL = re.compile(rb":c(?=[\s/>])")
#: Rows and cells with their attributes, then ">" unless they are no XML. Nothing is skipped: what
#: looks like a cell counts as one wherever it stands.
_TAGS = re.compile(
    rb"<(?:[^\s<>/:\"'=]*:)?(row|c)(?=[\s/>])"
    rb"(?=((?:[^<>\"']+|\"[^<\"]*\"|'[^<']*'){0,60})(>?))"
)
_ATTRIBUTE = re.compile(rb"([^\s=/\"']+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_ROW_NUMBER = re.compile(rb"()(\d{1,9})")
_CELL_NAME = re.compile(rb"([A-Za-z]{1,4})(\d{1,9})")
#: Comments and the like, in which something may look like a row.
_NO_TAG = re.compile(rb"<(?:!|\?(?!xml\s))")


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


def _position(attributes: bytes, form: re.Pattern[bytes]) -> tuple[int, int] | None:
    """Return column and line of a cell, or 0 and the line of a row; None where it has no name.

    :param form: the form of the name
    :raises Problem: for a name of another form
    """
    for attribute in _ATTRIBUTE.finditer(attributes):
        if attribute[1] == b"r":
            name = form.fullmatch(attribute[2] or attribute[3] or b"")
            if name is None:
                raise Problem(_NOT_A_WORKBOOK)
            return _column(name[1]), int(name[2])
    return None


def _count_cells(content: bytes) -> int:
    """Return the number of cells of a part.

    Only cells that are not empty count: a sheet often says how its empty ones look.

    :raises Problem: for one that is too far away, and for what can not be told
    """
    count = row = column = 0
    unsure = _NO_TAG.search(content) is not None  # of where a cell without a name stands
    for tag, attributes, end in (match.groups() for match in _TAGS.finditer(content)):
        if not end:
            raise Problem(_NOT_A_WORKBOOK)
        if tag == b"row":
            column, row = _position(attributes, _ROW_NUMBER) or (0, row + 1)
            continue
        named = _position(attributes, _CELL_NAME)
        if named is None and unsure:
            raise Problem(_NOT_A_WORKBOOK)
        # One without a name stands behind the one before it.
        column, line = named or (column + 1, row)
        if attributes.endswith(b"/"):
            continue
        count += 1
        if line > MAX_ROWS or column > MAX_COLUMNS:
            raise _too_many_cells()
    return count


def _too_many_cells() -> Problem:
    """Return the refusal of a sheet that is too large."""
    return Problem(
        N_(
            "A sheet of this workbook is too large: at most {rows} rows, {columns} columns and "
            "{cells} filled cells are read. Remove what is not part of the form."
        ),
        rows=MAX_ROWS,
        columns=MAX_COLUMNS,
        cells=MAX_CELLS,
    )


def _check_cells(contents: Collection[bytes]) -> None:
    """Check that the parts have no more cells than allowed, and none too far away.

    All parts, since it is the workbook that says which of them are sheets. Most programs name
    every cell in the same way; then nothing needs to be looked at cell by cell, which would take
    as long as reading them.

    :raises Problem: when they do
    """
    if not any(
        _PREFIXED_CELL.search(content) or _OTHER_CELL.search(content) for content in contents
    ):
        most = sum(content.count(b"<c ") for content in contents)
        if most <= MAX_CELLS:
            return
    if sum(map(_count_cells, contents)) > MAX_CELLS:
        raise _too_many_cells()


def safe_copy(data: bytes, limit: int = MAX_UPLOAD) -> bytes:
    """Return a workbook with the values of the uploaded one and nothing else.

    :param data: what was uploaded
    :param limit: the largest number of bytes of an upload
    :raises Problem: with what is wrong with it, and what to do
    """
    with _open(data, limit) as archive:
        contents: dict[str, bytes] = {}
        total = 0
        for info in _check_names(archive):
            content = _unpack(archive, info, MAX_TOTAL - total)
            total += len(content)
            _check_xml(content)
            if info.filename.lower() == "[content_types].xml" and b"macroEnabled" in content:
                raise Problem(_REFUSED[0][1])
            contents[info.filename] = content
    _check_cells(contents.values())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as copy:
        for name, content in contents.items():
            copy.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()
