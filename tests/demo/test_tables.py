"""The sample tables: numbers of rows, codes, sources. No services."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from ckanext.tangerang.demo import tables
from ckanext.tangerang.demo.builders import BUILDERS, UNCERTAIN
from ckanext.tangerang.metadata.codelists import codelist

from .conftest import subject

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ckanext.tangerang.demo.tables import Cell, Dataset

    Datasets = Mapping[str, Dataset]

ROWS = {
    "kode-dan-nama-kecamatan": 29,
    "padanan-kode-kecamatan-kemendagri-bps": 29,
    "kode-dan-nama-desa-kelurahan": 274,
    "jumlah-desa-dan-kelurahan-per-kecamatan": 29,
    "kode-pos-desa-dan-kelurahan": 274,
    "desa-kelurahan-bernama-sama": 18,
    "kabupaten-kota-di-provinsi": 8,
    "bidang-urusan-pemerintahan": 32,
    "unsur-pendukung-dan-penunjang-pemerintahan": 10,
    "sektor-kegiatan-statistik": 22,
    "butir-formulir-ms-keg": 47,
    "butir-formulir-ms-var-dan-ms-ind": 13 + 17,
    "daftar-kode-formulir-metadata-statistik": 114,
    "indikator-epss": 38,
    "dasar-hukum-satu-data-dan-statistik": 18,
    "keputusan-kode-wilayah": 5,
    "daftar-perangkat-daerah": 35 + 29,
    "indeks-pembangunan-manusia-2019-2020": 10,
    "contoh-kunjungan-puskesmas-menurut-kecamatan": 29 * 7,
    "contoh-indeks-kepuasan-masyarakat-2019-2025": 7,
}

#: What tells the rows of each table apart.
KEYS = {
    "kode-dan-nama-kecamatan": ["kode_kecamatan"],
    "padanan-kode-kecamatan-kemendagri-bps": ["kode_bps"],
    "kode-dan-nama-desa-kelurahan": ["kode_desa_kelurahan"],
    "jumlah-desa-dan-kelurahan-per-kecamatan": ["kode_kecamatan"],
    "kode-pos-desa-dan-kelurahan": ["kode_desa_kelurahan"],
    "desa-kelurahan-bernama-sama": ["kode_desa_kelurahan"],
    "kabupaten-kota-di-provinsi": ["kode_kabupaten_kota"],
    "bidang-urusan-pemerintahan": ["kode"],
    "unsur-pendukung-dan-penunjang-pemerintahan": ["kode"],
    "sektor-kegiatan-statistik": ["kunci"],
    "butir-formulir-ms-keg": ["urutan"],
    "butir-formulir-ms-var-dan-ms-ind": ["formulir", "nomor"],
    "daftar-kode-formulir-metadata-statistik": ["daftar_kode", "kunci"],
    "indikator-epss": ["kode_indikator"],
    "dasar-hukum-satu-data-dan-statistik": ["jenis", "nomor", "tahun"],
    "keputusan-kode-wilayah": ["nomor"],
    "daftar-perangkat-daerah": ["kunci"],
    "indeks-pembangunan-manusia-2019-2020": ["indikator", "tahun"],
    "contoh-kunjungan-puskesmas-menurut-kecamatan": ["kode_kecamatan", "tahun"],
    "contoh-indeks-kepuasan-masyarakat-2019-2025": ["tahun"],
}


def records(dataset: Dataset) -> list[dict[str, Cell]]:
    """Return the rows by the names of their columns."""
    names = [column.name for column in dataset.columns]
    return [dict(zip(names, row, strict=True)) for row in dataset.rows]


def test_all_datasets_have_their_rows(tangerang: Datasets) -> None:
    assert {name: len(dataset.rows) for name, dataset in tangerang.items()} == ROWS


@pytest.mark.parametrize("name", ROWS)
def test_rows_are_told_apart_by_their_key(tangerang: Datasets, name: str) -> None:
    keys = [tuple(record[key] for key in KEYS[name]) for record in records(tangerang[name])]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("name", ROWS)
def test_codes_are_text(tangerang: Datasets, name: str) -> None:
    for column in tangerang[name].columns:
        if column.name.startswith(("kode", "nomor", "kunci")):
            assert column.type == "text"


@pytest.mark.parametrize("name", ROWS)
def test_every_column_and_dataset_is_described(tangerang: Datasets, name: str) -> None:
    dataset = tangerang[name]
    for column in dataset.columns:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", column.name)
        assert column.label["id"]
        assert column.label["en"]
        assert column.definition.endswith(".")
    assert dataset.source
    assert dataset.license_id
    assert dataset.license_text
    assert len(dataset.notes) > 80
    assert dataset.tags
    for needed in (
        *("kategori", "bidang_urusan", "jenis_data", "definisi", "satuan", "frekuensi"),
        *("periode_awal", "tingkat_penyajian", "cakupan_wilayah", "accesslevel"),
    ):
        assert dataset.metadata[needed], needed
    if dataset.metadata["jenis_data"] == "statistik":
        assert dataset.metadata["jenis_statistik"]
        assert dataset.status_angka


def test_metadata_use_keys_of_the_code_lists(tangerang: Datasets) -> None:
    affairs = {*codelist("urusan").keys, *codelist("unsur_penunjang").keys}
    for dataset in tangerang.values():
        metadata = dataset.metadata
        assert metadata["bidang_urusan"] in affairs
        assert metadata["frekuensi"] in codelist("frekuensi")
        assert metadata["jenis_data"] in codelist("jenis_data")
        assert set(metadata["tingkat_penyajian"]) <= set(codelist("tingkat_penyajian_dataset").keys)
        assert set(metadata.get("kodereferensi", ())) <= set(codelist("kodereferensi").keys)


def test_owners_are_sample_organizations(tangerang: Datasets) -> None:
    offices = subject("36.03", "Kabupaten Tangerang").offices
    assert all(offices.get(dataset.owner) for dataset in tangerang.values())


def test_no_placeholder_is_left(tangerang: Datasets, bandung: Datasets) -> None:
    for dataset in (*tangerang.values(), *bandung.values()):
        assert "{" not in dataset.title + dataset.notes + dataset.source


def test_counts_agree_with_the_list_of_villages(tangerang: Datasets) -> None:
    counts = records(tangerang["jumlah-desa-dan-kelurahan-per-kecamatan"])
    assert sum(row["jumlah_desa"] for row in counts) == 246
    assert sum(row["jumlah_kelurahan"] for row in counts) == 28
    assert all(row["jumlah"] == row["jumlah_desa"] + row["jumlah_kelurahan"] for row in counts)
    (regency,) = [
        row
        for row in records(tangerang["kabupaten-kota-di-provinsi"])
        if row["kode_kabupaten_kota"] == "36.03"
    ]
    assert (regency["jumlah_kecamatan"], regency["jumlah_desa"]) == (29, 246)


def test_zeros_of_codes_survive(tangerang: Datasets) -> None:
    codes = {row["kode"] for row in records(tangerang["bidang-urusan-pemerintahan"])}
    assert {"2.10", "3.30", "1.01"} <= codes


def test_uncertain_facts_are_marked(tangerang: Datasets) -> None:
    marked = {
        row["kode"]
        for row in records(tangerang["bidang-urusan-pemerintahan"])
        if row["keyakinan"] == UNCERTAIN
    }
    assert marked == {"3.28", "3.29", "3.32"}


def test_weights_of_epss_add_up(tangerang: Datasets) -> None:
    rows = records(tangerang["indikator-epss"])
    domains = {row["kode_domain"]: row["bobot_domain"] for row in rows}
    aspects = {(row["kode_domain"], row["kode_aspek"]): row["bobot_aspek"] for row in rows}
    assert sum(domains.values()) == 100
    assert len(aspects) == 19
    for domain in domains:
        assert sum(w for (d, _), w in aspects.items() if d == domain) == 100
    for _, aspect in aspects:
        weights = [row["bobot_indikator"] for row in rows if row["kode_aspek"] == aspect]
        assert sum(weights) == 100


def test_code_lists_of_the_forms_exist_and_are_all_in_the_table(tangerang: Datasets) -> None:
    used = {
        row["daftar_kode"]
        for name in ("butir-formulir-ms-keg", "butir-formulir-ms-var-dan-ms-ind")
        for row in records(tangerang[name])
        if row["daftar_kode"]
    }
    listed = {
        row["daftar_kode"] for row in records(tangerang["daftar-kode-formulir-metadata-statistik"])
    }
    assert used == listed


def test_numbers_that_differ_between_forms_are_left_out(tangerang: Datasets) -> None:
    rows = records(tangerang["daftar-kode-formulir-metadata-statistik"])
    codes = [row["kode"] for row in rows if row["daftar_kode"] == "tipe_pengumpulan_data"]
    assert codes == [None, None, None]


def test_human_development_names_its_source_in_every_row(tangerang: Datasets) -> None:
    rows = records(tangerang["indeks-pembangunan-manusia-2019-2020"])
    assert {row["sumber"] for row in rows} == {
        "BPS Kabupaten Tangerang, Berita Resmi Statistik 7 Juli 2021"
    }
    values = {(row["indikator"], row["tahun"]): row["nilai"] for row in rows}
    assert values["Indeks Pembangunan Manusia (IPM)", 2020] == Decimal("71.92")
    assert [(row["indikator"], row["tahun"]) for row in rows if row["keterangan"]] == [
        ("Indeks Pembangunan Manusia (IPM)", 2019)
    ]


def test_suppliers_of_data_are_no_perangkat_daerah(tangerang: Datasets) -> None:
    rows = records(tangerang["daftar-perangkat-daerah"])
    assert "bps" not in {row["kunci"] for row in rows}
    assert all(row["sumber"] and row["catatan"] for row in rows)


def test_another_regency_has_its_own_tables(bandung: Datasets) -> None:
    districts, regencies = bandung["kode-dan-nama-kecamatan"], bandung["kabupaten-kota-di-provinsi"]
    assert (len(districts.rows), len(regencies.rows)) == (31, 27)
    assert districts.title == "Kode dan Nama Kecamatan di Kabupaten Bandung"
    assert "Jawa Barat" in regencies.title
    assert districts.metadata["cakupan_wilayah"] == ["32.04"]
    assert regencies.metadata["cakupan_wilayah"] == ["32"]


def test_datasets_without_rows_are_left_out(tangerang: Datasets, bandung: Datasets) -> None:
    assert set(tangerang) - set(bandung) == {
        "padanan-kode-kecamatan-kemendagri-bps",
        "indeks-pembangunan-manusia-2019-2020",
    }


def test_nothing_of_tangerang_is_left_in_another_regency(bandung: Datasets) -> None:
    for dataset in bandung.values():
        assert "Tangerang" not in f"{dataset.title} {dataset.notes} {dataset.source}"
        if dataset.name != "kabupaten-kota-di-provinsi":
            assert "Tangerang" not in repr(dataset.rows)


def test_fingerprint_follows_the_table_and_the_description(tangerang: Datasets) -> None:
    dataset = tangerang["kode-dan-nama-kecamatan"]
    same = tables.build_datasets(subject("36.03", "Kabupaten Tangerang"), BUILDERS)[0]
    assert same.fingerprint() == dataset.fingerprint()
    fields = {name: getattr(dataset, name) for name in dataset.__slots__}
    for change in ({"rows": dataset.rows[:-1]}, {"title": "x"}, {"license_id": "cc-by"}):
        assert tables.Dataset(**{**fields, **change}).fingerprint() != dataset.fingerprint()


@pytest.mark.parametrize("row", [("36.03.01",), ("36.03.01", "Balaraja", 36.03, "x")])
def test_a_row_that_does_not_fit_its_columns_is_refused(row: tuple[Cell, ...]) -> None:
    builders = {**BUILDERS, "districts": lambda _subject: [row]}
    with pytest.raises(tables.TableError, match="kode-dan-nama-kecamatan"):
        tables.build_datasets(subject("36.03", "Kabupaten Tangerang"), builders)
