"""Uploads that are built to do harm, or are just wrong."""

from __future__ import annotations

import io
import zipfile

import pytest

from ckanext.tangerang.exchange import opening
from ckanext.tangerang.metadata.values import Problem

LIMIT = 100_000


def _zip(*files: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return buffer.getvalue()


def _sources(content: bytes) -> list[opening.Source]:
    return list(opening.sources(content, "berkas", LIMIT))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no JSON of INDAH"),
        (b"{", "no JSON of INDAH"),
        (b"PNG", "no JSON of INDAH"),
        (b'{"a": 1, "a": 2}', "stands twice"),
        (b'{"x": {"a": null, "a": null}}', "stands twice"),
        (b"[" * 100_000, "too many levels"),
        (b"[" * 60 + b"]" * 60, "too many levels"),
        (b"[" + b"1," * 500_001 + b"1]", "too many values"),
        ("[1]".encode("utf-16"), "not written in UTF-8"),
        (b"\xff\xfe", "not written in UTF-8"),
    ],
)
def test_json_that_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(Problem) as error:
        opening.read_json(content)
    assert said in error.value.msgid


@pytest.mark.parametrize(
    ("content", "read"),
    [
        (b"12", 12),
        (b"-3", -3),
        (b"1" * 5_000, "1" * 5_000),
        (b"1e999999999", "1e999999999"),
        (b"1.50", "1.50"),
        (b"NaN", "NaN"),
        (b"-Infinity", "-Infinity"),
        (rb'"a\ud800b"', "ab"),
        (rb'{"\udc00k": "\ud83d\ude00"}', {"k": "\U0001f600"}),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
    ],
)
def test_numbers_and_texts_are_harmless(content: bytes, read: object) -> None:
    assert opening.read_json(content) == read


def test_a_file_is_itself() -> None:
    assert _sources(b"{}") == [opening.Source("berkas", b"{}")]


def test_of_a_zip_the_files_of_indah_are_read() -> None:
    content = _zip(("a/x.indah.json", b"{}"), ("a/x.ddi.xml", b"<a/>"), ("y.JSON", b"[]"))
    assert _sources(content) == [
        opening.Source("a/x.indah.json", b"{}"),
        opening.Source("y.JSON", b"[]"),
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"x" * (LIMIT + 1), "too large"),
        (b"PK\x03\x04" + b"x" * 100, "can not be read"),
        (_zip(("x.txt", b"")), "no file of INDAH"),
        (_zip(("x.json", b" " * (LIMIT + 1))), "too large when it is unpacked"),
        (_zip(*((f"{n}.json", b" " * LIMIT) for n in range(12))), "too large when it is unpacked"),
        (_zip(*((f"{n}.json", b"") for n in range(2_001)))[: LIMIT * 10], "too"),
    ],
)
def test_uploads_that_are_refused(content: bytes, said: str) -> None:
    with pytest.raises(Problem) as error:
        _sources(content)
    assert said in error.value.msgid


def test_a_damaged_zip_is_refused() -> None:
    content = bytearray(_zip(("x.json", bytes(range(256)) * 40)))
    content[60:90] = b"\x00" * 30
    with pytest.raises(Problem, match="damaged"):
        _sources(bytes(content))
