"""The pages: what they show, in both languages, with everything on and with the theme alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action

from .conftest import HOSTILE, LANGUAGES, Page, text

if TYPE_CHECKING:
    from collections.abc import Callable

    Fetch = Callable[..., Page]
    Make = Callable[..., dict[str, Any]]

#: Pages that everybody can open; the dataset and the organization are made by the tests.
PUBLIC = (
    "/",
    "/dataset/",
    "/dataset/?q=puskesmas",
    "/dataset/puskesmas",
    "/organization/",
    "/organization/dinkes",
    "/organization/about/dinkes",
    "/kategori",
    "/about",
    "/user/login",
)
#: Pages of the plugin tangerang_metadata that everybody can open.
RECORDS = (
    "/kegiatan/",
    "/indikator/?q=indeks",
    "/kegiatan/indah",
    "/kegiatan/indah?organization=dinkes",
)
#: Pages of people who are logged in.
INSIDE = (
    "/",
    "/dataset/puskesmas",
    "/dataset/new",
    "/dataset/edit/puskesmas",
    "/dataset/activity/puskesmas",
    "/organization/new",
    "/dashboard/datasets",
    "/dashboard/organizations",
    "/ckan-admin/",
)

#: Attributes by which a page loads something.
LOADING = {
    "link": ("href",),
    "script": ("src",),
    "img": ("src", "srcset"),
    "source": ("src", "srcset"),
    "iframe": ("src",),
    "object": ("data",),
    "embed": ("src",),
    "video": ("src", "poster"),
    "audio": ("src",),
    "use": ("href",),
    "form": ("action",),
}


def foreign_loads(page: Page) -> list[str]:
    """Return the addresses on other hosts that the page loads from, or sends a form to."""
    found = []
    for tag, attributes in LOADING.items():
        for element in page.find_all(tag):
            for name in attributes:
                host = urlsplit(str(element.get(name) or "")).netloc
                # The site's own name, as canonical and alternate links have it.
                if host and host != "test.ckan.net":
                    found.append(str(element))
    for style in [*page.find_all("style"), *page.select("[style]")]:
        css = style.get("style") or style.get_text()
        if "url(" in css or "@import" in css:
            found.append(str(style))
    return found


def links_to_groups(page: Page) -> list[str]:
    """Return the links of the page that lead to pages of groups."""
    hrefs = [str(link["href"]) for link in page.select("a[href]")]
    return [
        href
        for href in hrefs
        if "/group" in urlsplit(href).path or "/groups" in href or "groups=" in href
    ]


class TestWholePortal:
    @pytest.fixture(autouse=True)
    def content(self, with_portal: None, clean_db: None, clean_index: None, dataset: Make) -> None:
        made = dataset()
        factories.Resource(
            package_id=made["id"], name="Tabel", format="CSV", url="http://example.org/a.csv"
        )

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("url", [*PUBLIC, *RECORDS])
    def test_public_pages(self, url: str, language: str, page: Fetch) -> None:
        shown = page(LANGUAGES[language] + url)

        assert shown.html["lang"] == language
        assert len(shown.select('[role="main"]')) == 1
        assert len(shown.find_all("h1")) == 1
        skip = shown.select_one(".visually-hidden-focusable a[href]")
        assert shown.select_one(skip["href"])
        assert not shown.select("img:not([alt])")
        assert foreign_loads(shown) == []
        assert links_to_groups(shown) == []
        ids = [element["id"] for element in shown.select("[id]")]
        assert len(ids) == len(set(ids))

    @pytest.mark.ckan_config("ckan.gravatar_default", "disabled")
    @pytest.mark.parametrize("url", INSIDE)
    def test_pages_of_people_who_are_logged_in(self, url: str, page: Fetch, token: str) -> None:
        shown = page(url, token)

        assert shown.select_one(".account.authed")
        assert shown.find_all("h1")
        assert shown.select_one('[role="main"]')
        assert foreign_loads(shown) == []
        assert links_to_groups(shown) == []

    def test_user_page_has_no_groups(self, page: Fetch, token: str) -> None:
        user = call_action("user_list")[0]["name"]
        shown = page(f"/user/{user}", token)

        assert shown.select(".page-header .nav-tabs a")
        assert links_to_groups(shown) == []

    def test_main_menu(self, page: Fetch) -> None:
        menu = page("/id/dataset/").select("#main-navigation nav a")

        assert [(text(link), link["href"]) for link in menu if "wilayah" not in link["href"]] == [
            ("Beranda", "/id/"),
            ("Dataset", "/id/dataset/"),
            ("Indikator", "/id/indikator/"),
            ("Kegiatan statistik", "/id/kegiatan/"),
            ("Perangkat Daerah (OPD)", "/id/opd"),
            ("Topik", "/id/kategori"),
            ("Tentang", "/id/about"),
        ]
        assert [text(link) for link in menu if link.get("aria-current")] == ["Dataset"]

    def test_account_menu_is_in_words(self, page: Fetch, token: str) -> None:
        menu = page("/dataset/", token).select_one("#account-menu")
        entries = menu.select("a, button")

        assert len(entries) >= 6
        assert all(text(entry) for entry in entries)
        assert menu.select_one('form[action$="/user/_logout"] input[name="_csrf_token"]')

    def test_links_of_the_site(
        self, page: Fetch, ckan_config: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        prefix = "ckanext.tangerang.theme."
        monkeypatch.setitem(ckan_config, f"{prefix}tagline", "Satu data, satu pintu")
        monkeypatch.setitem(ckan_config, f"{prefix}footer_links", "PPID | /ppid | Information")
        monkeypatch.setitem(ckan_config, f"{prefix}social_links", "youtube https://y.example/a")
        shown = page("/id/dataset/")

        assert text(shown.select_one(".tag-line")) == "Satu data, satu pintu"
        assert text(shown.select_one('.site-footer a[href="/ppid"]')) == "PPID"
        assert text(page("/dataset/").select_one('.site-footer a[href="/ppid"]')) == "Information"
        assert text(shown.select_one('.footer-social a[href="https://y.example/a"]')) == "YouTube"

    def test_home(self, page: Fetch) -> None:
        shown = page("/")

        assert shown.select_one('.search-box-home input[name="q"]')
        assert [text(link) for link in shown.select(".figures a")] == [
            "1 dataset",
            "1 agency with data",
            "12 topics",
        ]
        (item,) = shown.select(".home-newest .dataset-item")
        assert text(item.h3) == "Jumlah Puskesmas menurut Kecamatan"
        facts = text(item.select_one(".dataset-facts"))
        for fact in ("Dinas Kesehatan", "2020–2024", "District", "CSV", "Updated"):
            assert fact in facts
        (agency,) = shown.select(".home-agencies li")
        assert text(agency) == "Dinas Kesehatan 1 dataset"
        assert agency.a["href"] == "/organization/dinkes"
        counts = {
            text(card.select_one(".label")): text(card.select_one(".count"))
            for card in shown.select(".home-topics a")
        }
        assert len(counts) == 12
        assert counts["Health"] == "1 dataset"
        assert counts["Environment"] == "0 datasets"

    def test_list(self, page: Fetch) -> None:
        (item,) = page("/id/dataset/").select("#search-results .dataset-item")

        assert item.h2.a["href"] == "/id/dataset/puskesmas"
        assert "Jumlah puskesmas yang terdaftar." in text(item)
        facts = text(item.select_one(".dataset-facts"))
        for fact in ("Dinas Kesehatan", "2020–2024", "Kecamatan", "CSV", "Diperbarui"):
            assert fact in facts

    @pytest.mark.parametrize("url", ["/dataset/", "/organization/", "/organization/dinkes"])
    def test_links_to_more_pages_have_names(
        self,
        url: str,
        dataset: Make,
        page: Fetch,
        ckan_config: Any,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setitem(ckan_config, "ckan.datasets_per_page", 1)
        dataset(name="lain")
        factories.Organization(image_url="")

        links = [text(link) for link in page(url + "?page=2").select(".pagination a")]
        assert "Previous" in links
        assert all(links)

    def test_filters_without_items_are_left_out(self, page: Fetch) -> None:
        headings = [text(heading) for heading in page("/dataset/").select("#search-facets h2")]
        assert "Formats" in headings

        headings = [
            text(heading)
            for heading in page("/dataset/?q=nothinglikethis").select("#search-facets h2")
        ]
        assert headings == []

    def test_labels_of_filters_are_whole(self, dataset: Make, page: Fetch) -> None:
        long = "Dinas Pemberdayaan Masyarakat dan Pemerintahan Desa"
        dataset(name="desa", owner_org=factories.Organization(title=long)["id"])

        assert long in text(page("/dataset/").select_one("#search-facets"))

    def test_dataset_page(self, page: Fetch) -> None:
        shown = page("/dataset/puskesmas")
        main = shown.select_one('[role="main"]')

        assert text(main.h1) == "Jumlah Puskesmas menurut Kecamatan"
        download = main.select_one(".resource-item .btn-primary")
        assert download["href"] == "http://example.org/a.csv"
        assert "CSV" in text(download)
        # What people come for stands before what describes it.
        html = str(main)
        assert (
            html.index("resource-item") < html.index('class="notes') < html.index("additional-info")
        )
        aside = shown.select_one("aside")
        assert aside.select_one('a[href="mailto:data@example.go.id"]')
        assert "Kepala Bidang Data" in text(aside)
        assert "Creative Commons Attribution" in text(aside)
        cite = text(aside.select_one(".citation p"))
        record = call_action("package_show", id="puskesmas")
        assert cite.startswith("Dinas Kesehatan (")
        assert "). Jumlah Puskesmas menurut Kecamatan. Tangerang Satu Data. http" in cite
        assert f"http://test.ckan.net/dataset/{record['id']} (" in cite
        machines = [link["href"] for link in aside.select(".machines a")]
        assert "/api/3/action/package_show?id=puskesmas" in machines
        assert "/dataset/puskesmas.ttl" in machines

    def test_addresses_for_programs_answer(self, page: Fetch, app: Any) -> None:
        for link in page("/dataset/puskesmas").select(".machines a"):
            app.get(link["href"], status=200)
        for link in page("/").select(".site-footer .footer-links a[href^='/']"):
            app.get(link["href"], status=200)

    @pytest.mark.ckan_config("ckanext.dcat.enable_rdf_endpoints", False)
    def test_portal_without_dcat_addresses(self, page: Fetch) -> None:
        assert ".ttl" not in str(page("/dataset/puskesmas").body)

    def test_size_and_preview(self, page: Fetch) -> None:
        factories.Resource(
            package_id=call_action("package_show", id="puskesmas")["id"],
            name="Gambar",
            format="PNG",
            url="http://example.org/a.png",
            size=2048,
        )
        buttons = page("/dataset/puskesmas").select(".resource-item")[1].select(".btn")

        assert "PNG (2 KiB)" in text(buttons[0])

    def test_activity_stays_a_tab(self, page: Fetch) -> None:
        tabs = [
            link["href"] for link in page("/dataset/puskesmas").select(".page-header .nav-tabs a")
        ]
        assert tabs == ["/dataset/puskesmas", "/dataset/activity/puskesmas"]

    def test_who_may_not_edit_sees_no_buttons_for_it(self, page: Fetch, token: str) -> None:
        shown = page("/dataset/puskesmas")
        assert not shown.select(".dropdown-menu, .content_action, #package-info")

        shown = page("/dataset/puskesmas", token)
        assert shown.select_one(".content_action a")["href"] == "/dataset/edit/puskesmas"
        assert shown.select(".resource-item .dropdown-menu a[href*='/edit']")
        assert shown.select_one("#package-info")

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({"private": True}, ("This dataset is not public", "Private")),
            ({"state": "draft"}, ("This is a draft", "Draft")),
        ],
    )
    def test_what_is_not_public_says_so(
        self, values: dict[str, Any], words: tuple[str, str], dataset: Make, page: Fetch, token: str
    ) -> None:
        dataset(name="rancangan", **values)

        page("/dataset/rancangan", status=404)
        shown = page("/dataset/rancangan", token)
        assert words[0] in text(shown.select_one(".alert"))
        assert words[1] in text(shown.select_one(".dataset-badges"))
        # The home page is the same for everybody.
        assert "rancangan" not in str(page("/", token).select_one('[role="main"]'))

    def test_restricted_files_are_announced(self, dataset: Make, page: Fetch) -> None:
        dataset(
            name="terbatas", accesslevel="terbatas", alasan_pembatasan="UU 14/2008 Pasal 17 huruf h"
        )
        shown = page("/dataset/terbatas")

        assert "Restricted" in text(shown.select_one(".dataset-badges"))
        assert "UU 14/2008 Pasal 17 huruf h" in text(shown.select_one(".tangerang-access-panel"))

    def test_hostile_texts(self, dataset: Make, page: Fetch, token: str) -> None:
        office = factories.Organization(name="jahat", title=HOSTILE, description=HOSTILE)
        made = dataset(
            name="jahat",
            title=HOSTILE,
            notes=HOSTILE,
            owner_org=office["id"],
            penanggung_jawab=HOSTILE,
            alasan_pembatasan=HOSTILE,
            accesslevel="terbatas",
            tags=[],
        )
        factories.Resource(
            package_id=made["id"],
            name=HOSTILE,
            description=HOSTILE,
            format="<b>X",
            url="http://x.yz",
        )
        for url in (
            "/",
            "/dataset/",
            "/dataset/?q=" + "%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E",
            "/dataset/jahat",
            "/organization/",
            "/organization/jahat",
            '/dataset/no"><img src=x onerror=alert(1)>',
        ):
            shown = page(url, token, status=404 if "no" + '"' in url else 200)
            assert not shown.select("[onerror]"), url
            # Markdown may hold pictures: the one in the description is there, without its script.
            for notes in shown.select(".notes"):
                notes.extract()
            assert not shown.select('img[src="x"]'), url
        assert HOSTILE in text(page("/dataset/jahat").h1)
        assert HOSTILE in text(page("/").select_one(".home-newest"))

    def test_missing_page_helps(self, page: Fetch) -> None:
        shown = page("/id/tidak-ada", status=404)

        assert shown.html["lang"] == "id"
        assert text(shown.h1) == "Halaman ini tidak ada"
        assert shown.select_one('#error-content form[action="/id/dataset/"] input[name="q"]')
        assert {link["href"] for link in shown.select(".error-links a")} >= {"/id/", "/id/dataset/"}
        # The server's own sentence is English and helps nobody.
        assert "requested URL" not in text(shown)

    def test_an_error_that_no_view_has_foreseen(self, app: Any) -> None:
        """CKAN calls it ``[500]``, a list."""
        environment = {"CKAN_LANG": "en", "CKAN_CURRENT_URL": "/"}
        with app.flask_app.test_request_context("/", environ_overrides=environment):
            body = tk.render(
                "error_document_template.html",
                {"code": [500], "content": "Internal server error"},
            )
        assert "Error 500" in body

    def test_missing_dataset_says_what_is_missing(self, page: Fetch) -> None:
        assert "Dataset not found" in text(page("/dataset/tidak-ada", status=404))

    def test_search_answer_for_htmx_brings_the_language_links(self, app: Any) -> None:
        body = app.get("/dataset/?q=puskesmas", headers={"HX-Request": "true"}).body
        answer = Page(body, "html.parser")

        assert not answer.html
        for place in ("language-header", "language-footer"):
            switch = answer.find(id=place)
            assert switch["hx-swap-oob"] == "true"
            assert {link["href"] for link in switch.select("a")} >= {"/id/dataset/?q=puskesmas"}


@pytest.mark.usefixtures("with_portal", "clean_db", "clean_index")
class TestEmptyPortal:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_home_looks_finished(self, language: str, page: Fetch) -> None:
        shown = page(LANGUAGES[language] + "/")

        assert len(shown.select(".home-topics a")) == 12
        assert shown.select_one(".home-newest .empty-state p")
        # Rows of zeros would look broken.
        assert not shown.select(".figures, .count")
        assert not shown.select(".empty-state a")

    def test_home_offers_staff_to_begin(self, page: Fetch, token: str) -> None:
        assert page("/", token).select_one('.home-staff a[href="/dataset/new"]')
        assert not page("/").select(".home-staff")

    @pytest.mark.parametrize("url", ["/dataset/", "/organization/", "/kategori"])
    def test_lists(self, url: str, page: Fetch) -> None:
        assert len(page(url).find_all("h1")) == 1


@pytest.mark.usefixtures("indonesian", "with_portal", "clean_db", "clean_index")
class TestLanguages:
    def test_what_is_typed_has_its_language(self, page: Fetch, dataset: Make) -> None:
        dataset()
        for url, place in (
            ("/dataset/puskesmas", "h1"),
            ("/dataset/puskesmas", "div:has(> .notes)"),
            ("/dataset/", ".dataset-heading a"),
        ):
            assert page(f"/en{url}").html["lang"] == "en"
            assert page(f"/en{url}").select_one(place)["lang"] == "id"
            assert page(url).html["lang"] == "id"
            assert "lang" not in page(url).select_one(place).attrs

    def test_indonesian_is_the_default(self, page: Fetch) -> None:
        assert page("/").html["lang"] == "id"

    @pytest.mark.parametrize("url", ["/", "/dataset/?q=a&sort=title_string+asc", "/organization/"])
    def test_switch_leads_to_the_same_page(self, url: str, page: Fetch) -> None:
        for place in ("language-header", "language-footer"):
            links = page(url).find(id=place).select("a")
            assert [(link["href"], link["lang"]) for link in links] == [
                (url, "id"),
                ("/en" + url, "en"),
            ]
            assert [link["lang"] for link in links if link.get("aria-current")] == ["id"]

        links = page("/en" + url).find(id="language-header").select("a")
        assert [link["href"] for link in links] == [url, "/en" + url]
        assert [link["lang"] for link in links if link.get("aria-current")] == ["en"]

    def test_switch_names_the_languages(self, page: Fetch) -> None:
        shown = page("/")

        assert [text(link) for link in shown.find(id="language-footer").select("a")] == [
            "Bahasa Indonesia",
            "English",
        ]
        assert [text(link) for link in shown.find(id="language-header").select("a")] == [
            "ID Bahasa Indonesia",
            "EN English",
        ]

    def test_switch_never_leaves_the_site(self, page: Fetch) -> None:
        shown = page("//evil.example/x", status=404)

        for link in shown.select(".language-switch a"):
            assert not str(link["href"]).startswith("//")

    def test_one_language_needs_no_switch(
        self, page: Fetch, ckan_config: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(ckan_config, "ckan.locales_offered", ["id"])

        assert not page("/").select(".language-switch")


@pytest.mark.ckan_config("ckan.plugins", "tangerang_theme")
class TestThemeAlone:
    """Without our metadata, without scheming, without anything else."""

    @pytest.fixture(autouse=True)
    def content(
        self, with_plugins: None, clean_db: None, clean_index: None, office: dict[str, Any]
    ) -> None:
        made = factories.Dataset(
            name="puskesmas",
            title="Jumlah Puskesmas",
            owner_org=office["id"],
            maintainer="Seksi Data",
            maintainer_email="seksi@example.go.id",
        )
        factories.Resource(package_id=made["id"], format="CSV", url="http://example.org/a.csv")

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("url", [url for url in PUBLIC if url != "/kategori"])
    def test_pages(self, url: str, language: str, page: Fetch) -> None:
        shown = page(LANGUAGES[language] + url)

        assert shown.html["lang"] == language
        assert "kategori" not in str(shown.select_one("header"))
        assert links_to_groups(shown) == []

    def test_home_has_no_topics(self, page: Fetch) -> None:
        shown = page("/")

        assert not shown.select(".home-topics")
        assert [text(link) for link in shown.select(".figures a")] == [
            "1 dataset",
            "1 agency with data",
        ]
        assert "CSV" in text(shown.select_one(".home-newest"))

    def test_contact_is_that_of_ckan(self, page: Fetch) -> None:
        publisher = page("/dataset/puskesmas").select_one(".publisher")

        assert publisher.select_one('a[href="mailto:seksi@example.go.id"]')
        assert "Seksi Data" in text(publisher)

    def test_home_without_search_index(
        self, page: Fetch, ckan_config: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(ckan_config, "solr_url", "http://127.0.0.1:9/solr/none")
        shown = page("/")

        assert "can not be read at the moment" in text(shown.select_one(".alert"))

    def test_own_logo_and_intro(
        self, page: Fetch, ckan_config: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("ckan.lib.app_globals.app_globals.site_logo", "/base/images/bg.png")
        monkeypatch.setattr("ckan.lib.app_globals.app_globals.site_intro_text", "# Halo Data")
        monkeypatch.setitem(ckan_config, "ckanext.tangerang.government.url", "")
        shown = page("/")

        assert shown.select_one(".logo img")["src"] == "/base/images/bg.png"
        assert text(shown.h1) == "Halo Data"
        assert not shown.select(".government a")
        assert "Pemerintah Kabupaten Tangerang" in text(shown.select_one(".government"))


@pytest.mark.ckan_config("ckan.plugins", "tangerang_theme")
@pytest.mark.usefixtures("with_plugins")
@pytest.mark.parametrize("name", ["logo.svg", "favicon.svg"])
def test_pictures_are_served(name: str, app: Any) -> None:
    answer = app.get(f"/tangerang-theme/{name}")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("image/svg+xml")
