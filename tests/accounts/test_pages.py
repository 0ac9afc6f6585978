"""The pages under ``/akun``: who sees what, and what they do."""

from __future__ import annotations

import csv
import io
import re

import pytest
from bs4 import BeautifulSoup
from ckan import model

from ckanext.tangerang.accounts.model import AccountEvent, AccountLink
from tests.theme.conftest import HOSTILE, counted, text

from .conftest import act, events, people, roles_of, stored
from .test_reader import ROWS, table, workbook

__all__ = ["people"]

pytestmark = pytest.mark.usefixtures("with_plugins", "app", "people")


@pytest.fixture
def with_plugins(with_portal):
    """Load all plugins of the portal."""


@pytest.fixture
def no_accounts(with_portal, clean_db, clean_index):
    """Empty the tables of the plugin, as the portal has them."""
    for row in (AccountLink, AccountEvent):
        model.Session.query(row).delete()
    model.Session.commit()


@pytest.fixture
def browse(app):
    """Return what fetches or sends a page as somebody."""

    def fetching(user, path, status=200, data=None, **more):
        client = app.test_client()
        if user:
            with client.session_transaction() as session:
                session["_user_id"], session["_fresh"] = user["id"], True
        more["follow_redirects"] = False
        answer = client.get(path, **more) if data is None else client.post(path, data=data, **more)
        assert answer.status_code == status, answer.get_data(as_text=True)[-2000:]
        return BeautifulSoup(answer.data, "html.parser"), answer

    return fetching


PAGES = ("/akun", "/akun/baru", "/akun/unggah", "/akun/contoh.csv", "/akun/catatan")


def test_who_gets_in(people, browse):
    editor = f"/akun/pengguna/{people.editor['name']}"
    for path in (*PAGES, "/akun/catatan.csv", editor):
        _page, answer = browse(None, path, 302)
        assert "/user/login" in answer.headers["Location"]
        for user in (people.editor, people.member, people.pembina, people.nobody):
            browse(user, path, 403)
        for user in (people.walidata, people.sysadmin):
            browse(user, path)
        browse(people.admin, path, 403 if "catatan" in path else 200)
    browse(people.other_admin, editor, 404)
    browse(people.walidata, f"/akun/pengguna/{people.sysadmin['name']}", 404)


def test_the_header_leads_there_who_may(people, browse):
    for user in (people.walidata, people.admin, people.sysadmin):
        assert browse(user, "/dataset/")[0].select_one('.site-header a[href="/akun"]')
    for user in (people.editor, None):
        assert not browse(user, "/dataset/")[0].select_one('.site-header a[href="/akun"]')
    with counted() as queries:
        browse(None, "/dataset/")
    assert not [sql for sql in queries.sql if "tangerang_account" in sql]


class TestList:
    def test_rows_and_filters(self, people, browse):
        stored(people.editor).fullname = HOSTILE
        model.Session.commit()
        page, _ = browse(people.walidata, "/akun?organization=dinkes&role=editor")
        rows = page.select(".tangerang-accounts-table tbody tr")
        assert len(rows) == 2
        assert HOSTILE in text(page)
        assert not page.select(".tangerang-accounts img")
        assert "Dinas Kesehatan: OPD operator" in text(page)
        for name in ("field-organization", "field-role"):
            assert page.select_one(f"#{name} option[selected]")
        browse(people.walidata, "/akun?state=x", 400)
        browse(people.walidata, "/akun?organization=x", 404)
        assert "There is no such account." in text(browse(people.walidata, "/akun?q=zzzz")[0])
        assert not browse(people.admin, "/akun")[0].select("#field-organization")

    def test_in_indonesian(self, people, browse):
        page, _ = browse(people.walidata, "/id/akun")
        assert "Operator" in text(page)
        assert {"Akun baru", "Peran"} <= {text(n) for n in page.select("a, label")}


def slip(page):
    """Return user name, code and link of the only slip of a page."""
    [found] = page.select(".tangerang-slip")
    name, _address, code = (node.get_text() for node in found.select("dd code"))
    return name, code, found.select_one("input")["value"]


class TestNew:
    def test_an_account_and_its_slip(self, people, browse):
        page, _ = browse(people.admin, "/akun/baru")
        assert [o["value"] for o in page.select("#field-role option")] == ["editor", "member"]
        assert [o["value"] for o in page.select("#field-organization option")] == ["dinkes"]
        data = {"fullname": "Siti Aminah", "organization": "dinkes", "role": "editor"}
        page, answer = browse(people.admin, "/akun/baru", data={**data, "email": ""})
        name, code, link = slip(page)
        assert name == "siti-aminah"
        assert re.fullmatch(r"([A-Z2-7]{4}-){12}[A-Z2-7]{4}", code)
        assert link == f"http://test.ckan.net/akun/sandi#{code}"
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["Referrer-Policy"] == "same-origin"
        # Neither on the page of the account nor in any list.
        for path in ("/akun", "/akun/pengguna/siti-aminah"):
            assert code not in str(browse(people.admin, path)[0])
        for path in ("/akun/catatan", "/akun/catatan.csv"):
            assert code not in browse(people.walidata, path)[1].get_data(as_text=True)

    def test_what_was_typed_stays_with_the_message_at_the_field(self, people, browse):
        data = {"fullname": HOSTILE, "organization": "dinkes", "role": "editor", "email": "x"}
        page, _ = browse(people.walidata, "/akun/baru", data=data)
        assert page.select_one("#field-fullname")["value"] == HOSTILE
        assert page.select_one("#field-organization option[selected]")["value"] == "dinkes"
        assert "not an e-mail address" in text(page.select_one(".invalid-feedback"))
        assert page.select_one("#field-email.is-invalid")

    def test_a_namesake_is_asked_about(self, people, browse):
        data = {"fullname": "Editor", "organization": "dinkes", "role": "member"}
        page, _ = browse(people.walidata, "/akun/baru", data=data)
        assert "another person?" in text(page.select_one(".alert-warning"))
        page, _ = browse(people.walidata, "/akun/baru", data={**data, "sure": "1"})
        assert slip(page)[0] == "editor"


class TestUpload:
    def send(self, browse, user, content, name="akun.csv"):
        return browse(user, "/akun/unggah", data={"upload": (io.BytesIO(content), name)})[0]

    @pytest.mark.parametrize("content", [table(), workbook()])
    def test_dry_run_then_all_of_them(self, people, browse, content):
        page = self.send(browse, people.walidata, content)
        assert "2 accounts would be made" in text(page)
        assert model.User.get("siti-aminah") is None
        token = page.select_one("input[name=token]")["value"]
        data = {"step": "apply", "token": token}
        assert "too old" in text(browse(people.admin, "/akun/unggah", data=data)[0])
        page, _ = browse(people.walidata, "/akun/unggah", data=data)
        assert len(page.select(".tangerang-slip")) == 2
        assert model.User.get("siti-aminah").state == "pending"
        assert "too old" in text(browse(people.walidata, "/akun/unggah", data=data)[0])

    def test_errors_by_cell_and_nothing_to_apply(self, people, browse):
        page = self.send(browse, people.admin, table())
        assert not page.select("input[name=token]")
        [row] = page.select(".tangerang-accounts-table")[0].select("tbody tr")
        assert "B3" in text(row)
        assert "only in your own OPD" in text(row)

    def test_a_file_that_can_not_be_read(self, people, browse):
        for content in (b"\0", b"PK\x03\x04", b"", b"a" * 2_000_000):
            page = self.send(browse, people.admin, content)
            assert page.select_one(".alert-danger")
        assert browse(people.admin, "/akun/unggah", data={})[0].select_one(".alert-danger")

    def test_the_example_can_be_sent_back(self, people, browse):
        _page, answer = browse(people.admin, "/akun/contoh.csv")
        page = self.send(browse, people.admin, answer.data)
        assert "2 accounts would be made" in text(page)

    def test_hostile_values_are_texts(self, people, browse):
        rows = [ROWS[0], (f"Siti {HOSTILE}".replace(",", ""), "dinkes", "Operator", "")]
        page = self.send(browse, people.admin, workbook(rows))
        assert not page.select(".tangerang-accounts img")
        assert "Siti <img" in text(page)


class TestAccount:
    def path(self, people, *more):
        return "/".join((f"/akun/pengguna/{people.editor['name']}", *more))

    def test_link_move_handover_disable_enable(self, people, browse):
        page, _ = browse(people.walidata, self.path(people))
        assert len(page.select(".tangerang-accounts-task")) == 4
        page, _ = browse(people.walidata, self.path(people, "tautan"), data={})
        assert slip(page)[0] == people.editor["name"]
        browse(
            people.walidata,
            self.path(people, "pindah"),
            302,
            data={"organization": "dinsos", "role": "member"},
        )
        assert roles_of(people.editor) == {"dinsos": "member"}
        browse(
            people.walidata,
            self.path(people, "serah-terima"),
            302,
            data={"to": people.other_admin["name"]},
        )
        browse(people.walidata, self.path(people, "nonaktif"), 302, data={})
        page, _ = browse(people.walidata, self.path(people))
        assert "Before: Dinas Sosial, OPD reader" in text(page)
        browse(people.walidata, self.path(people, "aktif"), 302, data={})
        assert stored(people.editor).state == "pending"
        done = ["link", "move", "handover", "disable", "enable"]
        assert events(people.editor)[-5:] == done

    def test_messages_keep_what_was_typed(self, people, browse):
        for action, data in (
            ("pindah", {"organization": "dinsos", "role": ""}),
            ("serah-terima", {"to": HOSTILE}),
            ("aktif", {}),
        ):
            page, _ = browse(people.walidata, self.path(people, action), data=data)
            assert page.select_one(".alert-danger"), action
            assert not page.select(".tangerang-accounts img")
        page, _ = browse(people.walidata, self.path(people, "serah-terima"), data={"to": HOSTILE})
        assert page.select_one("#field-to")["value"] == HOSTILE

    def test_who_may_not(self, people, browse):
        data = {"organization": "dinsos", "role": "editor", "to": people.other_admin["name"]}
        for action in ("tautan", "pindah", "serah-terima", "nonaktif", "aktif"):
            for user in (people.member, people.other_admin):
                browse(user, self.path(people, action), 403, data=data)
            browse(None, self.path(people, action), 302, data={})
        page, _ = browse(people.admin, f"/akun/pengguna/{people.both['name']}")
        assert "do not manage" in text(page)
        assert not page.select(".tangerang-accounts-task")


class TestAudit:
    def test_page_and_table(self, people, browse):
        act("tangerang_account_disable", people.admin, id=people.editor["id"])
        page, _ = browse(people.walidata, "/akun/catatan?action=disable")
        [row] = page.select(".tangerang-accounts-table tbody tr")
        assert people.admin["name"] in text(row)
        assert "Disabled" in text(row)
        assert "roles taken: 1" in text(row)
        _page, answer = browse(people.walidata, "/akun/catatan.csv?action=disable")
        rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
        assert rows[0] == ["created_utc", "actor", "account", "action", "details"]
        assert rows[1][1:4] == [people.admin["name"], people.editor["name"], "Disabled"]
        browse(people.walidata, "/akun/catatan?action=x", 400)
        browse(people.walidata, "/akun/catatan.csv?action=x", 400)
        assert "Nothing was done" in text(browse(people.walidata, "/akun/catatan?id=x")[0])
