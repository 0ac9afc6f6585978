"""What a record lacks, by the schema file that is packaged."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import ckanext.tangerang.metadata
from ckanext.tangerang.metadata import completeness

FILE = Path(ckanext.tangerang.metadata.__file__).parent / "schemas/dataset.yaml"
FIELDS = yaml.safe_load(FILE.read_text(encoding="utf-8"))["dataset_fields"]

COMPLETE = {
    "title": "Judul",
    "notes": "Isi",
    "owner_org": "dinkes",
    "bidang_urusan": "1.02",
    "kategori": ["kesehatan"],
    "jenis_data": "statistik",
    "jenis_statistik": "STATISTIK_SEKTORAL",
    "definisi": "Apa",
    "satuan": "unit",
    "periode_awal": "2020",
    "frekuensi": "TAHUNAN",
    "tingkat_penyajian": ["kecamatan"],
    "cakupan_wilayah": ["36.03"],
    "accesslevel": "terbuka",
    "kontak_email": "a@example.go.id",
}


def lacking(record, kamus_keys=()):
    return [field["field_name"] for field in completeness.missing(FIELDS, record, kamus_keys)]


def test_a_complete_record_lacks_nothing():
    assert lacking(COMPLETE) == []


@pytest.mark.parametrize("name", COMPLETE)
@pytest.mark.parametrize("empty", [None, "", "  ", [], "[]"])
def test_each_field_is_needed(name, empty):
    # Without the kind of data or the access level other rules apply as well.
    assert name in lacking({**COMPLETE, name: empty})


def test_standard_of_data_only_for_statistics():
    record = {**COMPLETE, "jenis_data": "geospasial"}
    for name in ("jenis_statistik", "definisi", "satuan"):
        record.pop(name)
    assert lacking(record) == []


def test_the_kamus_suffices_for_definition_and_unit():
    record = {**COMPLETE, "definisi": "", "satuan": ""}
    assert lacking(record, {"kolom", "definisi"}) == ["satuan"]
    assert lacking(record, {"definisi", "satuan"}) == []


@pytest.mark.parametrize("level", ["terbatas", "tertutup"])
def test_a_restriction_needs_its_reason(level):
    assert lacking({**COMPLETE, "accesslevel": level}) == ["alasan_pembatasan"]


def test_an_officer_types_at_most_eight_things():
    """Of what is always needed, the rest is filled in by the portal (design, 3.1)."""
    automatic = {
        "owner_org",
        "bidang_urusan",
        "kategori",
        "jenis_data",
        "jenis_statistik",
        "frekuensi",
        "cakupan_wilayah",
        "accesslevel",
        "kontak_email",
    }
    assert len(set(COMPLETE) - automatic) <= 8
