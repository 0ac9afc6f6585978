"""Any valid record → workbook → import gives the same record."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.tangerang.workbook import reader, writer
from ckanext.tangerang.workbook.cells import text_of

from .schemas import schemas
from .strategies import SLOW, records

FORMS = reader.Forms(schemas())


def _same(found: reader.Record, sent: dict[str, Any]) -> None:
    got = {name: value for name, value in found.values.items() if value is not None}
    wanted = {name: value for name, value in sent.items() if name not in ("id", "private")}
    assert got == wanted
    assert found.id == sent["id"]
    assert found.private == sent["private"]


@SLOW
@given(records("kegiatan"), st.lists(records("indikator"), max_size=2))
def test_activities(activity: dict[str, Any], indicators: list[dict[str, Any]]) -> None:
    activity.setdefault("judul_kegiatan", "Survei")
    for number, indicator in enumerate(indicators):
        indicator.setdefault("title", f"Indikator {number}")
    book = reader.read(writer.write(schemas(), activity, indicators), FORMS)
    assert [t.problem.msgid.format(**t.problem.params) for t in book.troubles] == []
    assert [record.type for record in book.records] == [
        "kegiatan",
        *("indikator" for _ in indicators),
    ]
    for found, sent in zip(book.records, [activity, *indicators], strict=True):
        _same(found, sent)


@settings(max_examples=200)
@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15))
def test_numbers_are_texts_without_exponents(number: float) -> None:
    assert "e" not in text_of(number)
    assert float(text_of(number)) == number
