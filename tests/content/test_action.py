"""Pages are read by all, written by the walidata, and nothing that was written is lost."""

from __future__ import annotations

from threading import Thread

import ckan.plugins.toolkit as tk
import pytest
from ckan import model

from ckanext.tangerang.content import pages

from .conftest import PLUGINS, act

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("with_plugins", "app"),
]

NEW = {"name": "pelatihan", "title_id": "Pelatihan", "text_id": "Isi.", "published": True}


class TestRead:
    def test_packaged_pages_are_there_from_the_first_day(self, staff):
        found = act("list", None)
        assert [page["name"] for page in found] == list(pages.packaged())
        assert {page["version"] for page in found} == {0}
        page = act("show", None, id="kontak")
        assert page["title_en"] == "Contact and PPID"
        assert "[[" not in page["text_id"]
        assert "open_points" not in page

    def test_the_walidata_sees_what_is_to_be_filled_in(self, staff):
        page = act("show", staff.walidata, id="kontak")
        assert "alamat email PPID" in page["open_points"]
        assert "[[isi: alamat email PPID]]" in page["text_id"]
        listed = {row["name"]: row for row in act("list", staff.walidata, all=True)}
        assert listed["kontak"]["open_points"] == page["open_points"]
        assert listed["tentang"]["open_points"] == []

    def test_a_hidden_page_is_not_there_for_others(self, staff):
        act("create", staff.walidata, **NEW | {"published": False})
        assert act("show", staff.walidata, id="pelatihan")["published"] is False
        for user in (None, staff.officer):
            with pytest.raises(tk.ObjectNotFound):
                act("show", user, id="pelatihan")
            assert "pelatihan" not in [page["name"] for page in act("list", user)]

    def test_hidden_pages_and_old_versions_are_for_the_walidata(self, staff):
        with pytest.raises(tk.NotAuthorized):
            act("list", staff.officer, all=True)
        with pytest.raises(tk.ObjectNotFound):
            act("show", staff.officer, id="kontak", version=0)
        with pytest.raises(tk.NotAuthorized):
            act("history", staff.officer, id="kontak")

    def test_by_place(self, staff):
        assert [page["name"] for page in act("list", None, place="menu")] == ["tentang", "bantuan"]
        with pytest.raises(tk.ValidationError):
            act("list", None, place="sidebar")

    def test_what_never_was(self, staff):
        with pytest.raises(tk.ObjectNotFound):
            act("show", None, id="no-such")
        with pytest.raises(tk.ObjectNotFound):
            act("history", staff.walidata, id="no-such")


class TestWrite:
    @pytest.mark.parametrize("action", ["create", "update", "delete", "revert"])
    def test_only_the_walidata_and_sysadmins_may(self, staff, action):
        data = {**NEW, "id": "kontak", "version": 0, "to": 0}
        for user in (None, staff.officer):
            with pytest.raises(tk.NotAuthorized):
                act(action, user, **data)
        if action == "create":
            assert act(action, staff.sysadmin, **NEW)["version"] == 1
        assert act("show", None, id="kontak")["version"] == 0

    def test_a_new_page(self, staff):
        page = act("create", staff.walidata, **NEW)
        assert (page["version"], page["place"], page["position"]) == (1, "", 100)
        assert act("show", None, id="pelatihan")["text_id"] == "Isi."
        assert "pelatihan" in [row["name"] for row in act("list", None)]

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", "Dengan Spasi"),
            ("name", "baru"),
            ("name", "a" * 61),
            ("name", "kontak"),
            ("name", "../x"),
            ("title_id", ""),
            ("title_id", "x" * 201),
            ("text_id", "x" * 100_001),
            ("text_en", ["x"]),
            ("place", "sidebar"),
            ("position", -1),
            ("position", "x"),
            ("note", "x" * 501),
        ],
    )
    def test_what_is_wrong_is_said_at_the_field(self, staff, field, value):
        with pytest.raises(tk.ValidationError) as caught:
            act("create", staff.walidata, **NEW | {field: value})
        assert list(caught.value.error_dict) == [field]

    def test_a_change_keeps_what_is_not_given(self, staff):
        before = act("show", staff.walidata, id="bantuan")
        page = act("update", staff.walidata, id="bantuan", version=0, title_id="Cara memakai")
        assert (page["version"], page["title_id"]) == (1, "Cara memakai")
        assert page["text_id"] == before["text_id"]
        assert page["place"] == "menu"

    def test_a_change_that_changes_nothing_is_no_version(self, staff):
        page = act("update", staff.walidata, id="bantuan", version=0, title_id="Bantuan")
        assert page["version"] == 0
        assert [entry["version"] for entry in act("history", staff.walidata, id="bantuan")] == [0]

    def test_lines_end_as_everywhere(self, staff):
        page = act("create", staff.walidata, **NEW | {"text_id": "a\r\nb\x00\rc"})
        assert page["text_id"] == "a\nb\nc"

    def test_two_editors(self, staff):
        act("update", staff.walidata, id="bantuan", version=0, text_id="Satu")
        with pytest.raises(tk.ValidationError) as caught:
            act("update", staff.colleague, id="bantuan", version=0, text_id="Dua")
        (said,) = caught.value.error_dict["version"]
        assert "Walidata has changed this page meanwhile" in said
        assert act("show", None, id="bantuan")["text_id"].strip() == "Satu"
        act("update", staff.colleague, id="bantuan", version=1, text_id="Dua")
        assert act("show", None, id="bantuan")["text_id"].strip() == "Dua"

    def test_two_editors_at_the_same_moment(self, staff, app):
        results: list[str] = []

        def change(text: str) -> None:
            with app.flask_app.test_request_context("/"):
                try:
                    act("update", staff.walidata, id="bantuan", version=0, text_id=text)
                    results.append("saved")
                except tk.ValidationError as error:
                    results.extend(error.error_dict)
                finally:
                    model.Session.remove()

        threads = [Thread(target=change, args=(f"teks {number}",)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(results) == ["saved", "version", "version", "version"]


class TestHistory:
    def test_every_version_can_be_read_and_brought_back(self, staff):
        act("update", staff.walidata, id="bantuan", version=0, text_id="Satu", note="Ringkas")
        act("update", staff.colleague, id="bantuan", version=1, text_id="Dua")
        history = act("history", staff.walidata, id="bantuan")
        assert [(entry["version"], entry["verb"]) for entry in history] == [
            (2, "update"),
            (1, "update"),
            (0, "package"),
        ]
        assert history[1]["note"] == "Ringkas"
        assert history[1]["user"] == {"name": staff.walidata["name"], "title": "Walidata"}
        assert act("show", staff.walidata, id="bantuan", version=1)["text_id"] == "Satu"
        page = act("revert", staff.walidata, id="bantuan", version=2, to=1)
        assert (page["version"], page["text_id"]) == (3, "Satu")
        page = act("revert", staff.walidata, id="bantuan", version=3, to=0)
        assert page["text_id"] == pages.packaged()["bantuan"].text_id
        assert act("history", staff.walidata, id="bantuan")[0]["note"] == "Version 0 brought back"

    def test_a_deleted_page_can_be_brought_back(self, staff):
        act("create", staff.walidata, **NEW)
        act("delete", staff.walidata, id="pelatihan", version=1)
        with pytest.raises(tk.ObjectNotFound):
            act("show", None, id="pelatihan")
        with pytest.raises(tk.ValidationError, match="Bring it back"):
            act("create", staff.walidata, **NEW)
        act("revert", staff.walidata, id="pelatihan", version=2, to=1)
        assert act("show", None, id="pelatihan")["text_id"].strip() == "Isi."

    def test_a_version_that_never_was(self, staff):
        with pytest.raises(tk.ObjectNotFound):
            act("revert", staff.walidata, id="bantuan", version=0, to=7)
        with pytest.raises(tk.ObjectNotFound):
            act("show", staff.walidata, id="bantuan", version=7)

    def test_reverting_also_minds_other_editors(self, staff):
        act("update", staff.walidata, id="bantuan", version=0, text_id="Satu")
        for action, more in (("revert", {"to": 0}), ("delete", {})):
            with pytest.raises(tk.ValidationError) as caught:
                act(action, staff.colleague, id="bantuan", version=0, **more)
            assert list(caught.value.error_dict) == ["version"]
