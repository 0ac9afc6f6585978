"""The pages: the bell in the header, the list, the choice of e-mail."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from ckan.tests.helpers import call_action

from tests.review.conftest import ask, review
from tests.theme.conftest import counted, text

from .conftest import ALONE, PLUGINS

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("staff"),
]

HOSTILE = '<img src=x onerror=alert(1)> & "quoted"'


@pytest.fixture
def browse(app, staff):
    """Return what fetches or posts a page as somebody."""
    tokens = {}

    def call(name, url, data=None, status=200):
        headers = {}
        if name:
            user = getattr(staff, name)["name"]
            if name not in tokens:
                tokens[name] = call_action("api_token_create", user=user, name="t")["token"]
            headers = {"Authorization": tokens[name]}
        method = app.get if data is None else app.post
        more = {} if data is None else {"data": data}
        answer = method(url, headers=headers, status=status, follow_redirects=False, **more)
        return BeautifulSoup(answer.body, "html.parser") if status != 302 else answer

    return call


def bell(page):
    return page.select_one(".tangerang-notifications-bell")


def test_the_bell_counts_what_is_not_read(browse, staff, handed_in):
    assert text(bell(browse("second", "/about")).select_one(".badge")) == "1"
    assert bell(browse("reader", "/about")).select_one(".badge") is None
    assert bell(browse(None, "/about")) is None


def test_it_costs_one_statement_and_visitors_none(app, browse, staff, handed_in):
    def asked(name):
        browse(name, "/about")
        with counted() as queries:
            browse(name, "/about")
        return [sql for sql in queries.sql if "tangerang_notification" in sql]

    assert asked(None) == []
    assert len(asked("second")) == len(asked("reader")) == 1


def test_the_list(browse, staff, draft):
    ask("package_patch", staff.editor, id=draft["id"], title=HOSTILE)
    review("submit", staff.editor, draft)
    review("return", staff.second, draft, reason=HOSTILE)
    page = browse("editor", "/pemberitahuan")
    [row] = page.select(".tangerang-notifications > li")
    assert "Returned with notes" in text(row)
    assert HOSTILE in row.text
    assert not page.select("img[src=x]")
    answer = browse("editor", row.select_one("form[action$='/buka']")["action"], {}, status=302)
    assert answer.headers["Location"].endswith("/pemeriksaan/puskesmas")
    assert not browse("editor", "/pemberitahuan?belum=1").select(".tangerang-notifications")


def test_marking_and_choosing(browse, staff, handed_in):
    browse("second", "/pemberitahuan/baca", {}, status=302)
    assert "Nothing new" in text(browse("second", "/pemberitahuan?belum=1"))
    browse("second", "/pemberitahuan/setelan", {"mail": "harian"}, status=302)
    page = browse("second", "/pemberitahuan")
    assert page.select_one("option[selected]")["value"] == "harian"
    browse("second", "/pemberitahuan/setelan", {"mail": "entah"}, status=400)


def test_what_is_not_theirs(browse, staff, handed_in):
    [row] = ask("tangerang_notification_list", staff.second)["results"]
    browse("reader", f"/pemberitahuan/{row['id']}/buka", {}, status=404)
    browse("second", "/pemberitahuan/entah/buka", {}, status=404)
    for url in ("/pemberitahuan", "/beranda"):
        assert "/user/login" in browse(None, url, status=302).headers["Location"]


def test_the_dashboard_leads_there(browse):
    assert browse("editor", "/dashboard/datasets").select("[href$='/pemberitahuan']")


@pytest.mark.ckan_config("ckan.plugins", ALONE)
def test_without_the_review(browse):
    assert "You have not been told anything yet" in text(browse("editor", "/pemberitahuan"))
