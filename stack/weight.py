"""What a page costs a reader: bytes, and how it comes up, from Chromium itself.

Bytes are those of a first visit with nothing in the cache, as they went over the wire (compressed,
with headers). Of how it comes up: largest contentful paint, cumulative layout shift (W3C Layout
Instability) and total blocking time, the part beyond 50 ms of every long task. A page is scrolled
to its end, because what shifts there shifts too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser

#: Milliseconds in which a page must have come to rest after it was loaded, or scrolled.
_REST = 700
_WATCH = """
window.tangerang = {lcp: 0, cls: 0, tbt: 0};
new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
  window.tangerang.lcp = entry.startTime;
})).observe({type: 'largest-contentful-paint', buffered: true});
new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
  if (!entry.hadRecentInput) { window.tangerang.cls += entry.value; }
})).observe({type: 'layout-shift', buffered: true});
new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
  window.tangerang.tbt += Math.max(0, entry.duration - 50);
})).observe({type: 'longtask', buffered: true});
"""


@dataclass
class Weight:
    """What one visit cost: bytes by kind of file, and milliseconds."""

    bytes: dict[str, int] = field(default_factory=dict)
    lcp: float = 0.0
    cls: float = 0.0
    tbt: float = 0.0

    @property
    def total(self) -> int:
        """Return all bytes of the visit."""
        return sum(self.bytes.values())


def weigh(browser: Browser, url: str, width: int = 1280) -> Weight:
    """Visit ``url`` for the first time and return what it cost.

    :param width: of the window, in CSS pixels
    """
    window = browser.new_context(viewport={"width": width, "height": 900})
    tab = window.new_page()
    tab.add_init_script(_WATCH)
    protocol = window.new_cdp_session(tab)
    protocol.send("Network.enable")
    protocol.send("Network.setCacheDisabled", {"cacheDisabled": True})
    kinds: dict[str, str] = {}
    weight = Weight()

    def responded(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = event["type"]

    def finished(event: dict[str, Any]) -> None:
        kind = kinds.get(event["requestId"], "Other")
        weight.bytes[kind] = weight.bytes.get(kind, 0) + int(event["encodedDataLength"])

    protocol.on("Network.responseReceived", responded)
    protocol.on("Network.loadingFinished", finished)
    tab.goto(url, wait_until="networkidle")
    tab.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    tab.wait_for_timeout(_REST)
    found = tab.evaluate("window.tangerang")
    weight.lcp, weight.cls, weight.tbt = found["lcp"], found["cls"], found["tbt"]
    window.close()
    return weight
