"""Pictures of all pages of the running demo, in ``.local/screenshots/``.

``python -m stack.screenshots [role …]`` takes each page of ``pages.py`` as each role, wide and at
375 px, in both languages: ``<role>-<page>-<width>-<language>.png``. It says which pages scroll
sideways, because that is what breaks first on a telephone, and which did not answer as they should.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from .browser import chromium, find_chromium
from .layout import DEMO, LOCAL
from .pages import PAGES, log_in, pages, plugins, records

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FOLDER = LOCAL / "screenshots"
WIDTHS = {"wide": 1280, "narrow": 375}
LANGUAGES = ("id", "en")
_SCROLLS_SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
#: A page that never falls silent is pictured all the same, after so many milliseconds.
_PATIENCE = 15_000


def take(browser: Browser, url: str, accounts: dict[str, dict[str, str]], role: str) -> list[str]:
    """Take the pictures of a role and return what is wrong with pages, one a line."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    wrong: list[str] = []
    for size, width in WIDTHS.items():
        window = browser.new_context(viewport={"width": width, "height": 900})
        tab = window.new_page()
        if role != "anonymous":
            log_in(tab, url, accounts[role])
        values = records(tab.request, url, accounts)
        loaded = plugins(tab.request, url)
        for language in LANGUAGES:
            for page in pages(role, values, loaded):
                answer = tab.goto(f"{url}/{language}{page.path}", wait_until="load")
                tab.evaluate("document.fonts.ready")
                file = f"{role}-{page.name}-{size}-{language}.png"
                tab.screenshot(path=FOLDER / file, full_page=True, timeout=_PATIENCE)
                if answer is None or answer.status != page.status:
                    wrong.append(f"answers {answer.status if answer else 'nothing'}: {file}")
                if tab.evaluate(_SCROLLS_SIDEWAYS):
                    wrong.append(f"scrolls sideways: {file}")
        window.close()
    return wrong


def main() -> int:
    """Picture the running demo; return the exit code."""
    path = find_chromium()
    if path is None:
        sys.stderr.write("No Chromium found: install one, or name it by CHROMIUM=/path.\n")
        return 1
    if not DEMO.accounts_file.exists():
        sys.stderr.write("The demo is not running: `make up` first.\n")
        return 1
    roles = sys.argv[1:] or list(PAGES)
    unknown = [role for role in roles if role not in PAGES]
    if unknown:
        sys.stderr.write(f"Unknown: {', '.join(unknown)}. The roles are {', '.join(PAGES)}.\n")
        return 1
    demo = json.loads(DEMO.accounts_file.read_text(encoding="utf-8"))
    with chromium(path) as browser:
        wrong = [
            line for role in roles for line in take(browser, demo["url"], demo["accounts"], role)
        ]
    for line in wrong:
        sys.stderr.write(f"{line}\n")
    sys.stdout.write(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
