"""The style sheet of the site and its icons: kept for good, at an address that follows them."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from fontTools.ttLib import TTFont

from ckanext.tangerang.base import PACKAGE
from ckanext.tangerang.theme import icons

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", "tangerang_theme"),
    pytest.mark.usefixtures("with_plugins", "clean_db"),
]


def address(app: Any) -> str:
    """Return the address of the style sheet, as pages have it."""
    body = app.get("/about").body
    return body.split('rel="stylesheet" href="/tema/')[1].split('"')[0]


def test_pages_have_no_style_of_their_own(app: Any) -> None:
    body = app.get("/about").body

    assert "<style" not in body
    assert "style=" not in body


def test_the_sheet_is_kept_for_good(app: Any) -> None:
    answer = app.get(f"/tema/{address(app)}")

    assert answer.headers["Content-Type"].startswith("text/css")
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    assert "immutable" in answer.headers["Cache-Control"]
    assert "--tangerang-primary:#006DB8;" in answer.body


def test_an_old_address_is_not_kept(app: Any) -> None:
    answer = app.get("/tema/0123456789abcdef.css")

    assert "no-store" in answer.headers["Cache-Control"]
    assert "--tangerang-primary:" in answer.body


def test_a_change_has_another_address(
    app: Any, ckan_config: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = address(app)
    monkeypatch.setitem(ckan_config, "ckanext.tangerang.theme.primary_colour", "#7A1F5C")
    coloured = address(app)
    monkeypatch.setitem(ckan_config, "ckan.site_custom_css", ".own { color: red }")
    styled = address(app)

    assert len({before, coloured, styled}) == 3
    assert ".own { color: red }" in app.get(f"/tema/{styled}").body


def test_the_font_has_the_icons_that_pages_show(app: Any) -> None:
    known = icons.characters()
    assert len(known) > 1_000
    answer = app.get(f"/tema/{icons.version()}.woff")

    assert answer.headers["Content-Type"] == "font/woff"
    assert "immutable" in answer.headers["Cache-Control"]
    characters = TTFont(io.BytesIO(answer.data)).getBestCmap()
    for name in ("bars", "search", "people-group", "calendar", "circle-xmark", "clock", "user"):
        assert known[name] in characters, name
    assert known["dragon"] not in characters
    assert len(answer.data) < 30_000


@pytest.mark.parametrize("pattern", [r'class="[^"]*\bfa-([\w-]+)', r"""\bicon=['"]([\w-]+)['"]"""])
def test_icons_of_our_templates_are_in_the_font(pattern: str) -> None:
    """A name of an older release of the font shows nothing."""
    named = {
        name: path.name
        for path in PACKAGE.rglob("*.html")
        for name in re.findall(pattern, path.read_text(encoding="utf-8"))
    }

    assert len(named) > 5
    assert {name: where for name, where in named.items() if name not in icons.characters()} == {}


def test_other_icons_come_from_the_font_of_ckan() -> None:
    """Our cut stands for its characters alone."""
    rule = icons.face("/x.woff")

    assert f"U+{icons.characters()['bars']:X}" in rule
    assert f"U+{icons.characters()['dragon']:X}" not in rule
