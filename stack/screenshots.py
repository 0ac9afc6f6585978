"""Pictures of the main pages of the running demo, in ``.local/screenshots/``.

``python -m stack.screenshots`` takes each page wide and at 375 px, in both languages. It says
which pages scroll sideways, because that is what breaks first on a telephone.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from .browser import chromium, find_chromium
from .layout import DEMO, LOCAL

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FOLDER = LOCAL / "screenshots"
WIDTHS = {"wide": 1280, "narrow": 375}
LANGUAGES = ("id", "en")
_SCROLLS_SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def _pages(page: Page, url: str) -> dict[str, str]:
    """Return the paths of the pages to picture; those of records are looked up."""
    found = page.request.get(f"{url}/api/3/action/package_search?rows=1&sort=title_string asc")
    dataset = found.json()["result"]["results"][0]
    return {
        "home": "/",
        "dataset-list": "/dataset/",
        "dataset": f"/dataset/{dataset['name']}",
        "resource": f"/dataset/{dataset['name']}/resource/{dataset['resources'][0]['id']}",
        "organization-list": "/organization/",
        "organization": f"/organization/{dataset['organization']['name']}",
        "topics": "/kategori",
        "about": "/about",
        "login": "/user/login",
        "not-found": "/tidak-ada",
    }


def _log_in(page: Page, url: str, account: dict[str, str]) -> None:
    page.goto(f"{url}/user/login")
    page.fill("#field-login", account["name"])
    page.fill("#field-password", account["password"])
    page.click("form button[type=submit]:has-text('')  >> nth=-1")
    page.wait_for_url("**/beranda")


def take(browser: Browser, url: str, accounts: dict[str, dict[str, str]]) -> list[str]:
    """Take all pictures and return the names of those that scroll sideways."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    sideways = []
    for size, width in WIDTHS.items():
        context = browser.new_context(viewport={"width": width, "height": 900})
        page = context.new_page()
        pages = _pages(page, url)
        for signed_in in (False, True):
            if signed_in:
                _log_in(page, url, accounts["produsen"])
                pages = {"form": "/dataset/new", "dashboard": "/dashboard/datasets"}
            for language in LANGUAGES:
                for name, path in pages.items():
                    page.goto(f"{url}/{language}{path}", wait_until="networkidle")
                    file = f"{name}-{size}-{language}.png"
                    page.screenshot(path=FOLDER / file, full_page=True)
                    if page.evaluate(_SCROLLS_SIDEWAYS):
                        sideways.append(file)
        context.close()
    return sideways


def main() -> int:
    """Picture the running demo; return the exit code."""
    path = find_chromium()
    if path is None:
        sys.stderr.write("No Chromium found: install one, or name it by CHROMIUM=/path.\n")
        return 1
    if not DEMO.accounts_file.exists():
        sys.stderr.write("The demo is not running: `make up` first.\n")
        return 1
    demo = json.loads(DEMO.accounts_file.read_text(encoding="utf-8"))
    with chromium(path) as browser:
        sideways = take(browser, demo["url"], demo["accounts"])
    for file in sideways:
        sys.stderr.write(f"scrolls sideways: {file}\n")
    sys.stdout.write(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER}\n")
    return 1 if sideways else 0


if __name__ == "__main__":
    sys.exit(main())
