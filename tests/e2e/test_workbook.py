"""A workbook in a browser: downloaded, spoiled, corrected, imported."""

from __future__ import annotations

import io
import uuid

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.e2e.test_portal import log_in

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

SURVEY = "/kegiatan/contoh-survei-kepuasan-masyarakat"


def cell_of(sheet, key):
    """Return the cell of the answer whose row has the key in its last column."""
    rows = [row for row in sheet.iter_rows() if row[-1].value == key]
    return rows[0][2]


def send(page, book):
    """Choose the workbook on the import page and have it checked."""
    data = io.BytesIO()
    book.save(data)
    page.goto("/kegiatan/impor")
    page.set_input_files(
        "input[name=upload]",
        {
            "name": "formulir.xlsx",
            "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "buffer": data.getvalue(),
        },
    )
    page.locator("button[name=step][value=check]").click()
    page.wait_for_load_state("networkidle")


def test_a_workbook_is_checked_by_cell_and_then_imported(page, portal):
    log_in(page, portal["accounts"]["produsen"])
    answer = page.request.get(f"{SURVEY}/formulir.xlsx")
    assert answer.ok
    book = openpyxl.load_workbook(io.BytesIO(answer.body()))

    send(page, book)
    # Says what stands there instead, when it does not.
    found = page.get_by_role("main").locator("[aria-labelledby=workbook-result]")
    expect(found).to_contain_text("Tidak ada yang perlu diubah")

    sheet = book["MS-Keg"]
    year = cell_of(sheet, "tahun_kegiatan")
    year.value = "dua ribu"
    send(page, book)
    wrong = page.locator("#kesalahan tbody tr")
    expect(wrong).to_have_count(1)
    expect(wrong.locator("a")).to_have_text(f"MS-Keg!{year.coordinate}")

    title = f"Survei dari buku kerja {uuid.uuid4().hex[:8]}"
    year.value = 2026
    cell_of(sheet, "judul_kegiatan").value = title
    cell_of(sheet, "@id").value = None
    cell_of(sheet, "@private").value = None
    del book["MS-Ind"]
    send(page, book)
    page.locator("button[name=step][value=apply]").click()
    page.wait_for_url("**/kegiatan/survei-dari-buku-kerja-**")
    expect(page.locator("h1").first).to_contain_text(title)

    found = page.request.get(
        "/api/3/action/package_show",
        params={"id": page.url.rsplit("/", 1)[1].split("?")[0]},
        headers={"Authorization": portal["accounts"]["produsen"]["token"]},
    ).json()["result"]
    assert found["private"]
    assert len(found["variabel"]) == 9
