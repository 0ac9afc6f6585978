"""Somebody who works with the keyboard alone: Tab, Enter, Space, arrows and letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: Times Tab is pressed before somebody gives up looking for something.
PATIENCE = 250

#: What has the focus: its words, and whether it can be seen that it has (WCAG 2.4.7, 2.4.11).
_FOCUS = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) { return null; }
  const words = (node) => (node.getAttribute('aria-label')
    || (node.getAttribute('aria-labelledby') || '').split(' ')
      .map((id) => document.getElementById(id)?.textContent || '').join(' ').trim()
    || (node.labels && [...node.labels].map((label) => label.textContent).join(' '))
    || node.textContent || '').replace(/\\s+/g, ' ').trim();
  const ring = (node) => {
    const style = getComputedStyle(node);
    const outline = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
    return outline || style.boxShadow !== 'none';
  };
  const box = element.getBoundingClientRect();
  const holder = element.closest('.select2-container, .visually-hidden-focusable, label');
  const sibling = element.id && document.querySelector(`label[for="${CSS.escape(element.id)}"]`);
  return {
    id: element.id, name: element.name || '', tag: element.tagName.toLowerCase(),
    type: element.type || '', value: element.value || '', href: element.href || '',
    words: words(element),
    seen: element.tagName === 'IFRAME' || ring(element)
      || (holder && ring(holder)) || (sibling && ring(sibling)) || false,
    inside: box.width > 0 && box.height > 0,
    html: element.outerHTML.slice(0, 160),
  };
}"""


class Keyboard:
    """The keyboard of one window. Nothing is clicked, and nothing is filled in past it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0
        self.hidden: list[str] = []

    def press(self, key: str) -> None:
        """Press a key."""
        self.page.keyboard.press(key)
        self.presses += 1

    def focus(self) -> dict | None:
        """Return what has the focus; note it when nobody could see that it has."""
        found = self.page.evaluate(_FOCUS)
        if found and not found["seen"]:
            self.hidden.append(found["html"])
        return found

    def seek(
        self,
        words: str = "",
        *,
        id: str = "",  # noqa: A002
        name: str = "",
        value: str = "",
        href: str = "",
    ) -> dict:
        """Press Tab until something has the focus: by its words, id, name, value or address."""
        for _ in range(PATIENCE):
            found = self.focus()
            if (
                found
                and (not words or words.lower() in found["words"].lower())
                and (not id or found["id"] == id)
                and (not name or found["name"] == name)
                and (not value or found["value"] == value)
                and href in found["href"]
            ):
                return found
            self.press("Tab")
        return pytest.fail(f"Tab never comes to {words or id or name or href} on {self.page.url}")

    def write(self, text: str) -> None:
        """Type text into what has the focus, in the place of what is there."""
        self.press("Control+a")
        self.page.keyboard.type(text)
        self.presses += len(text)

    def go(self, words: str = "", **which: str) -> None:
        """Go to a link or a button and press Enter; wait for the page that comes."""
        self.seek(words, **which)
        before = self.page.evaluate("performance.timeOrigin")
        self.press("Enter")
        self.page.wait_for_function("before => performance.timeOrigin !== before", arg=before)
        self.page.wait_for_load_state()

    def fill(self, id: str, text: str) -> None:  # noqa: A002
        """Go to a field and type."""
        self.seek(id=id)
        self.write(text)

    def open(self, address: str) -> None:
        """Type an address, as everybody can."""
        self.page.goto(address)
