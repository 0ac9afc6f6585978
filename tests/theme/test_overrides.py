"""What we change of CKAN's templates is still there to be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stack import documentation, overrides

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_every_block_that_we_fill_exists() -> None:
    gone = {(o.template, o.plugin): o.missing for o in overrides.overrides() if o.missing}

    assert gone == {}


def test_whole_copies_are_few_and_have_a_reason() -> None:
    """A whole copy misses what CKAN adds later: a block override is the rule."""
    found = overrides.overrides()
    whole = {item.template for item in found if not item.extends}

    assert whole == set(overrides.WHOLE)
    assert len(whole) < len(found) / 4


def test_the_list_is_that_of_the_documentation() -> None:
    """A template of CKAN's that is gone is no longer in the list, so that this fails."""
    page = documentation.REPOSITORY / "docs" / "en" / "theme-overrides.md"
    text = page.read_text(encoding="utf-8")

    assert documentation.rendered(page) == text
    for name in ("base.html", "page.html", "header.html", "footer.html", "package/read.html"):
        assert f"| `{name}` | ckan |" in text


def test_a_block_that_is_gone_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    templates = tmp_path / "toy" / "templates"
    templates.mkdir(parents=True)
    (templates / "page.html").write_text(
        "{% ckan_extends %}"
        "{% block primary %}{% block own %}{% endblock %}{% endblock %}"
        "{% block was_here %}{% endblock %}"
    )
    monkeypatch.setattr(overrides, "PACKAGE", tmp_path)
    [found] = overrides.overrides()

    assert found.missing == ("was_here",)
    assert found.blocks == ("primary",)
