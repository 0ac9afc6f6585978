"""No template of ours has anything inline; what CKAN's have is listed, and the list is current."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stack import documentation, inline

if TYPE_CHECKING:
    from pathlib import Path

PAGE = documentation.REPOSITORY / "docs" / "en" / "security-headers.md"


def test_ours_have_nothing_inline() -> None:
    assert inline.ours() == {}


def test_the_list_of_theirs_is_that_of_the_documentation() -> None:
    text = PAGE.read_text(encoding="utf-8")

    assert documentation.rendered(PAGE) == text
    for place in (
        "| ckan | `dataviewer/base.html` | inline script |",
        "| ckan | `package/snippets/resource_upload_field.html` | `on…=` attribute |",
        "| ckan | `user/snippets/api_token_list.html` | `on…=` attribute |",
        "| ckan | `package/resource_read.html` | `javascript:` link |",
        "| ckanext.datatablesview | `datatables/datatables_view.html` | inline script |",
        "| ckanext.textview | `text_view.html` | inline script |",
        "| ckanext.scheming | `scheming/form_snippets/multiple_text.html` | `javascript:` link |",
        "| ckanext.scheming | `scheming/form_snippets/repeating_subfields.html` |",
    ):
        assert place in text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<script>go()</script>", "inline script"),
        ('<script type="text/javascript">go()</script>', "inline script"),
        ("<style>p { }</style>", "inline style sheet"),
        ('<p id="a" style="color: red">', "`style` attribute"),
        ('<a href="javascript:go()">', "`javascript:` link"),
        ('<a href="#" onclick="go()">', "`on…=` attribute"),
        ('<button\n  type="button"\n  onclick="go()">', "`on…=` attribute"),
        ('<form hx-on::after-request="go()">', "`on…=` attribute"),
    ],
)
def test_what_is_inline_is_found(text: str, kind: str, tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "a.html").write_text(text)

    assert inline.inline(tmp_path) == {("a.html", kind): 1}


@pytest.mark.parametrize(
    "text",
    [
        '<script src="/a.js"></script>',
        '<script type="application/ld+json">{}</script>',
        "{# <style> and onclick= #}",
        '<link rel="stylesheet" href="/a.css">',
        '<div data-once="1">',
    ],
)
def test_what_is_not_inline_is_passed_over(text: str, tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "a.html").write_text(text)

    assert inline.inline(tmp_path) == {}
