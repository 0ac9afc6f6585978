"""Any record → INDAH → record, and any variables → DDI → variables, are the same.

Compared is what the formats can hold; that the rest is as listed is tested in
``test_differences``. The second half of each test is what the portal does with its own file: with
the stored record at hand nothing at all is lost.
"""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ckanext.tangerang.exchange import completing, ddi, documents, indah, opening
from ckanext.tangerang.metadata.values import is_empty
from tests.workbook.schemas import schemas
from tests.workbook.strategies import SLOW, records

from .held import held

SCHEMAS = {name: indah.with_paths(schema) for name, schema in schemas().items()}
REGIONS = indah.Regions("36.03", "3603")
READER = documents.Reader(SCHEMAS, REGIONS)


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    """Return values without what is empty, in rows too."""
    out = {}
    for name, value in values.items():
        filled = value
        if isinstance(value, list):
            filled = [
                {k: v for k, v in row.items() if not is_empty(v)} if isinstance(row, dict) else row
                for row in value
            ]
        if not is_empty(filled):
            out[name] = filled
    return out


def _document(activity: dict[str, Any], indicators: list[dict[str, Any]]) -> dict[str, Any]:
    names: dict[str, Any] = {}
    return documents.activity_document(
        SCHEMAS["kegiatan"],
        activity,
        [
            documents.indicator_document(
                SCHEMAS["indikator"], each, activity, names=names, bps_domain="3603",
                regions=REGIONS,
            )
            for each in indicators
        ],
        bps_domain="3603",
        regions=REGIONS,
        personal=True,
    )  # fmt: skip


def _as_shown(record: dict[str, Any]) -> dict[str, Any]:
    """Return a generated record as ``package_show`` has it."""
    return {**record, "organization": {"title": "Dinas Kesehatan"}, "owner_org": "dinkes-id"}


@SLOW
@given(records("kegiatan"), st.lists(records("indikator"), max_size=2))
def test_records(activity: dict[str, Any], indicators: list[dict[str, Any]]) -> None:
    activity.setdefault("judul_kegiatan", "Survei")
    stored = [_as_shown(record) for record in (activity, *indicators)]
    text = json.dumps(_document(stored[0], stored[1:]), ensure_ascii=False)
    found = documents.together(list(documents.found(opening.read_json(text.encode()))))
    assert len(found) == 1
    book = READER.book(found[0])
    assert [t.problem.msgid.format(**t.problem.params) for t in book.troubles] == []
    assert book.unplaced == []
    assert [record.type for record in book.records] == [
        "kegiatan",
        *["indikator"] * len(indicators),
    ]
    for read, sent in zip(book.records, stored, strict=True):
        assert read.values.pop("owner_org") == "Dinas Kesehatan"
        fields = SCHEMAS[read.type]["dataset_fields"]
        assert _filled(read.values) == _filled(held(fields, sent))
        completing.complete(read, fields, sent, lambda *_: {})
        merged = {**sent, **read.values}
        assert _filled(merged) == _filled(sent)


@SLOW
@given(records("kegiatan"))
def test_variables_as_a_codebook(activity: dict[str, Any]) -> None:
    fields = schemas()["kegiatan"]["dataset_fields"]
    text = ddi.study(
        fields, {**_as_shown(activity), "name": "x"}, address="https://example.org/x",
        walidata="Dinas Kominfo",
    )  # fmt: skip
    found = ddi.variables(ddi.parse(opening.text_of(text.encode())))
    # A variable must have a name in DDI: one that has none yet is called by its code.
    sent = [{"nama": row["kode"], **row} for row in activity.get("variabel", [])]
    assert found == sent
