"""How heavy pages are on a first visit, and that nothing moves while they come up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from stack.pages import pages, plugins, records
from stack.weight import weigh

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

#: Bytes, as they go over the wire.
BUDGETS = {"home": 250_000, "dataset": 350_000}
MOST_SHIFT = 0.05
#: Of ours beyond CKAN's, compressed.
MOST_STYLE = 60_000


@pytest.fixture(scope="module")
def addresses(browser: Browser, reviewed_portal: dict[str, Any]) -> dict[str, str]:
    """Return the addresses of the pages that everybody reads, by their names."""
    url = reviewed_portal["url"]
    request = browser.new_context().request
    values = records(request, url, reviewed_portal["accounts"])
    found = pages("anonymous", values, plugins(request, url))
    return {page.name: url + page.path for page in found}


@pytest.mark.parametrize("name", BUDGETS)
@pytest.mark.parametrize("width", [1280, 375])
def test_bytes_and_layout_shift(
    name: str, width: int, browser: Browser, addresses: dict[str, str]
) -> None:
    weight = weigh(browser, addresses[name], width)

    assert 20_000 < weight.total <= BUDGETS[name], weight
    assert weight.cls <= MOST_SHIFT


@pytest.mark.parametrize("name", ["dataset-list", "organization", "topics", "indicator"])
def test_nothing_moves_while_a_page_comes_up(
    name: str, browser: Browser, addresses: dict[str, str]
) -> None:
    assert weigh(browser, addresses[name], 375).cls <= MOST_SHIFT


def test_our_styles(browser: Browser, addresses: dict[str, str]) -> None:
    """All style sheets of ours that pages load, together."""
    sizes: dict[str, int] = {}
    tab = browser.new_page()
    tab.on(
        "response",
        lambda answer: (
            sizes.setdefault(answer.url, int(answer.headers.get("content-length") or 0))
            if "tangerang" in answer.url.rsplit("/", 2)[-2] and answer.url.endswith(".css")
            else None
        ),
    )
    for name in ("home", "dataset-list", "dataset", "topics", "opd", "indicator", "activity"):
        tab.goto(addresses[name])
    tab.close()

    assert sizes
    assert all(sizes.values())
    assert sum(sizes.values()) <= MOST_STYLE, sizes
