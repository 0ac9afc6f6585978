"""A running portal with demo content, and a real Chromium to click through it."""

from __future__ import annotations

import json
import os
import time
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from stack import bootstrap
from stack.browser import chromium, find_chromium
from stack.layout import Profile
from stack.portal import Portal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page


def _started(profile: str, *, review: str) -> Portal:
    """Start a portal with demo content.

    The variable is set no longer than that takes: both portals may run at once, and a test that
    starts one of them again is to say which it is.
    """
    bootstrap.install("dev")
    running = Portal(Profile(profile))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TANGERANG_REVIEW", review)
        running.up()
    return running


@pytest.fixture(scope="session")
def portal() -> Iterator[dict[str, Any]]:
    """Run a portal with demo content of its own; yield its address and accounts.

    Its people publish what they make, as nearly all of these tests do.
    """
    running = _started("e2e", review="off")
    yield json.loads(running.profile.accounts_file.read_text(encoding="utf-8"))
    running.down()


#: Milliseconds in which a page must show what a test expects: another run of tests, or a worker,
#: may have the processors.
expect.set_options(timeout=30_000)

#: Seconds in which a worker must have made the charts of a table that is looked at.
_CHARTS = 180
#: A page of the sample portal with a table, and what stands there once its charts are made.
_CHARTED = ("/dataset/jumlah-desa-dan-kelurahan-per-kecamatan", b'class="tangerang-chart"')


def wait_for_charts(url: str) -> None:
    """Let the worker draw the charts of a dataset, which the tests look at."""
    path, chart = _CHARTED
    ends = time.monotonic() + _CHARTS
    while time.monotonic() < ends:
        with urllib.request.urlopen(url + path, timeout=60) as answer:
            if chart in answer.read():
                return
        time.sleep(2)
    pytest.fail(f"no charts on {path} after {_CHARTS} seconds")


@pytest.fixture(scope="session")
def reviewed_portal() -> Iterator[dict[str, Any]]:
    """Run a portal in which nothing becomes public without the walidata."""
    running = _started("e2e-review", review="on")
    account = json.loads(running.profile.accounts_file.read_text(encoding="utf-8"))
    wait_for_charts(account["url"])
    yield account
    running.down()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Run Chromium."""
    path = find_chromium()
    if path is None:
        message = "no Chromium on this machine: install one, or name it by CHROMIUM=/path"
        if os.environ.get("TANGERANG_REQUIRE_CHROMIUM"):
            pytest.fail(message)
        pytest.skip(message)
    with chromium(path) as running:
        yield running


@pytest.fixture
def context(browser: Browser, portal: dict[str, Any]) -> Iterator[BrowserContext]:
    """Open a browser window without cookies, at the portal's address."""
    opened = browser.new_context(base_url=portal["url"], viewport={"width": 1280, "height": 900})
    opened.set_default_timeout(20_000)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """Open a tab; the test fails when a page raised a JavaScript error or left our host."""
    tab = context.new_page()
    errors: list[str] = []
    foreign: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.on(
        "request",
        lambda request: (
            None
            if request.url.startswith(("http://127.0.0.1:", "data:", "blob:"))
            else foreign.append(request.url)
        ),
    )
    yield tab
    assert errors == []
    assert foreign == []
