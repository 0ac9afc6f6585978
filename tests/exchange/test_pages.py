"""The page of the import: dry run, errors, applying."""

from __future__ import annotations

import io
import json

import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories

from .conftest import PLUGINS

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index"),
]
PAGE = "/kegiatan/impor-indah"


@pytest.fixture
def send(app, editor):
    """Return what sends a file to the page as the editor of the OPD."""

    def sending(content, filename="kegiatan.json", **data):
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        body = {"step": "check", "upload": (io.BytesIO(raw), filename), **data}
        answer = app.post(PAGE, data=body, headers=editor, status=200)
        return BeautifulSoup(answer.body, "html.parser")

    return sending


def _text(page):
    return " ".join(page.get_text(" ").split())


def test_who_may_not_create_is_kept_out(app, login):
    answer = app.get(PAGE, follow_redirects=False)
    assert "/user/login" in answer.headers["Location"]
    app.get(PAGE, headers=login(factories.User()), status=403)


def test_the_list_of_activities_leads_here(app, editor):
    page = BeautifulSoup(app.get("/kegiatan/", headers=editor).body, "html.parser")
    assert page.find("a", href=PAGE)
    assert PAGE not in app.get("/kegiatan/").body


def test_a_dry_run_is_shown_and_applied(app, send, make, document, editor):
    activity = make.activity()
    made = document(activity)
    made["data"]["blok_iii"]["tujuan_kegiatan"] = "<b>Tujuan</b> lain"
    made["data"]["catatan"] = "</script>"
    page = send(made)
    assert "Nothing is wrong" in _text(page)
    assert "<b>Tujuan</b> lain" in _text(page)
    assert "data.catatan : </script>" in _text(page)
    form = page.find("form", attrs={"action": PAGE})
    token = form.find("input", {"name": "token"})["value"]
    assert "lain" not in model.Package.get(activity["id"]).extras["iii_tujuan_kegiatan"]
    data = {"step": "apply", "token": token}
    answer = app.post(PAGE, data=data, headers=editor, follow_redirects=False)
    assert answer.headers["Location"].endswith(f"/kegiatan/{activity['id']}")
    assert model.Package.get(activity["id"]).extras["iii_tujuan_kegiatan"] == "<b>Tujuan</b> lain"
    again = app.post(PAGE, data=data, headers=editor, status=200)
    assert "Send it again" in again.body


def test_errors_are_shown_with_file_and_path(send, make, document):
    made = document(make.activity())
    made["data"]["sektor_kegiatan"] = "X"
    page = send(made)
    row = page.find("table", id="kesalahan").find("tbody").find_all("tr")
    assert len(row) == 1
    assert "kegiatan.json MS-Keg!data.sektor_kegiatan" in _text(row[0])
    assert not page.find("input", {"name": "token"})


def test_files_that_are_not_read(app, send, editor):
    assert "This file was not read" in _text(send(b"x", filename="<i>x.json"))
    answer = app.post(PAGE, data={"step": "check"}, headers=editor, status=200)
    assert "Choose a file first" in answer.body
