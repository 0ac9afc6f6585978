"""What people click on the pages of activities: variables, copying for INDAH, the next year."""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import expect

from tests.metadata.records import survey

from .test_portal import log_in

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

VARIABLES = 12


@pytest.fixture
def activity(page, portal):
    """Make a public activity of the produsen's agency by the API, and log the produsen in."""
    log_in(page, portal["accounts"]["produsen"])
    headers = {"Authorization": portal["accounts"]["produsen"]["token"]}

    def call(action, data):
        answer = page.request.post(f"/api/action/{action}", headers=headers, data=data)
        assert answer.ok, answer.text()
        return answer.json()["result"]

    (office, *_) = call("organization_list_for_user", {"permission": "create_dataset"})
    title = f"Survei Kepuasan {uuid.uuid4().hex[:8]}"
    values = {**survey(VARIABLES), "judul_kegiatan": title, "owner_org": office["id"]}
    return call("package_create", values)


def test_variables_open_one_by_one_and_by_their_address(page, activity):
    page.goto(f"/kegiatan/{activity['name']}#V007")
    expect(page.locator("#V007")).to_have_attribute("open", "")
    rows = page.locator(".tangerang-rows > details")
    expect(rows).to_have_count(VARIABLES)
    expect(page.locator(".tangerang-rows > details[open]")).to_have_count(1)

    page.locator("#V002 > summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#V002")).to_contain_text("Unsur pelayanan 2")
    expect(page.locator("#V002 dl")).to_be_visible()

    page.get_by_role("button", name="Buka semua").click()
    expect(page.locator(".tangerang-rows > details[open]")).to_have_count(VARIABLES)
    page.get_by_role("button", name="Tutup semua").click()
    expect(page.locator(".tangerang-rows > details[open]")).to_have_count(0)


def test_paper_has_everything_and_no_buttons(page, activity):
    page.goto(f"/kegiatan/{activity['name']}")
    # The button is there as soon as the script is, which opens everything for the paper.
    expect(page.locator("[data-module='tangerang-print']").first).to_be_visible()
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".tangerang-rows > details[open]")).to_have_count(VARIABLES)
    for hidden in (".masthead", ".tangerang-record-actions", ".tangerang-contents", ".site-footer"):
        expect(page.locator(hidden).first).to_be_hidden()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".tangerang-rows > details[open]")).to_have_count(0)


def test_values_are_copied_for_indah(page, context, activity):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"/kegiatan/{activity['name']}")
    page.get_by_role("link", name="Isian INDAH").click()
    page.wait_for_url(re.compile(r"/indah$"))

    item = page.locator(".tangerang-item", has_text="Judul Kegiatan").first
    item.get_by_role("button", name="Salin").click()
    expect(page.get_by_role("status").filter(has_text="tersalin")).to_contain_text(
        "Judul Kegiatan: tersalin"
    )
    assert page.evaluate("navigator.clipboard.readText()") == activity["judul_kegiatan"]

    # By keyboard, and where the browser has no clipboard for pages.
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    button = page.locator(".tangerang-item", has_text="1.2 Telepon").get_by_role("button")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="tersalin")).to_contain_text("Telepon")


def test_activity_is_copied_to_the_next_year(page, activity):
    page.goto(f"/kegiatan/{activity['name']}")
    page.get_by_role("link", name="Salin ke tahun berikutnya").click()
    main = page.locator("[role=main]")
    expect(main).to_contain_text(f"{activity['judul_kegiatan']} 2026")
    expect(main).to_contain_text(f"{VARIABLES} variabel")
    page.get_by_role("button", name="Buat salinan").click()
    page.wait_for_url(re.compile(r"/kegiatan/edit/"))
    expect(page.locator(".flash-messages")).to_contain_text("draf privat")

    name = page.url.split("#")[0].rsplit("/", 1)[-1]
    page.goto(f"/kegiatan/{name}")
    expect(page.locator("h1")).to_contain_text("2026")
    expect(page.locator(".tangerang-missing")).to_contain_text("rekomendasi")
    expect(page.locator("#V012")).to_be_attached()

    # A second time it says so, and leads to the first.
    page.goto(f"/kegiatan/{activity['name']}/salin")
    expect(page.locator(f".alert a[href='/kegiatan/{name}']")).to_be_visible()
    page.get_by_role("button", name="Buat salinan").click()
    expect(page.locator("[role=alert]")).to_be_visible()


@pytest.mark.parametrize("width", [375, 1280])
def test_pages_fit_the_screen(page, activity, width):
    page.set_viewport_size({"width": width, "height": 900})
    for path in (
        "/kegiatan/",
        "/indikator/",
        "/kegiatan/indah",
        f"/kegiatan/{activity['name']}",
        f"/kegiatan/{activity['name']}/indah",
        f"/kegiatan/{activity['name']}/salin",
    ):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
