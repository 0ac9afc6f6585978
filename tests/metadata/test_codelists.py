"""The code lists are complete, consistent, and plain data."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ckanext.tangerang.metadata import codelists
from ckanext.tangerang.metadata.codelists import UnknownCodeListError, codelist

#: Number of items, where the source of a list fixes it.
SIZES = {
    "urusan": 32,
    "unsur_penunjang": 10,
    "sektor_kegiatan": 22,
    "epss_domain": 5,
    "epss_aspek": 19,
    "epss_indikator": 38,
    "frekuensi_penyelenggaraan": 8,
    "metode_yang_digunakan": 10,
    "status_indah": 7,
    "frekuensi": 11,
    "status_angka": 4,
}


@pytest.mark.parametrize("name", codelists.names())
def test_every_list_is_well_formed(name):
    found = codelist(name)
    assert found.source
    assert found.certainty
    assert found.items
    keys = [item.key for item in found.items]
    assert len(set(keys)) == len(keys)
    for item in found.items:
        assert all(isinstance(text, str) and text for text in (item.key, item.id, item.en))


@pytest.mark.parametrize(("name", "size"), SIZES.items())
def test_sizes(name, size):
    assert len(codelist(name).items) == size


def test_keys_stay_strings():
    assert codelists.label("urusan", "2.10") == "Pertanahan"
    assert "2.1" not in codelist("urusan")


@pytest.mark.parametrize("parent_list", ["epss_aspek", "epss_indikator"])
def test_weights_of_epss_add_up_to_100_within_each_parent(parent_list):
    sums: dict[str, float] = {}
    for item in codelist(parent_list).items:
        sums[item.extra["parent"]] = sums.get(item.extra["parent"], 0) + item.extra["weight"]
    assert set(sums.values()) == {100}
    above = {"epss_aspek": "epss_domain", "epss_indikator": "epss_aspek"}[parent_list]
    assert set(sums) == set(codelist(above).keys)


def test_weights_of_the_domains_add_up_to_100():
    assert sum(item.extra["weight"] for item in codelist("epss_domain").items) == 100


def test_swapped_numbers_of_the_forms_are_not_codes():
    assert all(item.code is None for item in codelist("tipe_pengumpulan_data").items)


def test_labels_by_language():
    assert codelists.label("akses", "terbatas", "en_GB") == "Restricted"
    assert codelists.label("akses", "terbatas", "id") == "Terbatas"
    assert codelists.label("akses", "terbatas", "fr") == "Terbatas"
    assert codelists.label("akses", "gone") == "gone"


def test_several_lists_in_a_row():
    values = [choice["value"] for choice in codelists.choices("urusan unsur_penunjang")]
    assert len(values) == 42
    assert values[0] == "1.01"
    assert values[-1] == "8.01"
    assert codelists.item("urusan unsur_penunjang", "7.01").id == "Kecamatan"


def test_a_key_that_other_systems_spell_otherwise_is_ours():
    ours = "CARA_LAIN_SESUAI_DENGAN_PERKEMBANGAN_TI"
    other = "CARA_LAIN_SESUAI_PERKEMBANGAN_TEKNOLOGI_DAN_INFORMASI"
    assert codelists.canonical("cara_pengumpulan_data", other) == ours
    assert codelists.canonical("cara_pengumpulan_data", "SURVEI") == "SURVEI"
    assert codelists.canonical("cara_pengumpulan_data", {"a": 1}) == {"a": 1}


def test_unknown_names_raise():
    with pytest.raises(UnknownCodeListError):
        codelist("../topics")
    with pytest.raises(UnknownCodeListError):
        codelists.item("akses", "gone")


def test_publication_frequencies_have_eu_codes():
    assert all(item.extra["eu_frequency"] for item in codelist("frekuensi").items)
    without_schedule = [i.key for i in codelist("frekuensi").items if i.extra.get("no_schedule")]
    assert without_schedule == ["HANYA_SEKALI", "INSIDENTAL"]


def test_levels_map_to_the_form():
    form = codelist("tingkat_penyajian")
    assert all(i.extra["form_key"] in form for i in codelist("tingkat_penyajian_dataset").items)


@pytest.mark.parametrize(
    "module",
    ["codelists", "completeness", "conditions", "kamus", "regions", "rows", "topics", "values"],
)
def test_libraries_do_not_import_ckan(module):
    code = (
        f"import sys, ckanext.tangerang.metadata.{module}; "
        "sys.exit(any(name == 'ckan' or name.startswith('ckan.') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
