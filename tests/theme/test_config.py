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
from ckanext.tangerang.theme import styles
from ckanext.tangerang.theme.colours import AA_TEXT, GROUND, WHITE, contrast

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
    return styles.properties()


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
    assert "ini bukan warna" in str(error.value)


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("logo", "https://elsewhere.example/logo.png", "/uploads/"),
        ("logo", "//elsewhere.example/logo.png", "/uploads/"),
        ("hero_picture", '/a.jpg") } body { color: red', "/uploads/"),
        ("footer_links", "PPID", "text | address"),
        ("footer_links", "PPID | javascript:alert(1)", "https://"),
        ("footer_links", "PPID | //elsewhere.example", "https://"),
        ("social_links", "myspace https://example.org", "facebook"),
        ("social_links", "facebook example.org", "https://"),
    ],
)
def test_what_can_not_be_used_stops_the_start(
    name: str, value: str, hint: str, start: Callable[..., None]
) -> None:
    with pytest.raises(CkanConfigurationException) as error:
        start(**{name: value})

    assert f"ckanext.tangerang.theme.{name}" in str(error.value)
    assert hint in str(error.value)
    assert " / " in str(error.value)


def test_links(start: Callable[..., None]) -> None:
    start(
        footer_links="\nPPID | https://ppid.example.go.id | Public information\nSOP | /hal/sop\n",
        social_links="instagram https://instagram.com/contoh",
    )

    ppid, sop = theme_config.footer_links()
    assert (ppid.texts["id"], ppid.texts["en"]) == ("PPID", "Public information")
    assert (sop.texts["en"], sop.url) == ("SOP", "/hal/sop")
    [network] = theme_config.social_links()
    assert (network.texts["id"], network.url) == ("Instagram", "https://instagram.com/contoh")


def test_logo_of_the_option(
    start: Callable[..., None], ckan_config: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ckan_config, "ckan.site_logo", "/tangerang-theme/logo.svg")
    start(logo="/uploads/admin/lambang.png")

    assert config["ckan.site_logo"] == "/uploads/admin/lambang.png"


def test_contrast_is_checked_at_start(
    start: Callable[..., None],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A command that ran before has switched off what was there before it.
    monkeypatch.setattr(styles.log, "disabled", False)

    start(primary_colour="#FFF212")

    [line] = [r.getMessage() for r in caplog.records if "contrast" in r.getMessage()]
    assert "primary_colour = #FFF212" in line
    assert "kurang dari 4,5 : 1" in line
    assert styles.properties()["--tangerang-primary"] in line


def test_colours_of_the_default_need_no_warning(start: Callable[..., None]) -> None:
    start()

    assert styles.check_colours() == []


@pytest.mark.parametrize("accent", ["#FFF212", "#00508A", "#FFFFFF", "#000000"])
def test_the_focus_can_be_seen_on_dark_grounds(accent: str, start: Callable[..., None]) -> None:
    start(accent_colour=accent)
    found = properties()

    assert contrast(found["--tangerang-ring-on-dark"], found["--tangerang-primary-dark"]) >= 3


def test_styles_use_no_unknown_property(start: Callable[..., None]) -> None:
    start()
    folder = Path(theme.__file__).parent / "assets"
    css = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.css")))
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
