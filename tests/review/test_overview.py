"""The list of data, and the start page of each role."""

from __future__ import annotations

import io
from datetime import date, timedelta

import ckan.plugins.toolkit as tk
import openpyxl
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan import model
from ckan.common import config_declaration
from ckan.config.declaration import Key
from ckan.tests.helpers import call_action

from ckanext.tangerang.review.model import Review, now
from ckanext.tangerang.review.overview.labels import day_label
from tests.metadata.records import compilation
from tests.theme.conftest import counted, text

from .conftest import PLUGINS, ask, fresh, review

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("staff"),
]

FORMULA = '=HYPERLINK("http://x.test","klik")'


def days(number):
    return (date.today() + timedelta(days=number)).isoformat()  # noqa: DTZ011


@pytest.fixture
def browse(app, staff):
    """Return what fetches a page as somebody."""
    tokens = {}

    def call(name, url, status=200, raw=False):
        headers = {}
        if name:
            user = getattr(staff, name)["name"]
            if name not in tokens:
                tokens[name] = call_action("api_token_create", user=user, name="t")["token"]
            headers = {"Authorization": tokens[name]}
        answer = app.get(url, headers=headers, status=status, follow_redirects=False)
        return answer if raw else BeautifulSoup(answer.body, "html.parser")

    return call


@pytest.fixture
def several(staff, complete):
    """Make records in several states: one of each, and a private one of another OPD."""
    own = {**complete, "private": True}
    made = {
        name: ask("package_create", staff.editor, **{**own, "name": name, "title": name.title()})
        for name in ("draf", "ajuan", "kembali")
    }
    for name in ("ajuan", "kembali"):
        review("submit", staff.editor, made[name])
    review("return", staff.walidata_editor, made["kembali"], reason="x")
    made["terbit"] = ask(
        "package_create",
        staff.sysadmin,
        **{**complete, "name": "terbit", "title": FORMULA, "jadwal_rilis": days(-40)},
    )
    made["lain"] = ask(
        "package_create",
        staff.stranger,
        **{**own, "name": "lain", "title": "Lain", "owner_org": staff.other["id"]},
    )
    return made


def names(user, **data):
    found = ask("tangerang_inventory_list", user, **data)
    assert found["count"] == len(found["results"])
    return {row["name"] for row in found["results"]}


class TestInventory:
    def test_who_sees_what(self, staff, several):
        own = {"draf", "ajuan", "kembali", "terbit"}
        assert names(None) == names(staff.reader) == {"terbit"}
        assert names(staff.editor) == names(staff.admin) == own
        assert names(staff.stranger) == {"terbit", "lain"}
        assert names(staff.walidata_editor) == names(staff.sysadmin) == {*own, "lain"}
        assert names(staff.pembina) == {"terbit", "ajuan", "kembali"}

    def test_it_is_what_ckan_lets_them_see(self, staff, several):
        for user in vars(staff).values():
            if "fullname" not in user:
                continue
            listed = names(user)
            for name in several:
                try:
                    ask("package_show", user, id=name)
                    seen = True
                except tk.NotAuthorized:
                    seen = False
                assert seen == (name in listed), (user["name"], name)

    def test_filters(self, staff, several):
        user = staff.walidata_editor
        assert names(user, owner_org="dinsos") == {"lain"}
        assert names(user, state="diajukan,diperiksa") == {"ajuan"}
        assert names(user, state="terbit") == {"terbit"}
        assert names(None, state="draf") == set()
        assert names(user, type="kegiatan") == set()
        assert names(user, q="AJU") == {"ajuan"}
        assert names(user, q="%") == set()
        assert names(user, release="terlambat") == {"terbit"}
        assert names(None, release="terjadwal") == set()
        for bad in ({"type": "x"}, {"state": "x"}, {"release": "x"}, {"limit": -1}):
            with pytest.raises(tk.ValidationError):
                names(user, **bad)
        with pytest.raises(tk.ObjectNotFound):
            names(user, owner_org="tidak-ada")

    def test_what_a_record_has(self, staff, several):
        [row] = ask("tangerang_inventory_list", None)["results"]
        assert row["release_status"] == "terlambat"
        assert row["release"] == {"first": days(-40), "last": days(-40)}
        assert row["frequency"] == "TAHUNAN"
        assert row["state"] == "terbit"
        assert row["organization"] == {"name": "dinkes", "title": "Dinas Kesehatan"}
        review("claim", staff.second, several["ajuan"])
        [row] = ask("tangerang_inventory_list", staff.editor, state="diperiksa")["results"]
        assert row["reviewer"] == staff.second["fullname"]

    def test_by_opd(self, staff, several):
        [row] = ask("tangerang_inventory_organization_list", None)
        assert (row["name"], row["dataset"], row["inside"], row["overdue"]) == ("dinkes", 1, 0, 1)
        rows = ask("tangerang_inventory_organization_list", staff.walidata_editor)
        assert {r["name"]: (r["dataset"], r["inside"]) for r in rows} == {
            "dinkes": (4, 3), "dinsos": (1, 1)
        }  # fmt: skip


@pytest.mark.ckan_config("ckan.display_timezone", "Asia/Jakarta")
@pytest.mark.parametrize(
    ("day", "expected"),
    [("2026-11-26T23:40:00", "27 November 2026"), ("2026-11-26", "26 November 2026"), (None, "")],
)
def test_a_day_is_that_of_the_portal(day, expected):
    assert day_label(day) == expected


class TestPages:
    def test_the_public_sees_public_records(self, browse, several):
        page = browse(None, "/daftar-data")
        assert [text(a) for a in page.select("tbody th a")] == ["Dinas Kesehatan"]
        page = browse(None, "/daftar-data?owner_org=dinkes")
        assert [text(a) for a in page.select("tbody th a")] == [FORMULA]
        assert not page.select("#field-state")
        assert "Overdue" in text(page.select_one("tbody"))

    def test_insiders_see_states(self, browse, several):
        page = browse("editor", "/daftar-data?semua=1")
        assert len(page.select("tbody tr")) == 4
        assert page.select("#field-state")
        browse(None, "/daftar-data?owner_org=tidak-ada", status=404)
        browse(None, "/daftar-data?release=entah", status=400)

    def test_the_workbook_holds_no_formula(self, browse, several):
        answer = browse("editor", "/daftar-data.xlsx", raw=True)
        book = openpyxl.load_workbook(io.BytesIO(answer.data))
        rows = list(book.active.iter_rows())
        assert len(rows) == 5
        [cell] = [row[1] for row in rows if row[1].value == FORMULA]
        assert (cell.data_type, cell.quotePrefix) == ("s", True)
        assert {c.data_type for row in rows for c in row} <= {"s", "n", "inlineStr"}
        assert all(c.value is None for row in rows for c in row if c.data_type == "n")
        assert answer.headers["Cache-Control"] == "private, no-store"
        public = browse(None, "/daftar-data.xlsx?q=HYPER", raw=True)
        assert openpyxl.load_workbook(io.BytesIO(public.data)).active.max_row == 2
        browse(None, "/daftar-data.xlsx?type=entah", status=400)


def keys(user):
    """Return the lists of the start page of a user with what they count."""
    found = ask("tangerang_start_show", user)
    return {section["key"]: section["count"] for section in found["sections"]}


class TestStart:
    def test_by_role(self, staff, several):
        own = {
            "dikembalikan": 1, "draf": 1, "diajukan": 1,
            "rilis_terlambat": 1, "rilis_dekat": 0,
        }  # fmt: skip
        assert keys(staff.editor) == keys(staff.admin) == own
        assert keys(staff.stranger)["draf"] == 1
        assert keys(staff.pembina) == {"menunggu_pembina": 1}
        assert keys(staff.reader) == {"diikuti": 0}
        walidata = keys(staff.walidata_editor)
        assert walidata["menunggu_walidata"] == 1
        assert walidata["saya_periksa"] == 0
        assert walidata["rilis_terlambat"] == 1
        assert walidata["tanpa_pemeriksaan"] == 1
        assert keys(staff.sysadmin).keys() == {
            "menunggu_walidata", "saya_periksa", "rilis_terlambat", "rilis_dekat",
            "tanpa_pemeriksaan",
        }  # fmt: skip
        with pytest.raises(tk.NotAuthorized):
            keys(None)

    def test_roles(self, staff):
        found = {
            name: ask("tangerang_start_show", getattr(staff, name))["roles"]
            for name in ("editor", "admin", "walidata_editor", "pembina", "reader", "sysadmin")
        }
        assert found == {
            "editor": ["produsen"],
            "admin": ["admin_opd"],
            "walidata_editor": ["walidata", "produsen"],
            "pembina": ["pembina"],
            "reader": ["pembaca"],
            "sysadmin": ["sysadmin"],
        }

    def test_claimed(self, staff, several):
        review("claim", staff.second, several["ajuan"])
        assert keys(staff.second)["saya_periksa"] == 1
        assert keys(staff.walidata_editor)["saya_periksa"] == 0

    @pytest.mark.ckan_config("ckanext.tangerang.review.opd_check", "true")
    def test_the_first_check(self, staff, draft):
        review("submit", staff.editor, draft)
        assert keys(staff.admin)["pemeriksaan_opd"] == 1
        assert "pemeriksaan_opd" not in keys(staff.editor)

    def test_what_a_reader_follows(self, staff, several):
        for name in ("terbit", "draf"):
            model.Session.add(model.UserFollowingDataset(staff.reader["id"], several[name]["id"]))
        model.Session.commit()
        [section] = ask("tangerang_start_show", staff.reader)["sections"]
        assert [row["name"] for row in section["rows"]] == ["terbit"]

    def test_the_page(self, browse, staff, several):
        browse(None, "/beranda", status=302)
        for name in ("editor", "admin", "walidata_editor", "pembina", "reader", "sysadmin"):
            page = browse(name, "/beranda")
            # What there is to do, each leading to its list; or a sentence that there is nothing.
            links = page.select(".tangerang-review-sum a")
            assert bool(links) != bool(page.select(".module-content .alert")), name
            for link in links:
                assert int(text(link.strong)) > 0
                assert page.select_one(f"section {link['href']}")
        assert "You follow nothing yet" in text(browse("reader", "/beranda"))
        page = browse("editor", "/beranda")
        assert "Kembali" in text(page.select_one("#section-dikembalikan").parent)
        assert page.select("a[href$='/dataset/new']")
        assert not browse("pembina", "/beranda").select("a[href$='/dataset/new']")

    def test_people_land_there(self, app, staff):
        landing = config_declaration[Key().ckan.auth.route_after_login].default
        assert landing == "tangerang_beranda.start"

    @pytest.mark.ckan_config("ckan.auth.route_after_login", "home.index")
    def test_a_portal_may_choose_another_page(self, app, staff):
        answer = app.get("/user/me", status=302, follow_redirects=False)
        assert not answer.headers["Location"].endswith("/beranda")


@pytest.mark.slow
def test_five_thousand_records_cost_no_more_statements(browse, staff, several):
    urls = {
        "walidata_editor": ("/beranda", "/daftar-data", "/daftar-data?semua=1"),
        "editor": ("/beranda", "/daftar-data?release=terlambat"),
        None: ("/daftar-data", "/daftar-data?semua=1"),
    }

    def statements():
        found = {}
        for name, addresses in urls.items():
            for url in addresses:
                browse(name, url)
                with counted() as queries:
                    browse(name, url)
                found[name, url] = len(queries.sql)
        return found

    before = statements()
    model.Session.execute(
        sa.text(
            "INSERT INTO package (id, name, title, type, state, private, owner_org, extras,"
            " metadata_created, metadata_modified) "
            "SELECT 'q-' || n, 'q-' || n, 'Antre ' || n, 'dataset', 'active', true, :org,"
            ' \'{"frekuensi": "TAHUNAN", "jadwal_rilis": "2024-05"}\', now(), now()'
            " FROM generate_series(1, 5000) n"
        ),
        {"org": staff.opd["id"]},
    )
    rows = [
        {"package_id": f"q-{n}", "state": "diajukan", "since": now(), "submitted": now()}
        for n in range(1, 5001)
    ]
    model.Session.execute(sa.insert(Review), rows)
    model.Session.commit()
    after = statements()
    # Where there are more than a few, one statement counts them.
    for key, count in after.items():
        assert count <= before[key] + 4, (key, before[key], count)
        assert count <= 60, (key, count)
    page = browse("walidata_editor", "/beranda")
    assert "5001" in text(page.select_one("#section-menunggu_walidata"))


def test_activities_are_listed_as_well(staff):
    values = {**compilation(), "owner_org": staff.opd["id"], "private": True}
    record = ask("package_create", staff.editor, **values)
    [row] = ask("tangerang_inventory_list", staff.editor, type="kegiatan")["results"]
    assert (row["id"], row["release"], row["release_status"]) == (
        record["id"], None, "tanpa_jadwal"
    )  # fmt: skip
    assert fresh(record)["private"]
