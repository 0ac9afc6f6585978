"""Pages: filters, chips, tree of OPD, years, help without results, lists of an OPD and a topic."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories

from ckanext.tangerang.search import advice
from tests.theme.conftest import counted

from .conftest import PLUGINS

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.ckan_config("ckan.locale_default", "id"),
]


def soup(answer):
    return BeautifulSoup(answer.body, "html.parser")


def text(node):
    return " ".join(node.get_text(" ").split())


def texts(page, selector):
    return [text(node) for node in page.select(selector)]


def titles(page):
    return texts(page, ".dataset-heading")


@pytest.fixture
def office(people):
    """Make an OPD below that of the people."""
    return factories.Organization(
        name="puskesmas-cikupa", title="Puskesmas Cikupa", groups=[{"name": "dinkes"}]
    )


def test_the_list_of_datasets(app, make, people, office):
    make.dataset(name="miskin", title="Persentase Penduduk Miskin", periode_awal="2018")
    make.dataset(
        name="kemiskinan",
        title="Tingkat Kemiskinan <b>",
        owner_org=office["id"],
        user=people.sysadmin,
        frekuensi="BULANAN",
        periode_awal="2022",
        bidang_urusan="1.02",
        kategori=["kesehatan"],
        kontak_email="data@example.go.id",
    )
    page = soup(app.get("/dataset/?q=penduduk+miskin"))
    assert titles(page) == ["Persentase Penduduk Miskin", "Tingkat Kemiskinan <b>"]
    assert texts(page, ".dataset-heading mark") == ["Penduduk", "Miskin", "Kemiskinan"]
    assert "kemiskinan" in text(page.select_one(".search-related"))
    exact = soup(app.get(page.select_one(".search-related a")["href"]))
    assert titles(exact) == ["Persentase Penduduk Miskin"]
    assert exact.select_one("#dataset-search-form input[name=ext_kata]")["value"] == "persis"
    headings = texts(page, ".search-facet .module-heading")
    assert headings[:6] == [
        "Topik",
        "Perangkat Daerah (OPD)",
        "Jenis statistik",
        "Tingkat penyajian",
        "Tahun",
        "Frekuensi terbit",
    ]
    assert headings[-1] == "Kelengkapan"
    assert "First year" not in headings

    tree = page.select_one('[aria-labelledby="facet-organization"]')
    labels = [re.sub(" hasil$", "", label) for label in texts(tree, "a")]
    assert labels == ["Dinas Kesehatan 2", "Hanya OPD ini 1", "Puskesmas Cikupa 1"]
    whole, own, below = (soup(app.get(link["href"])) for link in tree.select("a"))
    assert len(titles(whole)) == 2
    assert titles(own) == ["Persentase Penduduk Miskin"]
    assert titles(below) == ["Tingkat Kemiskinan <b>"]
    assert texts(whole, ".search-chip strong") == ["Dinas Kesehatan dengan unit di bawahnya"]
    assert texts(own, ".search-chip strong") == ["Dinas Kesehatan"]
    assert titles(soup(app.get(own.select_one(".search-also")["href"]))) == titles(whole)

    filtered = soup(app.get("/dataset/?q=miskin&frekuensi=BULANAN&ext_tahun_dari=2020&page=1"))
    assert titles(filtered) == ["Tingkat Kemiskinan <b>"]
    assert texts(filtered, ".search-chip strong") == ["Bulanan", "sejak 2020"]
    for chip, name in zip(filtered.select(".search-chip"), ("frekuensi", "tahun"), strict=True):
        assert name not in chip["href"]
        assert "q=miskin" in chip["href"]
        assert "page=" not in chip["href"]
    assert {i["name"]: i["value"] for i in filtered.select(".search-years input")} == {
        "q": "miskin",
        "frekuensi": "BULANAN",
        "ext_tahun_dari": "2020",
        "ext_tahun_sampai": "",
    }
    form = {i["name"]: i["value"] for i in filtered.select("#dataset-search-form input")}
    assert form == {"q": "miskin", "frekuensi": "BULANAN", "ext_tahun_dari": "2020"}
    clear = filtered.select(".search-chips .search-also")[-1]["href"]
    assert clear == "/dataset/?q=miskin"

    partial = app.get("/dataset/?q=miskin", headers={"HX-Request": "true"}).body
    assert 'id="search-results" hx-swap-oob="true"' in partial
    assert 'id="search-facets" hx-swap-oob="true"' in partial
    assert "<html" not in partial
    hostile = app.get("/dataset/", query_string={"tags": '<script>"', "q": "<script>alert(1)"})
    assert "<script>alert(1)" not in hostile.body


def test_without_results(app, make, people):
    make.dataset(name="puskesmas", title="Jumlah Puskesmas menurut Kecamatan")
    make.dataset(
        name="jalan", title="Panjang Jalan Rusak", notes="-", definisi="-", frekuensi="BULANAN"
    )
    page = soup(app.get("/dataset/?q=puskesmaz"))
    assert text(page.select_one(".search-spelling")) == (
        "Mungkin maksud Anda puskesmas ? (1 hasil)"
    )
    assert titles(soup(app.get(page.select_one(".search-spelling a")["href"])))

    page = soup(app.get("/dataset/?q=puskesmas+sawah"))
    assert "puskesmas (1 hasil)" in texts(page, ".search-nothing li")

    page = soup(app.get("/dataset/?q=puskesmas&frekuensi=BULANAN&res_format=XYZ"))
    offers = texts(page, ".search-nothing li")
    assert "Tanpa saringan apa pun (1 hasil)" in offers
    assert texts(page, ".search-chip strong") == ["Bulanan", "XYZ"]
    page = soup(app.get("/dataset/?q=puskesmas&frekuensi=BULANAN"))
    assert "Tanpa Frekuensi terbit: Bulanan (1 hasil)" in texts(page, ".search-nothing li")

    page = soup(app.get("/dataset/?q=ktp"))
    assert "Kependudukan" in texts(page, ".search-nothing li")
    page = soup(app.get("/dataset/?q=jalann&frekuensi=BULANAN&ext_tahun_dari=2090"))
    assert "jalan" in text(page.select_one(".search-spelling"))

    wrong = "&".join(f"frekuensi=X{number}" for number in range(30))
    words = "+".join(f"katasalah{letter}" for letter in "abcdefghijk")
    with counted() as queries:
        app.get(f"/dataset/?q={words}&{wrong}")
    assert len(queries.solr) <= advice.MOST_REQUESTS + 1
    app.get("/dataset/", query_string={"q": 'tak "ada', "organization": '"'})


def test_lists_of_an_opd_and_of_a_topic(app, make, people):
    ipm = make.indicator(name="ipm", title="Indeks Kesehatan")
    make.indicator(name="rahasia", title="Indikator Rahasia", private=True)
    make.dataset(name="kemiskinan", title="Tingkat Kemiskinan", indikator=[ipm["id"]])
    make.dataset(name="jalan", title="Panjang Jalan", frekuensi="BULANAN")
    page = soup(app.get("/organization/dinkes?q=miskin"))
    assert titles(page) == ["Tingkat Kemiskinan"]
    assert "Tahun" in texts(page, ".search-facet .module-heading")
    assert "facet-organization" not in str(page)
    page = soup(app.get("/organization/dinkes?q=miskin&frekuensi=BULANAN"))
    assert "Tanpa Frekuensi terbit: Bulanan (1 hasil)" in texts(page, ".search-nothing li")

    page = soup(app.get("/kategori/kesehatan?q=miskin"))
    assert titles(page) == ["Tingkat Kemiskinan"]
    assert len(page.select("h1")) == 1
    assert texts(page, ".search-facet .module-heading")[0] == "Perangkat Daerah (OPD)"
    assert page.select_one('a[href="/indikator/ipm"]')
    assert "Rahasia" not in str(page)
    page = soup(app.get("/kategori/kesehatan?frekuensi=BULANAN"))
    assert titles(page) == ["Panjang Jalan"]
    assert page.select_one(".search-chip")["href"] == "/kategori/kesehatan"
    assert not page.select('a[href="/indikator/ipm"]')
    page = soup(app.get("/kategori/kesehatan?q=miskin&frekuensi=BULANAN"))
    assert "Tanpa Frekuensi terbit: Bulanan (1 hasil)" in texts(page, ".search-nothing li")
    partial = app.get("/kategori/kesehatan?q=miskin", headers={"HX-Request": "true"}).body
    assert 'id="search-facets" hx-swap-oob="true"' in partial
    assert "<html" not in partial
    app.get("/kategori/kesehatan", query_string={"frekuensi": '"'}, status=400)
    kinds = soup(app.get("/indikator/?q=indeks"))
    assert len(kinds.select("h1")) == 1
    assert kinds.select_one(".search-box-list")


def test_the_box(app, people):
    page = soup(app.get("/dataset/?q=desa"))
    box = page.select_one("#field-giant-search")
    assert (box["type"], box["name"], box["value"]) == ("search", "q", "desa")
    assert page.select_one("label[for=field-giant-search]")
    assert page.select_one("[data-search-url]")["data-search-url"] == "/cari/saran"
    others = soup(app.get("/organization/"))
    assert not others.select(".search-box-list")
