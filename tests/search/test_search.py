"""Searches with a real Solr: what is found by which words, and what callers of the API get."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from ckan.exceptions import CkanConfigurationException
from ckan.lib.search import rebuild

from ckanext.tangerang.search import config, listing

from .conftest import PLUGINS

pytestmark = pytest.mark.ckan_config("ckan.plugins", PLUGINS)

TITLES = {
    "kemiskinan": "Tingkat Kemiskinan",
    "miskin": "Persentase Penduduk Miskin",
    "penduduk": "Jumlah Penduduk",
    "kepadatan": "Kepadatan Penduduk",
    "adminduk": "Pelayanan Administrasi Kependudukan",
    "puskesmas": "Jumlah Puskesmas",
    "jalan": "Kondisi Jalan",
}
WIDE = {listing.READING: listing.WIDE}
EXACT = {listing.READING: listing.EXACT}


@pytest.fixture
def datasets(make):
    """Make public datasets that differ in their titles."""
    for name, title in TITLES.items():
        make.dataset(name=name, title=title, notes="Keterangan.", definisi="Arti.", satuan="unit")


def found(q, **params):
    result = tk.get_action("package_search")({"user": ""}, {"q": q, "fl": ["name"], **params})
    return [row["name"] for row in result["results"]]


#: What is typed, what a CKAN finds, and what is found with related words and stems, the best first.
CASES = (
    ("penduduk miskin", {"miskin"}, ["miskin", "kemiskinan"]),
    ("kemiskinan", {"kemiskinan"}, ["kemiskinan", "miskin"]),
    ("KTP", set(), ["adminduk", "miskin", "penduduk", "kepadatan"]),
    ("kartu tanda penduduk", set(), ["adminduk", "miskin", "penduduk", "kepadatan"]),
    ("berapa jumlah penduduk", {"penduduk"}, ["penduduk", "kepadatan", "miskin", "adminduk"]),
    ("penduduk di kabupaten tangerang", set(), ["kepadatan", "penduduk", "miskin", "adminduk"]),
    ("pusat kesehatan masyarakat", set(), ["puskesmas"]),
    # Two of three words, as CKAN's rule has it.
    ("jalan kondisi sawah", {"jalan"}, ["jalan"]),
    # A stem is no word of a text: it finds nothing by itself.
    ("duduk", set(), []),
    ("rumah sakit", set(), []),
    # Queries in the syntax of Solr find the same with and without.
    ("title:miskin", {"miskin"}, ["miskin"]),
    ("miskin AND penduduk", {"miskin"}, ["miskin"]),
    ("kemisk*", set(), []),
    ("title:kemisk*", {"kemiskinan"}, ["kemiskinan"]),
    ('"penduduk miskin"', {"miskin"}, ["miskin"]),
)


def test_what_is_found(datasets, monkeypatch):
    for q, plain, wide in CASES:
        assert set(found(q)) == plain, q
        assert set(found(q, **EXACT)) == plain, q
        assert set(found(q, **WIDE)) == set(wide), q
        assert found(q, **WIDE)[:1] == wide[:1] or q.startswith("penduduk di"), q
    for reach, plain, wide in (("halaman", 1, 2), ("semua", 2, 2), ("tidak", 1, 1)):
        monkeypatch.setitem(tk.config, "ckanext.tangerang.search.expand", reach)
        assert len(found("kemiskinan")) == plain, reach
        assert len(found("kemiskinan", **WIDE)) == wide, reach
        assert len(found("kemiskinan", **EXACT)) == 1, reach
    result = tk.get_action("package_search")({"user": ""}, {"q": "name:kemiskinan", "fl": ["*"]})
    assert "zqx" not in str(result["results"])
    monkeypatch.setitem(tk.config, "ckanext.tangerang.search.expand", "halaman")
    rebuild("kemiskinan")
    assert found("miskin", **WIDE) == ["miskin", "kemiskinan"]


@pytest.mark.usefixtures("with_plugins")
class TestParameters:
    @pytest.mark.parametrize("q", ["title:miskin", "a AND b", "mis*", "+a -b", '"a b"', "", "*:*"])
    def test_other_queries_are_not_changed(self, q):
        params = {"q": q, "extras": WIDE}
        assert listing.prepare(dict(params)) == params

    @pytest.mark.parametrize("own", [{"defType": "edismax"}, {"qf": "title"}, {"mm": "1"}])
    def test_a_parser_of_its_own_is_not_changed(self, own):
        params = {"q": "miskin", "extras": WIDE, **own}
        assert listing.prepare(dict(params)) == params

    def test_filters_and_facets_are_left_alone(self):
        params = {"q": "a", "fq": "+res_format:CSV", "fq_list": ["a:b"], "facet.field": ["tags"]}
        assert listing.prepare(dict(params)) == params
        wide = listing.prepare(dict(params, extras=WIDE))
        assert {**wide, "q": "a"} == {**params, "extras": WIDE, "defType": "edismax"}

    def test_a_page_asks_for_related_words_and_the_whole_tree(self, app):
        with app.flask_app.test_request_context("/dataset/"):
            params = listing.prepare({"q": "miskin", "facet.field": ["organization"], "extras": {}})
            assert "zqxmiskin" in params["q"]
            assert params["facet.limit"] == 500
        with app.flask_app.test_request_context("/feeds/custom.atom?q=miskin"):
            assert listing.prepare({"q": "miskin"}) == {"q": "miskin"}
        with app.flask_app.test_request_context("/api/3/action/package_search?q=miskin"):
            assert listing.prepare({"q": "miskin"}) == {"q": "miskin"}

    def test_years_are_a_filter_beside_the_others(self):
        params = {"fq_list": ["a:b"], "extras": {"ext_tahun_dari": "2020"}}
        expected = ["a:b", "+tangerang_tahun_akhir:[2020 TO *]"]
        assert listing.prepare(params)["fq_list"] == expected

    def test_a_wrong_option_says_what_to_write(self, monkeypatch):
        monkeypatch.setitem(tk.config, "ckanext.tangerang.search.expand", "alle")
        with pytest.raises(CkanConfigurationException, match="halaman, semua or tidak"):
            config.reach()


def test_years(make):
    make.dataset(name="lama", periode_awal="2018", periode_akhir="2020-06")
    make.dataset(name="baru", periode_awal="2022")
    for first, last, names in (
        ("2019", "", {"lama", "baru"}),
        ("2021", "", {"baru"}),
        ("", "2019", {"lama"}),
        ("2020", "2022", {"lama", "baru"}),
        ("2021", "2021", set()),
        ("2023", "2021", {"baru"}),
        ("2030", "", set()),
        ("entah", "", {"lama", "baru"}),
        ("2020] OR *:*", "", {"lama", "baru"}),
        ('"', "{!term}", {"lama", "baru"}),
        ("9" * 400, "", {"lama", "baru"}),
    ):
        years = {"ext_tahun_dari": first, "ext_tahun_sampai": last}
        assert set(found("", **years)) == names, (first, last)
