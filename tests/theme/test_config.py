"""Options of the theme, and the defaults that it gives to CKAN's."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ckan.plugins as p
import pytest
from ckan.common import config, config_declaration
from ckan.exceptions import CkanConfigurationException

from ckanext.tangerang import theme
from ckanext.tangerang.theme import config as theme_config
from ckanext.tangerang.theme.colours import AA_TEXT, GROUND, WHITE, contrast
from ckanext.tangerang.theme.helpers import tangerang_colours

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ACCESSORS = {
    "primary_colour": "#006DB8",
    "danger_colour": "#C81E25",
    "success_colour": "#1B7A2D",
    "accent_colour": "#FFF212",
}


@pytest.fixture
def start(ckan_config: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Return a function that starts the theme alone, with these options of its own."""

    def load(**options: str) -> None:
        monkeypatch.setitem(ckan_config, "ckan.plugins", ["tangerang_theme"])
        for name, value in options.items():
            monkeypatch.setitem(ckan_config, f"ckanext.tangerang.theme.{name}", value)
        p.load_all()

    yield load
    monkeypatch.undo()
    p.unload_all()


def properties() -> dict[str, str]:
    """Return the custom properties as the pages get them."""
    return dict(re.findall(r"(--[\w-]+):([^;]+);", str(tangerang_colours())))


def test_default_colours(start: Callable[..., None]) -> None:
    start()

    assert {name: getattr(theme_config, name)() for name in ACCESSORS} == ACCESSORS
    found = properties()
    assert found["--tangerang-primary"] == "#006DB8"
    assert found["--tangerang-primary-rgb"] == "0,109,184"
    assert found["--tangerang-danger"] == "#C81E25"
    assert found["--tangerang-success"] == "#1B7A2D"
    assert found["--tangerang-accent"] == "#FFF212"


@pytest.mark.parametrize("name", ACCESSORS)
@pytest.mark.parametrize("value", ["blue", "#12345", "", "#fff;} body{background:url(//evil)"])
def test_what_is_no_colour_stops_the_start(
    name: str, value: str, start: Callable[..., None]
) -> None:
    with pytest.raises(CkanConfigurationException) as error:
        start(**{name: value})

    assert f"ckanext.tangerang.theme.{name}" in str(error.value)
    assert "#006DB8" in str(error.value)


def test_styles_use_no_unknown_property(start: Callable[..., None]) -> None:
    start()
    css = (Path(theme.__file__).parent / "assets" / "theme.css").read_text(encoding="utf-8")
    own = set(re.findall(r"^\s*(--tangerang-[\w-]+):", css, flags=re.MULTILINE))
    used = set(re.findall(r"var\((--tangerang-[\w-]+)\)", css))

    assert used
    assert used <= own | set(properties())


def test_another_colour_reaches_the_pages(start: Callable[..., None]) -> None:
    start(primary_colour="#7a1f5c")

    assert properties()["--tangerang-primary"] == "#7A1F5C"


@pytest.mark.parametrize("colour", ["#FFF212", "#7FD4FF", "#FFFFFF", "#2CAD42"])
def test_texts_read_well_in_any_colour(colour: str, start: Callable[..., None]) -> None:
    start(primary_colour=colour, danger_colour=colour, success_colour=colour, accent_colour=colour)

    found = properties()
    for name in ("primary", "danger", "success"):
        assert contrast(found[f"--tangerang-{name}"], GROUND) >= AA_TEXT
        assert contrast(WHITE, found[f"--tangerang-{name}"]) >= AA_TEXT
        assert contrast(WHITE, found[f"--tangerang-{name}-dark"]) >= AA_TEXT
    assert contrast(found["--tangerang-on-accent"], found["--tangerang-accent"]) >= AA_TEXT


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("ckan.locale_default", "id"),
        ("ckan.locales_offered", "id en"),
        ("ckan.site_logo", "/tangerang-theme/logo.svg"),
        ("ckan.favicon", "/tangerang-theme/favicon.svg"),
        ("ckan.gravatar_default", "disabled"),
    ],
)
def test_defaults_of_ckan_options(key: str, value: str, start: Callable[..., None]) -> None:
    before = config_declaration.get(key)
    assert before is not None
    assert before.default != value

    start()

    option = config_declaration.get(key)
    assert option is not None
    assert option.default == value


def test_title_is_the_name_of_the_portal(
    start: Callable[..., None], ckan_config: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ckan_config, "ckan.site_title", "")
    monkeypatch.setitem(ckan_config, "ckanext.tangerang.portal.name", "Bedas Satu Data")

    start()

    assert config["ckan.site_title"] == "Bedas Satu Data"


def test_title_of_the_site_is_kept(
    start: Callable[..., None], ckan_config: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ckan_config, "ckan.site_title", "Data Kami")

    start()

    assert config["ckan.site_title"] == "Data Kami"
