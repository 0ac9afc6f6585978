"""Walks through all pages of a role in Chromium once, and notes what the tests ask about."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from stack import axe
from stack.pages import PortalPage, log_in, pages, plugins, records

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

#: Wide, at 200 % zoom of it, and a telephone.
WIDTHS = (1280, 640, 375)
#: The narrowest width at which a page may not scroll sideways (WCAG 2.2, 1.4.10).
NARROWEST = 320

_SCROLLS_SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
_LANDMARKS = """() => ({
  main: document.querySelectorAll('main, [role=main]').length,
  h1: document.querySelectorAll('h1').length,
  header: document.querySelectorAll('body > header, body > * > header.site-header').length,
  footer: document.querySelectorAll('body > footer').length,
  skip: !!document.querySelector(
    document.querySelector('.visually-hidden-focusable a')?.getAttribute('href') || 'none'),
  lang: document.documentElement.lang,
})"""
#: What a reader sees or hears, but for code and what says that it is in another language.
_TEXTS = """() => {
  const foreign = 'code, pre, script, style, noscript, template, [lang]:not([lang=id]):not(html)';
  const found = [];
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_ALL);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if ((node.nodeType === 1 ? node : node.parentElement)?.closest(foreign)) continue;
    if (node.nodeType === 3) found.push(node.data);
    if (node.nodeType !== 1) continue;
    for (const name of ['placeholder', 'title', 'aria-label', 'alt']) {
      if (node.hasAttribute(name)) found.push(node.getAttribute(name));
    }
  }
  return found.map((text) => text.trim()).filter(Boolean);
}"""


@dataclass
class Seen:
    """What was seen of one page."""

    page: PortalPage
    status: int = 0
    foreign: list[str] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    sideways: list[int] = field(default_factory=list)
    violations: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    landmarks: dict[str, Any] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)


class Walk:
    """A window of one role that writes down what each page does."""

    def __init__(self, browser: Browser, portal: dict[str, Any], role: str) -> None:
        self.url: str = portal["url"]
        window = browser.new_context(viewport={"width": WIDTHS[0], "height": 900})
        window.set_default_timeout(60_000)
        self.tab: Page = window.new_page()
        self.seen = Seen(PortalPage("log-in", "/user/login"))
        self.tab.on("console", self._read_console)
        self.tab.on("pageerror", lambda error: self.seen.errors.append(str(error)))
        self.tab.on("request", lambda request: self._watch(request.url))
        if role != "anonymous":
            log_in(self.tab, self.url, portal["accounts"][role])
        self.values = records(self.tab.request, self.url, portal["accounts"])
        self.loaded = plugins(self.tab.request, self.url)
        self.role = role

    def _read_console(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text and "report-only" not in message.text:
            self.seen.blocked.append(message.text)

    def _watch(self, url: str) -> None:
        if not url.startswith((f"{self.url}/", "data:", "blob:")):
            self.seen.foreign.append(url)

    def visit(self, page: PortalPage) -> Seen:
        """Open a page and return what was seen of it, at all widths."""
        self.seen = Seen(page)
        self.tab.set_viewport_size({"width": WIDTHS[0], "height": 900})
        answer = self.tab.goto(self.url + page.path, wait_until="load")
        assert answer is not None
        self.seen.status = answer.status
        self.seen.landmarks = self.tab.evaluate(_LANDMARKS)
        self.seen.texts = self.tab.evaluate(_TEXTS)
        for width in (*WIDTHS, NARROWEST):
            self.tab.set_viewport_size({"width": width, "height": 900})
            if self.tab.evaluate(_SCROLLS_SIDEWAYS):
                self.seen.sideways.append(width)
            if width != NARROWEST:
                self.seen.violations[width] = axe.violations(self.tab)
        return self.seen

    def all(self) -> list[Seen]:
        """Visit all pages of the role."""
        return [self.visit(page) for page in pages(self.role, self.values, self.loaded)]

    def close(self) -> None:
        """Close the window."""
        self.tab.context.close()
