"""The search index: facets, filters, long texts."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from ckan.lib.search import rebuild
from ckan.tests.helpers import call_action

from ckanext.tangerang.metadata import index

from .conftest import PLUGINS

pytestmark = pytest.mark.ckan_config("ckan.plugins", PLUGINS)

FACETS = (
    "vocab_kategori",
    "jenis_statistik",
    "vocab_tingkat_penyajian",
    "vocab_cakupan_wilayah",
    "frekuensi",
    "accesslevel",
    "bidang_urusan",
)


@pytest.fixture
def dataset(complete):
    """Make a public dataset of two topics and two levels."""
    complete.update(
        kategori=["kesehatan", "kependudukan"], tingkat_penyajian=["kecamatan", "desa_kelurahan"]
    )
    return call_action("package_create", **complete)


def search(**params):
    return tk.get_action("package_search")({"user": ""}, params)


def test_facets_count_keys(dataset):
    found = search(**{"facet.field": list(FACETS)})
    assert found["facets"] == {
        "vocab_kategori": {"kesehatan": 1, "kependudukan": 1},
        "jenis_statistik": {"STATISTIK_SEKTORAL": 1},
        "vocab_tingkat_penyajian": {"kecamatan": 1, "desa_kelurahan": 1},
        "vocab_cakupan_wilayah": {"36.03": 1},
        "frekuensi": {"TAHUNAN": 1},
        "accesslevel": {"terbuka": 1},
        "bidang_urusan": {"1.02": 1},
    }


def test_items_have_labels(dataset):
    found = search(**{"facet.field": ["vocab_kategori", "jenis_statistik"]})["search_facets"]
    names = {item["name"]: item["display_name"] for item in found["vocab_kategori"]["items"]}
    assert names == {"kesehatan": "Health", "kependudukan": "Population"}
    assert found["jenis_statistik"]["items"][0]["display_name"] == "Sectoral statistics"


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("vocab_kategori:kesehatan", 1),
        ("vocab_kategori:ekonomi", 0),
        ("vocab_tingkat_penyajian:desa_kelurahan", 1),
        ('vocab_cakupan_wilayah:"36.03"', 1),
        ("frekuensi:TAHUNAN", 1),
        ("accesslevel:tertutup", 0),
    ],
)
def test_filters(dataset, query, count):
    assert search(fq=query)["count"] == count


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("Kesehatan", 1),
        ("Population", 1),
        ("terdaftar", 1),  # stands in the definition
        ("statistik", 0),  # a key of every statistical dataset: no word to search for
        ("terbuka", 0),
    ],
)
def test_words(dataset, query, count):
    assert search(q=query)["count"] == count


def test_long_texts_are_saved_and_found(people, complete):
    """Solr refuses a term of more than 32,766 bytes, and CKAN takes the save back then."""
    complete["definisi"] = "kata panjang " * 3_100
    complete["metodologi"] = "é" * 40_000
    kamus = [{"kolom": f"k{n}", "definisi": "x" * 4_000} for n in range(60)]
    complete["resources"] = [{"url": "https://example.go.id/a.csv", "kamus": kamus}]
    complete["extras"] = [{"key": "catatan", "value": "z" * 33_000}]
    assert len(complete["definisi"]) > 40_000
    dataset = call_action("package_create", **complete)
    shown = call_action("package_show", id=dataset["id"])
    assert shown["definisi"] == complete["definisi"].strip()
    assert shown["resources"][0]["kamus"] == kamus
    assert search(q="panjang")["count"] == 1


def test_reindexing_gives_the_same(dataset):
    before = search(**{"facet.field": list(FACETS)})
    rebuild(dataset["id"])
    assert search(**{"facet.field": list(FACETS)}) == before


def test_preparing_twice_changes_nothing(dataset):
    document = {
        "dataset_type": "dataset",
        "kategori": '["kesehatan"]',
        "extras_kategori": '["kesehatan"]',
        "bidang_urusan": "1.02",
        "extras_bidang_urusan": "1.02",
        "accesslevel": "terbuka",
        "extras_accesslevel": "terbuka",
        "definisi": "x" * 50_000,
        "extras_definisi": "x" * 50_000,
        "title": "Judul",
    }
    once = index.prepare(dict(document))
    assert once == {
        "dataset_type": "dataset",
        "vocab_kategori": ["kesehatan"],
        "extras_kategori": "kesehatan Kesehatan Health",
        "bidang_urusan": "1.02",
        "extras_bidang_urusan": "1.02 Kesehatan Health",
        "accesslevel": "terbuka",
        "extras_definisi": "x" * 50_000,
        "title": "Judul",
    }
    assert index.prepare(dict(once)) == once


def test_other_types_are_left_alone(dataset):
    document = {"dataset_type": "harvest", "kategori": '["a"]', "extras_kategori": '["a"]'}
    assert index.prepare(dict(document)) == document
