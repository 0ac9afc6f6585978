"""The pages of the registry: the list of all OPD, the pages of one, its form."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.tangerang.opd.model import OpdAlias, OpdName
from ckanext.tangerang.opd.spelling import fold
from tests.metadata.records import indicator
from tests.theme.conftest import COMPLETE, HOSTILE, counted, page, text

from .offices import write

__all__ = ["page"]

pytestmark = pytest.mark.usefixtures("with_portal", "clean_db", "clean_index")


def token(user):
    return str(call_action("api_token_create", user=user["name"], name="t")["token"])


def former(organization, name, title, **values):
    """Write a former name of an organization."""
    row = {"singkatan": "", "berlaku_sampai": "2016", "dasar_hukum": "Perda 11/2016", **values}
    model.Session.add(OpdName(organization_id=organization["id"], name=name, title=title, **row))
    model.Session.commit()


def alias(organization, word):
    """Write an alias of an organization."""
    model.Session.add(OpdAlias(organization_id=organization["id"], alias=word, folded=fold(word)))
    model.Session.commit()


def create(record_type, owner, **values):
    """Make a public record of an organization."""
    user = call_action("get_site_user")["name"]
    record = indicator() if record_type == "indikator" else {"title": "Data", **COMPLETE}
    record |= {"type": record_type, "owner_org": owner["id"], "private": False, **values}
    return call_action("package_create", {"user": user, "ignore_auth": True}, **record)


@pytest.fixture
def opd():
    """Make a dinas with two levels of units, one that was merged into it, and BPS."""

    def make(name, title, **values):
        return factories.Organization(name=name, title=title, image_url="", **values)

    dinkes = make(
        "dinkes",
        "Dinas Kesehatan",
        singkatan="Dinkes",
        jenis_opd="dinas",
        kode_opd="1.02.0.00.0.00.01.0000",
        urusan=["1.02"],
        berlaku_dari="2008",
        kontak_email="dinkes@example.go.id",
    )
    puskesmas = make(
        "puskesmas-cikupa", "Puskesmas Cikupa", jenis_opd="uptd", groups=[{"name": "dinkes"}]
    )
    pustu = make("pustu", "Pustu Sukamulya", groups=[{"name": "puskesmas-cikupa"}])
    old = make(
        "dinsehat",
        "Dinas Kesehatan Masyarakat",
        jenis_opd="dinas",
        berlaku_sampai="2016",
        cara_berakhir="digabung",
        pengganti=["dinkes"],
        dasar_hukum="Perda 11/2016",
    )
    bps = make("bps", "BPS Kabupaten Tangerang", jenis_opd="non_opd", peran_sdi="pembina_data")
    former(dinkes, "dinkessos", "Dinas Kesehatan dan Kesejahteraan Sosial", singkatan="Dinkessos")
    alias(dinkes, "Kantor Kesehatan Kabupaten")
    return SimpleNamespace(dinkes=dinkes, puskesmas=puskesmas, pustu=pustu, old=old, bps=bps)


def lines(node):
    """Return the lines right below a list of OPD by name of the OPD."""
    return {text(li.select_one(".name > a")): li for li in node.find_all("li", recursive=False)}


def figures(li):
    """Return the numbers of a line by their labels."""
    found = {}
    for cell in li.select_one(".tangerang-opd-line").select(".n"):
        label = text(cell.span)
        cell.span.extract()
        found[label] = text(cell)
    return found


class TestTree:
    def test_units_stand_below_their_parents(self, page, opd):
        top = lines(page("/opd").select_one(".tangerang-opd-list"))
        assert list(top) == ["Dinas Kesehatan"]
        first = lines(top["Dinas Kesehatan"].select_one(".tangerang-opd-list"))
        assert list(first) == ["Puskesmas Cikupa"]
        second = lines(first["Puskesmas Cikupa"].select_one(".tangerang-opd-list"))
        assert list(second) == ["Pustu Sukamulya"]
        assert top["Dinas Kesehatan"].select_one(".name > a")["href"] == "/organization/dinkes"

    def test_units_are_folded_until_asked_for(self, page, opd):
        assert not page("/opd").select(".tangerang-opd-lines details[open]")
        assert len(page("/opd?buka=1").select(".tangerang-opd-lines details[open]")) == 2

    def test_what_has_ended_is_folded_and_names_what_replaces_it(self, page, opd):
        closed = page("/opd").select_one("details#berakhir")
        assert not closed.has_attr("open")
        assert text(closed.summary) == "1 OPD that has ended"
        line = lines(closed.select_one(".tangerang-opd-list"))["Dinas Kesehatan Masyarakat"]
        assert "ended 2016" in text(line)
        assert line.small.a["href"] == "/organization/dinkes"

    def test_units_of_an_ended_one_stand_below_the_next_that_has_not(self, page, opd):
        sysadmin = {"user": factories.Sysadmin()["name"], "ignore_auth": True}
        call_action("organization_patch", sysadmin, id="puskesmas-cikupa", berlaku_sampai="2015")
        top = lines(page("/opd").select_one(".tangerang-opd-list"))
        first = lines(top["Dinas Kesehatan"].select_one(".tangerang-opd-list"))
        assert list(first) == ["Pustu Sukamulya"]

    def test_what_is_no_opd_stands_apart(self, page, opd):
        shown = page("/opd")
        assert "BPS Kabupaten Tangerang" in text(shown.select_one("#bukan-opd").find_next("div"))
        assert "BPS Kabupaten Tangerang" not in lines(shown.select_one(".tangerang-opd-list"))

    def test_an_empty_registry(self, page):
        assert "There is no OPD here yet." in text(page("/opd"))

    def test_links_to_the_registry_as_a_file(self, page, opd):
        found = [a["href"] for a in page("/opd").select(".tangerang-opd-download a")]
        assert found == ["/opd.csv", "/opd.xlsx", "/opd.json"]

    def test_the_way_to_the_tools_is_for_the_walidata(self, page, opd):
        assert not page("/opd").select(".tangerang-opd-tools")
        assert not page("/opd", token(factories.User())).select(".tangerang-opd-tools")
        sysadmin = token(factories.Sysadmin())
        tools = page("/opd", sysadmin).select(".tangerang-opd-tools a")
        assert len(tools) == 4
        for tool in tools:
            assert page(tool["href"], sysadmin).h1


class TestGroups:
    def test_by_kind_in_the_order_of_the_code_list(self, page, opd):
        shown = page("/opd?tampilan=kelompok")
        headings = [text(h2) for h2 in shown.select("h2[id^=kelompok-]")]
        assert headings == ["Agency (dinas)", "Technical unit under a dinas", "No kind given"]
        [unit] = shown.select_one("#kelompok-uptd").find_next("ul").select("li")
        assert text(unit.small) == "part of Dinas Kesehatan"
        assert shown.select_one(".tangerang-opd-views [aria-current]").text == "By kind"

    def test_by_affair_one_with_several_stands_under_each(self, page, opd):
        factories.Organization(name="dpppa", title="Dinas P3A", urusan=["1.02", "2.08"])
        shown = page("/opd?tampilan=urusan")
        for key in ("1.02", "2.08"):
            heading = shown.find(id=f"urusan-{key}")
            assert text(heading).startswith(key)
            assert "Dinas P3A" in lines(heading.find_next("ul"))

    def test_an_unknown_way_to_show_them_is_the_tree(self, page, opd):
        shown = page("/opd?tampilan=%3Cb%3E")
        assert text(shown.select_one(".tangerang-opd-views [aria-current]")) == "Tree"


class TestSearch:
    @pytest.mark.parametrize(
        ("query", "said"),
        [
            ("kesehatan sosial", "found by its former name “Dinas Kesehatan dan Kesejahteraan"),
            ("DINKESSOS", "found by its former name “Dinkessos”"),
            ("1.02.0.00", "found by its code “1.02.0.00.0.00.01.0000”"),
            ("kantor kesehatan kab.", "found by its alias “Kantor Kesehatan Kabupaten”"),
            ("dinkes", "found by its abbreviation “Dinkes”"),
            ("Din. Kesehatan", ""),
        ],
    )
    def test_by_any_name(self, page, opd, query, said):
        found = lines(page(f"/opd?q={query}").select_one(".tangerang-opd-list"))
        hit = found["Dinas Kesehatan"].select_one(".found")
        assert (text(hit) if hit else "").startswith(said)
        assert bool(hit) == bool(said)

    def test_ended_ones_are_found_too(self, page, opd):
        found = lines(page("/opd?q=masyarakat").select_one(".tangerang-opd-list"))
        assert "ended 2016" in text(found["Dinas Kesehatan Masyarakat"])

    @pytest.mark.parametrize("query", ["perikanan", "...", "opd", "9.99", "x" * 5000])
    def test_nothing_found(self, page, opd, query):
        shown = page(f"/opd?q={query}")
        assert "0 OPD found" in text(shown)
        assert not shown.select(".tangerang-opd-list")


class TestFigures:
    @pytest.fixture
    def records(self, opd):
        create("dataset", opd.dinkes, name="satu", kategori=["kesehatan"])
        create("dataset", opd.puskesmas, name="dua")
        create("dataset", opd.pustu, name="tiga", private=True)
        create("indikator", opd.dinkes)

    def line(self, page, url, token=None):
        return figures(lines(page(url, token).select_one(".tangerang-opd-list"))["Dinas Kesehatan"])

    def test_public_records_by_type(self, page, records):
        shown = self.line(page, "/opd")
        day = shown.pop("Last change")
        assert day != "–"
        assert shown == {"Datasets": "1", "Statistical activities": "0", "Indicators": "1"}

    def test_with_the_units_below(self, page, records):
        assert self.line(page, "/opd?unit=1")["Datasets"] == "2"

    @pytest.mark.parametrize("units", ["", "?unit=1"])
    def test_numbers_lead_to_as_many_records(self, page, records, units):
        shown = page(f"/opd{units}")
        line = lines(shown.select_one(".tangerang-opd-list"))["Dinas Kesehatan"]
        for link in line.select_one(".tangerang-opd-line").select(".n > a"):
            found = page(link["href"]).select_one(".search-count")
            assert text(found).split()[0] == text(link), link["href"]

    def test_average_scores_for_those_who_may_see_them(self, page, records, opd):
        assert "Score" not in self.line(page, "/opd")
        sysadmin = token(factories.Sysadmin())
        own = call_action("tangerang_score_show", id="satu")["score"]
        other = call_action("tangerang_score_show", id="dua")["score"]
        assert self.line(page, "/opd", sysadmin)["Score"] == str(own)
        assert self.line(page, "/opd?unit=1", sysadmin)["Score"] == str((own + other) // 2)

    @pytest.mark.ckan_config("ckanext.tangerang.score.public_averages", True)
    def test_average_scores_for_everybody(self, page, records):
        assert self.line(page, "/opd")["Score"].isdigit()


class TestBudget:
    """500 OPD in four levels: at most five SQL queries and one of Solr."""

    URLS = (
        *("/opd", "/opd?buka=1&unit=1", "/opd?tampilan=kelompok"),
        *("/opd?tampilan=urusan&unit=1", "/opd?q=nomor"),
    )

    def asked(self, app, url, user=None):
        headers = {"Authorization": token(user)} if user else {}
        app.get(url, headers=headers, status=200)
        with counted() as queries:
            app.get(url, headers=headers, status=200)
        return queries

    @pytest.mark.ckan_config("ckanext.tangerang.score.public_averages", True)
    def test_five_hundred(self, app):
        write(500)
        for url in self.URLS:
            queries = self.asked(app, url)
            assert len(queries.sql) <= 5, (url, queries.sql)
            assert not queries.solr, url

    def test_people_who_are_logged_in(self, app):
        """CKAN asks for the user, the token and their news on each page: about 20 queries."""
        write(20)
        walidata, member = factories.User(), factories.User()
        for role, user in (("walidata", walidata), ("produsen_data", member)):
            users = [{"name": user["name"], "capacity": "editor"}]
            factories.Organization(peran_sdi=role, users=users)
        for user, most in (
            *((factories.Sysadmin(), 5), (walidata, 5)),
            *((factories.User(), 5), (member, 7)),
        ):
            everywhere = self.asked(app, "/about", user)
            queries = self.asked(app, "/opd", user)
            assert len(queries.sql) - len(everywhere.sql) <= most, queries.sql
            assert not queries.solr

    def test_does_not_grow(self, app):
        write(20)
        before = self.asked(app, "/opd?unit=1")
        model.Session.rollback()
        for number in range(3):
            factories.Organization(name=f"lain-{number}", groups=[{"name": "opd-000"}])
        after = self.asked(app, "/opd?unit=1")
        assert len(after.sql) == len(before.sql)


class TestShortAddress:
    @pytest.mark.parametrize("word", ["dinkes", "dinkessos"])
    def test_leads_to_the_page_for_good(self, app, opd, word):
        answer = app.get(f"/opd/{word}", follow_redirects=False)
        assert answer.status_code == 301
        assert answer.headers["Location"].endswith("/organization/dinkes")

    def test_keeps_the_language(self, app, opd):
        answer = app.get("/id/opd/dinkes", follow_redirects=False)
        assert answer.headers["Location"].endswith("/id/organization/dinkes")

    def test_an_id_and_what_is_none(self, app, opd):
        answer = app.get(f"/opd/{opd.dinkes['id']}", follow_redirects=False)
        assert answer.headers["Location"].endswith("/organization/dinkes")
        app.get("/opd/tidak-ada", status=404)


class TestPage:
    def test_parents_are_the_way_here(self, page, opd):
        way = page("/organization/pustu").select(".breadcrumb a")[1:]
        assert [(text(a), a["href"]) for a in way] == [
            ("Agencies (OPD)", "/opd"),
            ("Dinkes", "/organization/dinkes"),
            ("Puskesmas Cikupa", "/organization/puskesmas-cikupa"),
            ("Pustu Sukamulya", "/organization/pustu"),
        ]

    def test_history_units_and_facts(self, page, opd):
        shown = page("/organization/dinkes")
        assert [text(h1) for h1 in shown.select("h1")] == ["Dinas Kesehatan (Dinkes)"]
        said = [text(p) for p in shown.select(".tangerang-opd-history")]
        assert said == [
            (
                "Since 2016 under this name; before: Dinas Kesehatan dan Kesejahteraan Sosial "
                "(until 2016; Perda 11/2016)"
            ),
            "Carries on the tasks of: Dinas Kesehatan Masyarakat",
        ]
        [unit] = shown.select(".tangerang-opd-units li a")
        assert unit["href"] == "/organization/puskesmas-cikupa"
        facts = text(shown.select_one(".tangerang-opd-facts"))
        for fact in ("1.02.0.00.0.00.01.0000", "Health", "dinkes@example.go.id"):
            assert fact in facts

    @pytest.mark.parametrize("url", ["/organization/dinsehat", "/organization/about/dinsehat"])
    def test_one_that_has_ended_says_so(self, page, opd, url):
        notice = page(url).select_one(".tangerang-opd-notice")
        assert text(notice) == (
            "This OPD has ended (2016). Merged into another OPD. Legal basis: Perda 11/2016. "
            "What it published stays here; it takes no new data. Its tasks are with: "
            "Dinas Kesehatan"
        )
        assert notice.a["href"] == "/organization/dinkes"
        assert not page(url.replace("dinsehat", "dinkes")).select(".tangerang-opd-notice")

    def test_topics_and_units(self, page, opd):
        create("dataset", opd.dinkes, name="satu", kategori=["kesehatan"])
        create("dataset", opd.pustu, name="dua", kategori=["kependudukan"])
        shown = page("/organization/dinkes")
        [topic] = shown.select(".tangerang-opd-topics a")
        assert len(page(topic["href"]).select(".dataset-heading")) == 1
        wider = page(shown.select_one(".tangerang-opd-switch a")["href"])
        assert len(wider.select(".dataset-heading")) == 2
        assert len(wider.select(".tangerang-opd-topics a")) == 2
        assert wider.select_one('.search-form input[name="ext_opd_tree"]')
        narrower = page(wider.select_one(".tangerang-opd-switch a")["href"])
        assert len(narrower.select(".dataset-heading")) == 1
        assert not page("/organization/pustu").select(".tangerang-opd-switch")

    def test_members_see_what_their_data_lack(self, page, opd):
        dataset = create("dataset", opd.dinkes, name="satu", title="Data Sehat")
        member = factories.User()
        call_action(
            "organization_member_create", id="dinkes", username=member["name"], role="editor"
        )
        assert not page("/organization/dinkes").select(".tangerang-opd-tasks")
        assert not page("/organization/dinkes", token(factories.User())).select(
            ".tangerang-opd-tasks"
        )
        tasks = page("/organization/dinkes", token(member)).select_one(".tangerang-opd-tasks")
        score = call_action("tangerang_score_show", id=dataset["id"])["score"]
        assert f"Average score of the public datasets: {score} of 100." in text(tasks)
        assert tasks.li.a["href"] == "/dataset/satu"
        assert tasks.find("a", href="/skor?organization=dinkes")

    def test_reads_the_registry_once(self, app, opd):
        for url in ("/organization/dinkes", "/organization/about/dinkes"):
            app.get(url)
            with counted() as queries:
                app.get(url)
            assert len([sql for sql in queries.sql if "tangerang_opd_alias" in sql]) == 1, url

    def test_former_names_and_aliases(self, page, opd):
        shown = page("/organization/about/dinkes")
        [row] = shown.select('table[aria-labelledby="opd-former-names"] tbody tr')
        assert [text(td) for td in row.select("td")] == [
            "Dinas Kesehatan dan Kesejahteraan Sosial (Dinkessos)",
            "until 2016",
            "Perda 11/2016",
        ]
        assert [text(li) for li in shown.select(".tangerang-opd-aliases li")] == [
            "Kantor Kesehatan Kabupaten"
        ]
        assert not shown.select("form[method=post]")


class TestForm:
    def test_the_walidata_moves_an_opd(self, app, page, opd):
        sysadmin = token(factories.Sysadmin())
        form = page("/organization/edit/pustu", sysadmin).select_one("#organization-edit-form")
        [chosen] = form.select("#field-parent option[selected]")
        assert chosen["value"] == "puskesmas-cikupa"
        for value, parents in (("dinkes", ["dinkes"]), ("", [])):
            app.post(
                "/organization/edit/pustu",
                data={"name": "pustu", "title": "Pustu", "groups__0__name": value, "save": ""},
                headers={"Authorization": sysadmin},
                follow_redirects=False,
                status=302,
            )
            shown = call_action("organization_show", id="pustu")
            assert [group["name"] for group in shown["groups"]] == parents

    def test_errors_lead_to_their_fields(self, app, opd):
        answer = app.post(
            "/organization/new",
            data={"name": "", "title": "Pustu", "berlaku_dari": "kapan-kapan", "save": ""},
            headers={"Authorization": token(factories.Sysadmin())},
        )
        page = BeautifulSoup(answer.body, "html.parser")
        links = [a["href"] for a in page.select(".error-explanation a")]
        assert sorted(links) == ["#field-berlaku_dari", "#field-url"]
        for link in links:
            assert page.select_one(link)

    def test_an_opd_can_not_stand_below_itself(self, page, opd):
        sysadmin = token(factories.Sysadmin())
        form = page("/organization/edit/dinkes", sysadmin).select_one("#organization-edit-form")
        assert [o["value"] for o in form.select("#field-parent option")] == ["", "bps"]

    def test_fields_stand_in_groups(self, page, opd):
        form = page("/organization/edit/dinkes", token(factories.Sysadmin()))
        groups = {
            text(group.legend): [e["name"] for e in group.select("[name]")]
            for group in form.select("fieldset.tangerang-opd-group")
        }
        assert list(groups) == [
            "Identity",
            "Validity and legal basis",
            "Contact of the office",
            "Note",
        ]
        assert groups["Contact of the office"] == [
            "alamat",
            "kontak_telepon",
            "kontak_email",
            "situs_web",
        ]
        assert "pengganti" in groups["Validity and legal basis"]

    def test_an_admin_of_the_opd_reads_what_only_the_walidata_changes(self, page, opd):
        admin = factories.User()
        call_action("organization_member_create", id="dinkes", username=admin["name"], role="admin")
        form = page("/organization/edit/dinkes", token(admin)).select_one("#organization-edit-form")
        assert not form.select("[name=kode_opd], [name=title], [name^=groups]")
        assert form.select("[name=kontak_email]")
        assert "1.02.0.00.0.00.01.0000" in text(form)


class TestAliases:
    @pytest.fixture
    def walidata(self, opd):
        user = factories.User()
        users = [{"name": user["name"], "capacity": "editor"}]
        factories.Organization(name="diskominfo", peran_sdi="walidata", users=users)
        return {"Authorization": token(user)}

    def test_the_walidata_adds_and_deletes_them(self, app, page, walidata):
        about = page("/organization/about/dinkes", walidata["Authorization"])
        form = about.select_one("form:has(#field-alias)")
        answer = app.post(form["action"], data={"alias": "Dinas Sehat"}, headers=walidata)
        assert "now means this OPD" in answer.body
        assert "Dinas Sehat" in call_action("tangerang_opd_show", id="dinkes")["alias"]
        shown = page("/organization/about/dinkes", walidata["Authorization"])
        delete = shown.select_one('.tangerang-opd-aliases form:has([value="Dinas Sehat"])')
        for said in ("no longer means this OPD", "This OPD has no such alias."):
            answer = app.post(delete["action"], data={"alias": "Dinas Sehat"}, headers=walidata)
            assert said in answer.body
        assert "Dinas Sehat" not in call_action("tangerang_opd_show", id="dinkes")["alias"]

    def test_one_of_another_opd_is_refused_with_its_name(self, app, walidata):
        answer = app.post("/opd/bps/alias", data={"alias": "Dinkes"}, headers=walidata)
        assert "of another OPD: Dinas Kesehatan (dinkes)" in answer.body

    def test_others_may_not(self, app, opd):
        headers = {"Authorization": token(factories.User())}
        for path in ("/opd/dinkes/alias", "/opd/dinkes/alias/hapus"):
            app.post(
                path, data={"alias": "Kantor Kesehatan Kabupaten"}, headers=headers, status=403
            )
        assert call_action("tangerang_opd_show", id="dinkes")["alias"] == [
            "Kantor Kesehatan Kabupaten"
        ]

    @pytest.mark.ckan_config("WTF_CSRF_ENABLED", True)
    def test_forms_carry_a_token_against_forgery(self, page, walidata):
        shown = page("/organization/about/dinkes", walidata["Authorization"])
        forms = shown.select('form[method="post"][action^="/opd/"]')
        assert len(forms) == 2
        assert all(form.select_one('[name="_csrf_token"]') for form in forms)


class TestHostileTexts:
    @pytest.fixture
    def hostile(self):
        made = factories.Organization(
            name="jahat", title=HOSTILE, image_url="", singkatan=HOSTILE[:50], dasar_hukum=HOSTILE
        )
        factories.Organization(
            name="lama", title=f"Lama {HOSTILE}", berlaku_sampai="2016", pengganti=["jahat"],
            cara_berakhir="digabung", dasar_hukum=HOSTILE, image_url="",
        )  # fmt: skip
        factories.Organization(name="unit", title="Unit", groups=[{"name": "jahat"}], image_url="")
        former(made, "dulu", f"Dulu {HOSTILE}", singkatan=HOSTILE, dasar_hukum=HOSTILE)
        alias(made, f"Alias {HOSTILE}")

    @pytest.mark.parametrize(
        "url",
        [
            *("/opd", "/opd?tampilan=kelompok", "/opd?tampilan=urusan"),
            *("/opd?q=dulu", "/opd?q=alias", f"/opd?q={HOSTILE}"),
            *("/organization/jahat", "/organization/lama", "/organization/unit"),
            *("/organization/about/jahat", "/organization/about/lama"),
            *("/organization/edit/jahat", "/organization/edit/unit"),
        ],
    )
    def test_are_escaped(self, page, hostile, url):
        shown = page(url, token(factories.Sysadmin()))
        assert not shown.select("[onerror]")
        assert shown.h1


@pytest.mark.usefixtures("opd")
def test_lists_of_one_opd_can_be_widened(page):
    shown = page("/dataset/?organization=dinkes")
    link = shown.find("a", string="With the units below")
    wider = page(link["href"])
    assert wider.find("a", string="Only of this OPD")
    assert not page("/dataset/").find("a", string="With the units below")
