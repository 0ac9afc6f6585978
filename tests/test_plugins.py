"""Every plugin starts alone and with the others, and says what is wrong when it cannot."""

from __future__ import annotations

import configparser
import os
import subprocess
import sys
from importlib.metadata import entry_points
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ckan.plugins as p
import pytest
from bs4 import BeautifulSoup
from ckan.common import config, config_declaration
from ckan.config.declaration import Key
from ckan.exceptions import CkanConfigurationException

from ckanext.tangerang import config as shared_config
from ckanext.tangerang.base import I18N_DOMAIN, PACKAGE, TangerangPlugin
from stack.portal import PLUGINS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REPOSITORY = Path(__file__).parents[1]

OURS: dict[str, type[TangerangPlugin]] = {
    point.name: point.load()
    for point in entry_points(group="ckan.plugins")
    if point.value.startswith("ckanext.tangerang.")
}

PARTNERS = [(name, partner) for name, plugin in OURS.items() for partner in plugin.partners]

#: What a portal of the Kabupaten Bandung would write into its ckan.ini.
OTHER_REGION = {
    "ckanext.tangerang.region.code": "32.04",
    "ckanext.tangerang.region.bps_domain": "3204",
    "ckanext.tangerang.region.name": "Kabupaten Bandung",
    "ckanext.tangerang.government.name": "Pemerintah Kabupaten Bandung",
    "ckanext.tangerang.government.url": "https://bandungkab.go.id",
    "ckanext.tangerang.portal.name": "Bedas Satu Data",
    "ckanext.tangerang.portal.walidata": "Diskominfo Kabupaten Bandung",
}


@pytest.fixture
def load(ckan_config: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Return a function that loads the named plugins and no others."""

    def loader(*names: str) -> None:
        monkeypatch.setitem(ckan_config, "ckan.plugins", list(names))
        p.load_all()

    yield loader
    monkeypatch.setitem(ckan_config, "ckan.plugins", [])
    p.unload_all()


def with_partners(name: str) -> tuple[str, ...]:
    """Return the shortest ``ckan.plugins`` that the plugin ``name`` starts with."""
    partners: dict[str, None] = {}
    for partner in OURS[name].partners:
        own = with_partners(partner) if partner in OURS else (partner,)
        partners |= dict.fromkeys(own)
    return (name, *partners)


def test_every_plugin_of_the_distribution_is_known_to_the_stack() -> None:
    ours = {name for name in PLUGINS if name.startswith("tangerang_")}
    assert set(OURS) == ours


# Without tangerang_metadata nobody knows the pages of activities that other tests leave behind.
@pytest.mark.parametrize("name", OURS)
@pytest.mark.usefixtures("clean_db", "clean_index")
def test_starts_alone(name: str, load: Callable[..., None], make_app: Any) -> None:
    load(*with_partners(name))

    app = make_app()

    assert p.plugin_loaded(name)
    for url in ("/", "/dataset/", "/organization/", "/en/dataset/"):
        app.get(url, status=200)


@pytest.mark.usefixtures("with_portal", "non_clean_db")
def test_all_start_together(app: Any) -> None:
    assert all(p.plugin_loaded(name) for name in OURS if name != "tangerang_demo")
    for url in ("/", "/dataset/", "/organization/", "/api/3/action/package_search"):
        app.get(url, status=200)


def test_all_start_in_a_new_process(tmp_path: Path) -> None:
    """Nothing may lean on a module that an earlier test has imported."""
    parser = configparser.RawConfigParser()
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(REPOSITORY / "test.ini")
    parser["app:main"]["ckan.plugins"] = " ".join(PLUGINS)
    parser["app:main"]["ckan.storage_path"] = str(tmp_path)
    parser["app:main"]["ckanext.xloader.api_token"] = "unused"
    ini = tmp_path / "ckan.ini"
    with ini.open("w", encoding="utf-8") as file:
        parser.write(file)

    run = subprocess.run(
        [sys.executable, "-m", "ckan.cli.cli", "-c", str(ini), "config", "validate"],
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(("name", "partner"), PARTNERS)
def test_missing_partner_is_named(name: str, partner: str, load: Callable[..., None]) -> None:
    with pytest.raises(CkanConfigurationException) as error:
        load(*(other for other in with_partners(name) if other != partner))

    assert name in str(error.value)
    assert f"add {partner} to ckan.plugins" in str(error.value)


@pytest.mark.parametrize(("name", "partner"), PARTNERS)
def test_wrong_order_is_named(name: str, partner: str, load: Callable[..., None]) -> None:
    others = (other for other in with_partners(name)[1:] if other != partner)
    with pytest.raises(CkanConfigurationException, match=f"list {name} before {partner}"):
        load(partner, name, *others)


def test_some_plugin_has_a_partner() -> None:
    """Else the two tests above would test nothing."""
    assert PARTNERS


@pytest.mark.parametrize("names", permutations(["tangerang_security", "tangerang_interop"]))
def test_shared_options_are_declared_by_whichever_comes_first(
    names: tuple[str, ...], load: Callable[..., None]
) -> None:
    load(*names)
    assert config["ckanext.tangerang.region.code"] == "36.03"

    load(*reversed(names))
    assert config["ckanext.tangerang.region.code"] == "36.03"


@pytest.mark.parametrize("name", OURS)
def test_options_are_declared_once(name: str, load: Callable[..., None]) -> None:
    """CKAN raises when a key is declared twice; a plugin's own options come with it alone."""
    load(*with_partners(name))
    declared = {
        str(key)
        for key in config_declaration.iter_options()
        if str(key).startswith("ckanext.tangerang.")
    }
    loaded = [plugin for plugin in with_partners(name) if plugin in OURS]
    features = {plugin.removeprefix("tangerang_") for plugin in loaded}

    assert "ckanext.tangerang.region.code" in declared
    assert {key.split(".")[2] for key in declared} <= {
        "region",
        "government",
        "portal",
        *features,
    }
    for key in declared:
        option = config_declaration[Key.from_string(key)]
        assert option.description, f"{key} is not described"


@pytest.mark.parametrize("name", OURS)
def test_translations_are_shared(name: str, load: Callable[..., None]) -> None:
    load(*with_partners(name))
    plugin = p.get_plugin(name)
    assert isinstance(plugin, TangerangPlugin)

    assert plugin.i18n_domain() == I18N_DOMAIN
    assert Path(plugin.i18n_directory()) == PACKAGE / "i18n"
    for locale in plugin.i18n_locales():
        assert (PACKAGE / "i18n" / locale / "LC_MESSAGES" / f"{I18N_DOMAIN}.po").exists()
    assert "id" in plugin.i18n_locales()


class TestAnotherRegion:
    @pytest.fixture(autouse=True)
    def region(self, ckan_config: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        for key, value in OTHER_REGION.items():
            monkeypatch.setitem(ckan_config, key, value)
        monkeypatch.setitem(ckan_config, "ckan.site_title", "")

    @pytest.mark.usefixtures("with_portal")
    def test_accessors(self) -> None:
        assert shared_config.region_code() == "32.04"
        assert shared_config.region_bps_domain() == "3204"
        assert shared_config.region_name() == "Kabupaten Bandung"
        assert shared_config.government_name() == "Pemerintah Kabupaten Bandung"
        assert shared_config.government_url() == "https://bandungkab.go.id"
        assert shared_config.portal_name() == "Bedas Satu Data"
        assert shared_config.portal_walidata() == "Diskominfo Kabupaten Bandung"

    @pytest.mark.usefixtures("with_portal", "clean_db", "clean_index")
    @pytest.mark.parametrize("language", ["", "/en", "/id"])
    def test_pages_do_not_speak_of_tangerang(self, app: Any, language: str) -> None:
        seen = ""
        for url in ("/", "/dataset/", "/organization/", "/about", "/user/login"):
            page = BeautifulSoup(app.get(language + url, status=200).body, "html.parser")
            texts = [page.get_text(" ")]
            texts += [
                str(tag[name])
                for tag in page.find_all(True)
                for name in ("alt", "title", "content", "aria-label", "placeholder")
                if tag.get(name)
            ]
            text = " ".join(" ".join(texts).split())
            assert "tangerang" not in text.lower(), url
            seen += text
        assert "Bedas Satu Data" in seen
