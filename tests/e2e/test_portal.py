"""What people click: home, search, dataset, log in, describe a dataset, switch the language."""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

DATASET = "/dataset/"


def log_in(page, account):
    page.goto("/user/login")
    page.fill("#field-login", account["name"])
    page.fill("#field-password", account["password"])
    page.locator("form:has(#field-password) button[type=submit]").click()
    page.wait_for_url("**/beranda")


def test_home_is_indonesian_and_finds_data(page):
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "id")
    expect(page.get_by_text("Portal contoh, bukan data resmi").first).to_be_visible()

    search = page.locator("[role=main] input[name=q]").first
    search.fill("kecamatan")
    search.press("Enter")

    page.wait_for_url(re.compile(r"/dataset/\?.*q=kecamatan"))
    expect(page.locator(".dataset-item").first).to_be_visible()


def test_search_narrows_by_facet(page):
    page.goto(DATASET)
    everything = page.locator(".dataset-item").count()
    assert everything >= 10

    page.locator("a[href*='kategori=']").first.click()

    page.wait_for_url(re.compile(r"kategori="))
    expect(page.locator(".dataset-item").first).to_be_visible()


def test_dataset_page_offers_its_files(page):
    page.goto("/dataset/?q=kecamatan")
    page.locator(".dataset-item a").first.click()
    expect(page.locator("h1").first).to_be_visible()

    link = page.locator("a[href*='/download/'][href$='.csv']").first
    expect(link).to_be_visible()
    answer = page.request.get(link.get_attribute("href"))
    assert answer.ok
    assert "," in answer.text().splitlines()[0]


def test_wrong_password_is_explained_and_name_is_kept(page, portal):
    page.goto("/user/login")
    page.fill("#field-login", portal["accounts"]["produsen"]["name"])
    page.fill("#field-password", "bukan-ini")
    page.locator("form:has(#field-password) button[type=submit]").click()
    expect(page.locator(".alert, .error-explanation").first).to_be_visible()


def test_language_switch_keeps_the_page(page):
    page.goto("/dataset/?q=desa")
    page.locator("a[href*='/en/dataset']:visible, button:has-text('English'):visible").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert "/en/dataset" in page.url
    assert "q=desa" in page.url


def test_produsen_describes_a_dataset_by_form(page, portal):
    log_in(page, portal["accounts"]["produsen"])
    page.goto("/dataset/new")
    # The portal keeps what earlier runs made; CKAN derives the address from the title.
    title = f"Jumlah posyandu aktif {uuid.uuid4().hex[:8]}"
    page.locator("#field-title").press_sequentially(title)
    expect(page.locator("#field-name")).to_have_value(title.lower().replace(" ", "-"))
    page.fill("#field-notes", "Jumlah posyandu aktif menurut kecamatan.")
    page.locator("form#dataset-edit button[type=submit][name=save]").last.click()
    page.wait_for_url(re.compile(r"/dataset/.+/resource/new"))
    page.locator(
        "button:has-text('Tautan'), a:has-text('Tautan'), button:has-text('Link')"
    ).first.click()
    page.fill("input[name=url]", "https://example.org/posyandu.csv")
    page.fill("input[name=name]", "Posyandu aktif")
    page.locator("button[name=save][value='go-metadata']").click()
    page.wait_for_url(re.compile(r"/dataset/jumlah-posyandu-aktif-\w+$"))
    expect(page.locator("h1").first).to_contain_text(title)
