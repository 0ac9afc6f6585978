"""The registry as a file: what is written reads back, and nothing that is read is trusted."""

from __future__ import annotations

import csv
import dataclasses
import io
import os
import time
import zipfile
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from ckanext.tangerang.opd import files
from ckanext.tangerang.opd.plan import plan
from ckanext.tangerang.opd.registry import FormerName, Registry, Unit, registry_of
from ckanext.tangerang.opd.rows import COLUMNS
from ckanext.tangerang.opd.spelling import fold

FORMS = sorted(files.TYPES)


def uuid(number):
    return f"{number:08x}-0000-4000-8000-000000000000"


DINKES = Unit(
    id=uuid(1),
    name="dinkes",
    title="Dinas Kesehatan",
    singkatan="Dinkes",
    kode_opd="1.02.2.14.0.00.01.0000",
    jenis_opd="dinas",
    urusan=("1.02", "2.10", "2.14"),
    alias=("Din. Kesehatan; KB", "=Kesehatan"),
    nama_lama=(
        FormerName("dinkes-lama", "Dinas Kesehatan | KB; Sosial", "DK\\", "2001", "2017-03-01"),
        FormerName("kanwil", "Kanwil", dasar_hukum="Perda 1/2001"),
    ),
    berlaku_dari="2017",
    dasar_hukum="Perda 11/2016",
    alamat="Jalan Raya 1\nTigaraksa",
    kontak_email="dinkes@example.go.id",
    kontak_telepon="+62 21 5990000",
    situs_web="https://dinkes.example.go.id",
    catatan_verifikasi="@contoh",
)
PUSKESMAS = Unit(id=uuid(2), name="pkm", title="Puskesmas Curug", jenis_opd="uptd", induk="dinkes")
REGISTRY = registry_of([DINKES, PUSKESMAS])


def planned(registry, content, filename=""):
    document = files.read(content, filename)
    assert document.errors == []
    return plan(registry, document.rows, today="2026-01-31")


def problems(content, filename=""):
    return [note.msgid.format(**note.params) for note in files.read(content, filename).errors]


def xlsx(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class TestRoundTrip:
    @pytest.mark.parametrize("form", FORMS)
    def test_an_export_plans_nothing(self, form):
        found = planned(REGISTRY, files.write(REGISTRY, form))
        assert (found.operations, found.errors, found.warnings) == ((), (), ())

    @pytest.mark.parametrize("form", FORMS)
    def test_an_export_makes_the_same_registry_elsewhere(self, form):
        found = planned(Registry(), files.write(REGISTRY, form))
        assert found.errors == ()
        assert found.outcome == REGISTRY

    @given(st.data())
    @pytest.mark.parametrize("form", FORMS)
    def test_any_text_comes_back(self, form, data):
        text = st.text(
            st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"]),
            min_size=1,
            max_size=30,
        )
        words = st.lists(text, min_size=1, max_size=3).map(" ".join)
        former = st.builds(
            FormerName,
            name=st.from_regex(r"[a-z]{2,9}-lama", fullmatch=True),
            title=words,
            singkatan=text | st.just(""),
            berlaku_sampai=st.sampled_from(["", "2017", "2017-03"]),
            dasar_hukum=text | st.just(""),
        )
        unit = dataclasses.replace(
            DINKES,
            title=data.draw(words),
            singkatan=data.draw(text),
            alias=tuple(data.draw(st.lists(words.filter(fold), max_size=3, unique_by=fold))),
            nama_lama=tuple(data.draw(st.lists(former, max_size=3, unique_by=lambda f: f.name))),
            dasar_hukum=data.draw(words),
            alamat=data.draw(st.lists(words, max_size=3).map("\n".join)),
        )
        registry = registry_of([unit, PUSKESMAS])
        found = planned(registry, files.write(registry, form))
        assert (found.operations, found.errors) == ((), ())

    def test_yaml_in_quotes_or_not_is_text(self):
        rows = files.read(b"opd:\n- {name: x1, urusan: [2.10], berlaku_dari: 2017}\n").rows
        assert rows[0].values == {"name": "x1", "urusan": ["2.10"], "berlaku_dari": "2017"}


class TestFormulas:
    @pytest.mark.parametrize("text", ["=1+1", "+62", "-x", "@x", "'=x", "''=x"])
    def test_are_guarded_and_come_back(self, text):
        assert files.guarded(text).startswith("'")
        assert files.unguarded(files.guarded(text)) == text

    def test_no_cell_of_an_export_is_one(self):
        for row in csv.reader(io.StringIO(files.to_csv(REGISTRY).decode("utf-8-sig"))):
            assert not [cell for cell in row if cell[:1] in tuple("=+-@\t\r")]
        sheet = load_workbook(io.BytesIO(files.to_xlsx(REGISTRY))).active
        assert {cell.data_type for row in sheet for cell in row if cell.value} == {"s"}

    def test_an_apostrophe_that_was_typed_stays(self):
        assert files.unguarded("'Aisyiyah") == "'Aisyiyah"


class TestTables:
    @pytest.mark.parametrize(
        "content",
        [
            b"name;title\nx1;Dinas A, B\n",
            b'name,title\r\nx1,"Dinas A, B"\r\n',
            b"\xef\xbb\xbfname;title\r\nx1;Dinas A, B\r\n",
            b"Slug\tNama\nx1\tDinas A, B\n\n",
            "name;title\nx1;Dinas A, B\n".encode("utf-16"),
        ],
    )
    def test_csv_of_any_program(self, content):
        (row,) = files.read(content, "opd.csv").rows
        assert row.values == {"name": "x1", "title": "Dinas A, B"}
        assert row.cells["title"] == "B2"

    def test_a_column_that_is_not_ours_is_pointed_out(self):
        document = files.read(b"No,name,title\n1,x1,A\n")
        assert [w.params for w in document.warnings] == [{"value": "no"}]
        assert document.errors == []

    @pytest.mark.parametrize(
        ("field", "value", "says"),
        [
            ("urusan", 2.1, "made the number"),
            ("kode_wilayah", datetime(2003, 3, 6), "made the number"),  # noqa: DTZ001
            ("kode_opd", 10200001, "made the number"),
            ("kontak_telepon", 215990000, "made the number"),
            ("berlaku_dari", 2017.5, "Write a year"),
            ("title", "#REF!", "error or result of a formula"),
            ("title", True, "error or result of a formula"),
        ],
    )
    def test_what_a_spreadsheet_makes_of_a_code_is_named_by_its_cell(self, field, value, says):
        document = files.read(xlsx(["name", field], ["x1", value]))
        (error,) = document.errors
        assert says in error.msgid
        assert (error.cell, error.row, error.field) == ("B2", "2", field)

    def test_years_and_days_of_a_spreadsheet_are_read(self):
        heading = ["name", "berlaku_dari", "berlaku_sampai"]
        (row,) = files.read(xlsx(heading, ["x1", 2017, datetime(2020, 5, 1)])).rows  # noqa: DTZ001
        assert row.values["berlaku_dari"] == "2017"
        assert row.values["berlaku_sampai"] == "2020-05-01"

    def test_the_lost_zero_of_a_csv_is_explained(self):
        rows = files.read(b"name,title,urusan\nx1,A,2.1\n").rows
        (error,) = plan(Registry(), rows, today="2026-01-31").errors
        assert error.params == {"value": "2.1", "meant": "2.10"}
        assert error.cell == "C2"

    def test_a_column_twice_is_refused(self):
        assert problems(b"name,nama,title\n") == ['The column "title" stands there twice.']

    def test_every_column_is_known_to_the_plan(self):
        content = xlsx(list(COLUMNS), [None] * len(COLUMNS))
        assert files.read(content).rows == []


GARBAGE = os.urandom(10 * 1024 * 1024 - 1)


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b"<a>" + b" " * 80_000_000)
    return out.getvalue()


class TestHostileFiles:
    @pytest.mark.parametrize("ending", ["", ".csv", ".yaml", ".json", ".xlsx"])
    @pytest.mark.parametrize(
        "content",
        [
            GARBAGE,
            b"[" * 10_000_000,
            b'{"a":' * 1_000_000,
            b"- " * 1_000_000,
            b"a: " * 1_000_000,
            b"a," * 1_000_000,
            b'"' * 1_000_000,
            b"PK\x03\x04" + GARBAGE[:1000],
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + GARBAGE[:1000],
            b"\0" * 1000,
            b"",
            b" \n",
            b"opd: {x",
            b"opd: 1",
            b"null",
            bomb(),
        ],
        ids=lambda content: repr(content[:8]),
    )
    def test_are_refused_by_one_message_soon(self, content, ending):
        started = time.monotonic()
        found = problems(content, f"opd{ending}")
        assert len(found) == 1
        assert len(found[0]) < 400
        assert time.monotonic() - started < 10

    def test_a_file_that_is_too_large_is_not_parsed(self):
        (text,) = problems(b"x" * (files.MAX_BYTES + 1))
        assert "too large" in text

    def test_yaml_can_not_be_expanded(self):
        (text,) = problems(b"a: &a [x, x]\nb: &b [*a, *a]\nopd: [*b, *b]\n", "x.yaml")
        assert "without it" in text

    def test_yaml_makes_no_objects(self):
        content = b"opd:\n- name: !!python/object/apply:os.system [id]\n"
        (row,) = files.read(content, "x.yaml").rows
        assert row.values == {"name": ["id"]}

    def test_too_many_rows_are_refused(self):
        (text,) = problems(b"name\n" + b"x1\n" * 5_001)
        assert "5001 rows" in text

    def test_a_line_says_where_yaml_is_wrong(self):
        (error,) = files.read(b"opd:\n- name: a\n  title: b: c\n", "x.yaml").errors
        assert error.params["line"] == 3

    @pytest.mark.parametrize(
        "entry", [{"name": {"a": ["b"]}}, {"urusan": [{}]}, {"alias": [[1]]}, {"nama_lama": [1]}, 5]
    )
    def test_values_of_the_wrong_kind_are_errors(self, entry):
        document = files.read_rows([entry])
        found = plan(Registry(), document.rows, today="2026-01-31")
        assert [*document.errors, *found.errors]
