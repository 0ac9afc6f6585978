"""What a copy starts with: years and days that move, and what stays behind. No CKAN is needed."""

from __future__ import annotations

import pytest

from ckanext.tangerang.metadata import copying

SCHEMA = {
    "dataset_type": "kegiatan",
    "dataset_fields": [
        {"field_name": "title", "kind": "text"},
        {"field_name": "name", "kind": "internal"},
        {"field_name": "judul_kegiatan", "kind": "text"},
        {"field_name": "tahun_kegiatan", "kind": "year"},
        {"field_name": "status_indah", "kind": "choice"},
        {"field_name": "prioritas_tahun", "kind": "words", "walidata_only": True},
        {"field_name": "definisi", "kind": "longtext"},
        {
            "field_name": "jadwal",
            "kind": "periods",
            "row_fields": [
                {"field_name": "awal", "kind": "date"},
                {"field_name": "akhir", "kind": "date"},
            ],
        },
        {
            "field_name": "rilis",
            "kind": "releases",
            "row_fields": [
                {"field_name": "judul", "kind": "text"},
                {"field_name": "tanggal", "kind": "date"},
            ],
        },
        {
            "field_name": "variabel",
            "kind": "rows",
            "row_code": "kode",
            "row_fields": [
                {"field_name": "kode", "kind": "code"},
                {"field_name": "nama", "kind": "text"},
                {"field_name": "id_variabel_mms", "kind": "text"},
            ],
        },
    ],
}
RECORD = {
    "title": "Survei 2024",
    "name": "survei-2024",
    "judul_kegiatan": "Survei 2024",
    "tahun_kegiatan": "2024",
    "status_indah": "APPROVED",
    "prioritas_tahun": ["2024"],
    "definisi": "Menurut hasil 2024.",
    "jadwal": [{"awal": "2024-02-29", "akhir": "2024-12-31"}],
    "rilis": [{"judul": "Laporan 2024", "tanggal": "2025-01-15"}],
    "variabel": [{"kode": "V007", "nama": "Umur pada 2024", "id_variabel_mms": "x"}],
    "not_of_the_schema": "x",
}


@pytest.mark.parametrize(
    ("text", "years", "moved"),
    [
        ("2024", 1, "2025"),
        ("2024-05", 1, "2025-05"),
        ("2024-05-31", 2, "2026-05-31"),
        ("2024-02-29", 1, "2025-02-28"),
        ("2024-02-29", 4, "2028-02-29"),
        ("2023-02-28", 1, "2024-02-28"),
        ("2020/2024", 1, "2021/2025"),
        ("2024-01/2024-06", 1, "2025-01/2025-06"),
        ("setiap tahun", 1, "setiap tahun"),
        ("", 1, ""),
    ],
)
def test_periods_move_in_their_precision(text, years, moved):
    assert copying.move_period(text, years) == moved


@pytest.mark.parametrize(
    ("title", "moved"),
    [
        ("Survei Kepuasan 2024", "Survei Kepuasan 2025"),
        ("Survei (2024)", "Survei (2025)"),
        ("Data Siswa 2024/2025", "Data Siswa 2025/2026"),
        ("Data Siswa 2023/2024", "Data Siswa 2024/2025"),
        ("Data Siswa 2024-2025", "Data Siswa 2025-2026"),
        ("Penduduk 2020-2024", "Penduduk 2020-2025"),
        ("Penduduk 2020–2024", "Penduduk 2020–2025"),
        ("Pajak menurut UU 12 Tahun 1994", "Pajak menurut UU 12 Tahun 1994"),
        ("Nomor 120245", "Nomor 120245"),
    ],
)
def test_only_the_year_of_the_record_moves_in_a_title(title, moved):
    assert copying.move_title(title, {2024: 2025}) == moved


def test_both_years_of_the_data_move_in_a_title():
    assert copying.move_title("Penduduk 2020-2024", {2020: 2021, 2024: 2025}) == (
        "Penduduk 2021-2025"
    )


@pytest.mark.parametrize(
    ("record", "year"),
    [
        ({"tahun_kegiatan": "2024"}, 2024),
        ({"periode_awal": "2020-01", "periode_akhir": "2024-12-31"}, 2024),
        ({"periode_awal": "2020"}, 2020),
        ({"periode_awal": "dulu"}, None),
        ({}, None),
    ],
)
def test_year_of_a_record(record, year):
    assert copying.record_year(record) == year


def test_an_activity_of_the_next_year():
    assert copying.next_record(SCHEMA, RECORD, years=1) == {
        "title": "Survei 2025",
        "judul_kegiatan": "Survei 2025",
        "tahun_kegiatan": "2025",
        "definisi": "Menurut hasil 2024.",
        "jadwal": [{"awal": "2025-02-28", "akhir": "2025-12-31"}],
        "rilis": [{"judul": "Laporan 2025", "tanggal": "2026-01-15"}],
        "variabel": [{"kode": "V007", "nama": "Umur pada 2024"}],
    }


def test_nothing_of_the_source_is_changed():
    before = repr(RECORD)
    copying.next_record(SCHEMA, RECORD, years=1)
    assert repr(RECORD) == before


def test_files_keep_their_description_and_kamus_and_lose_what_is_the_files_own():
    schema = {
        "dataset_fields": [{"field_name": "title"}],
        "resource_fields": [
            {"field_name": name}
            for name in ("url", "name", "format", "kamus", "periode_data", "schema", "status_angka")
        ],
    }
    kamus = [{"kolom": "kecamatan", "definisi": "Nama kecamatan"}]
    record = {
        "title": "Puskesmas",
        "resources": [
            {
                "id": "1",
                "url": "http://example.org/a.csv",
                "name": "Tabel",
                "format": "CSV",
                "kamus": kamus,
                "periode_data": "2020/2024",
                "schema": {"fields": []},
                "status_angka": "tetap",
                "size": 12,
            }
        ],
        "tags": [{"name": "puskesmas", "id": "2", "state": "active"}],
    }
    assert copying.next_record(schema, record, years=1) == {
        "title": "Puskesmas",
        "resources": [{"url": "", "name": "Tabel", "kamus": kamus, "periode_data": "2021/2025"}],
        "tags": [{"name": "puskesmas"}],
    }
