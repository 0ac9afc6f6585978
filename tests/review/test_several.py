"""Several records at once, each by its own version; and what changed past the review."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan.tests.helpers import call_action

from tests.theme.conftest import counted, text

from .conftest import PLUGINS, ask, fresh, review

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("staff"),
]


@pytest.fixture
def three(staff, complete):
    """Hand in three datasets and return them by name."""
    found = {}
    for name in ("satu", "dua", "tiga"):
        values = {**complete, "private": True, "name": name, "title": f"Data {name}"}
        found[name] = ask("package_create", staff.editor, **values)
        review("submit", staff.editor, found[name])
    return found


def versions(records):
    return [{"id": r["id"], "version": fresh(r)["metadata_modified"]} for r in records]


def several(user, verb, records, **data):
    return ask("tangerang_review_several", user, verb=verb, records=records, **data)


class TestAction:
    def test_one_that_can_not_be_done_stops_no_other(self, staff, three):
        chosen = versions(three.values())
        ask("package_patch", staff.sysadmin, id=three["dua"]["id"], title="Berubah")
        found = several(staff.walidata_editor, "publish", chosen)
        assert found["done"] == 2
        assert [row["done"] for row in found["results"]] == [True, False, True]
        assert [row["state"] for row in found["results"]] == ["terbit", None, "terbit"]
        assert "changed" in found["results"][1]["problems"][0]
        assert found["results"][1]["title"] == "Berubah"
        assert [fresh(r)["private"] for r in three.values()] == [False, True, False]

    def test_claim_and_return(self, staff, three):
        chosen = versions(three.values())
        assert several(staff.second, "claim", chosen)["done"] == 3
        assert review("show", staff.editor, three["satu"])["reviewer"] == staff.second["fullname"]
        found = several(staff.second, "return", chosen, reason="Lengkapi.")
        assert {row["state"] for row in found["results"]} == {"revisi_diminta"}
        history = ask("tangerang_review_history", staff.editor, id="tiga")["results"]
        assert history[0]["reason"] == "Lengkapi."

    def test_a_version_is_asked_of_each_step(self, staff, three):
        old = [{"id": "satu", "version": "2001-01-01T00:00:00"}]
        for verb in ("claim", "return", "publish"):
            found = several(staff.second, verb, old, reason="x")
            assert found["done"] == 0, verb
        assert several(staff.second, "publish", [{"id": "satu"}])["done"] == 0
        assert review("show", staff.editor, three["satu"])["state"] == "diajukan"

    @pytest.mark.parametrize("name", ["editor", "pembina", "stranger", "reader"])
    def test_nobody_else_decides_and_strangers_learn_nothing(self, name, staff, three):
        for verb in ("claim", "return", "publish"):
            found = several(getattr(staff, name), verb, versions(three.values()), reason="x")
            assert found["done"] == 0
            if name in ("stranger", "reader"):
                assert {row["title"] for row in found["results"]} == {None}
        assert review("show", staff.editor, three["satu"])["state"] == "diajukan"

    def test_unknown_ones_and_repetitions(self, staff, three):
        chosen = [*versions([three["satu"]]), *versions([three["satu"]]), {"id": "tidak-ada"}]
        found = several(staff.second, "claim", chosen)
        assert [row["done"] for row in found["results"]] == [True, False]

    @pytest.mark.parametrize(
        "data",
        [
            {"verb": "claim", "records": []},
            {"verb": "claim"},
            {"verb": "claim", "records": [{"id": f"r{n}"} for n in range(101)]},
            {"verb": "retract", "records": [{"id": "satu"}]},
            {"verb": "claim", "records": [{"version": "x"}]},
        ],
    )
    def test_bad_calls(self, data, staff):
        with pytest.raises(tk.ValidationError):
            ask("tangerang_review_several", staff.second, **data)

    def test_nobody_without_account(self):
        with pytest.raises(tk.NotAuthorized):
            several(None, "claim", [{"id": "satu"}])


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
        more = {} if data is None else {"data": data, "follow_redirects": False}
        return BeautifulSoup(
            method(url, headers=headers, status=status, **more).body, "html.parser"
        )

    return call


class TestPage:
    def test_choose_publish_and_read_what_came_of_it(self, browse, staff, three):
        page = browse("walidata_editor", "/pemeriksaan")
        assert len(page.select("input[name=record]")) == 3
        data = {field["name"]: field["value"] for field in page.select("input[name^=version-]")}
        data |= {"record": [r["id"] for r in three.values()], "langkah": "terbitkan"}
        ask("package_patch", staff.sysadmin, id=three["dua"]["id"], title="Berubah")
        page = browse("walidata_editor", "/pemeriksaan/beberapa", data=data)
        assert "2 records done. 1 record was left as it is." in text(page)
        first, *_ = page.select(".tangerang-review-queue > li")
        assert "Not done" in text(first)
        assert "Berubah" in text(first)

    def test_what_was_typed_is_shown_where_it_was_refused(self, browse, three):
        data = {"record": ["tidak-ada"], "langkah": "kembalikan", "reason": "Panjang & penting"}
        page = browse("walidata_editor", "/pemeriksaan/beberapa", data=data)
        assert "Panjang & penting" in text(page)

    def test_nothing_chosen(self, browse, three):
        browse("walidata_editor", "/pemeriksaan/beberapa", {"langkah": "ambil"}, status=302)
        browse("walidata_editor", "/pemeriksaan/beberapa", {"langkah": "tarik"}, status=404)
        browse(None, "/pemeriksaan/beberapa", {"langkah": "ambil", "record": "satu"}, status=403)

    def test_others_are_not_offered_it(self, browse, three):
        page = browse("editor", "/pemeriksaan")
        assert page.select("h2 a")
        assert not page.select("input[name=record]")


class TestChanges:
    def test_the_list(self, staff, published):
        ask("package_patch", staff.sysadmin, id=published["id"], title="Diubah langsung")
        [row] = ask("tangerang_review_change_list", staff.walidata_editor)["results"]
        assert (row["verb"], row["title"]) == ("diubah_langsung", "Diubah langsung")
        assert row["user"] == staff.sysadmin["fullname"]
        assert row["organization"] == "Dinas Kesehatan"
        ask("package_patch", staff.sysadmin, id=published["id"], private=True)
        ask("package_patch", staff.sysadmin, id=published["id"], private=False)
        found = ask("tangerang_review_change_list", staff.walidata_editor)
        assert found["count"] == 2
        assert found["results"][0]["verb"] == "terbit_langsung"
        assert ask("tangerang_review_change_list", staff.second, owner_org="dinsos")["count"] == 0

    @pytest.mark.ckan_config("ckanext.tangerang.review.direct", "resource_update")
    def test_the_table_that_was_changed_is_named(self, staff, draft):
        file = ask("resource_create", staff.editor, package_id=draft["id"], url="", name="Tabel")
        ask(
            "datastore_create", staff.editor, resource_id=file["id"], force=True,
            fields=[{"id": "a"}], records=[{"a": "1"}], primary_key=["a"],
        )  # fmt: skip
        review("submit", staff.editor, draft)
        review("publish", staff.second, draft, version=fresh(draft)["metadata_modified"])
        ask(
            "datastore_upsert", staff.editor, resource_id=file["id"], force=True,
            records=[{"a": "2"}],
        )  # fmt: skip
        rows = ask("tangerang_review_change_list", staff.second)["results"]
        assert (rows[0]["resource"], rows[0]["reason"]) == ("Tabel", "")
        assert rows[0]["user"] == staff.editor["fullname"]

    @pytest.mark.parametrize("name", ["editor", "admin", "pembina", "stranger", "reader"])
    def test_only_the_walidata_reads_it(self, name, staff, browse):
        with pytest.raises(tk.NotAuthorized):
            ask("tangerang_review_change_list", getattr(staff, name))
        browse(name, "/pemeriksaan/tanpa-pemeriksaan", status=403)

    def test_the_page(self, browse, staff, published):
        ask("package_patch", staff.sysadmin, id=published["id"], title="<b>Judul</b>")
        page = browse("walidata_editor", "/pemeriksaan/tanpa-pemeriksaan")
        assert "<b>Judul</b>" in text(page.select_one("h2 a"))
        browse("walidata_editor", "/pemeriksaan/tanpa-pemeriksaan?owner_org=entah", status=404)
        with counted() as one:
            ask("tangerang_review_change_list", staff.second)
        for number in range(4):
            ask("package_patch", staff.sysadmin, id=published["id"], title=f"Judul {number}")
        with counted() as many:
            assert ask("tangerang_review_change_list", staff.second)["count"] == 5
        assert len(many.sql) == len(one.sql)
