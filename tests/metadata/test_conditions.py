"""The rules of the forms against an oracle that is written down plainly, on generated records.

The oracle knows nothing of the schema files: it says with ``if`` what the notes of the forms say.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.tangerang.metadata import conditions
from ckanext.tangerang.metadata.codelists import codelist
from stack import forms

from . import records
from .items import ITEMS

KEGIATAN = forms.fields("kegiatan")
INDIKATOR = forms.fields("indikator")
BY_NAME = {field["field_name"]: field for field in (*INDIKATOR, *KEGIATAN)}

SARANA_WITH_STAFF = {"papi", "capi", "cati"}
OTHERS = {
    "iv_metode_pengumpulan_data": "iv_metode_pengumpulan_lainnya",
    "iv_sarana_pengumpulan_data": "iv_sarana_pengumpulan_lainnya",
    "iv_unit_pengumpulan_data": "iv_unit_pengumpulan_data_lainnya",
    "vi_metode_pemeriksaan_kualitas_pengumpulan_data": (
        "vi_metode_pemeriksaan_kualitas_pengumpulan_data_lainnya"
    ),
    "vii_unit_analisis": "vii_unit_analisis_lainnya",
    "vii_tingkat_penyajian_hasil_analisis": "vii_tingkat_penyajian_hasil_analisis_lainnya",
}
PRODUCTS = ("tercetak", "digital", "mikrodata")
#: Neither asked by a form nor needed: what the record keeps besides.
BESIDES_KEGIATAN = {"owner_org", "title", "name", "status_indah", "id_mskeg", "kegiatan_sebelumnya"}


def answer(record: dict[str, Any], name: str) -> Any:
    """Return the answer to a question, None where there is none."""
    value = record.get(name)
    return value or None


def asked_of_cover(record: dict[str, Any]) -> set[str]:
    """Return the items of the cover that only some activities are asked."""
    asked = set()
    if answer(record, "jenis_statistik") == "STATISTIK_SEKTORAL":
        asked.add("mendapat_rekomendasi")
        if answer(record, "mendapat_rekomendasi") == "YA":
            asked |= {"identitas_rekomendasi", "tanggal_rekomendasi", "berkas_rekomendasi"}
    return asked


def asked_of_design(record: dict[str, Any]) -> set[str]:
    """Return the items of Blok IV that only some activities are asked."""
    asked = set()
    if answer(record, "iv_kegiatan_ini_dilakukan") == "BERULANG":
        asked.add("iv_frekuensi_penyelanggara")
    if answer(record, "iv_cakupan_wilayah_pengumpulan_data") == "SEBAGIAN_WILAYAH_INDONESIA":
        asked.add("iv_wilayah_kegiatan")
    return asked


def asked_of_sample(record: dict[str, Any]) -> set[str]:
    """Return the items of Blok V, which is for surveys."""
    if answer(record, "cara_pengumpulan_data") != "SURVEI":
        return set()
    asked = {
        "v_jenis_rancangan_sampel",
        "v_metode_pemilihan_sampel_tahap_terakhir",
        "v_unit_sampel",
        "v_unit_observasi",
    }
    chosen = answer(record, "v_metode_pemilihan_sampel_tahap_terakhir")
    if chosen is not None:
        asked.add("v_metode_yang_digunakan")
    if chosen == "SAMPEL_PROBABILITAS":
        asked |= {
            "v_kerangka_sampel_tahap_terakhir",
            "v_fraksi_sampel_keseluruhan",
            "v_nilai_perkiraan_sampling_error_variabel_utama",
        }
    return asked


def asked_of_activity(record: dict[str, Any]) -> set[str]:
    """Return the items that the form MS-Keg asks of ``record``, by its notes."""
    asked = {
        item.name for item in ITEMS if item.form == "kegiatan" and item.of is None and not item.when
    }
    asked |= BESIDES_KEGIATAN | asked_of_cover(record) | asked_of_design(record)
    asked |= asked_of_sample(record)
    for choices, text in OTHERS.items():
        if "lainnya" in (answer(record, choices) or []):
            asked.add(text)
    if SARANA_WITH_STAFF & set(answer(record, "iv_sarana_pengumpulan_data") or []):
        asked |= {
            "vi_petugas_pengumpulan_data",
            "vi_persyaratan_pendidikan_terendah_petugas_pengumpulan_data",
            "vi_jumlah_petugas_supervisor",
            "vi_jumlah_petugas_enumerator",
            "vi_apakah_melakukan_pelatihan_petugas",
        }
    for product in PRODUCTS:
        if answer(record, f"viii_ketersediaan_produk_{product}") == "YA":
            asked.add(f"viii_rencana_jadwal_rilis_produk_{product}")
    return asked


def asked_of_indicator(record: dict[str, Any]) -> set[str]:
    """Return the items that the form MS-Ind asks of ``record``, by its notes."""
    asked = {field["field_name"] for field in INDIKATOR}
    composite = answer(record, "apakah_indikator_komposit")
    if composite != "YA":
        asked.discard("indikator_pembangun")
    if composite != "TIDAK":
        asked.discard("variabel_pembangun")
    return asked


#: What nobody must answer, though it is asked.
OPTIONAL = {
    "title",  # of an activity: made of the title and the year on the form
    "name",
    "kode_kegiatan",
    "status_indah",
    "id_mskeg",
    "tanggal_rekomendasi",
    "berkas_rekomendasi",
    "kegiatan_sebelumnya",
}
ORACLES = {
    "kegiatan": (KEGIATAN, asked_of_activity, OPTIONAL),
    "indikator": (
        INDIKATOR,
        asked_of_indicator,
        {field["field_name"] for field in INDIKATOR}
        - {item.name for item in ITEMS if item.form == "indikator" and item.needed}
        - {"owner_org"},
    ),
}
BOTH = pytest.mark.parametrize("form", ORACLES)

PARENTS = sorted(
    {parent for field in (*KEGIATAN, *INDIKATOR) for parent in field.get("open_when", {})}
)


def answers(field: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Return a strategy for the answers to an item, none among them."""
    if "codelist" in field and field["kind"] in ("choice", "yes_no"):
        return st.none() | st.sampled_from(codelist(field["codelist"]).keys)
    if field["kind"] == "choices":
        keys = codelist(field["codelist"]).keys
        return st.lists(st.sampled_from(keys), unique=True)
    if "row_fields" in field:
        return st.sampled_from([None, [], [{}]])
    return st.sampled_from([None, "", "  ", "isi"])


def record_of(fields: list[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for records, some of whose fields are absent."""
    return st.fixed_dictionaries(
        {}, optional={field["field_name"]: answers(field) for field in fields}
    )


RECORDS = {form: record_of(fields) for form, (fields, _, _) in ORACLES.items()}


def fills(value: Any) -> bool:
    """Tell whether a generated value is an answer."""
    return bool(value.strip() if isinstance(value, str) else value)


def needed(form: str, record: dict[str, Any]) -> set[str]:
    """Return the items that must be answered before ``record`` may be public."""
    fields, _, _ = ORACLES[form]
    return {
        item.field for item in conditions.items(fields, record) if item.needed and item.row is None
    }


@BOTH
@given(data=st.data())
def test_items_are_asked_and_needed_as_the_form_says(form, data):
    fields, asked, optional = ORACLES[form]
    record = data.draw(RECORDS[form])
    expected = asked(record)
    assert conditions.open_names(fields, record) == expected
    assert needed(form, record) == expected - optional


@BOTH
@given(data=st.data())
def test_what_is_missing_is_what_is_needed_and_not_answered(form, data):
    fields, asked, optional = ORACLES[form]
    record = data.draw(RECORDS[form])
    expected = {name for name in asked(record) - optional if not fills(record.get(name))}
    found = [item.field for item in conditions.missing(fields, record) if item.row is None]
    assert set(found) == expected
    assert found == [field["field_name"] for field in fields if field["field_name"] in expected]


@BOTH
@given(data=st.data())
def test_exactly_the_answers_to_what_is_not_asked_are_wrong(form, data):
    fields, asked, _ = ORACLES[form]
    record = data.draw(RECORDS[form])
    wrong = {name for name, value in record.items() if fills(value)} - asked(record)
    found = [field["field_name"] for field in conditions.closed_values(fields, record)]
    assert found == [field["field_name"] for field in fields if field["field_name"] in wrong]


@pytest.mark.parametrize("parent", PARENTS)
@settings(max_examples=40)
@given(data=st.data())
def test_one_changed_answer_changes_exactly_what_hangs_on_it(parent, data):
    form = "kegiatan" if any(f["field_name"] == parent for f in KEGIATAN) else "indikator"
    fields, asked, optional = ORACLES[form]
    before = data.draw(RECORDS[form])
    after = before | {parent: data.draw(answers(BY_NAME[parent]))}
    appeared = needed(form, after) - needed(form, before)
    gone = needed(form, before) - needed(form, after)
    assert appeared == asked(after) - asked(before) - optional
    assert gone == asked(before) - asked(after) - optional
    assert parent not in appeared | gone
    assert conditions.open_names(fields, after) == asked(after)


@given(record=RECORDS["kegiatan"])
def test_lists_as_stored_are_read_like_lists_as_shown(record):
    stored = {
        name: json.dumps(value) if isinstance(value, list) else value
        for name, value in record.items()
    }
    assert conditions.open_names(KEGIATAN, stored) == conditions.open_names(KEGIATAN, record)
    assert [f["field_name"] for f in conditions.closed_values(KEGIATAN, stored)] == [
        f["field_name"] for f in conditions.closed_values(KEGIATAN, record)
    ]


class TestTransitively:
    def test_a_left_over_answer_in_a_closed_block_opens_nothing(self):
        record = records.survey(1) | {"cara_pengumpulan_data": "PENCACAHAN_LENGKAP"}
        opened = conditions.open_names(KEGIATAN, record)
        assert not [name for name in opened if name.startswith("v_")]
        closed = [field["field_name"] for field in conditions.closed_values(KEGIATAN, record)]
        assert closed == [
            "v_jenis_rancangan_sampel",
            "v_metode_pemilihan_sampel_tahap_terakhir",
            "v_metode_yang_digunakan",
            "v_kerangka_sampel_tahap_terakhir",
            "v_fraksi_sampel_keseluruhan",
            "v_nilai_perkiraan_sampling_error_variabel_utama",
            "v_unit_sampel",
            "v_unit_observasi",
        ]

    def test_a_recommendation_of_another_kind_of_statistics_is_not_asked_for(self):
        record = records.survey(1) | {"jenis_statistik": "STATISTIK_KHUSUS"}
        closed = {field["field_name"] for field in conditions.closed_values(KEGIATAN, record)}
        assert closed == {"mendapat_rekomendasi", "identitas_rekomendasi"}

    def test_a_circle_of_conditions_opens_nothing(self):
        fields = [
            {"field_name": "a", "open_when": {"b": ["YA"]}},
            {"field_name": "b", "open_when": {"a": ["YA"]}},
        ]
        assert conditions.open_names(fields, {"a": "YA", "b": "YA"}) == set()

    def test_every_condition_of_one_item_must_hold(self):
        fields = [
            {"field_name": "a"},
            {"field_name": "b"},
            {"field_name": "c", "open_when": {"a": ["1"], "b": ["2", "3"]}},
        ]
        assert "c" in conditions.open_names(fields, {"a": "1", "b": ["9", "3"]})
        assert "c" not in conditions.open_names(fields, {"a": "1", "b": ["9"]})


NUMBERS = {item.key: item.code for item in codelist("metode_yang_digunakan").items}


class TestChoices:
    @pytest.mark.parametrize(
        ("parent", "numbers"),
        [
            ("SAMPEL_PROBABILITAS", [1, 2, 3, 4, 5]),
            ("SAMPEL_NONPROBABILITAS", [6, 7, 8, 9, 10]),
            (None, list(range(1, 11))),
            ("lain", list(range(1, 11))),
            ({"bukan": "teks"}, list(range(1, 11))),
            (["SAMPEL_PROBABILITAS"], list(range(1, 11))),
        ],
    )
    def test_5_2_decides_between_5_3a_and_5_3b(self, parent, numbers):
        record = {"v_metode_pemilihan_sampel_tahap_terakhir": parent}
        allowed = conditions.allowed_choices(BY_NAME["v_metode_yang_digunakan"], record)
        assert [NUMBERS[key] for key in allowed] == numbers

    def test_other_lists_are_not_narrowed(self):
        field = BY_NAME["cara_pengumpulan_data"]
        assert conditions.allowed_choices(field, {}) == codelist("cara_pengumpulan_data").keys


VARIABLE_COLUMNS = [column["field_name"] for column in BY_NAME["variabel"]["row_fields"]]


class TestRows:
    @given(rows=st.lists(st.sets(st.sampled_from(VARIABLE_COLUMNS), min_size=1), max_size=5))
    def test_each_variable_needs_name_concept_definition_and_type(self, rows):
        record = {"variabel": [dict.fromkeys(filled, "isi") for filled in rows]}
        found = [
            (item.row, item.subfield)
            for item in conditions.missing(KEGIATAN, record)
            if item.field == "variabel" and item.row
        ]
        assert found == [
            (number, name)
            for number, filled in enumerate(rows, start=1)
            for name in ("nama", "konsep", "definisi", "tipe_data")
            if name not in filled
        ]

    @pytest.mark.parametrize(
        ("field", "row", "missing"),
        [
            ("indikator_pembangun", {}, ["publikasi", "nama"]),
            ("indikator_pembangun", {"indikator": "id"}, ["publikasi"]),
            ("variabel_pembangun", {}, ["kegiatan_penghasil", "nama"]),
            ("variabel_pembangun", {"variabel": "id#V001"}, []),
            ("variabel_pembangun", {"nama": "x", "kegiatan_penghasil": ["y"]}, []),
        ],
    )
    def test_a_link_stands_for_the_name(self, field, row, missing):
        composite = "YA" if field == "indikator_pembangun" else "TIDAK"
        record = {"apakah_indikator_komposit": composite, field: [row or {"kode_kegiatan": "1"}]}
        found = [
            item.subfield
            for item in conditions.missing(INDIKATOR, record)
            if item.field == field and item.row == 1
        ]
        assert found == missing

    def test_rows_of_what_is_not_asked_need_nothing(self):
        record = {"apakah_indikator_komposit": "YA", "variabel_pembangun": [{"kode_kegiatan": "1"}]}
        assert "variabel_pembangun" not in {
            item.field for item in conditions.missing(INDIKATOR, record)
        }

    def test_what_is_no_row_breaks_nothing(self):
        record = {"variabel": ["bukan baris", None, 3, {"nama": "a"}]}
        rows = {item.row for item in conditions.items(KEGIATAN, record) if item.row}
        assert rows == {4}

    @pytest.mark.parametrize(
        "record", [{}, records.survey(3), records.compilation(), {"variabel": [{}, 3]}]
    )
    def test_only_those_that_are_needed(self, record):
        needed = [item for item in conditions.items(KEGIATAN, record) if item.needed]
        assert conditions.items(KEGIATAN, record, only_needed=True) == needed

    def test_of_two_columns_one_is_needed(self):
        rows = [{"kode_kegiatan": "1"}, {"kegiatan_penghasil": ["a"]}]
        record = {"apakah_indikator_komposit": "TIDAK", "variabel_pembangun": rows}
        needed = [item for item in conditions.items(INDIKATOR, record) if item.needed]
        assert conditions.items(INDIKATOR, record, only_needed=True) == needed


class TestNil:
    @pytest.mark.parametrize("text", ["-", "–", "Tidak ada", " NIHIL ", "n/a"])
    def test_it_answers_where_the_form_allows_it_and_never_fills(self, text):
        record = {"i_faksimile": text, "iii_tujuan_kegiatan": text}
        state = {item.field: item for item in conditions.items(KEGIATAN, record)}
        assert (state["i_faksimile"].answered, state["i_faksimile"].filled) == (True, False)
        lacking = {item.field for item in conditions.missing(KEGIATAN, record)}
        assert "i_faksimile" not in lacking
        assert "iii_tujuan_kegiatan" in lacking

    @pytest.mark.parametrize("value", [["-"], '["-"]', ["-", "tidak ada"]])
    def test_a_list_of_nothing_says_nothing(self, value):
        lacking = [item.field for item in conditions.missing(INDIKATOR, {"konsep": value})]
        assert "konsep" in lacking
        cell = {"variabel": [{"konsep": value}]}
        missing = [item.subfield for item in conditions.missing(KEGIATAN, cell) if item.row]
        assert "konsep" in missing

    @pytest.mark.parametrize("value", ["- tidak ada perubahan", ["-", "ada"], [{"nama": "-"}]])
    def test_an_answer_that_only_begins_so_is_one(self, value):
        lacking = [item.field for item in conditions.missing(INDIKATOR, {"konsep": value})]
        assert "konsep" not in lacking
