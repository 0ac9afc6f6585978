"""The way of a revisi: opened, changed, handed in, returned, approved, given up."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from ckan import model

from ckanext.tangerang import working_copy
from ckanext.tangerang.review.revision import shadow

from ..conftest import PLUGINS, ask, fresh, review
from . import scenario

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("staff", "disk"),
]


@pytest.fixture
def record(staff, complete, disk):
    """Publish a dataset of the OPD with an uploaded file, its table and view, and a link."""
    scenario.empty_datastore()
    made = ask("package_create", staff.editor, **{**complete, "private": True, "satuan": "unit"})
    scenario.add_file(staff.editor["name"], made["id"], "lama")
    ask("resource_create", staff.editor, package_id=made["id"], name="Laman",
        url="https://example.go.id/laman", format="HTML")  # fmt: skip
    review("submit", staff.editor, made)
    review("publish", staff.walidata_editor, made, version=version(made))
    return fresh(made)


def version(record):
    return fresh(record)["metadata_modified"]


def opened(staff, record):
    """Open the revisi and return its package."""
    return fresh(review("revise", staff.editor, record))


def approve(staff, copy, user=None):
    review("submit", staff.editor, copy)
    return review("publish", user or staff.walidata_editor, copy, version=version(copy))


def replace_file(staff, copy, word="baru", columns=("versi", "tambahan")):
    """Upload another file in place of the first one, with its table."""
    first = copy["resources"][0]
    ask(
        "resource_update",
        staff.editor,
        **{**first, "upload": scenario.upload(f"versi\n{word}\n", "baru.csv")},
    )
    tk.get_action("datastore_create")(
        {"user": staff.editor["name"], "ignore_auth": True},
        {"resource_id": first["id"], "force": True,
         "fields": [{"id": name, "type": "text"} for name in columns],
         "records": [dict.fromkeys(columns, word) for _ in range(5)],
         "calculate_record_count": True},
    )  # fmt: skip


def history(staff, record):
    found = review("history", staff.editor, record)
    return [row["verb"] for row in reversed(found["results"])]


class TestOpening:
    def test_opens_once_and_then_finds(self, staff, record):
        shown = review("revise", staff.editor, record)
        assert (shown["state"], shown["type"]) == ("draf", "dataset")
        assert shown["revision_of"]["id"] == record["id"]
        assert review("revise", staff.admin, record)["id"] == shown["id"]
        assert review("revise", staff.admin, shown)["id"] == shown["id"]
        of_record = review("show", staff.editor, record)
        assert of_record["revision"]["id"] == shown["id"]
        assert of_record["revision"]["opened_by"] == staff.editor["fullname"]
        assert history(staff, record)[-1] == "buka_revisi"

    def test_says_the_same_and_is_not_the_record(self, staff, record):
        copy = opened(staff, record)
        same = ("title", "notes", "definisi", "satuan", "owner_org", "type", "kontak_email")
        assert {name: copy[name] for name in same} == {name: record[name] for name in same}
        assert copy["private"] is True
        assert copy["name"] != record["name"]
        assert copy.get("identifier") is None
        assert [r["name"] for r in copy["resources"]] == [r["name"] for r in record["resources"]]
        assert not {r["id"] for r in copy["resources"]} & {r["id"] for r in record["resources"]}
        assert fresh(record) == record

    def test_edited_with_the_ordinary_actions(self, staff, record):
        copy = opened(staff, record)
        done = ask(
            "package_patch", staff.editor, id=copy["id"], title="Baru", name="lain", state="deleted"
        )
        assert (done["title"], done["name"], done["state"]) == ("Baru", copy["name"], "active")
        assert fresh(record)["title"] == record["title"]

    @pytest.mark.parametrize("name", ["stranger", "reader", "pembina"])
    def test_others_may_not(self, name, staff, record):
        with pytest.raises(tk.NotAuthorized):
            review("revise", getattr(staff, name), record)

    def test_a_draft_has_none(self, staff, complete):
        draft = ask("package_create", staff.editor, **{**complete, "name": "lain", "private": True})
        with pytest.raises(tk.ValidationError):
            review("revise", staff.editor, draft)
        with pytest.raises(tk.ValidationError):
            review("discard", staff.editor, draft)
        with pytest.raises(tk.ObjectNotFound):
            review("diff", staff.editor, draft)


class TestApproval:
    def test_all_switch_and_nothing_moves(self, staff, record):
        copy = opened(staff, record)
        ask(
            "package_patch",
            staff.editor,
            id=copy["id"],
            definisi="Definisi baru.",
            tags=[{"name": "baru"}],
        )
        replace_file(staff, copy)
        extra = scenario.add_file(staff.editor["name"], copy["id"], "tambahan")
        first, link = record["resources"]
        before = ask("package_show", None, id=record["id"])
        assert before["definisi"] == record["definisi"]
        assert scenario.content(first["id"]) == "versi\nlama\n"

        shown = approve(staff, copy)

        assert (shown["id"], shown["state"], shown["revision"]) == (record["id"], "terbit", None)
        after = ask("package_show", None, id=record["id"])
        assert after["definisi"] == "Definisi baru."
        assert [tag["name"] for tag in after["tags"]] == ["baru"]
        assert (after["name"], after["identifier"]) == (record["name"], record["identifier"])
        assert after["metadata_modified"] > record["metadata_modified"]
        assert [r["id"] for r in after["resources"]][:2] == [first["id"], link["id"]]
        assert after["resources"][0]["url"].endswith(f"/{first['id']}/download/baru.csv")
        assert after["resources"][1]["url"] == link["url"]
        new = after["resources"][2]["id"]
        assert new != extra
        assert scenario.content(first["id"]) == "versi\nbaru\n"
        assert scenario.content(new) == "versi\ntambahan\n"
        assert [row["versi"] for row in scenario.table(first["id"])] == ["baru"] * 5
        assert len(scenario.table(new)) == 3
        assert model.Package.get(copy["id"]) is None
        assert scenario.content(copy["resources"][0]["id"]) is None
        assert scenario.table(copy["resources"][0]["id"]) is None
        found = ask("package_search", None, q="definisi:x OR name:puskesmas")
        assert [row["definisi"] for row in found["results"]] == ["Definisi baru."]

    def test_history_and_notes_go_over(self, staff, record):
        copy = opened(staff, record)
        ask("package_patch", staff.editor, id=copy["id"], definisi="Baru.")
        review("submit", staff.editor, copy)
        place = {"resource_id": copy["resources"][0]["id"], "text": "Mengapa?"}
        shown = review("return", staff.walidata_editor, copy, notes=[place])
        ask(
            "tangerang_review_note_answer", staff.editor, id=shown["notes"][0]["id"], text="Begitu."
        )
        approve(staff, copy)
        verbs = history(staff, record)
        assert verbs[2:3] == ["buka_revisi"]
        assert [v for v in verbs if v in ("ajukan", "kembalikan", "revisi_terbit")][-4:] == [
            "ajukan", "kembalikan", "ajukan", "revisi_terbit"
        ]  # fmt: skip
        [note] = review("show", staff.editor, record)["notes"]
        assert (note["status"], note["resource_id"]) == ("settled", record["resources"][0]["id"])
        assert note["revision"] == copy["id"]

    def test_nothing_changed_is_not_handed_in(self, staff, record):
        copy = opened(staff, record)
        with pytest.raises(tk.ValidationError, match="changes nothing"):
            review("submit", staff.editor, copy)

    def test_incomplete_is_not_handed_in(self, staff, record):
        copy = opened(staff, record)
        ask("package_patch", staff.editor, id=copy["id"], definisi="")
        with pytest.raises(tk.ValidationError) as refused:
            review("submit", staff.editor, copy)
        assert list(refused.value.error_dict) == ["definisi"]

    def test_a_field_and_a_file_are_taken_out(self, staff, record):
        copy = opened(staff, record)
        ask("package_patch", staff.editor, id=copy["id"], notes="Lain.", konsep="x")
        ask("resource_delete", staff.editor, id=copy["resources"][0]["id"])
        approve(staff, copy)
        done = fresh(record)
        assert [r["id"] for r in done["resources"]] == [record["resources"][1]["id"]]
        assert scenario.content(record["resources"][0]["id"]) is None
        again = opened(staff, record)
        ask("package_patch", staff.editor, id=again["id"], konsep="")
        approve(staff, again)
        assert fresh(record).get("konsep") is None

    def test_only_what_was_seen(self, staff, record):
        copy = opened(staff, record)
        ask("package_patch", staff.editor, id=copy["id"], definisi="Baru.")
        review("submit", staff.editor, copy)
        with pytest.raises(tk.ValidationError, match="changed since"):
            review("publish", staff.walidata_editor, copy, version=record["metadata_modified"])

    def test_the_walidata_decides_and_nobody_about_the_own(self, staff, record):
        copy = opened(staff, record)
        ask("package_patch", staff.editor, id=copy["id"], definisi="Baru.")
        review("submit", staff.editor, copy)
        for user in (staff.editor, staff.admin, staff.pembina):
            with pytest.raises(tk.NotAuthorized):
                review("publish", user, copy, version=version(copy))
        review("withdraw", staff.editor, copy)
        review("submit", staff.sysadmin, copy)
        with pytest.raises(tk.ValidationError, match="yourself"):
            review("publish", staff.sysadmin, copy, version=version(copy))

    def test_frozen_while_it_waits(self, staff, record):
        copy = opened(staff, record)
        ask("package_patch", staff.editor, id=copy["id"], definisi="Baru.")
        review("submit", staff.editor, copy)
        with pytest.raises(tk.NotAuthorized, match="handed in"):
            ask("package_patch", staff.editor, id=copy["id"], definisi="Lagi.")
        with pytest.raises(tk.ValidationError):
            review("discard", staff.editor, copy)


class TestGivingUp:
    @pytest.mark.parametrize("by", ["revisi", "record"])
    def test_the_record_stays(self, by, staff, record):
        copy = opened(staff, record)
        extra = scenario.add_file(staff.editor["name"], copy["id"], "tambahan")
        target = copy if by == "revisi" else record
        shown = review("discard", staff.editor, target, reason="Tidak jadi.")
        assert shown["id"] == record["id"]
        assert model.Package.get(copy["id"]) is None
        assert shadow.of_record(record["id"]) is None
        assert (scenario.content(extra), scenario.table(extra)) == (None, None)
        assert history(staff, record)[-1] == "batal_revisi"
        assert fresh(record) == record
        assert opened(staff, record)["id"] != copy["id"]

    def test_it_is_not_deleted_like_a_record(self, staff, record):
        copy = opened(staff, record)
        for user in (staff.editor, staff.sysadmin):
            with pytest.raises(tk.NotAuthorized, match="give it up"):
                ask("package_delete", user, id=copy["id"])
        assert fresh(copy)["state"] == "active"


def test_a_working_copy_is_marked(staff, record):
    copy = opened(staff, record)
    assert working_copy.original_of(model.Package.get(copy["id"])) == record["id"]
    assert working_copy.original_of(model.Package.get(record["id"])) is None
