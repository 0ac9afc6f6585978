"""Every page, for each role: nothing from other hosts, nothing inline, nothing that shuts out.

The pages are those of ``stack/pages.py``. Each is opened once for all these tests.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from stack import axe
from stack.pages import PAGES

from .walking import Walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from .walking import Seen

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

#: Words that no Indonesian sentence has, and hardly an English one does without.
_ENGLISH = re.compile(
    r"\b(the|and|of|with|without|your|this|that|these|are|was|were|you|for|from|has|have|not|will"
    r"|edit|search|add|remove|delete|save|cancel|close|show|hide|yes|new|all|more|by|in|to)\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module", params=list(PAGES))
def seen(request: Any, browser: Browser, reviewed_portal: dict[str, Any]) -> Iterator[list[Seen]]:
    """Walk through all pages of a role."""
    walk = Walk(browser, reviewed_portal, request.param)
    yield walk.all()
    walk.close()


def named(found: dict[str, Any]) -> str:
    """Return what was found, by page, for the message of a test that fails."""
    return "\n".join(f"{name}: {what}" for name, what in found.items())


def test_every_page_answers(seen: list[Seen]) -> None:
    assert len(seen) >= 10
    wrong = {s.page.path: s.status for s in seen if s.status != s.page.status}
    assert not wrong, named(wrong)


def test_nothing_comes_from_another_host(seen: list[Seen]) -> None:
    foreign = {s.page.name: s.foreign for s in seen if s.foreign}
    assert not foreign, named(foreign)


def test_the_policy_blocks_nothing_that_a_page_uses(seen: list[Seen]) -> None:
    blocked = {s.page.name: s.blocked for s in seen if s.blocked}
    assert not blocked, named(blocked)


def test_no_script_fails(seen: list[Seen]) -> None:
    errors = {s.page.name: s.errors for s in seen if s.errors}
    assert not errors, named(errors)


def test_no_page_scrolls_sideways(seen: list[Seen]) -> None:
    sideways = {s.page.name: s.sideways for s in seen if s.sideways}
    assert not sideways, named(sideways)


def test_every_page_has_its_landmarks(seen: list[Seen]) -> None:
    wanted = {"main": 1, "h1": 1, "header": 1, "footer": 1, "skip": True, "lang": "id"}
    wrong = {s.page.name: s.landmarks for s in seen if s.landmarks != wanted}
    assert not wrong, named(wrong)


def test_indonesian_pages_have_no_english(seen: list[Seen]) -> None:
    """Also what no catalogue of translations knows: texts of scripts, of the schema, of CKAN."""
    # Proper names.
    names = ("Pencil-and-Paper Interviewing", "Open Data Commons")
    found = {
        s.page.name: texts
        for s in seen
        if (texts := {t for t in s.texts if _ENGLISH.search(t) and not t.startswith(names)})
    }
    assert not found, named(found)


def test_axe_finds_nothing(seen: list[Seen]) -> None:
    """WCAG 2.2 AA, wide, at 200 % zoom and on a telephone."""
    found = {
        f"{s.page.name} at {width}": axe.report(violations)
        for s in seen
        for width, violations in s.violations.items()
        if violations
    }
    assert not found, named(found)
