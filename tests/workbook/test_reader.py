"""Workbooks as people fill them in, read without CKAN; and what is written for them."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from openpyxl import Workbook, load_workbook

from ckanext.tangerang.metadata.codelists import codelist, names
from ckanext.tangerang.metadata.values import Problem
from ckanext.tangerang.workbook import cells, layout, reader, writer
from tests.metadata import records

from .conftest import Sheets
from .schemas import schemas

FORMS = reader.Forms(schemas())
FIELDS = {f["field_name"]: f for s in schemas().values() for f in s["dataset_fields"]}


def _read(content, **options):
    if isinstance(content, Sheets):
        content = content.content()
    elif isinstance(content, Workbook):
        out = io.BytesIO()
        content.save(out)
        content = out.getvalue()
    return reader.read(content, FORMS, **options)


def _messages(book):
    return [t.problem.msgid.format(**t.problem.params) for t in book.troubles]


def _filled(record):
    return {name: value for name, value in record.values.items() if value is not None}


def _form():
    return Sheets(writer.write(schemas(), {}))


def _plain(rows, title="MS-Keg"):
    """Make a workbook that has none of our keys."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(row)
    return book


class TestWritten:
    @pytest.fixture(scope="class")
    def book(self):
        """Write a survey with an indicator, and open it as a spreadsheet does."""
        record = records.survey(2) | {"iii_tujuan_kegiatan": "=1+1", "i_alamat": "-Jalan"}
        indicator = records.indicator() | {"title": "@SUM(A1)"}
        return load_workbook(io.BytesIO(writer.write(schemas(), record, [indicator])))

    def test_sheets(self, book):
        assert book.sheetnames == ["MS-Keg", "MS-Var", "MS-Ind", "Petunjuk", "Kode"]
        only = load_workbook(io.BytesIO(writer.write(schemas(), None)))
        assert only.sheetnames == ["MS-Ind", "Petunjuk", "Kode"]

    def test_no_cell_is_a_formula(self, book):
        for sheet in book:
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type != "f", cell.coordinate
        sheets = [cell for row in book["MS-Keg"].iter_rows() for cell in row]
        assert next(c for c in sheets if c.value == "=1+1").quotePrefix
        assert next(c for c in sheets if c.value == "-Jalan").quotePrefix

    def test_every_item_of_the_form_has_its_line_with_number_and_label(self, book):
        rows = {row[5].value: row for row in book["MS-Keg"].iter_rows(min_row=4)}
        for field in schemas()["kegiatan"]["dataset_fields"]:
            if field.get("kind") == "internal" or field["field_name"] == "variabel":
                continue
            key = field["field_name"] + ("#" if field.get("row_fields") else "")
            assert (rows[key][0].value or "") == field.get("form_item", "")
            assert rows[key][1].value.startswith(field["label"]["id"])

    def test_headings_are_locked_and_answers_are_not(self, book):
        sheet = book["MS-Keg"]
        assert sheet.protection.sheet
        assert sheet.protection.password is None
        line = next(c.row for c in sheet["F"] if c.value == "judul_kegiatan")
        assert sheet.cell(line, 2).protection.locked
        assert not sheet.cell(line, 3).protection.locked
        assert not book["MS-Var"].column_dimensions["B"].protection.locked
        assert book["MS-Var"].cell(4, 2).protection.locked
        assert all(book[name].freeze_panes for name in book.sheetnames)

    def test_needed_items_are_marked(self, book):
        labels = {c.row: c.value for c in book["MS-Keg"]["B"]}
        keys = {c.value: c.row for c in book["MS-Keg"]["F"]}
        assert labels[keys["iii_tujuan_kegiatan"]].endswith(" *")
        assert not labels[keys["kode_kegiatan"]].endswith("*")

    def test_choices_have_a_drop_down_with_indonesian_labels(self, book):
        sheet = book["MS-Keg"]
        line = next(c.row for c in sheet["F"] if c.value == "sektor_kegiatan")
        found = next(v for v in sheet.data_validations.dataValidation if f"C{line}" in v.cells)
        first, last = found.formula1.replace("Kode!$C$", "").replace("$C$", "").split(":")
        labels = [book["Kode"].cell(row, 3).value for row in range(int(first), int(last) + 1)]
        assert labels == [item.id for item in codelist("sektor_kegiatan").items]

    def test_what_is_not_asked_is_grey_by_the_condition_of_the_schema(self, book):
        sheet = book["MS-Keg"]
        keys = {c.value: c.row for c in reversed(sheet["F"])}
        rules = {str(r.sqref): r.rules[0].formula[0] for r in sheet.conditional_formatting}
        formula = rules[f"A{keys['v_unit_sampel']}:E{keys['v_unit_sampel']}"]
        assert formula == f'NOT(AND(OR($C${keys["cara_pengumpulan_data"]}="Survei")))'
        nested = rules[f"A{keys['v_unit_sampel'] - 1}:E{keys['v_unit_sampel'] - 1}"]
        assert "OR($C$" in nested
        assert nested.count("OR(") == 2
        papi = rules[
            f"A{keys['vi_petugas_pengumpulan_data']}:E{keys['vi_petugas_pengumpulan_data']}"
        ]
        line = keys["iv_sarana_pengumpulan_data=papi"]
        assert f'$C${line}="Ya"' in papi

    def test_it_says_its_versions(self, book):
        texts = [cell.value for row in book["Petunjuk"].iter_rows() for cell in row]
        assert layout.VERSION in texts
        assert "Perka BPS 5/2020" in texts

    def test_no_two_choices_of_a_list_are_read_as_one(self):
        for name in names():
            items = codelist(name).items
            assert len({cells.fold(item.id) for item in items}) == len(items), name


class TestPeople:
    def test_keys_may_be_gone_and_lines_moved(self):
        book = _read(
            _plain(
                [
                    ["Metadata Kegiatan"],
                    [],
                    ["Isian", "Rincian", "Nomor", "Keterangan"],
                    ["Survei", "CARA  PENGUMPULAN DATA *"],
                    [],
                    [],
                    ["Survei Harga", "Title of the activity"],
                    [2025.0, "", "sampul 2"],
                    ["x", "Tujuan Kegiatan", 3.2],
                ]
            )
        )
        assert _messages(book) == []
        assert _filled(book.records[0]) == {
            "cara_pengumpulan_data": "SURVEI",
            "judul_kegiatan": "Survei Harga",
            "tahun_kegiatan": "2025",
            "iii_tujuan_kegiatan": "x",
        }
        assert book.records[0].cell_of("iii_tujuan_kegiatan") == ("MS-Keg", "A9")

    def test_choices_of_several_may_be_lines_or_one_cell(self):
        lines = [
            ["No.", "Rincian", "Isian"],
            ["4.6", "Metode Pengumpulan Data", None],
            [None, "wawancara", "ya"],
            [None, "Lainnya", "x"],
            ["4.8", "Unit Pengumpulan Data", "Individu; lainnya"],
            [None, "Rumah tangga", "Tidak"],
        ]
        record = _read(_plain(lines)).records[0]
        assert _filled(record) == {
            "iv_metode_pengumpulan_data": ["wawancara", "lainnya"],
            "iv_unit_pengumpulan_data": ["individu", "lainnya"],
        }

    @pytest.mark.parametrize(
        ("raw", "day"),
        [
            ("12 Januari 2026", "2026-01-12"),
            ("12 jan 2026", "2026-01-12"),
            ("Senin, 12 Januari 2026", "2026-01-12"),
            ("January 12, 2026", "2026-01-12"),
            ("12th of January", None),
            ("12 Pebruari 2026", "2026-02-12"),
            ("3 August 2026", "2026-08-03"),
            ("1 Agustus 2026", "2026-08-01"),
            ("12/01/2026", "2026-01-12"),
            ("1-2-2026", "2026-02-01"),
            ("1.2.2026", "2026-02-01"),
            ("2026-01-12", "2026-01-12"),
            ("2026-01-12 00:00:00", "2026-01-12"),
            ("2026-1-2", "2026-01-02"),
            ("31 Februari 2026", None),
            ("13/13/2026", None),
            ("besok", None),
            (dt.date(2026, 1, 12), "2026-01-12"),
            (dt.datetime(2026, 1, 12, 8, 30), "2026-01-12"),  # noqa: DTZ001
            (46034.0, None),
            (dt.time(8), None),
        ],
    )
    def test_dates(self, raw, day):
        if day is None:
            with pytest.raises(Problem, match="Write a date"):
                cells.from_cell({"kind": "date"}, raw, cells.Reading())
        else:
            assert cells.from_cell({"kind": "date"}, raw, cells.Reading()) == day

    @pytest.mark.parametrize(
        ("name", "raw", "form", "value"),
        [
            ("cara_pengumpulan_data", " s u r v e i ", None, "SURVEI"),
            ("cara_pengumpulan_data", "Complete enumeration (census)", None, "PENCACAHAN_LENGKAP"),
            ("cara_pengumpulan_data", "2. Survei", None, "SURVEI"),
            ("cara_pengumpulan_data", 2.0, "2020", "SURVEI"),
            ("cara_pengumpulan_data", "2", "INDAH", "SURVEI"),
            ("cara_pengumpulan_data", 2, None, Problem),
            ("cara_pengumpulan_data", 9, "2020", Problem),
            (
                "cara_pengumpulan_data",
                "CARA_LAIN_SESUAI_PERKEMBANGAN_TEKNOLOGI_DAN_INFORMASI",
                None,
                "CARA_LAIN_SESUAI_DENGAN_PERKEMBANGAN_TI",
            ),
            ("mendapat_rekomendasi", 1, None, "YA"),
            ("mendapat_rekomendasi", True, None, "YA"),
            ("mendapat_rekomendasi", "TIDAK ", None, "TIDAK"),
            ("mendapat_rekomendasi", 0, None, Problem),
            ("iv_tipe_pengumpulan_data", 1, "2020", Problem),
            ("iv_tipe_pengumpulan_data", 3, "INDAH", Problem),
            ("iv_tipe_pengumpulan_data", "cross-sectional", None, "CROSS_SECTIONAL"),
            ("v_metode_yang_digunakan", 5, "2020", "MULTI_STAGE_SAMPLING"),
            ("v_metode_yang_digunakan", 5, "INDAH", Problem),
            ("v_metode_yang_digunakan", "Probability Proportional to Size", None, Problem),
            ("iv_frekuensi_penyelanggara", 8, "2020", "LEBIH_DARI_DUA_TAHUNAN"),
            ("iv_frekuensi_penyelanggara", 8, "INDAH", Problem),
            ("iv_frekuensi_penyelanggara", "> dua tahunan", None, "LEBIH_DARI_DUA_TAHUNAN"),
            ("iv_frekuensi_penyelanggara", "Dua Tahunan", None, Problem),
            ("iv_sarana_pengumpulan_data", 9, "2020", ["papi", "cawi"]),
            ("iv_sarana_pengumpulan_data", "1, 8", "2020", ["papi", "cawi"]),
            ("iv_sarana_pengumpulan_data", 3, "INDAH", ["cati"]),
            ("iv_sarana_pengumpulan_data", 64, "2020", Problem),
            ("iv_sarana_pengumpulan_data", "PAPI\nCAWI", None, ["papi", "cawi"]),
            ("tahun_kegiatan", 2025.0, None, "2025"),
            ("vi_jumlah_petugas_enumerator", "44 ", None, "44"),
            ("iv_wilayah_kegiatan", 36.03, None, ["36.03"]),
            ("iv_wilayah_kegiatan", 36.1, None, ["36.10"]),
            ("iv_wilayah_kegiatan", "36.03, 36.71", None, ["36.03", "36.71"]),
            ("iii_tujuan_kegiatan", "  Menilai  ", None, "Menilai"),
            ("iii_tujuan_kegiatan", "   ", None, None),
            ("iii_tujuan_kegiatan", "#REF!", None, Problem),
            ("konsep", "a; b;;", None, ["a", "b"]),
        ],
    )
    def test_cells(self, name, raw, form, value):
        field, reading = FIELDS[name], cells.Reading(form)
        if value is Problem:
            with pytest.raises(Problem):
                cells.from_cell(field, raw, reading)
        else:
            assert cells.from_cell(field, raw, reading) == value

    def test_the_workbook_may_state_the_edition(self):
        sheets = _form()
        sheets.answer("cara_pengumpulan_data", 2)
        assert _filled(_read(sheets).records[0]) == {"cara_pengumpulan_data": "SURVEI"}
        sheets.book["Petunjuk"]["B4"].value = None
        book = _read(sheets)
        assert "edition" in _messages(book)[0]
        assert book.troubles[0].cell == f"C{sheets.line('cara_pengumpulan_data')}"

    def test_columns_may_be_moved_and_rows_left_blank(self):
        rows = [
            ["Daftar variabel"],
            ["Definisi", "", "Nama Variabel", "Konsep"],
            [],
            ["Jumlah anggota", None, "ART", "Rumah tangga; Anggota"],
            [],
            ["Umur dalam tahun ", None, "Umur", None],
        ]
        book = _plain(rows, "MS Var")
        keg = book.create_sheet("MS-Keg")
        for row in (["Rincian", "Isian"], ["Judul Kegiatan", "Survei"]):
            keg.append(row)
        found = _read(book)
        assert _messages(found) == []
        assert found.records[0].values["variabel"] == [
            {"definisi": "Jumlah anggota", "nama": "ART", "konsep": ["Rumah tangga", "Anggota"]},
            {"definisi": "Umur dalam tahun", "nama": "Umur"},
        ]
        assert found.records[0].cell_of("variabel", 2, "nama") == ("MS Var", "C6")

    def test_headings_may_be_merged_over_rows(self):
        book = Workbook()
        sheet = book.worksheets[0]
        sheet.title = "MS-Ind"
        for row in (
            ["No", "Nama Indikator", "Definisi", "Pembangun", None],
            [
                None,
                None,
                None,
                "Variabel Pembangun: Nama Variabel",
                "Indikator Pembangun: Nama Indikator",
            ],
            [1, "IKM", "Indeks", "Unsur 1", None],
            [None, None, None, "Unsur 2", None],
        ):
            sheet.append(row)
        sheet.merge_cells("B1:B2")
        sheet.merge_cells("D1:E1")
        found = _read(book)
        assert _messages(found) == []
        assert _filled(found.records[0]) == {
            "title": "IKM",
            "definisi": "Indeks",
            "variabel_pembangun": [{"nama": "Unsur 1"}, {"nama": "Unsur 2"}],
        }

    def test_unknown_columns_and_lines_are_reported(self):
        sheets = _form()
        sheets.answer("judul_kegiatan", "Survei")
        sheet = sheets.book["MS-Keg"]
        sheet.cell(200, 2).value, sheet.cell(200, 3).value = "Anggaran", "1 miliar"
        sheet.cell(3, 8).value, sheet.cell(10, 8).value = "Catatan saya", "ya"
        var = sheets.book["MS-Var"]
        var.cell(4, 30).value, var.cell(6, 30).value = "Sumber", "BPS"
        sheets.put("MS-Var", "variabel.nama", "A")
        found = {(t.sheet, t.cell) for t in _read(sheets).troubles}
        assert found == {("MS-Keg", "C200"), ("MS-Keg", "H3"), ("MS-Var", "AD4")}

    def test_an_item_that_stands_twice_is_reported(self):
        book = _read(
            _plain([["Rincian", "Isian"], ["Judul Kegiatan", "A"], ["Judul Kegiatan", "B"]])
        )
        assert [t.cell for t in book.troubles] == ["B3"]

    def test_an_empty_form_holds_nothing(self):
        book = _read(_form())
        assert book.records == []
        assert "no answers" in _messages(book)[0]

    def test_variables_need_an_activity(self):
        sheets = _form()
        sheets.put("MS-Var", "variabel.nama", "A")
        assert "belong to no activity" in _messages(_read(sheets))[0]

    def test_a_workbook_without_our_sheets_is_refused(self):
        assert "none of the sheets" in _messages(_read(_plain([["a"]], "Data")))[0]

    def test_long_texts_go_on_in_other_cells(self):
        text = "Kalimat panjang sekali. " * 3_000
        indicator = records.indicator() | {"definisi": text.strip()}
        record = records.survey(2) | {"iii_tujuan_kegiatan": text.strip()}
        record["variabel"][1]["konsep"] = ["x" * 1_000] * 40
        found = _read(writer.write(schemas(), record, [indicator]))
        assert _messages(found) == []
        assert found.records[0].values["iii_tujuan_kegiatan"] == text.strip()
        assert found.records[0].values["variabel"][1]["konsep"] == ["x" * 1_000] * 40
        assert found.records[1].values["definisi"] == text.strip()


def test_all_is_read_by_labels_alone():
    """Somebody has deleted every key; labels and numbers are as printed."""
    sheets = Sheets(
        writer.write(schemas(), records.survey(3), [records.indicator(), records.indicator()])
    )
    expected = [record.values for record in _read(sheets).records]
    sheets.book["MS-Keg"].delete_cols(6)
    for name in ("MS-Var", "MS-Ind"):
        sheets.book[name].delete_rows(5)
    found = _read(sheets)
    assert _messages(found) == []
    assert [record.values for record in found.records] == expected
