"""The pages: the bar beside a record, cards, the list of an organization, its table."""

from __future__ import annotations

import csv
import io

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.tangerang.score import views
from ckanext.tangerang.score.model import Score
from ckanext.tangerang.spreadsheet import cell
from tests.metadata.conftest import complete, people
from tests.metadata.records import indicator, survey
from tests.theme.conftest import HOSTILE, counted, page, text

__all__ = ["complete", "page", "people"]

STOCK = "tangerang_score tangerang_metadata tangerang_opd scheming_datasets scheming_organizations"

pytestmark = pytest.mark.usefixtures("with_plugins", "people")


@pytest.fixture
def with_plugins(with_portal):
    """Load all plugins of the portal."""


def create(**record):
    """Create a record as the site user: activities are written about somebody."""
    user = call_action("get_site_user")["name"]
    return call_action("package_create", {"user": user, "ignore_auth": True}, **record)


def token(user):
    return str(call_action("api_token_create", user=user["name"], name="t")["token"])


@pytest.fixture
def dataset(complete):
    return create(
        **complete,
        resources=[{"url": "https://example.go.id/a.csv", "format": "CSV", "name": "Tabel"}],
    )


def fetch(app, url, user=None, status=200):
    headers = {"Authorization": token(user)} if user else {}
    return app.get(url, headers=headers, status=status)


class TestRecord:
    def test_everybody_sees_the_four_parts_in_words_and_numbers(self, page, dataset):
        [panel] = page("/dataset/puskesmas").select(".tangerang-score")
        said = text(panel)
        assert "Completeness by the SDI principles (automatic)" in said
        assert "Not the result of a check by the walidata, and not a value of EPSS." in said
        score = call_action("tangerang_score_show", id="puskesmas")
        assert f"{score['score']} of 100" in said
        labels = {
            "standar_data": "Data standard",
            "metadata": "Standard metadata",
            "interoperabilitas": "Interoperability",
            "kode_referensi": "Reference codes and master data",
        }
        for name, label in labels.items():
            assert f"{label} {score['parts'][name]} %" in said
        assert "Needed items that are filled 100 %" in said
        assert not panel.select(".tangerang-score-todo")
        said = text(page("/id/dataset/puskesmas").select_one(".tangerang-score"))
        assert "Kelengkapan Prinsip SDI (otomatis)" in said
        assert "Bukan hasil pemeriksaan Walidata, bukan nilai EPSS" in said

    def test_editors_get_tasks_with_the_way_to_the_field(self, page, dataset, people):
        panel = page("/dataset/puskesmas", token(people.editor)).select_one(".tangerang-score")
        links = {a["href"] for a in panel.select(".tangerang-score-todo a")}
        assert "/dataset/edit/puskesmas#field-klasifikasi" in links
        file = dataset["resources"][0]["id"]
        assert f"/dataset/puskesmas/resource/{file}/edit#field-kamus" in links
        assert "points" in text(panel.select_one(".tangerang-score-todo"))
        for link in links:
            anchor = link.partition("#")[2]
            assert page(link.partition("#")[0], token(people.editor)).find(id=anchor), link

    def test_a_dataset_without_files_leads_to_the_form_of_a_new_one(self, page, complete, people):
        create(**complete)
        panel = page("/dataset/puskesmas", token(people.editor)).select_one(".tangerang-score")
        assert panel.find("a", href="/dataset/puskesmas/resource/new#field-kamus")

    def test_forms_show_completeness_alone(self, page, people):
        for path, record, empty in (
            ("kegiatan", survey(2), "iii_tujuan_kegiatan"),
            ("indikator", indicator(), "definisi"),
        ):
            own = {"owner_org": people.opd["id"], "private": True, "name": path, empty: ""}
            create(**{**record, **own})
            panel = page(f"/{path}/{path}", token(people.editor)).select_one(".tangerang-score")
            said = text(panel)
            assert "Completeness of the form (automatic)" in said
            assert "of 100" not in said
            [link] = panel.select(f'.tangerang-score-todo a[href$="#field-{empty}"]')
            form = page(link["href"].partition("#")[0], token(people.editor))
            assert form.find(id=f"field-{empty}")

    def test_the_page_asks_once_and_judges_nothing(self, app, page, dataset):
        app.get("/dataset/puskesmas")
        with counted() as queries:
            app.get("/dataset/puskesmas")
        assert len([sql for sql in queries.sql if "tangerang_score" in sql]) == 1
        model.Session.execute(sa.delete(Score))
        model.Session.commit()
        assert not page("/dataset/puskesmas").select(".tangerang-score")


class TestCards:
    def test_one_query_for_all_cards(self, app, page, complete):
        for number in range(3):
            create(**{**complete, "name": f"data-{number}"})
        score = call_action("tangerang_score_show", id="data-0")["score"]
        assert text(page("/dataset/")).count(f"Completeness {score} %") == 3
        with counted() as queries:
            app.get("/dataset/")
        assert len([sql for sql in queries.sql if "tangerang_score" in sql]) == 1

    def test_activities_and_indicators_show_it_once(self, page, people):
        create(**{**indicator(), "owner_org": people.opd["id"], "definisi": "", "private": True})
        found = page("/indikator/", token(people.editor))
        assert text(found).count("Completeness 90 %") == 1
        assert found.select('#field-order-by option[value^="tangerang_completeness"]')

    def test_order(self, page, dataset, complete):
        create(**{**complete, "name": "kosong", "title": "Data Lain Yang Kosong"})
        select = page("/dataset/").select_one("#field-order-by")
        [option] = [o for o in select.select("option") if "Completeness" in o.text]
        found = page(f"/dataset/?sort={option['value'].replace(' ', '+')}")
        headings = [text(h) for h in found.select(".dataset-heading a")]
        assert headings == ["Jumlah Puskesmas menurut Kecamatan", "Data Lain Yang Kosong"]
        [chosen] = found.select("#field-order-by option[selected]")
        assert chosen["value"] == option["value"]

    def test_lists_of_other_things_have_no_such_order(self, page, people):
        assert "tangerang_completeness" not in str(page("/organization/"))


class TestList:
    def test_what_lacks_most_comes_first(self, page, dataset, complete, people):
        create(
            **{**complete, "name": "rahasia", "title": HOSTILE, "definisi": "", "private": True},
        )
        found = page("/skor?organization=dinkes", token(people.editor))
        rows = found.select(".tangerang-skor-table tbody tr")
        assert HOSTILE in text(rows[0])
        assert "Private" in text(rows[0])
        assert "Write the definition in a full sentence" in text(rows[0])
        assert rows[1].find("a")["href"] == "/dataset/puskesmas"
        assert "2 records" in text(found)

    def test_filters_and_pages(self, page, complete, people, monkeypatch):
        monkeypatch.setattr(views, "_PER_PAGE", 2)
        for number in range(3):
            create(**{**complete, "name": f"data-{number}", "title": f"D {number}"})
        found = page("/skor?organization=dinkes&sort=title&page=2", token(people.editor))
        assert [text(a) for a in found.select("tbody th a")] == ["D 2"]
        assert "organization=dinkes&sort=title&page=1" in str(found.select(".pagination")).replace(
            "&amp;", "&"
        )
        none = page("/skor?organization=dinkes&type=kegiatan", token(people.editor))
        assert "There is no record here yet." in text(none)

    def test_the_walidata_sees_all_organizations(self, page, dataset, people):
        found = page("/skor", token(people.walidata_editor))
        shown = {text(a) for a in found.select("tbody th a")}
        assert shown == {"Dinas Kesehatan", people.walidata["title"]}

    def test_a_member_of_one_organization_gets_there_at_once(self, app, dataset, people):
        answer = app.get(
            "/skor", headers={"Authorization": token(people.editor)}, follow_redirects=False
        )
        assert answer.status_code == 302
        assert answer.headers["Location"].endswith("/skor?organization=dinkes")

    def test_others_are_refused(self, app, dataset):
        for path in ("/skor", "/skor?organization=dinkes", "/skor.csv"):
            assert app.get(path, follow_redirects=False).status_code in (302, 403)
        stranger = factories.User()
        for path in ("/skor?organization=dinkes", "/skor.csv"):
            fetch(app, path, stranger, status=403)

    def test_wrong_addresses(self, app, people):
        for path, status in (
            ("/skor?organization=tidak-ada", 404),
            ("/skor?organization=dinkes&type=x", 400),
            ("/skor?type=x", 400),
            ("/skor.csv?organization=tidak-ada", 404),
            ("/skor.csv?sort=x", 400),
        ):
            fetch(app, path, people.sysadmin, status=status)

    def test_tab_of_the_organization(self, page, dataset, people):
        link = "/skor?organization=dinkes"
        assert page("/organization/dinkes", token(people.editor)).find("a", href=link)
        assert not page("/organization/dinkes").find("a", href=link)


class TestTable:
    def read(self, app, user, path="/skor.csv?organization=dinkes"):
        answer = fetch(app, path, user)
        assert answer.headers["Content-Type"].startswith("text/csv")
        assert answer.body.startswith("\ufeff")
        return list(csv.DictReader(io.StringIO(answer.body[1:])))

    def test_rows(self, app, dataset, people):
        [row] = self.read(app, people.editor)
        score = call_action("tangerang_score_show", id="puskesmas")
        assert row["title"] == "Jumlah Puskesmas menurut Kecamatan"
        assert row["url"] == "http://test.ckan.net/dataset/puskesmas"
        assert (row["state"], row["completeness"]) == ("Public", "100")
        assert row["score"] == str(score["score"])
        assert row["kode_referensi"] == str(score["parts"]["kode_referensi"])
        assert row["tasks"] == str(len(score["todo"]))

    def test_no_cell_begins_a_formula(self, app, complete, people):
        create(**{**complete, "title": "=HYPERLINK(1) a b"})
        [row] = self.read(app, people.editor)
        assert row["title"] == "'=HYPERLINK(1) a b"
        for first in "=+-@\t\r\n":
            assert cell(f"{first}1") == f"'{first}1"
        assert [cell(value) for value in (None, 12, "a=1")] == ["", "12", "a=1"]

    def test_more_records_than_one_call_returns(self, app, complete, people, monkeypatch):
        monkeypatch.setattr(views, "MAX_LIMIT", 2)
        for number in range(5):
            create(**{**complete, "name": f"data-{number}"})
        rows = self.read(app, people.sysadmin, "/skor.csv")
        assert len({row["url"] for row in rows}) == 5
