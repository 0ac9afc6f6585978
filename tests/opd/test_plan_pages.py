"""Pages of plans and the journal, and the registry as a file to download."""

from __future__ import annotations

import io

import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.config.middleware.flask_app import csrf
from ckan.tests import factories
from sqlalchemy import event

from ckanext.tangerang.opd import files, store

PLUGINS = "activity tangerang_metadata tangerang_opd scheming_datasets scheming_organizations"

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.ckan_config("ckanext.tangerang.metadata.require_complete", "false"),
    pytest.mark.usefixtures("walidata"),
]

PLAN, JOURNAL = "/opd/rencana", "/opd/rencana/jurnal"
NEW = b"name;title;induk;situs_web\ndinkes;Dinas Kesehatan;;\npkm;Puskesmas <b>Curug</b>;dinkes;\n"


@pytest.fixture
def walidata(with_plugins, clean_db, clean_index):
    user = factories.User()
    factories.Organization(
        name="diskominfo",
        title="Diskominfo",
        peran_sdi="walidata",
        users=[{"name": user["name"], "capacity": "editor"}],
    )
    return user


@pytest.fixture
def headers(walidata):
    return {"Authorization": factories.APIToken(user=walidata["name"])["token"]}


@pytest.fixture
def send(app, headers):
    """Return what sends a file to the page as the walidata."""

    def sending(content, filename="opd.csv"):
        body = {"step": "check", "upload": (io.BytesIO(content), filename)}
        answer = app.post(PLAN, data=body, headers=headers, status=200)
        return BeautifulSoup(answer.body, "html.parser")

    return sending


@pytest.fixture
def apply(app, headers):
    """Return what applies the plan that a page shows."""

    def applying(page, **more):
        token = page.select_one("input[name=token]")["value"]
        data = {"step": "apply", "token": token, **more}
        answer = app.post(PLAN, data=data, headers=headers, follow_redirects=True)
        return BeautifulSoup(answer.body, "html.parser")

    return applying


def text(page):
    return " ".join(page.get_text(" ").split())


def names():
    model.Session.rollback()
    return sorted(store.load().by_name)


class TestDownloads:
    @pytest.mark.parametrize("form", sorted(files.TYPES))
    def test_are_for_everybody_and_plan_nothing(self, app, send, form):
        answer = app.get(f"/opd.{form}", status=200)
        assert f'filename="opd.{form}"' in answer.headers["Content-Disposition"]
        assert answer.headers["Content-Type"] == files.TYPES[form]
        assert "Nothing to do" in text(send(answer.data, f"opd.{form}"))

    def test_ask_the_database_once(self, app):
        app.get("/opd.csv")
        seen = []

        def count(_connection, _cursor, statement, *_):
            seen.append(statement)

        event.listen(model.meta.engine, "before_cursor_execute", count)
        try:
            app.get("/opd.csv")
        finally:
            event.remove(model.meta.engine, "before_cursor_execute", count)
        assert len([s for s in seen if "tangerang_opd_alias" in s]) == 1
        assert len(seen) <= 3


class TestPlanPage:
    def test_shows_what_would_change_and_stores_nothing(self, send):
        page = send(NEW)
        summary = page.select_one("#rencana-create > summary")
        assert summary.get_text(" ", strip=True) == "New OPD (2)"
        assert "Puskesmas <b>Curug</b>" in text(page)
        assert not page.select("summary b")
        assert "Diskominfo is not in the file" in text(page)
        assert names() == ["diskominfo"]

    def test_applies_what_was_seen(self, send, apply):
        page = apply(send(NEW))
        assert "Applied: 2 changes" in text(page)
        assert names() == ["dinkes", "diskominfo", "pkm"]
        assert store.load().by_name["pkm"].induk == "dinkes"

    def test_a_plan_that_was_applied_is_refused(self, send, apply):
        page = send(NEW)
        apply(page)
        assert "applied already" in text(apply(page))

    def test_errors_name_row_and_item_and_nothing_can_be_applied(self, send):
        page = send(NEW + b"x y;Salah;;tangerang\n")
        row = page.select("#kesalahan tbody tr")[0]
        assert [c.get_text(" ", strip=True) for c in row.select("th, td")] == [
            "A4",
            "x y Address in the portal",
            (
                '"x y" can not be an address. Write 2 to 100 small letters, digits, - and _, for '
                "example dinkes."
            ),
        ]
        assert not page.select("input[name=token]")

    def test_garbage_is_one_error(self, send):
        assert "no text in UTF-8" in text(send(b"\xff\xf0\x80" * 1000))

    def test_no_file(self, app, headers):
        answer = app.post(PLAN, data={"step": "check"}, headers=headers, status=200)
        assert "Choose a file first" in answer.body

    @pytest.mark.parametrize("path", [PLAN, JOURNAL])
    def test_are_for_the_walidata(self, app, path):
        assert "/user/login" in app.get(path, follow_redirects=False).headers["Location"]
        user = factories.User()
        other = {"Authorization": factories.APIToken(user=user["name"])["token"]}
        app.get(path, headers=other, status=403)
        app.post(path, headers=other, status=403)

    def test_in_indonesian(self, app, headers):
        body = {"step": "check", "upload": (io.BytesIO(NEW), "opd.csv")}
        answer = app.post(f"/id{PLAN}", data=body, headers=headers)
        assert "OPD baru" in answer.body
        assert "Terapkan" in answer.body


class TestJournalPage:
    def test_takes_a_change_back(self, app, headers, send, apply):
        page = apply(send(NEW))
        id_ = page.select_one("input[name=id]")["value"]
        answer = app.post(JOURNAL, data={"id": id_}, headers=headers)
        assert "has been taken back" in answer.body
        assert names() == ["diskominfo"]
        page = BeautifulSoup(answer.body, "html.parser")
        assert not page.select("input[name=id]")
        assert "takes another back" in text(page)

    def test_says_why_it_can_not(self, app, headers, send, apply):
        page = apply(send(NEW))
        factories.Dataset(owner_org="dinkes")
        id_ = page.select_one("input[name=id]")["value"]
        answer = app.post(JOURNAL, data={"id": id_}, headers=headers)
        assert "Dinas Kesehatan has records" in answer.body
        assert names() == ["dinkes", "diskominfo", "pkm"]


@pytest.mark.ckan_config("WTF_CSRF_ENABLED", True)
class TestForgery:
    def test_forms_without_the_token_are_refused(self, app, walidata, monkeypatch):
        # Earlier requests with API tokens have exempted the views for the whole process.
        monkeypatch.setattr(csrf, "_exempt_views", set())
        app.set_session_user(walidata["id"])
        page = BeautifulSoup(app.get(PLAN).body, "html.parser")

        def data(**more):
            return {"step": "check", "upload": (io.BytesIO(NEW), "opd.csv"), **more}

        app.post(PLAN, data=data(), status=400)
        app.post(JOURNAL, data={"id": "x"}, status=400)
        token = page.select_one("form[enctype] input[name=_csrf_token]")["value"]
        page = BeautifulSoup(app.post(PLAN, data=data(_csrf_token=token)).body, "html.parser")
        form = page.select_one("form:has(input[name=token])")
        fields = {i["name"]: i["value"] for i in form.select("input")} | {"step": "apply"}
        without = {name: value for name, value in fields.items() if name != "_csrf_token"}
        app.post(PLAN, data=without, status=400)
        app.post(PLAN, data=fields, follow_redirects=False, status=302)
        page = BeautifulSoup(app.get(JOURNAL).body, "html.parser")
        fields = {i["name"]: i["value"] for i in page.select("form:has(input[name=id]) input")}
        app.post(JOURNAL, data=fields, follow_redirects=False, status=302)
        assert names() == ["diskominfo"]
