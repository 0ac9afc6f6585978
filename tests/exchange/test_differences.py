"""The list of what the formats hold is true: what it says is lost is lost, and nothing else."""

from __future__ import annotations

import re

import pytest

from ckanext.tangerang.exchange import ddi, differences, indah
from stack.layout import REPOSITORY
from tests.workbook.schemas import schemas

SCHEMAS = {name: indah.with_paths(schema) for name, schema in schemas().items()}
PAGE = (REPOSITORY / "docs" / "en" / "statistical-metadata.md").read_text(encoding="utf-8")
#: Items that INDAH has no place for, of all that the forms and the portal ask.
LOST = {
    "kegiatan": {
        *("kode_kegiatan", "mendapat_rekomendasi", "tanggal_rekomendasi", "berkas_rekomendasi"),
        *("kegiatan_sebelumnya", "variabel.kode"),
    },
    "indikator": {
        *("indikator_pembangun.indikator", "variabel_pembangun.kode_kegiatan"),
        *("variabel_pembangun.variabel", "nilai_resource", "nilai_kolom", "tahun_kolom"),
        *("saringan", "saringan.kolom", "saringan.nilai", "arah", "target", "target.tahun"),
        *("target.nilai", "target.sumber", "kode_indikator_sipd"),
    },
}


def _table(title: str) -> list[list[str]]:
    """Return the rows of a table of the page."""
    part = PAGE.split(f"### {title}\n")[1].split("\n### ")[0]
    rows = re.findall(r"^\| `(.*)$", part, re.MULTILINE)
    return [[cell.strip(" `") for cell in row.split(" | ")] for row in rows]


@pytest.mark.parametrize(
    ("name", "title"), [("kegiatan", "Activities"), ("indikator", "Indicators")]
)
class TestTable:
    def test_every_item_is_in_it(self, name, title):
        wanted = []
        for f in SCHEMAS[name]["dataset_fields"]:
            if f.get("kind") != "internal":
                wanted.append(f["field_name"])
                if f.get("kind") == "rows":
                    wanted += [f"{f['field_name']}.{c['field_name']}" for c in f["row_fields"]]
        assert [row[0] for row in _table(title)] == wanted

    def test_it_says_what_is_lost(self, name, title):
        assert {row[0] for row in _table(title) if row[1] == "–"} == LOST[name]


def test_the_functions_of_the_round_trip_agree_with_it():
    for name, schema in SCHEMAS.items():
        for f in schema["dataset_fields"]:
            if f.get("kind") == "internal" or f["field_name"] in ("owner_org", "kegiatan"):
                continue
            assert differences.is_held(f) == (f["field_name"] not in LOST[name])


def test_ddi_names_only_items_that_are_there():
    known = {f["field_name"] for f in SCHEMAS["kegiatan"]["dataset_fields"]}
    assert {place.field for place in ddi.STUDY} <= known
    variable = next(f for f in SCHEMAS["kegiatan"]["dataset_fields"] if f.get("row_code"))
    assert set(ddi.VARIABLE) == {c["field_name"] for c in variable["row_fields"]}
    assert set(ddi.INDICATOR) <= {f["field_name"] for f in SCHEMAS["indikator"]["dataset_fields"]}


def test_no_private_item_is_in_ddi():
    written = {place.field for place in ddi.STUDY}
    person = {f"ii_pj_{name}" for name in ("nama", "jabatan", "telepon", "faksimile", "email")}
    assert not written & {*person, "i_telepon", "i_email"}
