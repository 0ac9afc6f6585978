"""One dataset through the one door: handed in, returned, published, revised; by clicking."""

from __future__ import annotations

import io
import json
import re
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from .test_portal import log_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

OLD = "kecamatan,jumlah\nBalaraja,3\nTigaraksa,4\n"
NEW = "kecamatan,jumlah,catatan\nBalaraja,3,tetap\nTigaraksa,5,bertambah\nCuricur,1,baru\n"


class Person:
    """Somebody with a browser window of their own, who counts what they click."""

    def __init__(self, browser: Browser, portal: dict[str, Any], role: str) -> None:
        self.window = browser.new_context(
            base_url=portal["url"], viewport={"width": 1280, "height": 900}
        )
        self.window.set_default_timeout(30_000)
        self.page: Page = self.window.new_page()
        self.clicks = 0
        log_in(self.page, portal["accounts"][role])

    def click(self, name: str, *, role: str = "button") -> None:
        """Click what has a name."""
        self.page.get_by_role(role, name=name, exact=True).first.click()
        self.clicks += 1

    def api(self, action: str, **data: Any) -> dict[str, Any]:
        """Ask the API within the session of this person."""
        found = self.page.request.get(f"/api/3/action/{action}", params=data)
        return json.loads(found.text())


@pytest.fixture
def people(browser, reviewed_portal):
    """Let the produsen, the walidata and a visitor sit at their own computers."""
    officer = Person(browser, reviewed_portal, "produsen")
    walidata = Person(browser, reviewed_portal, "walidata")
    visitor = browser.new_context(base_url=reviewed_portal["url"])
    yield officer, walidata, visitor.new_page()
    for window in (officer.window, walidata.window, visitor):
        window.close()


def upload(page: Page, text: str, name: str) -> None:
    """Put a file into the form of a resource."""
    page.set_input_files(
        "#field-resource-upload",
        {"name": name, "mimeType": "text/csv", "buffer": io.BytesIO(text.encode()).getvalue()},
    )


def public_state(visitor: Page, name: str) -> dict[str, Any]:
    """Return what the public has of a dataset: page, API, file and table."""
    visitor.goto(f"/dataset/{name}")
    shown = visitor.request.get(f"/api/3/action/package_show?id={name}").json()["result"]
    [file] = shown["resources"]
    table = visitor.request.get(
        f"/api/3/action/datastore_search?resource_id={file['id']}&limit=10"
    ).json()
    return {
        "page": visitor.locator("[role=main]").inner_text(),
        "id": shown["id"],
        "file": file["id"],
        "definisi": shown["definisi"],
        "text": visitor.request.get(file["url"]).text(),
        "rows": [row["jumlah"] for row in table["result"]["records"]] if table["success"] else None,
    }
