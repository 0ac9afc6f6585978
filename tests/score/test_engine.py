"""What the score earns, and what it does not; by the packaged schema and checks."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from ckanext.tangerang.score import checks, engine
from stack.forms import fields, schema
from tests.metadata.records import compilation, indicator, survey, variable

FIELDS = fields("dataset")
RESOURCE = [f["field_name"] for f in schema("dataset")["resource_fields"]]

#: A variable of an activity.
VARIABLE = "5ef4b3a5-917e-4938-9f24-12a44f39e6cb#V1"
KAMUS = [
    {"kolom": "kecamatan", "label": "Kecamatan", "tipe": "string"},
    {"kolom": "jumlah", "label": "Jumlah", "tipe": "integer", "variabel": VARIABLE},
]
FULL = {
    "title": "Jumlah Puskesmas menurut Kecamatan",
    "notes": "Tabel ini memuat jumlah puskesmas yang terdaftar di tiap kecamatan.",
    "owner_org": "dinkes",
    "bidang_urusan": "1.02",
    "kategori": ["kesehatan"],
    "jenis_data": "statistik",
    "jenis_statistik": "STATISTIK_SEKTORAL",
    "tags": [{"name": "puskesmas"}, {"name": "kecamatan"}],
    "konsep": "Fasilitas pelayanan kesehatan tingkat pertama.",
    "definisi": "Puskesmas yang terdaftar pada dinas.",
    "klasifikasi": "kecamatan",
    "ukuran": "Jumlah",
    "satuan": "unit",
    "metodologi": "Dihitung dari daftar puskesmas dinas.",
    "sumber_data": "Dinkes",
    "kodereferensi": ["kemendagri"],
    "periode_awal": "2020",
    "periode_akhir": "2024",
    "frekuensi": "TAHUNAN",
    "jadwal_rilis": "2027-01",
    "tingkat_penyajian": ["kecamatan"],
    "cakupan_wilayah": ["36.03"],
    "accesslevel": "terbuka",
    "license_id": "cc-by",
    "penanggung_jawab": "Kepala Bidang Data",
    "kontak_email": "a@example.go.id",
    "kegiatan": "id-1",
    "indikator": ["id-2"],
    "resources": [
        {
            "id": "r1",
            "url": "https://example.go.id/a.csv",
            "format": "CSV",
            "kamus": KAMUS,
            "schema": {"fields": []},
        }
    ],
}


def judge(**changes):
    return engine.judge_dataset(FIELDS, RESOURCE, {**FULL, **changes})


def failed(result):
    return {task.check for task in result.todo}


def with_resource(**changes):
    return judge(resources=[{**FULL["resources"][0], **changes}])


def test_everything_filled():
    result = judge()
    assert result.todo == ()
    assert (result.completeness, result.score) == (100, 100)
    assert result.parts == dict.fromkeys(
        ("standar_data", "metadata", "interoperabilitas", "kode_referensi"), 100
    )


def test_nothing_filled():
    result = engine.judge_dataset(FIELDS, RESOURCE, {"title": "-"})
    assert (result.completeness, result.score) == (0, 0)
    assert set(result.parts.values()) == {0}


def test_stored_values_are_worth_as_much_as_shown_ones():
    stored = judge(kategori='["kesehatan"]', cakupan_wilayah='["36.03"]', indikator='["id-2"]')
    assert stored == judge()


@pytest.mark.parametrize(
    ("check", "changes"),
    [
        ("konsep", {"konsep": "Fasilitas"}),
        ("definisi", {"definisi": ""}),
        ("klasifikasi", {"klasifikasi": ""}),
        ("ukuran", {"ukuran": ""}),
        ("satuan", {"satuan": ""}),
        ("judul", {"title": "Data Puskesmas"}),
        ("deskripsi", {"notes": "Jumlah puskesmas di kecamatan."}),
        ("kata_kunci", {"tags": [{"name": "puskesmas"}]}),
        ("periode", {"periode_akhir": ""}),
        ("jadwal_rilis", {"jadwal_rilis": ""}),
        ("metodologi", {"metodologi": "Dihitung"}),
        ("sumber_data", {"sumber_data": ""}),
        ("kegiatan", {"kegiatan": ""}),
        ("indikator", {"indikator": []}),
        ("penanggung_jawab", {"penanggung_jawab": ""}),
        ("lisensi", {"license_id": "notspecified"}),
        ("bidang_urusan", {"bidang_urusan": ""}),
        ("wilayah", {"cakupan_wilayah": ["99.99"]}),
        ("kode_referensi", {"kodereferensi": []}),
    ],
)
def test_each_check_of_a_field_counts(check, changes):
    result = judge(**changes)
    assert failed(result) - {engine.NEEDED} == {check}
    assert result.score < 100


@pytest.mark.parametrize(
    ("check", "changes"),
    [
        ("berkas", {"url": "a.csv"}),
        ("format_terbuka", {"format": "PDF"}),
        ("kamus_data", {"kamus": [{"kolom": "a", "variabel": VARIABLE}]}),
        ("table_schema", {"schema": None}),
        ("kamus_terhubung", {"kamus": [{"kolom": "a", "label": "A", "tipe": "number"}]}),
    ],
)
def test_each_check_of_a_file_counts(check, changes):
    result = with_resource(**changes)
    assert failed(result) == {check}
    assert result.score < 100
    assert result.todo[0].resource == "r1"


def test_every_check_is_tested_above():
    tested = {
        mark.args[1][index][0]
        for test in (test_each_check_of_a_field_counts, test_each_check_of_a_file_counts)
        for mark in test.pytestmark
        for index in range(len(mark.args[1]))
    }
    assert tested == set(checks.load().by_name)


@pytest.mark.parametrize(
    "text", ["-", "N/A", "n.a.", "Tidak ada", "tidak ada.", "...", "???", "TEST", "Menyusul", "xxx"]
)
def test_placeholders_earn_nothing(text):
    changes = dict.fromkeys(
        ("konsep", "definisi", "klasifikasi", "metodologi", "sumber_data", "satuan"), text
    )
    assert judge(**changes).score == judge(**dict.fromkeys(changes, "")).score
    assert judge(definisi=text).completeness < 100


def test_the_copied_title_earns_nothing():
    copied = "jumlah puskesmas, menurut kecamatan!"
    for name in ("notes", "konsep", "definisi", "metodologi"):
        assert judge(**{name: copied}).score == judge(**{name: ""}).score < 100


def test_one_word_said_many_times_is_one_word():
    assert judge(konsep="puskesmas Puskesmas PUSKESMAS puskesmas").score == judge(konsep="").score


def test_a_word_suffices_where_no_sentence_is_asked_for():
    assert judge(klasifikasi="kecamatan", satuan="orang").score == 100


def test_the_kamus_stands_in_for_definition_and_unit():
    rows = [{**row, "satuan": "unit", "definisi": "Puskesmas yang terdaftar."} for row in KAMUS]
    resources = [{**FULL["resources"][0], "kamus": rows}]
    result = judge(definisi="", satuan="", resources=resources)
    assert (result.completeness, result.score) == (100, 100)

    rows = [{**row, "satuan": "-", "definisi": "n/a"} for row in KAMUS]
    resources = [{**FULL["resources"][0], "kamus": rows}]
    result = judge(definisi="", satuan="", resources=resources)
    assert {"definisi", "satuan"} <= failed(result)
    assert result.completeness < 100


def test_a_linked_indicator_stands_in_for_what_it_says():
    names = ("konsep", "definisi", "klasifikasi", "ukuran", "satuan")
    empty = {**FULL, **dict.fromkeys(names, "")}
    linked = {
        "konsep": '["Fasilitas pelayanan kesehatan"]',
        "definisi": "Puskesmas yang terdaftar.",
        "variabel_disaggregasi": '[{"nama": "Kecamatan"}]',
        "ukuran": "Jumlah",
        "satuan": "unit",
    }
    result = engine.judge_dataset(FIELDS, RESOURCE, empty, [{}, linked])
    assert (result.completeness, result.score, result.todo) == (100, 100, ())

    placeholders = dict.fromkeys(linked, "-")
    result = engine.judge_dataset(FIELDS, RESOURCE, empty, [placeholders])
    assert set(names) <= failed(result)
    assert result.completeness < 100


def test_a_part_of_the_columns_earns_a_part():
    half = with_resource(kamus=[KAMUS[1], {"kolom": "kecamatan"}])
    [task] = half.todo
    assert task.check == "kamus_data"
    assert (
        0 < task.points < with_resource(kamus=[{"kolom": "a", "variabel": VARIABLE}]).todo[0].points
    )


def test_an_explanation_as_pdf_beside_the_table_costs_nothing():
    pdf = {"id": "r2", "url": "https://example.go.id/a.pdf", "format": "PDF"}
    assert judge(resources=[pdf, *FULL["resources"]]).score == 100


def test_the_file_that_lacks_something_is_named():
    bare = {"id": "r2", "url": "https://example.go.id/b.csv", "format": "csv"}
    result = judge(resources=[*FULL["resources"], bare])
    assert {task.resource for task in result.todo} == {"r2"}


@pytest.mark.parametrize("text", ["", "-", "jumlah puskesmas", "x#V1"])
def test_words_are_no_link_to_a_variable(text):
    rows = [KAMUS[0], {**KAMUS[1], "variabel": text}]
    assert failed(with_resource(kamus=rows)) == {"kamus_terhubung"}


def test_a_kamus_that_can_not_be_read_is_none():
    assert "kamus_data" in failed(with_resource(kamus="{"))


def test_what_is_not_asked_of_other_kinds_of_data_costs_nothing():
    changes = dict.fromkeys(("klasifikasi", "ukuran", "satuan", "indikator", "jenis_statistik"), "")
    resources = [{**FULL["resources"][0], "kamus": [{**row, "variabel": ""} for row in KAMUS]}]
    assert judge(**changes).score < 100
    result = judge(jenis_data="geospasial", resources=resources, **changes)
    assert (result.completeness, result.score) == (100, 100)


@pytest.mark.parametrize("frequency", ["HANYA_SEKALI", "INSIDENTAL"])
def test_no_next_release_where_there_is_none(frequency):
    assert "jadwal_rilis" not in failed(judge(frekuensi=frequency, jadwal_rilis=""))


def test_a_check_of_a_field_that_the_schema_lacks_is_left_out():
    without = [f for f in FIELDS if f["field_name"] not in ("kegiatan", "indikator")]
    record = {**FULL, "kegiatan": "", "indikator": []}
    assert engine.judge_dataset(without, RESOURCE, record).score == 100


def test_points_say_what_is_gained():
    before = judge(konsep="", kodereferensi=[])
    gained = {task.check: task.points for task in before.todo}
    assert before.score == int(100 - sum(gained.values()))
    assert judge(konsep="").score == int(100 - gained["konsep"])
    assert [task.points for task in before.todo] == sorted(gained.values(), reverse=True)


def test_missing_items_that_no_check_asks_for_are_tasks_too():
    result = judge(accesslevel="terbatas")
    assert result.todo == (engine.Task(engine.NEEDED, "alasan_pembatasan", 0.0),)
    assert result.completeness == 93
    assert result.score == 100


def test_a_hundred_means_that_nothing_is_left():
    """15 of 16 columns: a score of 99.something."""
    rows = [
        {"kolom": f"k{n}", "label": "L", "tipe": "integer", "variabel": VARIABLE} for n in range(60)
    ]
    del rows[0]["tipe"]
    assert with_resource(kamus=rows).score == 99


@dataclass
class Item:
    field: str
    row: int | None = None
    needed: bool = True
    answered: bool = True
    filled: bool = True


class TestForms:
    def test_share_of_the_needed_items(self):
        items = [
            Item("a"),
            Item("b", answered=False, filled=False),
            Item("c", needed=False, answered=False, filled=False),
        ]
        result = engine.judge_items(items)
        assert (result.completeness, result.score, result.parts) == (50, None, {})
        assert result.todo == (engine.Task(engine.NEEDED, "b", 50.0),)

    def test_nothing_to_answer_is_not_filled_and_not_asked(self):
        items = [Item("a"), Item("fax", filled=False)]
        assert engine.judge_items(items).completeness == 100
        items = [Item("a", answered=False, filled=False), Item("fax", filled=False)]
        assert engine.judge_items(items).completeness == 0

    def test_rows_are_one_item(self):
        rows = [Item("variabel")] * 3 + [Item("variabel", answered=False, filled=False)]
        assert engine.judge_items([Item("a"), *rows]).completeness == 87

    def test_the_first_row_that_lacks_something_is_named(self):
        rows = [Item("v", row=n, answered=n == 1, filled=n == 1) for n in (1, 2, 3)]
        [task] = engine.judge_items([Item("v"), *rows]).todo
        assert (task.field, task.row) == ("v", 2)

    def test_a_form_that_asks_for_nothing(self):
        assert engine.judge_items([]).completeness == 100


class TestRecordsOfForms:
    def judge(self, record, **changes):
        filled = {"owner_org": "dinkes", "i_instansi_penyelanggara": "Dinas Kesehatan"}
        filled |= {"ii_unit_eselon1": "-", "ii_unit_eselon2": "Dinas Kesehatan"}
        return engine.judge_form(fields(record["type"]), {**record, **filled, **changes})

    @pytest.mark.parametrize("record", [survey(2), compilation(), indicator()])
    def test_a_full_record_is_complete(self, record):
        result = self.judge(record)
        assert (result.completeness, result.score, result.todo) == (100, None, ())

    def test_only_what_the_answers_ask_for_counts(self):
        """Blok V is asked of a survey, so that an empty one costs; a compilation has none."""
        record = {k: v for k, v in survey(2).items() if not k.startswith("v_")}
        assert {t.field[:2] for t in self.judge(record).todo} == {"v_"}
        assert self.judge(compilation()).completeness == 100

    def test_nil_is_neither_filled_nor_asked(self):
        with_fax = self.judge(survey(2), i_faksimile="(021) 5990009", iii_tujuan_kegiatan="")
        without = self.judge(survey(2), i_faksimile="-", iii_tujuan_kegiatan="")
        assert without.todo[0].points >= with_fax.todo[0].points
        assert [t.field for t in without.todo] == ["iii_tujuan_kegiatan"]
        assert [t.field for t in self.judge(survey(2), iii_tujuan_kegiatan="-").todo] == [
            "iii_tujuan_kegiatan"
        ]

    @pytest.mark.parametrize(
        "text", ["belum ada", "...", "xxx", "Kepuasan", "survei  kepuasan masyarakat!"]
    )
    def test_placeholders_one_word_and_the_copied_title_earn_nothing(self, text):
        record = {**survey(2), "title": "Survei Kepuasan Masyarakat"}
        [task] = self.judge(record, iii_latar_belakang_kegiatan=text).todo
        assert task.field == "iii_latar_belakang_kegiatan"

    def test_placeholders_in_lists_and_rows_earn_nothing(self):
        assert [t.field for t in self.judge(indicator(), konsep=["-", "n/a"]).todo] == ["konsep"]
        rows = [variable(1), {**variable(2), "definisi": "-"}, {**variable(3), "nama": "xxx"}]
        [task] = self.judge(survey(2), variabel=rows).todo
        assert (task.field, task.row) == ("variabel", 2)
        assert self.judge(survey(2), variabel=json.dumps(rows)).todo == (task,)

    def test_one_word_is_enough_where_no_paragraph_is_asked_for(self):
        assert self.judge(survey(2), v_unit_sampel="Keluarga").completeness == 100


class TestChecks:
    def test_parts_weigh_a_hundred(self):
        parts = checks.load().parts
        assert sum(part.weight for part in parts) == 100
        for part in parts:
            assert sum(check.weight for check in part.checks) == 100

    def test_fields_exist(self):
        names = {f["field_name"] for f in FIELDS}
        for check in checks.load().by_name.values():
            known = RESOURCE if check.of == "resource" else names
            assert {check.field, check.target} <= set(known), check.name
            assert set(check.message) == {"id", "en"}
            assert {*check.when, *check.unless} <= names
            assert check.linked in {"", *(f["field_name"] for f in fields("indikator"))}
