"""The resolver of the portal: actions, helper, command line, page, datasets by ``produsen``."""

from __future__ import annotations

import csv
import io
import json

import ckan.plugins.toolkit as tk
import pytest
import yaml
from bs4 import BeautifulSoup
from ckan.cli.cli import ckan
from ckan.config.middleware.flask_app import csrf
from ckan.tests import factories, helpers
from openpyxl import Workbook

from ckanext.tangerang.metadata.values import Problem
from ckanext.tangerang.opd import batch, lookup, producer
from ckanext.tangerang.opd.abbreviations import AbbreviationsError
from ckanext.tangerang.opd.views.resolve import MAX_LINES

from .people import PLUGINS, ROLES

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index"),
]

PAGE = "/opd/cocokkan"


def _resolve(q, **more):
    return helpers.call_action("tangerang_opd_resolve", {"user": ""}, q=q, **more)


class TestActions:
    def test_a_match(self, portal):
        answer = _resolve("Dinas Kesehatan Kab. Tangerang")
        assert answer == {
            "match": {
                "id": portal.dinkes["id"],
                "name": "dinkes",
                "title": "Dinas Kesehatan",
                "kode_opd": "1.02.0.00.0.00.01.0000",
                "how": "normalised",
                "successor": None,
                "successors": [],
            },
            "candidates": [],
            "reason": None,
        }

    def test_candidates(self, portal):
        answer = _resolve("Dinas Kesehatn")
        assert answer["match"] is None
        assert answer["reason"] == "unknown"
        first = answer["candidates"][0]
        assert first.keys() == {"name", "title", "score", "why"}
        assert first["name"] == "dinkes"

    def test_successor(self, portal):
        new = factories.Organization(name="pangan", title="Dinas Pangan", berlaku_dari="2017")
        factories.Organization(
            name="tani",
            title="Dinas Pertanian",
            berlaku_sampai="2016",
            cara_berakhir="digabung",
            pengganti=[new["id"]],
        )
        match = _resolve("Dinas Pertanian", year="2015")["match"]
        assert match["name"] == "tani"
        assert match["successor"] == {
            "id": new["id"],
            "name": "pangan",
            "title": "Dinas Pangan",
            "kode_opd": "",
        }
        assert _resolve("Dinas Pertanian", year=2020)["match"]["name"] == "pangan"

    @pytest.mark.parametrize("role", ROLES)
    def test_everybody_may_ask(self, portal, role):
        assert portal.act(role, "tangerang_opd_resolve", q="dinkes")["match"]
        assert portal.act(role, "tangerang_opd_resolve_many", q=["dinkes"])[0]["match"]

    def test_many_in_the_same_order(self, portal):
        asked = ["Disdik", "", "Dinkes", "Dinas Kesehatan Kota Tangerang", "Disdik", None]
        answers = helpers.call_action("tangerang_opd_resolve_many", {"user": ""}, q=asked)
        names = [a["match"]["name"] if a["match"] else a["reason"] for a in answers]
        assert names == ["disdik", "unknown", "dinkes", "foreign", "disdik", "unknown"]

    @pytest.mark.parametrize(
        ("data", "field"),
        [
            ({}, "q"),
            ({"q": ["dinkes"]}, "q"),
            ({"q": {"a": 1}}, "q"),
            ({"q": "dinkes", "year": "abc"}, "year"),
            ({"q": "dinkes", "year": "20155"}, "year"),
        ],
    )
    def test_what_is_refused(self, portal, data, field):
        with pytest.raises(tk.ValidationError) as caught:
            helpers.call_action("tangerang_opd_resolve", {"user": ""}, **data)
        assert caught.value.error_dict.keys() == {field}

    @pytest.mark.parametrize("q", [None, {"a": 1}, [{"a": 1}], ["a", ["b"]], ["a", True]])
    def test_lists_that_are_refused(self, portal, q):
        with pytest.raises(tk.ValidationError):
            helpers.call_action("tangerang_opd_resolve_many", {"user": ""}, q=q)

    def test_a_list_that_is_too_long(self, portal):
        q = ["x"] * (lookup.MAX_TEXTS + 1)
        with pytest.raises(tk.ValidationError) as caught:
            helpers.call_action("tangerang_opd_resolve_many", {"user": ""}, q=q)
        assert "5000" in caught.value.error_dict["q"][0]

    def test_by_get_and_by_post(self, app, portal):
        answer = app.get("/api/action/tangerang_opd_resolve?q=Dinkes&year=2020").json
        assert answer["result"]["match"]["how"] == "singkatan"
        body = {"q": ["Dinkes", "Dinas Kesehatan"]}
        answer = app.post("/api/action/tangerang_opd_resolve_many", json=body).json
        assert [a["match"]["how"] for a in answer["result"]] == ["singkatan", "name"]

    def test_a_change_of_the_registry_is_seen_at_once(self, portal):
        assert _resolve("Dinas Kesehatan Baru")["match"] is None
        portal.act("sysadmin", "organization_patch", id="dinkes", title="Dinas Kesehatan Baru")
        assert _resolve("Dinas Kesehatan Baru")["match"]["how"] == "name"
        assert _resolve("Dinas Kesehatan")["match"]["how"] == "former_name"

    def test_a_confirmed_suggestion_matches_exactly(self, portal):
        text = "Dinas Kes. Masyarakat"
        assert _resolve(text)["match"] is None
        portal.act("walidata", "tangerang_opd_alias_create", id="dinkes", alias=text)
        assert _resolve("DINAS KES MASYARAKAT")["match"]["how"] == "alias"

    @pytest.mark.ckan_config("ckanext.tangerang.region.code", "36.71")
    @pytest.mark.ckan_config("ckanext.tangerang.region.name", "Kota Tangerang")
    def test_another_region(self, portal):
        assert _resolve("Dinas Kesehatan Kota Tangerang")["match"]["name"] == "dinkes"
        assert _resolve("Dinas Kesehatan Kab. Tangerang")["reason"] == "foreign"

    def test_a_file_of_abbreviations_of_the_site(self, portal, tmp_path, monkeypatch):
        file = tmp_path / "singkatan.yaml"
        file.write_text("singkat:\n  kesehatan: [waras]\n", encoding="utf-8")
        monkeypatch.setitem(tk.config, "ckanext.tangerang.opd.abbreviations", str(file))
        assert _resolve("Dinas Waras")["match"]["name"] == "dinkes"
        monkeypatch.setitem(tk.config, "ckanext.tangerang.opd.abbreviations", "/tidak/ada.yaml")
        with pytest.raises(AbbreviationsError, match=r"/tidak/ada.yaml can not be read"):
            _resolve("Dinas Waras")

    def test_helper(self, app, portal):
        with app.flask_app.test_request_context("/"):
            assert tk.h.tangerang_opd_resolve("Dinkes")["match"]["name"] == "dinkes"


def _xlsx(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class TestFiles:
    def test_a_list_keeps_commas(self):
        text = "Dinas Pemuda, Olahraga\n\n Dinkes \r\nDinkes"
        assert batch.read(text.encode(), "daftar.txt") == [
            "Dinas Pemuda, Olahraga",
            "Dinkes",
            "Dinkes",
        ]

    @pytest.mark.parametrize(
        "heading", ["OPD", "Nama OPD", "SKPD", "Instansi", "produsen", "organization"]
    )
    def test_a_column_of_a_usual_heading(self, heading):
        table = f"No;Judul;{heading}\n1;Data;Dinkes\n2;Data;\n3;Data;Disdik\n"
        assert batch.read(table.encode(), "a.csv") == ["Dinkes", "Disdik"]
        assert batch.read(_xlsx(["Daftar"], ["No", heading], [1, "Dinkes"]), "a.xlsx") == ["Dinkes"]

    def test_a_column_by_its_heading(self):
        table = "OPD,Pengirim\nDinkes,Disdik\n"
        assert batch.read(table.encode(), "a.csv", "pengirim") == ["Disdik"]
        with pytest.raises(Problem, match="No column"):
            batch.read(table.encode(), "a.csv", "Lain")

    def test_without_a_heading_the_first_column(self):
        assert batch.read(b"Dinkes,1\nDisdik,2\n", "a.csv") == ["Dinkes", "Disdik"]

    @pytest.mark.parametrize(
        "content", [b"PK\x03\x04rusak", b"\xd0\xcf\x11\xe0" + b"0" * 99, b"\xff\xfe\x00", b"a\0b"]
    )
    def test_garbage(self, content):
        with pytest.raises(Problem):
            batch.read(content, "a.csv")

    def test_too_large(self):
        with pytest.raises(Problem, match="too large"):
            batch.read(b"a\n" * 6_000_000)


@pytest.mark.usefixtures("with_extended_cli")
class TestCommand:
    @pytest.fixture
    def run(self, cli, portal):
        def running(*arguments):
            return cli.invoke(ckan, ["tangerang", "opd", "resolve", *map(str, arguments)])

        return running

    def test_texts(self, run):
        result = run("Dinkes", "Dinas Pendidkan", "BPS Kota Serang")
        assert result.exit_code == 1
        assert "Dinkes → Dinas Kesehatan (dinkes)" in result.output
        assert "Dinas Pendidkan → Dinas Pendidikan (disdik)" in result.output
        assert "3: " in result.output
        assert "- slug: disdik" in result.output
        assert run("Dinkes").exit_code == 0

    def test_files_and_forms(self, run, tmp_path):
        file = tmp_path / "daftar.xlsx"
        file.write_bytes(_xlsx(["OPD"], ["Dinkes"], ["Dinkes"], ["=Dinas Pendidkan"]))
        rows = list(csv.DictReader(io.StringIO(run("--file", file, "--format", "csv").output)))
        assert [(row["status"], row["count"], row["name"]) for row in rows][:1] == [
            ("matched", "2", "dinkes")
        ]
        answer = json.loads(run("Dinkes", "--format", "json").output)
        assert answer[0]["match"]["name"] == "dinkes"

    def test_the_lines_of_the_registry_file_keep_the_aliases_that_are(self, run, portal):
        portal.act("walidata", "tangerang_opd_alias_create", id="disdik", alias="Dindik")
        output = run("Dinas Pendidkan", "Kota", "--format", "yaml").output
        assert yaml.safe_load(output) == [
            {"slug": "disdik", "alias": ["Dindik", "Dinas Pendidkan"]}
        ]

    def test_a_year(self, run):
        assert "unknown" in run("Dinkes", "--year", "1999", "--format", "csv").output

    def test_nothing_and_garbage(self, run, tmp_path):
        assert run().exit_code == 2
        file = tmp_path / "rusak.xlsx"
        file.write_bytes(b"PK\x03\x04rusak")
        result = run("--file", file)
        assert result.exit_code == 1
        assert "rusak.xlsx" in result.output


class TestPage:
    @pytest.fixture
    def send(self, app, portal):
        def sending(role="walidata", **data):
            answer = app.post(PAGE, data=data, headers=portal.headers(role), status=200)
            return BeautifulSoup(answer.body, "html.parser")

        return sending

    @pytest.mark.parametrize("role", ROLES)
    def test_who_sees_it(self, app, portal, role):
        if role == "anonymous":
            answer = app.get(PAGE, follow_redirects=False)
            assert "/user/login" in answer.headers["Location"]
        else:
            status = 200 if role in ("walidata", "sysadmin") else 403
            app.get(PAGE, headers=portal.headers(role), status=status)

    def test_a_pasted_list(self, send):
        page = send(texts="Dinkes\nDinas Pendidkan\nBPS Kota Serang\n<script>x</script>")
        assert "1 matched, 1 suggested, 2 unknown" in page.get_text()
        rows = page.select("tbody tr")
        assert [row["class"] for row in rows] == [
            [f"tangerang-resolve-{s}"] for s in ("matched", "suggested", "unknown", "unknown")
        ]
        assert rows[0].find("a")["href"].endswith("/opd/dinkes")
        assert page.find("script", string="x") is None

    def test_a_file(self, send):
        page = send(upload=(io.BytesIO(_xlsx(["OPD"], ["Dinkes"])), "daftar.xlsx"), texts="")
        assert "1 matched, 0 suggested" in page.get_text()
        assert page.find("textarea", {"name": "texts"}).get_text().strip() == "Dinkes"

    def test_one_click_makes_an_alias_and_the_rest_stays(self, send, portal):
        page = send(texts="Disdik\nDinas Pendidkan")
        button = page.find("button", {"name": "alias"})
        assert button["value"] == "1:disdik"
        kept = page.find("textarea", {"name": "texts"}).get_text()
        page = send(texts=kept, alias=button["value"])
        assert "2 matched, 0 suggested" in page.get_text()
        assert "Dinas Pendidikan" in page.select_one(".alert-success, .flash-messages").get_text()
        assert _resolve("Dinas Pendidkan")["match"]["how"] == "alias"

    def test_what_can_not_be_an_alias(self, send):
        assert "not on the page any more" in send(texts="Disdik", alias="7:disdik").get_text()
        assert "already" in send(texts="Disdik", alias="0:dinkes").get_text()
        assert "no such OPD" in send(texts="Apa saja", alias="0:tidak-ada").get_text()

    def test_what_is_wrong(self, send):
        assert "at least one name" in send(texts=" \n ").get_text()
        many = "\n".join(f"Nama {n}" for n in range(MAX_LINES + 5))
        assert "too long" in send(texts=many).get_text()
        assert send(texts="Disdik", year="abc").select(".alert-danger")
        bad = (io.BytesIO(b"PK\x03\x04rusak"), "a.xlsx")
        assert send(upload=bad, texts="").select(".alert-danger")

    @pytest.mark.ckan_config("WTF_CSRF_ENABLED", True)
    def test_an_alias_needs_the_token_of_the_page(self, app, portal, monkeypatch):
        # Earlier requests with API tokens have exempted the view for the whole process.
        monkeypatch.setattr(csrf, "_exempt_views", set())
        app.set_session_user(portal.users["walidata"]["id"])
        data = {"texts": "Dinas Pendidkan", "alias": "0:disdik"}
        assert app.post(PAGE, data=data).status_code == 400
        assert _resolve("Dinas Pendidkan")["match"] is None
        page = BeautifulSoup(app.get(PAGE).body, "html.parser")
        data["_csrf_token"] = page.select_one("input[name=_csrf_token]")["value"]
        app.post(PAGE, data=data, status=200)
        assert _resolve("Dinas Pendidkan")["match"]["name"] == "disdik"


class TestProducer:
    """Datasets whose OPD is named as another system writes it."""

    def _create(self, portal, role="sysadmin", **more):
        return portal.act(role, "package_create", name=more.pop("name", "data-x"), **more)

    @pytest.mark.parametrize(
        "text", ["Dinas Kesehatan Kab. Tangerang", "DINKES", "1.02.0.00.0.00.01.0000", "dinkes"]
    )
    def test_a_text_or_code(self, portal, text):
        made = self._create(portal, "editor", produsen=text)
        assert made["owner_org"] == portal.dinkes["id"]
        assert "produsen" not in made

    def test_the_organization_counts_before_the_text(self, portal):
        made = self._create(portal, owner_org="disdik", produsen="Dinkes")
        assert made["owner_org"] == portal.disdik["id"]

    def test_a_similar_text_names_the_candidates(self, portal):
        errors = portal.refused("sysadmin", "package_create", name="x", produsen="Dinas Kesehatn")
        assert "Dinas Kesehatan (dinkes)" in errors["produsen"][0]

    @pytest.mark.parametrize("text", ["Dinas Kesehatan Kota Tangerang", "Kementerian Kesehatan"])
    def test_offices_of_others(self, portal, text):
        errors = portal.refused("sysadmin", "package_create", name="x", produsen=text)
        assert "another region" in errors["produsen"][0]

    @pytest.mark.parametrize("value", [["dinkes"], {"a": 1}, True])
    def test_what_is_no_text(self, portal, value):
        errors = portal.refused("sysadmin", "package_create", name="x", produsen=value)
        assert "produsen" in errors

    def test_who_may_not_create_there_is_refused(self, portal):
        with pytest.raises((tk.NotAuthorized, tk.ValidationError)):
            self._create(portal, "other_admin", produsen="Dinkes")

    def test_an_update_of_a_harvester(self, portal):
        made = self._create(portal, owner_org="disdik")
        portal.act("sysadmin", "package_update", id=made["id"], name="data-x", produsen="Dinkes")
        shown = portal.act("sysadmin", "package_show", id=made["id"])
        assert shown["owner_org"] == portal.dinkes["id"]

    def test_the_list_of_other_organizations_is_asked_first(self, portal, tmp_path, monkeypatch):
        file = tmp_path / "lain.yaml"
        file.write_text(
            '"Dinkes Prov. Banten": dinkes\n"UPT Data": 1.02.0.00.0.00.01.0000\nDisdik: null\n'
            "Salah tulis: Dinas Kesehatn\n",
            encoding="utf-8",
        )
        monkeypatch.setitem(tk.config, "ckanext.tangerang.opd.harvest_map", str(file))
        made = self._create(portal, produsen="DINKES PROV BANTEN")
        assert made["owner_org"] == portal.dinkes["id"]
        assert (
            self._create(portal, name="data-y", produsen="UPTD Data")["owner_org"]
            == portal.dinkes["id"]
        )
        refused = portal.refused("sysadmin", "package_create", name="x", produsen="Disdik")
        assert "not one of ours" in refused["produsen"][0]
        refused = portal.refused("sysadmin", "package_create", name="x", produsen="Salah tulis")
        assert "Perhaps you mean" in refused["produsen"][0]
        made = self._create(portal, name="data-z", produsen="Diskominfo Kab. Tangerang")
        assert made["owner_org"] == portal.diskominfo["id"]

    @pytest.mark.parametrize("content", ["- a\n- b\n", "a: [b]\n", "a: {b: c}\n", "{", "\xff"])
    def test_a_list_that_can_not_be_used(self, portal, tmp_path, monkeypatch, content):
        file = tmp_path / "lain.yaml"
        file.write_bytes(content.encode("latin-1"))
        monkeypatch.setitem(tk.config, "ckanext.tangerang.opd.harvest_map", str(file))
        with pytest.raises(producer.HarvestMapError, match=r"lain\.yaml"):
            producer.owner_of("Dinkes")
