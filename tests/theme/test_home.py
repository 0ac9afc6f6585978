"""The home page: what is kept of it and for how long, what it shows, who chooses its figures."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ckan.lib.redis
import ckan.lib.search
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib.redis import connect_to_redis
from ckan.tests import factories
from ckan.tests.helpers import call_action
from redis import ConnectionPool

from tests.access.conftest import system
from tests.charts.conftest import YEARS, table
from tests.metadata.conftest import complete, make, people

from .conftest import Page, counted, text

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import SimpleNamespace

    Fetch = Callable[..., Page]

__all__ = ["complete", "make", "people", "table"]

PLUGINS = (
    "tangerang_theme tangerang_score tangerang_charts tangerang_access tangerang_metadata "
    "tangerang_opd activity datastore scheming_datasets scheming_organizations"
)
BODIES = "*:tangerang:home:body:*"

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins"),
]


def forget_bodies() -> None:
    redis: Any = connect_to_redis()
    for key in redis.keys(BODIES):
        redis.delete(key)


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Begin without a body of another test."""
    forget_bodies()


def kept() -> list[dict[str, Any]]:
    """Return the bodies that are kept."""
    redis: Any = connect_to_redis()
    return [json.loads(redis.get(key)) for key in redis.keys(BODIES)]


def token_of(user: dict[str, Any]) -> str:
    return str(call_action("api_token_create", user=user["name"], name="t")["token"])


def days(number: int) -> str:
    return (date.today() + timedelta(days=number)).isoformat()  # noqa: DTZ011


@pytest.fixture
def indicator(make: Any, table: Any) -> Callable[..., dict[str, Any]]:
    """Return what makes a public indicator with figures in a table of its own."""

    def create(name: str = "ikm", rows: Any = YEARS, **data: Any) -> dict[str, Any]:
        file = table(rows, name=f"tabel-{name}", title=f"Tabel {name}")
        made = make.indicator(title=f"Indikator {name}", name=name, **data)
        # Past the form, which refuses columns of text: tables come with them all the same.
        package: Any = model.Package.get(made["id"])
        package.extras = {
            **package.extras,
            "nilai_resource": file,
            "nilai_kolom": "nilai",
            "tahun_kolom": "tahun",
        }
        model.Session.commit()
        ckan.lib.search.rebuild(made["id"])
        return made

    return create


class TestKeeping:
    def test_the_second_reader_asks_one_statement(self, complete: Any, app: Any) -> None:
        system("package_create", **complete)
        app.get("/")
        with counted() as queries:
            body = app.get("/").body

        assert "Jumlah Puskesmas menurut Kecamatan" in body
        assert queries.solr == []
        assert len([q for q in queries.sql if "FROM package" in q]) == 1
        assert len(queries.sql) <= 2, queries.sql

    def test_the_first_reader_asks_no_more_of_a_larger_portal(
        self, complete: Any, app: Any, people: Any
    ) -> None:
        def first_reader() -> Any:
            forget_bodies()
            with counted() as queries:
                app.get("/")
            return queries

        system("package_create", **{**complete, "name": "nol", "jadwal_rilis": days(5)})
        app.get("/")
        before = first_reader()
        for number in range(3):
            office = factories.Organization(
                jenis_opd="dinas", urusan=["1.02"], kontak_email="opd@example.go.id"
            )
            values = {"name": f"data-{number}", "owner_org": office["id"]}
            system("package_create", **{**complete, **values, "jadwal_rilis": days(9)})
        after = first_reader()

        assert len(before.solr) <= 2, before.solr
        assert len(after.solr) == len(before.solr)
        assert len(after.sql) == len(before.sql), after.sql

    def test_each_language_has_its_own(self, page: Fetch) -> None:
        assert "Search the data" in text(page("/"))
        assert "Cari data" in text(page("/id/"))
        assert "Search the data" in text(page("/"))
        assert len(kept()) == 2

    def test_a_change_is_seen_by_the_next_reader(self, complete: Any, page: Fetch) -> None:
        made = system("package_create", **complete)
        page("/")
        system("package_patch", id=made["id"], title="Judul Baru")

        assert "Judul Baru" in text(page("/"))

    def test_a_change_of_an_organization_is_seen(self, complete: Any, page: Fetch) -> None:
        made = system("package_create", **complete)
        page("/")
        system("organization_patch", id=made["owner_org"], title="Dinas Sehat")

        assert "Dinas Sehat" in text(page("/").select_one(".home-agencies"))

    def test_nothing_is_kept_for_longer_than_a_minute(self, app: Any) -> None:
        app.get("/")
        redis: Any = connect_to_redis()

        assert [redis.ttl(key) <= 60 for key in redis.keys(BODIES)] == [True]

    def test_what_is_withdrawn_is_gone_at_once(self, complete: Any, page: Fetch) -> None:
        made = system("package_create", **complete)
        assert "Jumlah Puskesmas" in text(page("/"))
        system("package_patch", id=made["id"], private=True)

        assert "Jumlah Puskesmas" not in text(page("/"))

    def test_what_is_hidden_past_all_actions_is_gone_at_once(
        self, complete: Any, page: Fetch
    ) -> None:
        """Neither a signal nor the search index says that it is no longer public."""
        made = system("package_create", **complete)
        assert "Jumlah Puskesmas" in text(page("/"))
        table: Any = model.Package.__table__
        model.Session.execute(sa.update(table).where(table.c.id == made["id"]).values(private=True))
        model.Session.commit()

        assert kept()
        assert "Jumlah Puskesmas" not in text(page("/"))

    def test_nothing_of_a_user_is_kept(self, people: Any, page: Fetch) -> None:
        user = factories.Sysadmin(fullname="Nama Rahasia")
        token = token_of(user)
        shown = page("/", token)
        assert "Nama Rahasia" in text(shown)
        assert kept() == []

        page("/")
        (only,) = kept()
        page("/", token)
        assert kept() == [only]
        for word in (
            "Nama Rahasia",
            user["name"],
            "csrf",
            "/user/",
            "/dashboard",
            "flash-messages",
        ):
            assert word not in only["body"]

    def test_messages_are_for_who_they_are_for(self, people: Any, app: Any) -> None:
        """A message waits in the session: it is shown once, and not kept."""
        user = factories.User(password="rahasia-12345")
        login = {"login": user["name"], "password": "rahasia-12345"}
        app.post("/user/login", data=login, follow_redirects=False)
        app.get("/")
        assert kept() == []

    def test_redis_is_down(
        self, complete: Any, page: Fetch, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(ckan.lib.redis, "_connection_pool", ConnectionPool(port=9))
        made = system("package_create", **complete)
        assert "Jumlah Puskesmas" in text(page("/"))
        system("package_patch", id=made["id"], title="Judul Baru")
        assert "Judul Baru" in text(page("/"))

    def test_solr_is_down(
        self, people: Any, page: Fetch, ckan_config: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        solr = ckan_config["solr_url"]
        monkeypatch.setitem(ckan_config, "solr_url", "http://127.0.0.1:9/solr/none")
        shown = page("/")

        assert "can not be read at the moment" in text(shown.select_one(".alert"))
        assert shown.select(".home-topics a")
        assert shown.select(".home-search input, .search-box input")
        monkeypatch.setitem(ckan_config, "solr_url", solr)
        assert not page("/").select(".alert")


@pytest.mark.ckan_config("extra_template_paths", str(Path(__file__).parent / "templates"))
@pytest.mark.parametrize("url", ["/", "/?bare=1"])
def test_a_token_is_never_kept(url: str, app: Any) -> None:
    """A site may put one into a block, in a field or elsewhere: nothing is kept then."""
    for _ in range(2):
        shown = Page(app.get(url).body, "html.parser")
        assert shown.select_one(".site-form")["data-token"]
        assert len(shown.select(".site-form input")) == (0 if "bare" in url else 1)
        assert kept() == []


class TestHeadlines:
    def test_figure_unit_year_change_source_and_line(
        self, indicator: Any, page: Fetch, people: Any
    ) -> None:
        indicator()
        (card,) = page("/id/").select(".home-headlines > ul > li")

        assert card.h3.a["href"] == "/id/indikator/ikm"
        assert text(card.select_one(".figure")) == "71 poin (2023)"
        assert text(card.select_one(".change")) == "Naik 0,5 poin sejak 2022 (membaik)"
        assert "fa-arrow-up" in card.select_one(".change i")["class"]
        assert text(card.select_one(".source")) == "Sumber: Dinas Kesehatan, Tabel ikm"
        assert card.select_one(".source a")["href"] == "/id/dataset/tabel-ikm"
        assert card.select_one('.line svg[role="img"]')["aria-label"].startswith("Indikator ikm")

    @pytest.mark.parametrize(
        ("values", "record", "expected"),
        [
            (("70", "68"), ("poin", "naik_baik"), "Down 2 poin since 2022 (worse)"),
            (
                ("70", "68"),
                ("persen", "turun_baik"),
                "Down 2 percentage points since 2022 (better)",
            ),
            (("70", "70"), ("poin", "naik_baik"), "Unchanged since 2022"),
            (("70", "71"), ("poin", ""), "Up 1 poin since 2022"),
        ],
    )
    def test_change_in_words(
        self,
        values: tuple[str, str],
        record: tuple[str, str],
        expected: str,
        indicator: Any,
        page: Fetch,
    ) -> None:
        rows = [{"tahun": str(2022 + at), "nilai": value} for at, value in enumerate(values)]
        indicator(rows=rows, satuan=record[0], arah=record[1])

        assert text(page("/").select_one(".home-headlines .change")) == expected

    def test_one_figure_has_no_change_and_no_line(self, indicator: Any, page: Fetch) -> None:
        indicator(rows=YEARS[:1])
        (card,) = page("/").select(".home-headlines > ul > li")

        assert text(card.select_one(".figure")) == "70.5 poin (2022)"
        assert not card.select(".change, .line")

    def test_figures_of_a_withdrawn_table_are_gone_at_once(
        self, indicator: Any, page: Fetch
    ) -> None:
        indicator()
        assert page("/").select(".home-headlines")
        system("package_patch", id="tabel-ikm", private=True)

        assert not page("/").select(".home-headlines")

    def test_the_walidata_chooses(self, indicator: Any, page: Fetch, people: Any) -> None:
        first, second, _ = indicator("satu"), indicator("dua"), indicator("tiga")
        as_walidata = {"user": people.walidata_editor["name"]}
        choose = tk.get_action("tangerang_headline_update")
        page("/")

        assert choose(as_walidata, {"indikator": ["dua", first["id"]]}) == [
            second["id"],
            first["id"],
        ]
        titles = [text(title) for title in page("/").select(".home-headlines h3")]
        assert titles == ["Indikator dua", "Indikator satu"]

        assert choose(dict(as_walidata), {"indikator": []}) == []
        assert len(page("/").select(".home-headlines h3")) == 3

    @pytest.mark.parametrize("wrong", [["tidak-ada"], ["tabel-ikm"], [1], "x" * 9, ["a"] * 9])
    def test_what_can_not_be_chosen(self, wrong: Any, indicator: Any, people: Any) -> None:
        indicator()
        context: Any = {"user": people.walidata_editor["name"]}
        with pytest.raises(tk.ValidationError):
            tk.get_action("tangerang_headline_update")(context, {"indikator": wrong})

    def test_others_do_not_choose(self, people: Any) -> None:
        for name in (people.admin["name"], people.editor["name"], factories.User()["name"], ""):
            for action, data in (("list", {}), ("update", {"indikator": []})):
                with pytest.raises(tk.NotAuthorized):
                    tk.get_action(f"tangerang_headline_{action}")({"user": name}, dict(data))

    def test_page_of_the_choice(self, indicator: Any, page: Fetch, app: Any, people: Any) -> None:
        first, second = indicator("satu"), indicator("dua")
        token = token_of(people.walidata_editor)
        assert page("/", token).select_one('.home-staff a[href="/angka-utama"]')
        assert len(page("/angka-utama", token).select("tbody tr")) == 2

        def send(**numbers: str) -> SimpleNamespace:
            data = {f"urutan-{key}": value for key, value in numbers.items()}
            return app.post(
                "/angka-utama",
                data=data,
                headers={"Authorization": token},
                follow_redirects=False,
            )

        wrong = Page(send(**{first["id"]: "dua", second["id"]: "1"}).body, "html.parser")
        assert '"dua" is no number' in text(wrong.select_one('[role="alert"]'))
        assert wrong.find(id=f"urutan-{second['id']}")["value"] == "1"
        assert wrong.find(id=f"urutan-{first['id']}")["value"] == "dua"

        send(**{first["id"]: "2", second["id"]: "1"})
        titles = [text(title) for title in page("/").select(".home-headlines h3")]
        assert titles == ["Indikator dua", "Indikator satu"]

        page("/angka-utama", token_of(people.editor), status=403)


class TestParts:
    def test_next_releases(self, complete: Any, page: Fetch) -> None:
        for name, day in (("jauh", 60), ("lewat", -40), ("dekat", 3)):
            values = {"name": name, "title": f"Data {name}", "jadwal_rilis": days(day)}
            system("package_create", **{**complete, **values})
        hidden = {"name": "rahasia", "jadwal_rilis": days(1), "private": True}
        system("package_create", **{**complete, **hidden})
        rows = page("/").select(".home-releases li")

        assert [text(row.a) for row in rows] == ["Data dekat", "Data jauh"]
        assert rows[0].time["datetime"] == days(3)
        assert text(rows[0].select_one(".agency")) == "Dinas Kesehatan"

    def test_agencies_by_kind(self, complete: Any, page: Fetch) -> None:
        for name, kind in (("kec-a", "kecamatan"), ("kec-b", "kecamatan")):
            factories.Organization(name=name, title=name.title(), jenis_opd=kind)
        system("organization_patch", id="dinkes", jenis_opd="dinas")
        system("package_create", **complete)
        groups = page("/id/").select(".home-groups > ul > li")

        assert [text(group.summary) for group in groups] == [
            "Dinas 1 perangkat daerah · 1 dataset",
            "Kecamatan 2 perangkat daerah",
            # The walidata of the tests says no kind.
            "Perangkat daerah lain 1 perangkat daerah",
        ]
        assert groups[1].select_one(".count-list a")["href"] == "/id/organization/kec-a"

    def test_average_score_only_where_it_is_public(
        self, complete: Any, page: Fetch, ckan_config: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = system("package_create", **complete)
        assert "SDI score" not in text(page("/").select_one(".figures"))

        monkeypatch.setitem(ckan_config, "ckanext.tangerang.score.public_averages", True)
        forget_bodies()
        score = call_action("tangerang_score_show", id=made["id"])["score"]
        assert f"{score} % average SDI score" in text(page("/").select_one(".figures"))
