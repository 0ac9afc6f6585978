"""By keyboard alone: find a number and take the table, describe, hand in, return and publish."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from stack.pages import pages, plugins, records

from .keyboard import Keyboard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

#: Kecamatan Cikupa has two kelurahan and twelve desa (Kepmendagri 300.2.2-2138/2025).
PLACE, COUNT = "Cikupa", 12
TABLE = "kecamatan,jumlah\nBalaraja,3\nTigaraksa,4\n"


@pytest.fixture
def person(browser: Browser, reviewed_portal: dict[str, Any]) -> Iterator[Callable[..., Keyboard]]:
    """Return a function that gives somebody a window, logged in by keyboard."""
    windows = []

    def sit_down(role: str = "") -> Keyboard:
        window = browser.new_context(
            base_url=reviewed_portal["url"], viewport={"width": 1280, "height": 900}
        )
        window.set_default_timeout(60_000)
        windows.append(window)
        keys = Keyboard(window.new_page())
        if role:
            account = reviewed_portal["accounts"][role]
            keys.open("/user/login")
            keys.fill("field-login", account["name"])
            keys.fill("field-password", account["password"])
            keys.press("Enter")
            keys.page.wait_for_url("**/beranda")
        return keys

    yield sit_down
    for window in windows:
        window.close()


def test_skip_link_leads_past_the_header(person: Callable[..., Keyboard]) -> None:
    keys = person()
    keys.open("/")
    keys.press("Tab")
    first = keys.focus()
    assert first is not None
    assert first["href"].endswith("#content")
    assert keys.page.locator(".visually-hidden-focusable a").is_visible()

    keys.press("Enter")
    keys.press("Tab")
    inside = keys.page.evaluate(
        "document.getElementById('content').contains(document.activeElement)"
    )
    assert inside


def test_account_menu(person: Callable[..., Keyboard]) -> None:
    keys = person("produsen")
    menu = keys.page.locator("#account-menu")
    keys.seek(id="", words="Produsen")
    expect(menu).to_be_hidden()
    keys.press("Enter")
    expect(menu).to_be_visible()
    keys.seek("Keluar")
    keys.press("Escape")
    expect(menu).to_be_hidden()
    focus = keys.focus()
    assert focus is not None
    assert "account-button" in focus["html"]


@pytest.mark.parametrize(
    ("role", "names"),
    [
        ("anonymous", ("home", "dataset-list", "dataset", "indicator", "opd", "login")),
        ("produsen", ("start", "dataset-form", "review-own", "data-list")),
    ],
)
def test_every_control_can_be_reached_and_seen(
    role: str, names: tuple[str, ...], person: Callable[..., Keyboard], reviewed_portal: Any
) -> None:
    keys = person("" if role == "anonymous" else role)
    url = reviewed_portal["url"]
    values = records(keys.page.request, url, reviewed_portal["accounts"])
    loaded = plugins(keys.page.request, url)
    for page in pages(role, values, loaded):
        if page.name not in names:
            continue
        keys.open(page.path)
        wanted = keys.page.evaluate(
            "[...document.querySelectorAll('a[href], button, input, select, textarea, summary,"
            " [tabindex]')].filter((e) => e.tabIndex >= 0 && !e.disabled && e.type !== 'hidden'"
            " && e.type !== 'radio' && e.checkVisibility({visibilityProperty: true})"
            " && !e.closest('iframe')).length"
        )
        keys.hidden.clear()
        reached = set()
        for _ in range(wanted + 40):
            keys.press("Tab")
            if not keys.focus():
                break
            reached.add(
                keys.page.evaluate(
                    "(window.order = window.order || new Map()).get(document.activeElement)"
                    " ?? (window.order.set(document.activeElement, window.order.size),"
                    " window.order.size - 1)"
                )
            )
        assert len(reached) >= wanted - 1, (page.name, len(reached), wanted)
        assert keys.hidden == [], page.name


def test_find_the_number_of_desa_in_cikupa_and_take_the_table(
    person: Callable[..., Keyboard], tmp_path: Path
) -> None:
    keys = person()
    keys.open("/")
    keys.seek(name="q")
    keys.write("jumlah desa kecamatan")
    keys.press("Enter")
    keys.page.wait_for_url(re.compile(r"/dataset/\?.*q="))
    keys.go("Jumlah Desa dan Kelurahan Menurut Kecamatan")

    row = keys.page.locator("tr", has_text=PLACE).first
    if row.count():
        assert str(COUNT) in row.inner_text()
    keys.seek("XLSX", href="xlsx")
    with keys.page.expect_download() as waiting:
        keys.press("Enter")
    file = tmp_path / "tabel.xlsx"
    waiting.value.save_as(file)

    assert desa_of(file, PLACE) == COUNT


def desa_of(file: Path, place: str) -> int:
    """Return the number of desa of a kecamatan in a workbook."""
    for sheet in load_workbook(file, read_only=True).worksheets:
        rows = [[str(cell) for cell in row] for row in sheet.values]
        heads = next((row for row in rows if "jumlah_desa" in row), [])
        of_place = next((row for row in rows if place in row), None)
        if heads and of_place:
            return int(float(of_place[heads.index("jumlah_desa")]))
    return pytest.fail("no sheet of the workbook has the table")


def describe(keys: Keyboard, file: Path) -> str:
    """Describe a dataset completely, with a file; return its name."""
    title = f"Posyandu papan ketik {uuid.uuid4().hex[:8]}"
    keys.open("/dataset/new")
    for field, text in (
        ("field-title", title),
        ("field-notes", "Jumlah posyandu aktif menurut kecamatan."),
        ("field-definisi", "Posyandu yang buka paling sedikit delapan kali setahun."),
        ("field-satuan", "unit"),
        ("field-periode_awal", "2024"),
    ):
        keys.fill(field, text)
    keys.seek(id="field-tingkat_penyajian-kecamatan")
    keys.press("Space")
    name = title.lower().replace(" ", "-")
    # Nobody types this much before the scripts make the address; a test on a busy machine may.
    expect(keys.page.locator("#field-name")).to_have_value(name)
    keys.seek(name="save")
    keys.press("Enter")
    keys.page.wait_for_url("**/resource/new")
    keys.page.wait_for_load_state("networkidle")
    # The dialog to choose a file is the browser's: whenever it opens, the file is chosen.
    keys.page.on("filechooser", lambda chooser: chooser.set_files(file))
    chosen = "document.getElementById('field-resource-upload').files.length"
    keys.seek(id="resource-upload-button")
    keys.press("Enter")
    keys.page.wait_for_timeout(1_000)
    if not keys.page.evaluate(chosen):
        keys.seek(id="field-resource-upload")
        keys.press("Enter")
    keys.page.wait_for_function(chosen)
    keys.fill("field-name", "Tabel posyandu")
    keys.seek(name="save", value="go-metadata")
    keys.press("Enter")
    keys.page.wait_for_url(re.compile(rf"/dataset/{name}$"))
    return name


def hand_in(keys: Keyboard, name: str) -> None:
    """Hand in from the page of the record."""
    keys.open(f"/dataset/{name}")
    keys.seek("Ajukan ke Walidata")
    keys.press("Enter")
    keys.page.wait_for_url(re.compile(r"/pemeriksaan/"))


def test_describe_hand_in_return_and_publish(
    person: Callable[..., Keyboard], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "posyandu.csv"
    file.write_text(TABLE)
    officer, walidata = person("produsen"), person("walidata")
    name = describe(officer, file)
    hand_in(officer, name)
    expect(officer.page.locator(".alert-danger")).to_have_count(0)

    walidata.open(f"/pemeriksaan/{name}")
    walidata.seek("Kembalikan dengan catatan")
    walidata.press("Enter")
    walidata.fill("note-0-text", "Sebut sumber batas delapan kali.")
    walidata.seek("Kembalikan dengan catatan")
    walidata.press("Enter")
    expect(walidata.page.locator(".tangerang-review-note")).to_have_count(1)

    officer.open(f"/pemeriksaan/{name}")
    while (officer.focus() or {}).get("tag") != "textarea":
        officer.press("Tab")
    officer.write("Batas itu dari pedoman posyandu.")
    officer.press("Tab")
    officer.seek("Jawab")
    officer.press("Enter")
    expect(officer.page.locator(".tangerang-review-note-open")).to_have_count(0)
    hand_in(officer, name)

    walidata.open(f"/pemeriksaan/{name}")
    walidata.seek("Terbitkan")
    walidata.press("Enter")
    walidata.press("Tab")
    walidata.seek("Terbitkan")
    if (walidata.focus() or {}).get("tag") == "summary":
        walidata.press("Tab")
        walidata.seek("Terbitkan")
    walidata.press("Enter")
    expect(walidata.page.locator(".flash-messages")).to_contain_text("Disetujui")
    assert walidata.page.request.get(f"/api/3/action/package_show?id={name}").ok
    assert officer.hidden == []
    assert walidata.hidden == []
    with capsys.disabled():
        print(f"\nkeys pressed: officer {officer.presses}, walidata {walidata.presses}")
