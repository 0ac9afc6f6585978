"""Charts over HTTP: pictures, pages, what is kept, what it costs, what follows a change."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib import jobs
from ckan.lib.redis import connect_to_redis

from ckanext.tangerang import wilayah
from ckanext.tangerang.charts import index

from .conftest import PLUGINS, system

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", f"{PLUGINS} tangerang_interop dcat"),
    pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins"),
]

DISTRICTS = wilayah.regency("36.03").districts
HOSTILE = '"><script>alert(1)</script>'
KAMUS = [
    {"kolom": "kecamatan", "tipe": "string"},
    {"kolom": "tahun", "tipe": "year"},
    {"kolom": "jumlah", "tipe": "integer", "label": f"Puskesmas {HOSTILE}", "satuan": "unit"},
]


@pytest.fixture
def file(table):
    """Make a table with a figure for each kecamatan and year; return the id of its file."""
    rows = [
        {"kecamatan": d.name, "tahun": str(year), "jumlah": str(n + year - 2000)}
        for n, d in enumerate(DISTRICTS)
        for year in (2023, 2024)
    ]
    return table(rows, kamus=KAMUS)


@pytest.fixture
def get(app):
    """Return what asks for a page."""
    return lambda path, **more: app.get(path, expect_errors=True, **more)


def test_pictures_pages_and_figures(file, get):
    name = f"/grafik/{file}/batang-jumlah"
    svg = get(f"{name}.svg")
    assert svg.status_code == 200
    assert svg.headers["Content-Type"].startswith("image/svg+xml")
    assert "script-src" not in svg.headers["Content-Security-Policy"]
    assert "<script>" not in svg.body
    assert "Puskesmas" in svg.body
    assert "2024" in svg.body
    assert get(f"{name}.svg?tahun=2023").body != svg.body
    assert get(f"{name}.svg", headers={"If-None-Match": svg.headers["ETag"]}).status_code == 304
    png = get(f"{name}.png")
    assert png.get_data()[:8] == b"\x89PNG\r\n\x1a\n"
    csv = get(f"/grafik/{file}/peta-jumlah.csv").get_data().decode("utf-8-sig").split("\r\n")
    assert csv[:2] == ["kode_kecamatan,kecamatan,nilai,satuan", "36.03.01,Balaraja,24,unit"]
    assert len(csv) == 1 + 29 + 1
    embed = get(f"{name}/sematkan")
    assert "frame-ancestors *" in embed.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in embed.headers
    assert "<script" not in embed.body
    page = get(f"/grafik/{file}")
    assert HOSTILE not in page.body
    assert page.body.count("<img") >= 2
    for wrong in (
        *(f"{name}.svg?tahun=1999", f"{name}.svg?pilihan=x", f"/grafik/{file}/garis-jumlah.svg"),
        *(f"/grafik/{file}/batang-tidak-ada.svg", "/grafik/tidak-ada/batang-jumlah.svg"),
        f"{name}.pdf",
    ):
        assert get(wrong).status_code == 404, wrong


def statements(call):
    """Return what a call returns, and how many statements it sends to the database."""
    seen = []

    def note(*args):
        seen.append(args[2])

    engine = model.Session.get_bind()
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        return call(), len(seen)
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def test_a_dataset_page_asks_the_database_for_nothing(file, app):
    resource = system("package_show", id="tabel")["resources"][0]
    with app.flask_app.test_request_context("/"):
        assert statements(lambda: tk.h.tangerang_charts_of(resource)) == ([], 0)
        index.refresh(file)
        found, count = statements(lambda: tk.h.tangerang_charts_of(resource))
        assert count == 0
        assert [chart["name"] for chart in found] == ["batang-jumlah", "peta-jumlah"]
        assert "Highest: Mekar Baru (52)" in found[0]["alt"]
        # What is restricted is on its own page only, where rights are asked.
        assert tk.h.tangerang_charts_of(resource, {"accesslevel": "terbatas"}) == []
        snippet = tk.render_snippet(
            "tangerang/charts/snippets/chart.html", {"resource": resource, "package": {}}
        )
    assert "width=" in snippet
    assert "height=" in snippet
    assert HOSTILE not in snippet


def test_a_page_asks_once_for_what_redis_has_lost(file, app):
    redis = connect_to_redis()
    resource = system("package_show", id="tabel")["resources"][0]
    index.refresh(file)
    redis.delete(*redis.keys("*tangerang:charts:page:*"), *redis.keys("*charts:waiting:*"))
    before = len(jobs.get_queue())
    with app.flask_app.test_request_context("/"):
        assert tk.h.tangerang_charts_of(resource) == []
        assert tk.h.tangerang_charts_of(resource) == []
        assert len(jobs.get_queue()) == before + 1
        index.run(file)
        assert tk.h.tangerang_charts_of(resource)


def test_a_page_asks_for_nothing_where_there_are_no_charts(file, app):
    system("datastore_records_delete", resource_id=file, force=True, filters={})
    resource = system("package_show", id="tabel")["resources"][0]
    index.run(file)
    before = len(jobs.get_queue())
    with app.flask_app.test_request_context("/"):
        assert tk.h.tangerang_charts_of(resource) == []
    assert len(jobs.get_queue()) == before


def test_another_level_takes_charts_off_the_page_at_once(file, app):
    index.refresh(file)
    resource = system("package_show", id="tabel")["resources"][0]
    reason = "UU 14/2008 Pasal 17 huruf h"
    system("package_patch", id="tabel", accesslevel="terbatas", alasan_pembatasan=reason)
    with app.flask_app.test_request_context("/"):
        assert tk.h.tangerang_charts_of(resource) == []
    assert index.refresh(file)
    with app.flask_app.test_request_context("/"):
        assert tk.h.tangerang_charts_of(resource) == []
    assert app.get(f"/grafik/{file}/batang-jumlah.svg", expect_errors=True).status_code == 403


def test_a_change_of_the_table_changes_its_picture(file, get):
    before = get(f"/grafik/{file}/batang-jumlah.svg")
    row = {"kecamatan": "Jumlah", "tahun": "2025", "jumlah": "9"}
    rows = [row, {"kecamatan": "Balaraja", "tahun": "2025", "jumlah": "777"}]
    system("datastore_upsert", resource_id=file, method="insert", force=True, records=rows)
    after = get(f"/grafik/{file}/batang-jumlah.svg")
    assert after.headers["ETag"] != before.headers["ETag"]
    assert "777" in after.body
    waiting = connect_to_redis().keys("*tangerang:charts:waiting:*")
    assert any(file.encode() in key for key in waiting)


def test_the_page_of_a_kecamatan_has_its_figures(file, get):
    index.refresh(file)
    tiles = get("/wilayah").body
    assert tiles.count("tangerang-tile-count") == 29
    assert 'href="/wilayah/36.03.18"' in tiles
    page = get("/wilayah/36.03.01").body
    assert "Balaraja" in page
    assert "24 unit" in page
    assert HOSTILE not in page
    # A village and a province have the page that they had.
    assert "Figures for" not in get("/wilayah/36.03.01.2002").body
    assert get("/wilayah/99.99").status_code == 404
    system("package_patch", id="tabel", private=True)
    assert index.counts() == {}
    assert "24 unit" not in get("/wilayah/36.03.01").body


def test_what_is_taken_out_of_the_list(file):
    assert index.refresh(file)
    assert len(index.with_district("36.03.18")) == 1
    assert list(index.all_tables()) == [file]
    system("datastore_delete", resource_id=file, force=True)
    assert not index.refresh(file)
    assert index.with_district("36.03.18") == []
    assert not index.refresh("tidak-ada")
