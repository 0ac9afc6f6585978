"""Codebooks of DDI: valid, complete, and read back without trust."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from lxml import etree

from ckanext.tangerang.exchange import ddi
from ckanext.tangerang.metadata.values import Problem
from tests.metadata.records import indicator, survey
from tests.workbook.schemas import schemas
from tests.workbook.strategies import SLOW, records

from .codebooks import errors

FIELDS = schemas()["kegiatan"]["dataset_fields"]
#: What XML can not hold, and what means something in it.
HOSTILE = "a\x0b\x00\ufffe]]>&amp;<!-- --><b>\u202e</labl> \ud800"


def _study(record: dict[str, Any], **more: Any) -> str:
    shown = {"name": "survei", "organization": {"title": "Dinas Kesehatan"}, **record}
    about = {"address": "https://example.org/x?a=1&b=2", "walidata": "Dinas Kominfo"}
    return ddi.study(FIELDS, shown, **about, **more)


def _indicator(record: dict[str, Any], activity: dict[str, Any] | None = None) -> str:
    about = {"address": "https://example.org/i", "walidata": "Dinas Kominfo"}
    return ddi.indicator({"name": "ikm", **record}, activity or {}, **about)


def _found(text: str, path: str) -> list[str]:
    names = {"d": ddi.NAMESPACE}
    inner = "/".join(f"d:{part}" if part[0] not in "@." else part for part in path.split("/"))
    found = etree.fromstring(text.encode()).xpath(f"//{inner}", namespaces=names)
    return [str(e) if isinstance(e, str) else e.text for e in found]


@SLOW
@given(records("kegiatan"))
def test_generated_activities_are_valid(record: dict[str, Any]) -> None:
    assert errors(_study(record, related=["Indeks (https://example.org/i)"])) == []


@SLOW
@given(records("indikator"))
def test_generated_indicators_are_valid(record: dict[str, Any]) -> None:
    assert errors(_indicator(record, {"title": "Survei"})) == []


def test_the_schema_of_these_tests_refuses_what_is_wrong() -> None:
    text = _study(survey(2))
    assert errors(text) == []
    assert errors(text.replace("<titl>", "<titel>").replace("</titl>", "</titel>"))
    assert errors(text.replace("<var ", '<var nonsense="1" ', 1))
    assert errors(text.replace('type="character"', 'type="text"').replace('"numeric"', '"text"'))


def test_a_survey_says_what_its_form_says() -> None:
    text = _study(survey(3) | {"kode_kegiatan": "K-1"})
    assert _found(text, "titl") == ["Survei Kepuasan Masyarakat Dinas Kesehatan"]
    assert _found(text, "IDNo") == ["K-1", "V-25.3603.001"]
    assert _found(text, "producer") == ["Dinas Kesehatan"]
    assert _found(text, "distrbtr") == ["Dinas Kominfo"]
    assert _found(text, "topcClas") == ["Kesehatan"]
    assert _found(text, "collDate/@date")[:2] == ["2025-02-03", "2025-02-28"]
    assert _found(text, "geogCover")[0] == "Kabupaten Tangerang (36.03)"
    collected = ["Wawancara", "Lainnya", "Kotak saran"]
    assert _found(text, "collMode")[:3] == collected
    assert _found(text, "setAvail/@label")[1].endswith("Digital (softcopy)")
    assert _found(text, "setAvail/notes") == ["Laporan 2025 2025-12-15"]
    assert _found(text, "var/@ID") == []  # these have no codes yet
    assert _found(text, "var/@measUnit") == ["poin"] * 3
    assert _found(text, "catgry/catValu")[:4] == ["1", "2", "3", "4"]


def test_nobody_is_named() -> None:
    text = _study(survey(1))
    for name in ("ii_pj_nama", "ii_pj_telepon", "ii_pj_email", "i_telepon", "i_email"):
        assert survey(1)[name] not in text.replace("Bidang Data", "")
    assert "Kepala Bidang" not in text


def test_an_indicator_is_a_derived_variable() -> None:
    text = _indicator(indicator(), {"title": "Survei 2025"})
    assert errors(text) == []
    assert _found(text, "var/@name") == ["Indeks Kepuasan Masyarakat"]
    assert _found(text, "drvdesc") == ["Rata-rata tertimbang dikali 25."]
    assert _found(text, "drvcmd") == ["IKM = jumlah(nilai * bobot) * 25"]
    assert _found(text, "relStdy") == ["Survei 2025"]


def test_hostile_texts_stay_texts() -> None:
    record = survey(1) | {"judul_kegiatan": HOSTILE}
    record["variabel"][0] |= {"kode": "1.a", "nama": HOSTILE, "satuan": HOSTILE, "alias": HOSTILE}
    text = _study(record)
    assert errors(text) == []
    row = ddi.variables(ddi.parse(text))[0]
    clean = "a]]>&amp;<!-- --><b>\u202e</labl>"
    assert row["kode"] == "1.a"
    assert [row["nama"].strip(), row["alias"]] == [clean, clean]


def test_codes_that_are_no_names_of_xml_come_back() -> None:
    record = survey(3)
    for row, code in zip(record["variabel"], ("V001", "1", "2-b.c"), strict=True):
        row["kode"] = code
    text = _study(record)
    assert _found(text, "var/@ID") == ["V001", "_1", "_2-b.c"]
    assert [row["kode"] for row in ddi.variables(ddi.parse(text))] == ["V001", "1", "2-b.c"]


def test_codebooks_of_others_are_read() -> None:
    text = (
        "<codeBook><stdyDscr><citation><titlStmt><titl>Sakernas</titl></titlStmt></citation>"
        '</stdyDscr><dataDscr><var name="umur" ID="V9"><labl>Umur <b>KRT</b></labl>'
        "<qstn><qstnLit>Berapa umur?</qstnLit></qstn></var></dataDscr></codeBook>"
    )
    book = ddi.book(text)
    assert book.troubles == []
    values = book.records[0].values
    assert values["judul_kegiatan"] == "Sakernas"
    assert values["variabel"] == [
        {"nama": "umur", "kode": "V9", "alias": "Umur KRT", "kalimat_pertanyaan": "Berapa umur?"}
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not valid XML"),
        ("<codeBook>", "not valid XML"),
        ("<html></html>", "no DDI Codebook"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><codeBook>&a;</codeBook>', "DOCTYPE"),
        ("<codeBook>" + "<a>" * 100_000, "too deep"),
        ("<codeBook>" + "<a/>" * 400_000 + "</codeBook>", "too many elements"),
        ("<codeBook>\x00</codeBook>", "not valid XML"),
    ],
)
def test_what_is_no_codebook_is_refused(text: str, said: str) -> None:
    with pytest.raises(Problem) as error:
        ddi.parse(text)
    assert said in error.value.msgid


def test_a_codebook_without_variables_says_so() -> None:
    (trouble,) = ddi.book("<codeBook/>").troubles
    assert "no variables" in trouble.problem.msgid
