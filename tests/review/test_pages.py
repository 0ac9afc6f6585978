"""The pages: banner of a record, queue, review of one record."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from ckan.tests.helpers import call_action

from tests.theme.conftest import text

from .conftest import PLUGINS, ask, fresh, review

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
        if data is None:
            answer = app.get(url, headers=headers, status=status)
        else:
            answer = app.post(
                url, data=data, headers=headers, status=status, follow_redirects=False
            )
        return BeautifulSoup(answer.body, "html.parser")

    return call


def steps(page):
    """Return the steps that a page offers."""
    return {
        form["action"].rpartition("/")[2] for form in page.select("form[action*='/pemeriksaan/']")
    }


class TestBanner:
    def test_the_officer_hands_in(self, browse, staff, draft):
        page = browse("editor", "/dataset/puskesmas")
        assert "ajukan" in steps(page)
        browse("editor", "/pemeriksaan/puskesmas/ajukan", data={}, status=302)
        page = browse("editor", "/dataset/puskesmas")
        assert steps(page) == {"batal-ajukan"}
        assert "Handed in" in text(page)

    def test_what_is_missing_is_listed(self, browse, staff, complete):
        ask("package_create", staff.editor, **{**complete, "private": True, "definisi": ""})
        page = browse("editor", "/pemeriksaan/puskesmas/ajukan", data={}, status=400)
        [alert] = page.select(".alert-danger")
        assert "Definition" in text(alert)

    def test_visitors_see_no_banner_and_no_page(self, browse, published):
        assert not browse(None, "/dataset/puskesmas").select("[href*='/pemeriksaan']")
        assert not browse("reader", "/dataset/puskesmas").select("[href*='/pemeriksaan']")
        browse("reader", "/pemeriksaan/puskesmas", status=404)
        browse(None, "/pemeriksaan", status=403)

    def test_edit_is_not_offered_while_frozen(self, browse, handed_in):
        page = browse("editor", "/dataset/puskesmas")
        assert not page.select("[href*='/dataset/edit/']")


class TestReview:
    def test_the_way_through_the_pages(self, browse, staff, handed_in):
        address = "/pemeriksaan/puskesmas"
        assert {"ambil", "kembalikan", "terbitkan"} <= steps(browse("walidata_editor", address))
        browse("walidata_editor", f"{address}/ambil", data={}, status=302)
        notes = {
            "note-0-place": "field:definisi",
            "note-0-text": "Sebut peraturannya.",
            "note-0-severity": "wajib",
            "note-1-place": "",
            "note-1-text": " ",
        }
        browse("walidata_editor", f"{address}/kembalikan", data=notes, status=302)
        page = browse("editor", address)
        [note] = page.select(".tangerang-review-note")
        assert "Definition" in text(note)
        [answer] = note.select("form[action$='/jawab']")
        browse("editor", answer["action"], data={"text": "Sudah."}, status=302)
        browse("editor", f"{address}/ajukan", data={}, status=302)
        page = browse("walidata_editor", address)
        version = page.select_one("input[name=version]")["value"]
        browse("walidata_editor", f"{address}/terbitkan", data={"version": version}, status=302)
        assert fresh(handed_in)["private"] is False

    def test_what_was_typed_is_kept_when_refused(self, browse, handed_in):
        data = {"note-0-text": "Panjang dan penting", "note-0-row": "x", "reason": "Umum"}
        page = browse("walidata_editor", "/pemeriksaan/puskesmas/kembalikan", data=data, status=400)
        assert page.select_one("#note-0-text").text == "Panjang dan penting"
        assert page.select_one("#return-reason").text == "Umum"
        assert page.select(".alert-danger li")

    def test_hostile_texts_are_text(self, browse, staff, handed_in):
        notes = [{"text": HOSTILE, "column": HOSTILE}]
        review("return", staff.walidata_editor, handed_in, notes=notes, reason=HOSTILE)
        page = browse("editor", "/pemeriksaan/puskesmas")
        assert not page.select("img[src=x]")
        assert HOSTILE in page.text

    def test_others_are_refused(self, browse, handed_in):
        data = {"version": fresh(handed_in)["metadata_modified"]}
        browse("editor", "/pemeriksaan/puskesmas/terbitkan", data=data, status=403)
        browse("walidata_editor", "/pemeriksaan/puskesmas/entah", data={}, status=404)
        browse("walidata_editor", "/pemeriksaan/tidak-ada", status=404)


class TestQueue:
    def test_the_dashboard_leads_there(self, browse, staff):
        assert browse("editor", "/dashboard/datasets").select("[href$='/pemeriksaan']")

    def test_what_waits(self, browse, staff, handed_in):
        page = browse("walidata_editor", "/pemeriksaan")
        assert [text(a) for a in page.select("h2 a")] == [handed_in["title"]]
        assert browse("walidata_editor", "/pemeriksaan?owner_org=dinsos").select("h2 a") == []
        browse("walidata_editor", "/pemeriksaan?state=entah", status=400)
        browse("walidata_editor", "/pemeriksaan?owner_org=tidak-ada", status=404)
