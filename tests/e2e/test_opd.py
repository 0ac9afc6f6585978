"""The registry of OPD in a browser: the list, an OPD's page, aliases, the form."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from .test_portal import log_in

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
HOSTILE = "<img src=x onerror=window.hacked=1>"


@pytest.fixture
def call(page, portal):
    """Return a function that calls an action as the sysadmin."""
    token = portal["accounts"]["admin"]["token"]

    def send(action, **data):
        answer = page.request.post(
            f"/api/3/action/{action}", data=data, headers={"Authorization": token}
        ).json()
        assert answer["success"], answer
        return answer["result"]

    return send


@pytest.fixture
def units(call):
    """Make two units below Dinas Kesehatan, and an OPD that was merged into it."""
    made = [
        call("organization_create", **data)
        for data in (
            {"name": "uji-puskesmas", "title": "Uji Puskesmas", "groups": [{"name": "dinkes"}]},
            {"name": "uji-pustu", "title": "Uji Pustu", "groups": [{"name": "uji-puskesmas"}]},
            {
                "name": "uji-lama",
                "title": f"Uji Dinas Lama {HOSTILE}",
                "berlaku_sampai": "2016",
                "cara_berakhir": "digabung",
                "pengganti": ["dinkes"],
            },
        )
    ]
    yield made
    for organization in reversed(made):
        call("organization_purge", id=organization["id"])


def test_from_the_menu_through_the_tree_to_a_unit_and_back(page, units):
    page.goto("/id/")
    page.get_by_role("navigation", name="Menu utama").get_by_text("Perangkat Daerah (OPD)").click()
    expect(page).to_have_url(re.compile(r"/opd$"))
    unit = page.locator(".tangerang-opd-lines a", has_text="Uji Puskesmas")
    expect(unit).to_be_hidden()
    branch = page.locator(".tangerang-opd-list > li", has=page.locator('a[href$="/dinkes"]'))
    branch.locator("summary").first.click()
    unit.click()
    way = page.locator(".breadcrumb a")
    expect(way.nth(2)).to_have_text("Dinkes")
    way.nth(2).click()
    expect(page.locator("h1")).to_contain_text("Dinas Kesehatan")
    page.click("text=Termasuk unit di bawahnya")
    expect(page.locator(".tangerang-opd-switch")).to_contain_text("Termasuk data unit")


def test_search_and_what_has_ended(page, units):
    page.goto("/id/opd")
    page.fill("#field-opd-q", "uji lama")
    page.press("#field-opd-q", "Enter")
    line = page.locator(".tangerang-opd-line", has_text="Uji Dinas Lama")
    expect(line).to_contain_text("berakhir 2016")
    line.locator(".name > a").click()
    notice = page.locator(".tangerang-opd-notice")
    expect(notice).to_contain_text("OPD ini sudah berakhir (2016).")
    notice.locator("a").click()
    expect(page).to_have_url(re.compile(r"/organization/dinkes$"))
    assert page.evaluate("window.hacked") is None


def test_the_walidata_adds_an_alias_and_finds_the_opd_by_it(page, portal, units):
    log_in(page, portal["accounts"]["walidata"])
    page.goto("/id/organization/about/uji-pustu")
    page.fill("#field-alias", f"Uji Kantor {HOSTILE}")
    page.click("text=Tambah >> visible=true")
    expect(page.locator(".flash-messages")).to_contain_text("sekarang berarti OPD ini")
    page.goto("/id/opd?q=uji+kantor")
    expect(page.locator(".found")).to_contain_text("ditemukan dengan alias")
    page.goto("/id/organization/about/uji-pustu")
    page.click(".tangerang-opd-aliases button")
    expect(page.locator(".flash-messages")).to_contain_text("tidak lagi berarti OPD ini")
    assert page.evaluate("window.hacked") is None


def test_the_successor_is_found_while_one_types(page, portal, call, units):
    log_in(page, portal["accounts"]["admin"])
    page.goto("/id/organization/edit/uji-pustu")
    page.fill("#field-berlaku_sampai", "2020")
    page.select_option("#field-cara_berakhir", "digabung")
    field = page.locator(".form-group", has=page.locator("#field-pengganti"))
    field.locator(".select2-search__field").click()
    page.keyboard.type("kesehatan")
    page.click(".select2-results__option:has-text('Dinas Kesehatan')")
    page.click("#organization-edit-form button[name=save]")
    expect(page.locator(".tangerang-opd-notice")).to_contain_text("Dinas Kesehatan")
    dinkes = call("organization_show", id="dinkes")
    assert call("organization_show", id="uji-pustu")["pengganti"] == [dinkes["id"]]


@pytest.mark.parametrize("width", [375, 1280])
def test_nothing_scrolls_sideways(page, units, width):
    page.set_viewport_size({"width": width, "height": 800})
    for path in (
        *("/id/opd?buka=1", "/id/opd?tampilan=kelompok", "/id/opd?tampilan=urusan"),
        *("/id/organization/dinkes", "/id/organization/uji-lama"),
        *("/id/organization/about/dinkes", "/id/opd?q=dinas"),
    ):
        page.goto(path)
        assert not page.evaluate(SIDEWAYS), path


def test_on_paper_all_units_are_there(page, units):
    page.goto("/id/opd")
    page.emulate_media(media="print")
    expect(page.locator(".tangerang-opd-lines a", has_text="Uji Pustu")).to_be_visible()
    expect(page.locator(".tangerang-opd-search")).to_be_hidden()
