"""A running portal with demo content, and a real Chromium to click through it."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from stack import bootstrap
from stack.browser import chromium, find_chromium
from stack.layout import Profile
from stack.portal import Portal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page


@pytest.fixture(scope="session")
def portal() -> Iterator[dict[str, Any]]:
    """Run a portal with demo content of its own; yield its address and accounts.

    Its people publish what they make, as nearly all of these tests do.
    """
    bootstrap.install("dev")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TANGERANG_REVIEW", "off")
        running = Portal(Profile("e2e"))
        running.up()
        yield json.loads(running.profile.accounts_file.read_text(encoding="utf-8"))
        running.down()


@pytest.fixture(scope="session")
def reviewed_portal() -> Iterator[dict[str, Any]]:
    """Run a portal in which nothing becomes public without the walidata."""
    bootstrap.install("dev")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TANGERANG_REVIEW", "on")
        running = Portal(Profile("e2e-review"))
        running.up()
        yield json.loads(running.profile.accounts_file.read_text(encoding="utf-8"))
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
