"""Sitemap, robots.txt and the addresses of regions."""

from __future__ import annotations

from datetime import datetime

import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories, helpers

from ckanext.tangerang.interop import sitemap

PLUGINS = (
    "tangerang_metadata tangerang_opd tangerang_interop scheming_datasets scheming_organizations"
)

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.ckan_config("ckan.site_url", "https://data.example.go.id"),
    pytest.mark.ckan_config("ckanext.tangerang.metadata.require_complete", False),
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index"),
]

BASE = "https://data.example.go.id"


def addresses(body):
    return [found.text for found in BeautifulSoup(body, "xml").find_all("loc")]


@pytest.fixture
def opd():
    return factories.Organization()["id"]


def test_public_datasets_only(app, opd):
    public = factories.Dataset(owner_org=opd)
    factories.Dataset(owner_org=opd, private=True)
    factories.Dataset(owner_org=opd, state="draft")
    deleted = factories.Dataset(owner_org=opd)
    helpers.call_action("package_delete", id=deleted["id"])
    factories.Dataset(
        type="kegiatan", owner_org=opd, judul_kegiatan="Survei", tahun_kegiatan="2024"
    )
    response = app.get("/sitemap.xml")
    assert response.headers["Content-Type"].startswith("application/xml")
    assert addresses(response.body) == [f"{BASE}/dataset/{public['name']}"]
    changed = BeautifulSoup(response.body, "xml").find("lastmod").text
    assert datetime.fromisoformat(changed.replace("Z", "+00:00")).tzinfo is not None
    assert changed[:19] == public["metadata_modified"][:19]


def test_an_empty_portal_has_an_empty_sitemap(app):
    assert addresses(app.get("/sitemap.xml").body) == []


def test_the_same_in_each_language(app, opd):
    factories.Dataset(owner_org=opd)
    assert app.get("/en/sitemap.xml").body == app.get("/sitemap.xml").body


def changes(opd, record):
    """Yield what people do to a dataset, one after the other."""
    yield lambda: factories.Dataset(owner_org=opd)
    yield lambda: helpers.call_action("package_patch", id=record["id"], title="Judul baru")
    yield lambda: helpers.call_action("package_patch", id=record["id"], name="nama-baru")
    yield lambda: helpers.call_action("package_patch", id=record["id"], private=True)
    yield lambda: helpers.call_action("package_patch", id=record["id"], private=False)
    yield lambda: helpers.call_action("package_delete", id=record["id"])


def test_a_reader_who_has_it_is_told_so_until_something_changes(app, opd):
    record = factories.Dataset(owner_org=opd)
    first = app.get("/sitemap.xml")
    assert first.headers["Last-Modified"].endswith("GMT")
    for change in changes(opd, record):
        known = {"If-None-Match": app.get("/sitemap.xml").headers["ETag"]}
        same = app.get("/sitemap.xml", headers=known, status=304)
        assert same.body == ""
        change()
        response = app.get("/sitemap.xml", headers=known)
        assert response.status_code == 200, change
        assert response.headers["ETag"] != known["If-None-Match"]
    assert f"{BASE}/dataset/nama-baru" not in addresses(response.body)


def test_a_large_sitemap_has_pages(app, opd, monkeypatch):
    names = [factories.Dataset(owner_org=opd)["name"] for _ in range(5)]
    monkeypatch.setattr(sitemap, "PAGE", 2)
    assert addresses(app.get("/sitemap.xml").body) == [
        f"{BASE}/sitemap-{number}.xml" for number in (1, 2, 3)
    ]
    found = [
        address
        for number in (1, 2, 3)
        for address in addresses(app.get(f"/sitemap-{number}.xml").body)
    ]
    assert found == [f"{BASE}/dataset/{name}" for name in names]
    tag = app.get("/sitemap-2.xml").headers["ETag"]
    app.get("/sitemap-2.xml", headers={"If-None-Match": tag}, status=304)
    for number in (0, 4, 10**9):
        app.get(f"/sitemap-{number}.xml", status=404)


def test_the_limit_is_that_of_the_protocol():
    assert sitemap.PAGE == 50_000


def test_a_withdrawn_dataset_leaves_at_once(app, opd):
    record = factories.Dataset(owner_org=opd)
    assert record["name"] in app.get("/sitemap.xml").body
    model.Package.get(record["id"]).private = True
    model.repo.commit()
    assert record["name"] not in app.get("/sitemap.xml").body


def test_robots_name_the_sitemap_and_keep_ckans_rules(app):
    lines = app.get("/robots.txt").body.splitlines()
    assert f"Sitemap: {BASE}/sitemap.xml" in lines
    assert "Disallow: /api/" in lines
    assert not any(line.strip().lower() == "disallow: /" for line in lines)


def test_a_region_leads_to_the_datasets_about_it(app, opd):
    factories.Dataset(owner_org=opd, title="Tentang Balaraja", cakupan_wilayah=["36.03.01"])
    factories.Dataset(owner_org=opd, title="Tentang Bandung", cakupan_wilayah=["32.04"])
    hidden = {"title": "Rahasia", "private": True, "cakupan_wilayah": ["36.03.01"]}
    factories.Dataset(owner_org=opd, **hidden)
    headers = {"Authorization": factories.SysadminWithToken()["token"]}
    body = app.get("/wilayah/36.03.01", headers=headers).body
    assert "Tentang Balaraja" in body
    assert "Tentang Bandung" not in body
    assert "Rahasia" not in body
    assert [link["href"] for link in BeautifulSoup(body, "html.parser").select(".breadcrumb a")][
        -3:
    ] == ["/wilayah/36", "/wilayah/36.03", "/wilayah/36.03.01"]


@pytest.mark.parametrize("code", ["99", "36.03.99", "abc", "<script>"])
def test_an_unknown_region_is_not_found(app, code):
    body = app.get(f"/wilayah/{code}", status=404).body
    assert "<script>99" not in body
