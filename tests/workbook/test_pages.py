"""Pages of workbooks: downloads, the dry run, applying."""

from __future__ import annotations

import io
import re

import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories
from openpyxl import load_workbook

from ckanext.tangerang.workbook import keeping
from tests.metadata import records

from .conftest import PLUGINS, Sheets

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index"),
]

IMPORT = "/kegiatan/impor"


@pytest.fixture
def login(app):
    """Return what logs a user in, and gives the headers of a request."""

    def logging_in(user):
        token = factories.APIToken(user=user["name"])
        return {"Authorization": token["token"]}

    return logging_in


@pytest.fixture
def send(app, login, people):
    """Return what sends a workbook to the page as the editor of the OPD."""

    def sending(content, filename="isian.xlsx", **data):
        if isinstance(content, Sheets):
            content = content.content()
        body = {"step": "check", "upload": (io.BytesIO(content), filename), **data}
        answer = app.post(IMPORT, data=body, headers=login(people.editor), status=200)
        return BeautifulSoup(answer.body, "html.parser")

    return sending


def _record(**more):
    return records.compilation() | {"owner_org": "dinkes", "private": False} | more


def _text(page):
    return " ".join(page.get_text(" ").split())


class TestDownloads:
    @pytest.mark.parametrize("kind", ["kegiatan", "indikator"])
    def test_empty_forms_are_for_everybody(self, app, kind):
        answer = app.get(f"/{kind}/formulir.xlsx", status=200)
        assert f"formulir-{kind}.xlsx" in answer.headers["Content-Disposition"]
        assert set(answer.headers["Cache-Control"].split(", ")) == {"no-store", "private"}
        book = load_workbook(io.BytesIO(answer.data))
        assert ("MS-Keg" in book.sheetnames) == (kind == "kegiatan")

    def test_a_record_with_its_indicators(self, app, make):
        activity = make.activity()
        make.indicator(kegiatan=activity["id"])
        make.indicator(title="Tersembunyi", kegiatan=activity["id"], private=True)
        answer = app.get(f"/kegiatan/{activity['name']}/formulir.xlsx", status=200)
        sheets = Sheets(answer.data)
        line = sheets.line("judul_kegiatan")
        assert sheets.book["MS-Keg"].cell(line, 3).value == "Kompilasi Data Puskesmas"
        line = sheets.line("owner_org")
        assert sheets.book["MS-Keg"].cell(line, 3).value == "Dinas Kesehatan"
        names = [c.value for c in sheets.book["MS-Ind"].iter_cols(
            sheets.column("MS-Ind", "title"), sheets.column("MS-Ind", "title"), 6
        ).__next__()]  # fmt: skip
        assert [name for name in names if name] == ["Indeks Kepuasan Masyarakat"]

    def test_an_indicator(self, app, make):
        indicator = make.indicator()
        answer = app.get(f"/indikator/{indicator['id']}/formulir.xlsx", status=200)
        assert "MS-Keg" not in load_workbook(io.BytesIO(answer.data)).sheetnames

    def test_a_draft_is_for_its_opd(self, app, make, login, people):
        activity = make.activity(private=True)
        path = f"/kegiatan/{activity['id']}/formulir.xlsx"
        app.get(path, status=403)
        app.get(path, headers=login(people.editor), status=200)

    def test_unknown_records_and_other_types(self, app, make):
        app.get("/kegiatan/tidak-ada/formulir.xlsx", status=404)
        app.get(f"/kegiatan/{make.indicator()['id']}/formulir.xlsx", status=404)


class TestImport:
    def test_who_may_not_create_is_kept_out(self, app, login):
        answer = app.get(IMPORT, follow_redirects=False)
        assert answer.status_code == 302
        assert "/user/login" in answer.headers["Location"]
        app.get(IMPORT, headers=login(factories.User()), status=403)

    def test_a_dry_run_shows_the_changes_and_stores_nothing(self, send, workbook):
        page = send(workbook(_record()))
        assert "Nothing is wrong" in _text(page)
        assert "Compilation of administrative records" in _text(page)
        assert page.find("button", string="Apply")
        assert model.Session.query(model.Package).count() == 0

    def test_applying_stores_what_was_shown(self, app, send, workbook, login, people):
        page = send(workbook(_record()))
        token = page.find("input", {"name": "token"})["value"]
        data = {"step": "apply", "token": token}
        answer = app.post(IMPORT, data=data, headers=login(people.editor), follow_redirects=False)
        assert answer.status_code == 302
        assert re.search(r"/kegiatan/[\w-]+", answer.headers["Location"])
        assert model.Session.query(model.Package).count() == 1

    def test_nobody_applies_what_another_has_sent(self, app, send, workbook, login, people):
        token = send(workbook(_record())).find("input", {"name": "token"})["value"]
        data = {"step": "apply", "token": token}
        answer = app.post(IMPORT, data=data, headers=login(people.admin), status=200)
        assert "Send it again" in answer.body
        app.post(IMPORT, data=data | {"token": "x"}, headers=login(people.editor), status=200)
        assert model.Session.query(model.Package).count() == 0

    def test_the_upload_does_not_stay_for_ever(self, send, workbook, people):
        send(workbook(_record()))
        redis = keeping.connect_to_redis()
        life = redis.ttl(keeping._key(people.editor["id"], keeping.WORKBOOK))
        assert 0 < life <= 30 * 60

    def test_errors_are_listed_by_cell_with_an_anchor(self, send, workbook):
        sheets = workbook(_record())
        cell = sheets.answer("tahun_kegiatan", "dua ribu")
        page = send(sheets)
        row = page.find("tr", id="salah-1")
        assert row.find("a", href="#salah-1").get_text() == f"MS-Keg!{cell}"
        assert "sampul 2" in row.get_text()
        assert "dua ribu" in row.get_text()
        assert not page.find("button", string="Apply")

    def test_markup_in_a_workbook_is_text(self, send, workbook):
        sheets = workbook(_record(judul_kegiatan="<img src=x onerror=alert(1)>"))
        sheets.answer("tahun_kegiatan", "<script>alert(2)</script>")
        page = send(sheets, filename="<b>x</b>.xlsx")
        assert not page.find("img", src="x")
        assert not page.find("b", string="x")
        assert "<script>alert(2)" in page.get_text()

    def test_a_file_that_is_no_workbook_is_named(self, send):
        page = send(b"hello", "x.xlsx")
        assert "not a workbook" in page.find(class_="alert-danger").get_text()

    def test_no_file_is_told_and_choices_are_kept(self, app, login, people):
        data = {"step": "check", "form_version": "INDAH"}
        answer = app.post(IMPORT, data=data, headers=login(people.editor), status=200)
        page = BeautifulSoup(answer.body, "html.parser")
        assert "Choose a workbook" in _text(page)
        assert page.find("option", value="INDAH").has_attr("selected")

    def test_nothing_to_do_is_told(self, send, workbook, make):
        activity = make.activity()
        page = send(workbook(activity | {"owner_org": "dinkes"}))
        assert "nothing to change" in _text(page)

    def test_indonesian(self, app, login, people):
        answer = app.get(f"/id{IMPORT}", headers=login(people.editor), status=200)
        assert "Impor buku kerja" in answer.body

    def test_buttons_stand_on_the_pages_of_activities(self, app, login, people, make):
        activity = make.activity()
        page = app.get(f"/kegiatan/{activity['name']}", headers=login(people.editor)).body
        assert f"/kegiatan/{activity['name']}/formulir.xlsx" in page
        page = app.get("/kegiatan/", headers=login(people.editor)).body
        assert 'href="/kegiatan/impor"' in page
        assert 'href="/kegiatan/formulir.xlsx"' in page
        assert 'href="/kegiatan/impor"' not in app.get("/kegiatan/").body
