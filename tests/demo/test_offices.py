"""The sample organizations and the file they come from. No services."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ckanext.tangerang.demo.config import OpdFileError
from ckanext.tangerang.demo.offices import read_offices
from ckanext.tangerang.metadata.codelists import codelist

from .conftest import OPD_FILE

if TYPE_CHECKING:
    from pathlib import Path

OFFICE = "{slug: ab, nama: A, jenis: dinas}"


def test_packaged_offices() -> None:
    offices = read_offices(OPD_FILE, "36.03", "Kabupaten Tangerang")
    assert len(offices.all) == 36 + 29
    assert {office.catatan_verifikasi for office in offices.all} == {"contoh, belum diverifikasi"}
    walidata = offices.get("diskominfo")
    assert walidata
    assert walidata.peran_sdi == "walidata"
    assert walidata.urusan == ("2.16", "2.20", "2.21")
    pembina = offices.get("bps")
    assert pembina
    assert (pembina.title, pembina.peran_sdi) == ("BPS Kabupaten Tangerang", "pembina_data")
    assert pembina.jenis_opd == "non_opd"


def test_offices_use_keys_of_the_code_lists() -> None:
    affairs = {*codelist("urusan").keys, *codelist("unsur_penunjang").keys}
    for office in read_offices(OPD_FILE, "36.03", "Kabupaten Tangerang").all:
        assert office.jenis_opd in codelist("kelompok_opd")
        assert office.peran_sdi in codelist("peran_sdi")
        assert set(office.urusan) <= affairs


def test_kecamatan_have_their_code_and_a_slug_without_spaces() -> None:
    offices = read_offices(OPD_FILE, "36.03", "Kabupaten Tangerang")
    district = offices.get("gunungkaler")
    assert district
    assert (district.title, district.kode_wilayah) == ("Kecamatan Gunung Kaler", "36.03.32")
    assert sum(bool(office.kode_wilayah) for office in offices.all) == 29


def test_another_regency_gets_its_own_kecamatan_and_no_hospitals_of_tangerang() -> None:
    offices = read_offices(OPD_FILE, "32.04", "Kabupaten Bandung")
    assert len(offices.all) == 36 - 4 + 31
    assert not [office for office in offices.all if "Tangerang" in office.title]


def test_packaged_offices_have_the_aliases_and_former_names_that_were_seen() -> None:
    offices = read_offices(OPD_FILE, "36.03", "Kabupaten Tangerang")
    office = offices.get("disporabudpar")
    assert office
    assert [former.name for former in office.nama_lama] == ["disbudpar"]
    roads = offices.get("dbmsda")
    assert roads
    assert roads.alias == ("binamarga",)


def test_accounts_name_offices_of_the_list() -> None:
    offices = read_offices(OPD_FILE, "36.03", "Kabupaten Tangerang")
    assert set(offices.accounts) == {"walidata", "produsen", "pembina"}
    assert all(offices.get(slug) for slug in offices.accounts.values())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("opd: [", "Correct the file"),
        ("catatan: x", "packaged registry.yaml"),
        ("[]", "packaged registry.yaml"),
        ("", "packaged registry.yaml"),
        (
            f"{{catatan: x, email: e@example.org, akun: {{}}, opd: [{OFFICE}, {OFFICE}]}}",
            'The address "ab" is used in row',
        ),
    ],
)
def test_a_wrong_file_says_what_to_do(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "opd.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(OpdFileError, match=says):
        read_offices(path, "36.03", "Kabupaten Tangerang")


def test_a_file_that_can_not_be_read_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(OpdFileError, match="can not be read"):
        read_offices(tmp_path, "36.03", "Kabupaten Tangerang")
