"""Pages in the states that people bring them into (menus, errors), and without scripts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from stack import axe
from stack.pages import log_in, pages, plugins, records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

WIDE, NARROW = 1280, 375
#: How much of a page must be there without scripts. They add most to the page by which an activity
#: is copied into INDAH: "Salin", and which half of a period, at each item, 637 of 6,033 characters.
READABLE = 0.85


@pytest.fixture
def tab(browser: Browser, reviewed_portal: dict[str, Any]) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a window for a role."""
    windows = []

    def open_for(role: str = "anonymous", width: int = WIDE, **options: Any) -> Page:
        url = reviewed_portal["url"]
        window = browser.new_context(
            base_url=url, viewport={"width": width, "height": 900}, **options
        )
        window.set_default_timeout(60_000)
        windows.append(window)
        page = window.new_page()
        if role != "anonymous":
            log_in(page, url, reviewed_portal["accounts"][role])
        return page

    yield open_for
    for window in windows:
        window.close()


def check(page: Page) -> None:
    """Let axe-core look at the page as it is, and let it not scroll sideways."""
    found = axe.violations(page)
    assert not found, axe.report(found)
    assert not page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )


def test_menu_of_a_telephone(tab: Callable[..., Page]) -> None:
    page = tab(width=NARROW)
    page.goto("/about")
    nav = page.get_by_role("navigation", name="Menu utama")
    expect(nav).to_be_hidden()
    page.get_by_role("button", name="Menu").click()

    expect(nav).to_be_visible()
    check(page)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_account_menu(width: int, tab: Callable[..., Page]) -> None:
    page = tab("walidata", width)
    page.goto("/about")
    page.locator(".account-button").click()

    expect(page.locator("#account-menu a").first).to_be_visible()
    check(page)
    # On a telephone the menu lies over the top of the page.
    page.locator(".site-footer p").last.click()
    expect(page.locator("#account-menu")).to_be_hidden()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_errors_of_a_form(width: int, tab: Callable[..., Page]) -> None:
    page = tab("produsen", width)
    page.goto("/dataset/new")
    page.locator("form#dataset-edit button[type=submit][name=save]").first.click()

    expect(page.locator(".error-explanation, .alert-danger").first).to_be_visible()
    check(page)


def test_wrong_password(tab: Callable[..., Page]) -> None:
    page = tab(width=NARROW)
    page.goto("/user/login")
    page.fill("#field-login", "produsen")
    page.fill("#field-password", "bukan-ini")
    page.press("#field-password", "Enter")

    expect(page.locator(".alert, .error-explanation").first).to_be_visible()
    check(page)


def test_filter_chosen(tab: Callable[..., Page]) -> None:
    page = tab()
    page.goto("/dataset/")
    page.locator("#search-facets a[href*='kategori=']").first.click()
    page.wait_for_url("**kategori=**")

    expect(page.locator(".dataset-item").first).to_be_visible()
    check(page)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_suggestions_of_the_search(width: int, tab: Callable[..., Page]) -> None:
    page = tab(width=width)
    page.goto("/")
    page.get_by_role("combobox").fill("desa")

    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    check(page)


def test_filters_of_a_telephone(tab: Callable[..., Page]) -> None:
    page = tab(width=NARROW)
    page.goto("/dataset/")
    expect(page.locator("#search-facets")).to_be_hidden()
    page.get_by_role("button", name="Saring hasil").press("Enter")

    expect(page.locator("#search-facets a").first).to_be_visible()
    expect(page.get_by_role("button", name="Tutup")).to_be_focused()
    check(page)
    page.keyboard.press("Escape")
    expect(page.locator("#search-facets")).to_be_hidden()
    expect(page.get_by_role("button", name="Saring hasil")).to_be_focused()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_word_explained_beside_a_dataset_with_charts(width: int, tab: Callable[..., Page]) -> None:
    page = tab(width=width)
    page.goto("/dataset/jumlah-desa-dan-kelurahan-per-kecamatan")
    picture = page.locator(".tangerang-chart img").first
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_attribute("alt", re.compile("Tertinggi"))
    page.locator(".tangerang-term-button").first.click()

    expect(page.locator(".tangerang-term-text:popover-open")).to_be_visible()
    check(page)


def test_chart_on_another_site(tab: Callable[..., Page]) -> None:
    page = tab(width=NARROW)
    page.goto("/dataset/jumlah-desa-dan-kelurahan-per-kecamatan")
    page.get_by_role("link", name="Semua grafik tabel ini").first.click()
    page.locator(".tangerang-chart summary").first.click()
    check(page)
    code = page.locator(".tangerang-chart pre").first.inner_text()
    page.goto(re.findall('src="([^"]+)"', code)[0])

    expect(page.locator("img")).to_be_visible()
    check(page)


def test_forms_of_the_review(tab: Callable[..., Page]) -> None:
    page = tab("walidata", NARROW)
    page.goto("/pemeriksaan/contoh-desa-sasaran-posyandu")
    for summary in page.locator("[role=main] summary").all():
        summary.click()

    check(page)


def test_less_motion(tab: Callable[..., Page]) -> None:
    page = tab(reduced_motion="reduce")
    page.goto("/")
    longest = page.evaluate(
        "Math.max(...[...document.querySelectorAll('*')].map((element) => {"
        " const style = getComputedStyle(element);"
        " return Math.max(parseFloat(style.transitionDuration),"
        " parseFloat(style.animationDuration));"
        "}))"
    )
    assert longest <= 0.001


def test_reading_without_javascript(
    tab: Callable[..., Page], reviewed_portal: dict[str, Any]
) -> None:
    """Every page that needs no account: its heading, its text, and the way to the others."""
    page = tab(width=NARROW, java_script_enabled=False)
    with_scripts = tab(width=NARROW)
    url = reviewed_portal["url"]
    values = records(page.request, url, reviewed_portal["accounts"])
    wrong = {}
    for target in pages("anonymous", values, plugins(page.request, url)):
        page.goto(target.path)
        with_scripts.goto(target.path)
        heading = page.locator("[role=main] h1, h1").first
        menu = page.get_by_role("navigation", name="Menu utama").get_by_role("link").first
        plain = len(" ".join(page.locator("#content").first.inner_text().split()))
        whole = len(" ".join(with_scripts.locator("#content").first.inner_text().split()))
        if not (heading.is_visible() or heading.count()):
            wrong[target.name] = "no heading"
        elif not menu.is_visible():
            wrong[target.name] = "no menu"
        elif plain < READABLE * whole:
            wrong[target.name] = f"{plain} of {whole} characters"
    assert not wrong, wrong


def test_paper(tab: Callable[..., Page]) -> None:
    """Printed, a dataset is its words and tables, without what is clicked."""
    page = tab()
    page.goto("/dataset/jumlah-desa-dan-kelurahan-per-kecamatan")
    page.emulate_media(media="print")

    for hidden in (".account-masthead", ".main-navigation", ".site-footer", ".toolbar"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
