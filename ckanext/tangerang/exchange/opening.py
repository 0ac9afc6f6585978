"""Opens what was uploaded as statistical metadata, without trusting it.

A plain library without CKAN. A file is JSON of INDAH, XML of DDI, or a zip of such files. Size,
depth and number of values are bounded before anything is made of them; a key twice in one object,
numbers of a thousand digits and entities of XML are refused or stay text.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..metadata.values import N_, Problem, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Levels of objects and lists in one another; a document of ours has eight.
MAX_DEPTH = 40
#: Values of one file. An activity with 500 variables has some 20,000.
MAX_VALUES = 500_000
#: Files of a zip, and how many times larger than the upload they may become together.
MAX_FILES = 2_000
MAX_GROWTH = 10
#: Digits of a number that is read as one; longer ones stay text, which no item takes.
_DIGITS = 15
_PIECE = 64 * 1024
_SURROGATE = re.compile("[\ud800-\udfff]")
_TOO_DEEP = N_("This file has too many levels of objects and lists.")


@dataclass(frozen=True, slots=True)
class Source:
    """A file of an upload."""

    name: str
    content: bytes


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of JSON.

    :raises Problem: for one that has a key twice: which value is meant can not be known
    """
    out: dict[str, Any] = {}
    for key, value in pairs:
        if key in out:
            raise Problem(N_('The key "{key}" stands twice in one object.'), key=shown(key))
        out[key] = value
    return out


def _whole(text: str) -> Any:
    """Return a number; one with more digits than any item takes stays text."""
    return int(text) if len(text) <= _DIGITS else text


def _clean(value: Any, depth: int, budget: list[int]) -> Any:
    """Return a value without halves of pairs of UTF-16, which no database and no page takes.

    :param budget: how many more values the file may have, as its only entry
    :raises Problem: for a file that is too deep, or has too many values
    """
    budget[0] -= 1
    if budget[0] < 0:
        raise Problem(N_("This file holds too many values. Send it in parts."))
    if depth > MAX_DEPTH:
        raise Problem(_TOO_DEEP)
    if isinstance(value, str):
        return _SURROGATE.sub("", value)
    if isinstance(value, list):
        return [_clean(entry, depth + 1, budget) for entry in value]
    if isinstance(value, dict):
        return {
            _SURROGATE.sub("", key): _clean(entry, depth + 1, budget)
            for key, entry in value.items()
        }
    return value


def text_of(content: bytes) -> str:
    """Return the text of a file.

    :raises Problem: for one that is not UTF-8
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problem(N_("This file is not written in UTF-8.")) from error


def read_json(content: bytes) -> Any:
    """Return what a file of JSON holds; numbers with a fraction are text.

    :raises Problem: for what is no JSON, or is built to do harm
    """
    text = text_of(content)
    try:
        # Constants are NaN and Infinity, which JSON does not have.
        raw = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_whole,
            parse_float=str,
            parse_constant=str,
        )
    except RecursionError as error:
        raise Problem(_TOO_DEEP) from error
    except json.JSONDecodeError as error:
        raise Problem(
            N_("This is no JSON of INDAH (line {line}, column {column}), and no XML of DDI."),
            line=error.lineno,
            column=error.colno,
        ) from error
    return _clean(raw, 0, [MAX_VALUES])


def is_xml(source: Source) -> bool:
    """Tell whether a file seems to be XML."""
    return source.content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, room: int) -> bytes:
    """Return a file of a zip, which may lie about its size.

    :raises Problem: for one that is larger than there is room for, or damaged
    """
    out = bytearray()
    try:
        with archive.open(info) as file:
            while piece := file.read(_PIECE):
                out += piece
                if len(out) > room:
                    raise Problem(N_("This zip is too large when it is unpacked."))
    except NotImplementedError as error:
        raise Problem(N_("This zip is packed in a way that is not read here.")) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
        raise Problem(N_("This zip is damaged, or protected by a password.")) from error
    return bytes(out)


def _of_zip(content: bytes, limit: int) -> Iterator[Source]:
    """Yield the files of a zip that may be documents.

    :raises Problem: for a zip that can not be read, or unpacks to too much
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Problem(N_("This zip can not be read.")) from error
    wanted = [
        info
        for info in archive.infolist()
        if info.filename.lower().endswith(".json") and not info.is_dir()
    ]
    if not wanted:
        raise Problem(N_("This zip holds no file of INDAH (.json)."))
    if len(wanted) > MAX_FILES:
        raise Problem(N_("This zip holds too many files."))
    room = limit * MAX_GROWTH
    for info in wanted:
        unpacked = _unpacked(archive, info, min(room, limit))
        room -= len(unpacked)
        yield Source(_SURROGATE.sub("", info.filename)[:200], unpacked)


def sources(content: bytes, name: str, limit: int) -> Iterator[Source]:
    """Yield the files of an upload: itself, or those of INDAH in a zip.

    :param name: what the upload is called
    :param limit: largest number of bytes of the upload, and of each file in it
    :raises Problem: for an upload that can not be read
    """
    if len(content) > limit:
        raise Problem(
            N_("This file is too large: {size} MB. {limit} MB are allowed."),
            size=round(len(content) / 1024 / 1024, 1),
            limit=round(limit / 1024 / 1024, 1),
        )
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        yield from _of_zip(content, limit)
        return
    yield Source(name, content)
