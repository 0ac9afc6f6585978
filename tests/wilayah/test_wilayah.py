"""Tests of the region library: plain Python, no services."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ckanext.tangerang import wilayah

TANGERANG = "36.03"
BANDUNG = "32.04"


def test_regency_of_the_default_region() -> None:
    region = wilayah.regency(TANGERANG)
    assert (region.name, region.kind) == ("Kabupaten Tangerang", "kabupaten")
    assert (region.province_code, region.province_name) == ("36", "Banten")
    assert len(region.districts) == 29
    assert (region.count("desa"), region.count("kelurahan")) == (246, 28)


def test_villages_carry_kind_postal_code_and_kecamatan() -> None:
    found = wilayah.villages(TANGERANG)
    assert len(found) == 274
    assert len({village.code for village in found}) == 274
    assert all(village.postal_code for village in found)
    assert all(village.code.startswith(f"{village.district_code}.") for village in found)
    first = found[0]
    assert (first.code, first.name, first.kind) == ("36.03.01.1001", "Balaraja", "kelurahan")
    assert (first.district_name, first.postal_code) == ("Balaraja", "15610")


def test_codes_are_in_order_and_gaps_stay_gaps() -> None:
    codes = [district.code for district in wilayah.regency(TANGERANG).districts]
    assert codes == sorted(codes)
    assert not {"36.03.21", "36.03.24", "36.03.25", "36.03.26"} & set(codes)


def test_another_regency() -> None:
    region = wilayah.regency(BANDUNG)
    assert region.name == "Kabupaten Bandung"
    assert region.province_name == "Jawa Barat"
    assert len(region.districts) == 31


@pytest.mark.parametrize("code", ["", "36", "36.99", "3603", "36.03.01", "xx.yy", "36.03 "])
def test_unknown_or_malformed_regency_says_what_to_write(code: str) -> None:
    with pytest.raises(wilayah.UnknownRegionError, match=r"such as 36\.03"):
        wilayah.regency(code)


def test_regencies_of_a_province() -> None:
    found = wilayah.province_regencies(TANGERANG)
    assert [region.code for region in found] == [
        "36.01",
        "36.02",
        "36.03",
        "36.04",
        "36.71",
        "36.72",
        "36.73",
        "36.74",
    ]
    assert [region.kind for region in found].count("kota") == 4
    assert wilayah.province_regencies("36") == found


@pytest.mark.parametrize("code", ["00", "", "3", "xx"])
def test_unknown_province(code: str) -> None:
    with pytest.raises(wilayah.UnknownRegionError):
        wilayah.province_regencies(code)


def test_bps_map_is_explicit_and_complete() -> None:
    mapping = wilayah.bps_districts(TANGERANG)
    assert set(mapping) == {district.code for district in wilayah.regency(TANGERANG).districts}
    assert len(set(mapping.values())) == 29
    assert all(len(code) == 7 and code.startswith("3603") for code in mapping.values())
    # In an order of its own: a derived code would be 3603010.
    assert mapping["36.03.01"] == "3603130"


def test_bps_map_is_empty_elsewhere_and_read_only() -> None:
    assert not wilayah.bps_districts(BANDUNG)
    with pytest.raises(TypeError):
        wilayah.bps_districts(TANGERANG)["36.03.01"] = "x"  # pyright: ignore[reportIndexIssue]


@pytest.mark.parametrize("name", ["Teluk Naga", "TELUKNAGA", "teluk-naga", " Teluk  Naga "])
def test_spellings_of_one_name_agree(name: str) -> None:
    assert wilayah.normalise_name(name) == wilayah.normalise_name("Teluknaga")
    district = wilayah.find_district(TANGERANG, name)
    assert district is not None
    assert district.code == "36.03.13"


def test_names_that_differ_stay_different() -> None:
    assert wilayah.normalise_name("Sepatan") != wilayah.normalise_name("Sepatan Timur")
    assert wilayah.find_district(TANGERANG, "Serpong") is None
    assert wilayah.find_district(TANGERANG, "") is None


def test_village_names_that_occur_twice() -> None:
    shared = wilayah.duplicate_village_names(TANGERANG)
    assert list(shared) == [
        "caringin",
        "jatimulya",
        "kemuning",
        "mekarjaya",
        "mekarsari",
        "sukamanah",
        "sukamulya",
        "sukatani",
        "talagasari",
    ]
    assert all(len(group) == 2 for group in shared.values())


def test_a_village_is_found_by_name_and_kecamatan() -> None:
    assert len(wilayah.find_villages(TANGERANG, "Jati Mulya")) == 2
    (village,) = wilayah.find_villages(TANGERANG, "jatimulya", "36.03.14")
    assert village.district_name == "Kosambi"


def test_levels_do_not_mix() -> None:
    """Kosambi is a kecamatan, and a desa of another kecamatan."""
    (village,) = wilayah.find_villages(TANGERANG, "Kosambi")
    assert village.district_name == "Sukadiri"


def test_library_does_not_import_ckan() -> None:
    script = "import sys, ckanext.tangerang.wilayah; sys.exit('ckan' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("3603130", "36.03.01"),
        ("3603", "36.03"),
        ("360301", "36.03.01"),
        ("3603011001", "36.03.01.1001"),
        ("36.03.01", None),
        ("3603999", None),
        ("9999", None),
        ("Balaraja", None),
    ],
)
def test_the_code_that_is_meant_by_one_of_bps_or_without_dots(given, meant) -> None:
    assert wilayah.kemendagri_code(given) == meant
