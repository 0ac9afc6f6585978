"""One dataset through the one door: handed in, returned, published, revised; by clicking."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from .test_portal import log_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

OLD = "kecamatan,jumlah\nBalaraja,3\nTigaraksa,4\n"
NEW = "kecamatan,jumlah,catatan\nBalaraja,3,tetap\nTigaraksa,5,bertambah\nCurug,1,baru\n"
DEFINITION = "Posyandu yang buka paling sedikit delapan kali setahun."
REVISED = "Posyandu yang buka paling sedikit sepuluh kali setahun."


class Person:
    """Somebody with a browser window of their own; counts what they click."""

    def __init__(self, browser: Browser, portal: dict[str, Any], role: str) -> None:
        self.window = browser.new_context(
            base_url=portal["url"], viewport={"width": 1280, "height": 900}
        )
        self.window.set_default_timeout(60_000)
        self.page: Page = self.window.new_page()
        self.clicks = 0
        log_in(self.page, portal["accounts"][role])

    def click(self, what: str) -> None:
        """Click the first visible element that fits a selector."""
        self.page.locator(what).locator("visible=true").first.click()
        self.clicks += 1

    def press(self, name: str) -> None:
        """Press the first visible button of a name."""
        buttons = self.page.get_by_role("button", name=name, exact=True)
        buttons.locator("visible=true").first.click()
        self.clicks += 1

    def upload(self, text: str, name: str) -> None:
        """Choose a file in the form of a resource."""
        file = {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
        self.page.set_input_files("input[type=file]", file)
        self.clicks += 1

    def wait_for_table(self, resource_id: str, rows: int) -> None:
        """Wait until the loader has filled the table of a file."""
        for _ in range(120):
            answer = self.page.request.get(
                f"/api/3/action/datastore_search?resource_id={resource_id}"
            )
            if answer.ok and len(answer.json()["result"]["records"]) == rows:
                return
            self.page.wait_for_timeout(1_000)
        pytest.fail("the file was not loaded")


class Public:
    """What everybody sees of a dataset."""

    def __init__(self, page: Page, name: str) -> None:
        self.page, self.name = page, name

    def record(self) -> dict[str, Any]:
        """Return the dataset as the API has it."""
        found = self.page.request.get(f"/api/3/action/package_show?id={self.name}").json()
        assert found["success"], found
        return found["result"]

    def everything(self) -> dict[str, Any]:
        """Return what page, API, file and table say."""
        record = self.record()
        [file] = record["resources"]
        table = self.page.request.get(
            f"/api/3/action/datastore_search?resource_id={file['id']}&limit=10&sort=_id"
        ).json()
        self.page.goto(f"/dataset/{self.name}")
        definition = self.page.locator("[role=main]").inner_text()
        return {
            "ids": (record["id"], record["identifier"], record["name"], file["id"]),
            "definisi": record["definisi"],
            "page": [text for text in (DEFINITION, REVISED) if text in definition],
            "file": self.page.request.get(file["url"]).text().replace("\r\n", "\n"),
            "rows": [row["jumlah"] for row in table["result"]["records"]],
        }


@pytest.fixture
def people(
    browser: Browser, reviewed_portal: dict[str, Any]
) -> Iterator[tuple[Person, Person, Page]]:
    """Let the produsen, the walidata and a visitor sit at computers of their own."""
    officer = Person(browser, reviewed_portal, "produsen")
    walidata = Person(browser, reviewed_portal, "walidata")
    visitor = browser.new_context(base_url=reviewed_portal["url"])
    yield officer, walidata, visitor.new_page()
    for window in (officer.window, walidata.window, visitor):
        window.close()


def describe(officer: Person) -> str:
    """Describe a dataset, not completely, with a file; return its name."""
    page = officer.page
    title = f"Posyandu aktif {uuid.uuid4().hex[:8]}"
    page.goto("/dataset/new")
    page.locator("#field-title").press_sequentially(title)
    name = title.lower().replace(" ", "-")
    expect(page.locator("#field-name")).to_have_value(name)
    page.fill("#field-notes", "Jumlah posyandu aktif menurut kecamatan.")
    officer.click("form#dataset-edit button[type=submit][name=save]")
    page.wait_for_url("**/resource/new")
    officer.upload(OLD, "posyandu.csv")
    page.fill("input[name=name]", "Tabel posyandu")
    officer.click("button[name=save][value='go-metadata']")
    page.wait_for_url(re.compile(rf"/dataset/{name}$"))
    return name


def hand_in(officer: Person, name: str) -> None:
    """Hand in from the page of the record."""
    officer.page.goto(f"/dataset/{name}")
    officer.press("Ajukan ke Walidata")
    officer.page.wait_for_url(re.compile(r"/pemeriksaan/"))


def publish(walidata: Person, address: str) -> None:
    """Publish from the page of the check."""
    walidata.page.goto(address)
    walidata.click("summary:has-text('Terbitkan')")
    walidata.press("Terbitkan")
    expect(walidata.page.locator(".flash-messages")).to_contain_text("Disetujui")


def refused_with_a_list(officer: Person, name: str) -> None:
    """Hand in what is incomplete: it is refused, with what is missing."""
    hand_in(officer, name)
    assert officer.page.locator(".alert-danger li").count() >= 3
    expect(officer.page.locator(".alert-danger")).to_contain_text("Definisi")


def complete(officer: Person, name: str) -> None:
    """Fill in what is missing."""
    page = officer.page
    page.goto(f"/dataset/edit/{name}")
    page.fill("#field-definisi", DEFINITION)
    page.fill("#field-satuan", "unit")
    page.fill("#field-periode_awal", "2024")
    page.check("#field-tingkat_penyajian-kecamatan")
    officer.click("form#dataset-edit button[type=submit][name=save]")
    page.wait_for_url(re.compile(rf"/dataset/{name}$"))


def return_with_notes(walidata: Person, name: str, file_id: str) -> None:
    """Return a dataset with notes about a field, the row of a variable, and a file."""
    page = walidata.page
    page.goto(f"/pemeriksaan/{name}")
    walidata.click("summary:has-text('Kembalikan dengan catatan')")
    for number, (place, row, column, text) in enumerate(
        (
            ("field:definisi", "", "", "Sebut sumber batas delapan kali."),
            (f"file:{file_id}", "2", "jumlah", "Satuan variabel ini apa?"),
            (f"file:{file_id}", "", "", "Namai menurut tahunnya."),
        )
    ):
        page.select_option(f"#note-{number}-place", place)
        page.fill(f"#note-{number}-row", row)
        page.fill(f"#note-{number}-column", column)
        page.fill(f"#note-{number}-text", text)
    walidata.press("Kembalikan dengan catatan")
    expect(page.locator(".tangerang-review-note")).to_have_count(3)


def answer_all(officer: Person, name: str) -> None:
    """Answer the three notes one by one."""
    page = officer.page
    page.goto(f"/pemeriksaan/{name}")
    for number in range(3):
        note = page.locator(".tangerang-review-note-open").first
        note.locator("textarea").fill(f"Sudah diperbaiki ({number + 1}).")
        note.get_by_role("button", name="Jawab").click()
        officer.clicks += 1
        expect(page.locator(".tangerang-review-note-open")).to_have_count(2 - number)


def revise(officer: Person, name: str) -> str:
    """Make a revisi with another definition and another file; return its name."""
    page = officer.page
    page.goto(f"/dataset/{name}")
    officer.press("Buat revisi")
    page.wait_for_url(lambda address: name not in address)
    expect(page.locator(".tangerang-revision")).to_contain_text("Revisi dari")
    copy = page.url.rsplit("/", 1)[-1]
    page.goto(f"/dataset/edit/{copy}")
    page.fill("#field-definisi", REVISED)
    officer.click("form#dataset-edit button[type=submit][name=save]")
    page.wait_for_url(re.compile(rf"/dataset/{copy}$"))
    file_id = only_file(page, copy)
    page.goto(f"/dataset/{copy}/resource/{file_id}/edit")
    officer.click("button:has-text('Hapus'), a:has-text('Hapus')")
    officer.upload(NEW, "posyandu-2024.csv")
    officer.click("button[name=save]")
    page.wait_for_url(lambda address: not address.endswith("/edit"))
    officer.wait_for_table(file_id, 3)
    return copy


def only_file(page: Page, name: str) -> str:
    """Return the id of the one file of a dataset."""
    shown = page.request.get(f"/api/3/action/package_show?id={name}").json()
    [file] = shown["result"]["resources"]
    return file["id"]


def test_handed_in_returned_published_and_revised(people, capsys):
    officer, walidata, visitor = people
    name = describe(officer)
    file_id = only_file(officer.page, name)
    refused_with_a_list(officer, name)
    complete(officer, name)
    officer.wait_for_table(file_id, 2)
    hand_in(officer, name)
    expect(officer.page.locator(".alert-danger")).to_have_count(0)
    assert visitor.request.get(f"/dataset/{name}").status in (403, 404)
    return_with_notes(walidata, name, file_id)
    answer_all(officer, name)
    hand_in(officer, name)
    publish(walidata, f"/pemeriksaan/{name}")

    public = Public(visitor, name)
    before = public.everything()
    assert (before["definisi"], before["page"]) == (DEFINITION, [DEFINITION])
    assert (before["file"], [int(value) for value in before["rows"]]) == (OLD, [3, 4])

    copy = revise(officer, name)
    hand_in(officer, copy)
    assert public.everything() == before
    officer.page.goto(f"/dataset/{name}")
    expect(officer.page.locator("[role=main]")).to_contain_text("Revisi terbuka oleh")

    walidata.page.goto(f"/pemeriksaan/{copy}")
    diff = walidata.page.locator(".tangerang-diff")
    for text in (DEFINITION, REVISED, "posyandu-2024.csv", "3 baris", "Kolom baru: catatan"):
        expect(diff).to_contain_text(text)
    publish(walidata, f"/pemeriksaan/{copy}")

    after = public.everything()
    assert after["ids"] == before["ids"]
    assert (after["definisi"], after["page"]) == (REVISED, [REVISED])
    assert (after["file"], [int(value) for value in after["rows"]]) == (NEW, [3, 5, 1])
    assert officer.page.request.get(f"/dataset/{copy}").status == 404
    with capsys.disabled():
        print(f"\nclicks: officer {officer.clicks}, walidata {walidata.clicks}")
