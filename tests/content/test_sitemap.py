"""Search engines find the pages by the sitemap of the plugin ``tangerang_interop``."""

from __future__ import annotations

import pytest

from .conftest import act

BASE = "https://data.example.go.id"

pytestmark = [
    pytest.mark.ckan_config(
        "ckan.plugins",
        "tangerang_content tangerang_interop tangerang_metadata tangerang_opd "
        "scheming_datasets scheming_organizations dcat structured_data",
    ),
    pytest.mark.ckan_config("ckan.site_url", BASE),
    pytest.mark.ckan_config("ckanext.dcat.base_uri", BASE),
    pytest.mark.usefixtures("with_plugins"),
]


def test_the_sitemap_has_the_public_pages(app, staff):
    before = app.get("/sitemap.xml")
    assert f"<loc>{BASE}/halaman/bantuan</loc></url>" in before.body
    act("update", staff.walidata, id="bantuan", version=0, title_id="Cara memakai")
    changed = app.get("/sitemap.xml", headers={"If-None-Match": before.headers["ETag"]})
    assert changed.status_code == 200
    assert f"<loc>{BASE}/halaman/bantuan</loc><lastmod>" in changed.body
    act("delete", staff.walidata, id="bantuan", version=1)
    assert "/halaman/bantuan" not in app.get("/sitemap.xml").body
