"""The actions: the way of a record from draft to publication, and back."""

from __future__ import annotations

from datetime import timedelta

import ckan.plugins.toolkit as tk
import pytest
from ckan import model

from ckanext.tangerang.review import publication, store
from ckanext.tangerang.review.model import Review, now

from .conftest import PLUGINS, ask, fresh, review

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("staff", "with_extended_cli"),
]


def version(record):
    return fresh(record)["metadata_modified"]


def publish(user, record, **data):
    return review("publish", user, record, **{"version": version(record), **data})


def history(user, record):
    found = review("history", user, record)
    assert found["count"] == len(found["results"])
    return [(row["verb"], row["from"], row["to"]) for row in reversed(found["results"])]


class TestWay:
    def test_from_draft_to_public(self, staff, draft):
        assert review("show", staff.editor, draft)["state"] == "draf"
        shown = review("submit", staff.editor, draft, version=draft["metadata_modified"])
        assert (shown["state"], shown["submitted_by"]) == ("diajukan", staff.editor["fullname"])
        assert review("claim", staff.walidata_editor, draft)["state"] == "diperiksa"
        shown = publish(staff.walidata_editor, draft)
        assert (shown["state"], shown["reviewer"]) == ("terbit", None)
        record = ask("package_show", None, id=draft["id"])
        assert (record["private"], record["state"]) == (False, "active")
        assert history(staff.editor, draft) == [
            ("ajukan", "draf", "diajukan"),
            ("ambil", "diajukan", "diperiksa"),
            ("terbitkan", "diperiksa", "terbit"),
        ]

    def test_returned_answered_and_handed_in_again(self, staff, handed_in):
        found = [
            {"field": "definisi", "text": "Sebut peraturannya."},
            {"field": "variabel", "row": 2, "text": "Satuan?", "severity": "saran"},
        ]
        shown = review("return", staff.walidata_editor, handed_in, notes=found)
        assert shown["state"] == "revisi_diminta"
        first, second = shown["notes"]
        assert (first["severity"], first["status"], second["row"]) == ("wajib", "open", 2)
        with pytest.raises(tk.ValidationError) as refused:
            review("submit", staff.editor, handed_in)
        assert refused.value.error_dict["notes"] == ["A required note is open: Sebut peraturannya."]
        ask("package_patch", staff.editor, id=handed_in["id"], definisi="Permenkes 43/2019.")
        answered = ask("tangerang_review_note_answer", staff.editor, id=first["id"], text="Sudah.")
        assert (answered["status"], answered["answers"][0]["text"]) == ("answered", "Sudah.")
        assert review("submit", staff.editor, handed_in)["state"] == "diajukan"
        publish(staff.walidata_editor, handed_in)
        assert {n["status"] for n in review("show", staff.editor, handed_in)["notes"]} == {
            "settled"
        }

    def test_an_incomplete_record_is_refused_with_what_is_missing(self, staff, complete):
        record = ask(
            "package_create", staff.editor, **{**complete, "private": True, "definisi": ""}
        )
        with pytest.raises(tk.ValidationError) as refused:
            review("submit", staff.editor, record)
        assert list(refused.value.error_dict) == ["definisi"]
        assert review("show", staff.editor, record)["state"] == "draf"
        assert fresh(record)["private"] is True

    def test_taken_back(self, staff, handed_in):
        assert review("withdraw", staff.editor, handed_in)["state"] == "draf"
        ask("package_patch", staff.editor, id=handed_in["id"], title="Lain")

    def test_withdrawn_from_publication_and_published_again(self, staff, published):
        shown = review("retract", staff.walidata_editor, published, reason="Angka salah.")
        assert shown["state"] == "ditarik"
        with pytest.raises(tk.NotAuthorized):
            ask("package_show", None, id=published["id"])
        ask("package_patch", staff.editor, id=published["id"], title="Dibetulkan")
        review("submit", staff.editor, published)
        publish(staff.walidata_editor, published)
        assert ask("package_show", None, id=published["id"])["title"] == "Dibetulkan"
        verbs = [verb for verb, _, _ in history(staff.editor, published)]
        assert verbs == ["ajukan", "terbitkan", "tarik", "ajukan", "terbitkan"]

    def test_closed_data_are_approved_and_stay_private(self, staff, complete):
        closed = {"accesslevel": "tertutup", "alasan_pembatasan": "UU 14/2008 Pasal 17"}
        record = ask("package_create", staff.editor, **{**complete, "private": True, **closed})
        review("submit", staff.editor, record)
        assert publish(staff.walidata_editor, record)["state"] == "disetujui_tertutup"
        assert fresh(record)["private"] is True
        with pytest.raises(tk.NotAuthorized):
            ask("package_patch", staff.editor, id=record["id"], title="Lain")

    @pytest.mark.ckan_config("ckanext.tangerang.review.opd_check", "true")
    def test_the_admin_of_the_opd_checks_first(self, staff, draft):
        assert review("submit", staff.editor, draft)["state"] == "diperiksa_opd"
        with pytest.raises(tk.NotAuthorized):
            review("submit", staff.editor, draft)
        assert review("submit", staff.admin, draft)["state"] == "diajukan"
        assert review("show", staff.admin, draft)["submitted_by"] == staff.editor["fullname"]

    def test_the_record_of_one_that_waits_too_may_be_named(self, staff, complete):
        from tests.metadata.records import compilation  # noqa: PLC0415

        owner = {"owner_org": staff.opd["id"], "private": True}
        activity = ask("package_create", staff.editor, **{**compilation(), **owner})
        record = ask(
            "package_create",
            staff.editor,
            **{**complete, "private": True, "kegiatan": activity["id"]},
        )
        with pytest.raises(tk.ValidationError):
            review("submit", staff.editor, record)
        review("submit", staff.editor, activity)
        review("submit", staff.editor, record)
        with pytest.raises(tk.ValidationError):
            publish(staff.walidata_editor, record)
        assert review("show", staff.editor, record)["state"] == "diajukan"
        publish(staff.walidata_editor, activity)
        assert publish(staff.walidata_editor, record)["state"] == "terbit"


class TestDecision:
    def test_only_what_was_seen_is_published(self, staff, handed_in):
        seen = version(handed_in)
        ask("package_patch", staff.sysadmin, id=handed_in["id"], title="Berubah")
        with pytest.raises(tk.ValidationError) as refused:
            review("publish", staff.walidata_editor, handed_in, version=seen)
        assert "version" in refused.value.error_dict
        assert fresh(handed_in)["private"] is True

    def test_nobody_publishes_what_they_handed_in(self, staff, complete):
        record = ask(
            "package_create",
            staff.walidata_editor,
            **{**complete, "private": True, "owner_org": staff.walidata["id"]},
        )
        review("submit", staff.walidata_editor, record)
        with pytest.raises(tk.ValidationError, match="yourself"):
            publish(staff.walidata_editor, record)
        assert publish(staff.second, record)["state"] == "terbit"

    @pytest.mark.ckan_config("ckanext.tangerang.review.four_eyes", "false")
    def test_a_walidata_of_one_person_may(self, staff, complete):
        record = ask(
            "package_create",
            staff.walidata_editor,
            **{**complete, "private": True, "owner_org": staff.walidata["id"]},
        )
        review("submit", staff.walidata_editor, record)
        assert publish(staff.walidata_editor, record)["state"] == "terbit"

    @pytest.mark.parametrize("name", ["editor", "admin", "pembina", "stranger", "reader"])
    def test_nobody_else_decides(self, name, staff, handed_in):
        user = getattr(staff, name)
        calls = (
            ("publish", {"version": version(handed_in)}),
            ("return", {"reason": "x"}),
            ("claim", {}),
            ("retract", {"reason": "x"}),
        )
        for verb, data in calls:
            with pytest.raises(tk.NotAuthorized):
                review(verb, user, handed_in, **data)
        assert review("show", staff.editor, handed_in)["state"] == "diajukan"

    def test_a_required_note_that_is_open_holds_publication(self, staff, handed_in):
        shown = review("return", staff.walidata_editor, handed_in, notes=[{"text": "Lengkapi."}])
        [note] = shown["notes"]
        ask("tangerang_review_note_settle", staff.walidata_editor, id=note["id"])
        review("submit", staff.editor, handed_in)
        publish(staff.walidata_editor, handed_in)

    def test_a_return_says_something(self, staff, handed_in):
        with pytest.raises(tk.ValidationError):
            review("return", staff.walidata_editor, handed_in)

    def test_a_step_that_is_not_next_is_refused(self, staff, draft):
        with pytest.raises(tk.ValidationError, match="Draft"):
            publish(staff.walidata_editor, draft)

    @pytest.mark.ckan_config("ckanext.tangerang.review.publish_by", "opd")
    def test_an_opd_may_publish_by_configuration(self, staff, draft):
        assert publish(staff.editor, draft)["state"] == "terbit"


class TestSchedule:
    def due(self, record):
        """Let the time of a record have come."""
        model.Session.query(Review).filter_by(package_id=record["id"]).update(
            {"publish_at": now() - timedelta(minutes=1)}
        )
        model.Session.commit()

    def test_published_when_due_once(self, staff, handed_in):
        shown = publish(staff.walidata_editor, handed_in, at="2099-01-01T08:00+07:00")
        assert (shown["state"], shown["publish_at"]) == ("diajukan", "2099-01-01T01:00:00")
        assert publication.sweep() == (0, 0)
        self.due(handed_in)
        assert publication.sweep() == (1, 0)
        assert publication.sweep() == (0, 0)
        assert fresh(handed_in)["private"] is False
        assert [verb for verb, _, _ in history(staff.editor, handed_in)] == [
            "ajukan", "jadwalkan", "terbitkan"
        ]  # fmt: skip

    @pytest.mark.ckan_config("ckan.display_timezone", "Asia/Jakarta")
    def test_a_time_without_zone_is_the_portals(self, staff, handed_in):
        shown = publish(staff.walidata_editor, handed_in, at="2099-01-01T08:00")
        assert shown["publish_at"] == "2099-01-01T01:00:00"

    def test_what_changed_meanwhile_is_not_published(self, staff, handed_in):
        publish(staff.walidata_editor, handed_in, at="2099-01-01T08:00")
        ask("package_patch", staff.sysadmin, id=handed_in["id"], title="Berubah")
        self.due(handed_in)
        assert publication.sweep() == (0, 1)
        assert publication.sweep() == (0, 0)
        assert fresh(handed_in)["private"] is True
        assert history(staff.editor, handed_in)[-1] == ("jadwal_gagal", "diajukan", "diajukan")

    def test_who_decided_must_still_be_walidata(self, staff, handed_in):
        publish(staff.walidata_editor, handed_in, at="2099-01-01T08:00")
        tk.get_action("organization_member_delete")(
            {"ignore_auth": True, "user": staff.sysadmin["name"]},
            {"id": "diskominfo", "username": staff.walidata_editor["name"]},
        )
        self.due(handed_in)
        assert publication.sweep() == (0, 1)
        assert fresh(handed_in)["private"] is True

    def test_cancelled(self, staff, handed_in):
        publish(staff.walidata_editor, handed_in, at="2099-01-01T08:00")
        assert review("schedule_cancel", staff.second, handed_in)["publish_at"] is None
        with pytest.raises(tk.ValidationError):
            review("schedule_cancel", staff.second, handed_in)

    def test_taken_back_before_it_was_due(self, staff, handed_in):
        publish(staff.walidata_editor, handed_in, at="2099-01-01T08:00")
        review("withdraw", staff.editor, handed_in)
        assert store.get(handed_in["id"]).publish_at is None

    @pytest.mark.parametrize(
        "at", ["2001-01-01", "besok", "2099-99-99T00:00", "9999-12-31T23:59-23:00"]
    )
    def test_a_time_that_is_none_is_refused(self, at, staff, handed_in):
        with pytest.raises(tk.ValidationError):
            publish(staff.walidata_editor, handed_in, at=at)

    def test_the_command(self, cli, staff, handed_in):
        from ckan.cli.cli import ckan  # noqa: PLC0415

        publish(staff.walidata_editor, handed_in, at="2099-01-01T08:00")
        self.due(handed_in)
        result = cli.invoke(ckan, ["tangerang", "review", "sweep"])
        assert "1 published, 0 could not be" in result.output
        assert fresh(handed_in)["private"] is False


class TestNotes:
    def test_advice_decides_nothing(self, staff, handed_in):
        note = review(
            "recommend", staff.pembina, handed_in, verdict="belum_layak", text="Definisi kurang."
        )
        assert (note["kind"], note["verdict"], note["status"]) == (
            "rekomendasi", "belum_layak", "settled"
        )  # fmt: skip
        assert publish(staff.walidata_editor, handed_in)["state"] == "terbit"

    @pytest.mark.parametrize("name", ["editor", "walidata_editor", "reader"])
    def test_only_the_pembina_recommends(self, name, staff, handed_in):
        with pytest.raises(tk.NotAuthorized):
            review("recommend", getattr(staff, name), handed_in, verdict="layak", text="x")

    def test_the_pembina_sees_nothing_before_it_is_handed_in(self, staff, draft):
        with pytest.raises(tk.NotAuthorized):
            review("comment", staff.pembina, draft, text="x")

    def test_who_comments(self, staff, handed_in):
        for user in (staff.editor, staff.admin, staff.walidata_editor, staff.pembina):
            assert review("comment", user, handed_in, text="x")["kind"] == "komentar"
        for user in (staff.stranger, staff.reader):
            with pytest.raises(tk.NotAuthorized):
                review("comment", user, handed_in, text="x")

    def test_a_settled_note_is_not_answered(self, staff, handed_in):
        shown = review("return", staff.walidata_editor, handed_in, notes=[{"text": "x"}])
        [note] = shown["notes"]
        with pytest.raises(tk.NotAuthorized):
            ask("tangerang_review_note_settle", staff.editor, id=note["id"])
        ask("tangerang_review_note_settle", staff.walidata_editor, id=note["id"])
        with pytest.raises(tk.ValidationError):
            ask("tangerang_review_note_answer", staff.editor, id=note["id"], text="y")

    @pytest.mark.parametrize(
        "values",
        [
            {"text": ""},
            {"text": "  "},
            {"text": "x" * 5001},
            {"text": "x", "severity": "gawat"},
            {"text": "x", "row": -1},
            {"text": "x", "row": "dua"},
            {"text": "x", "field": "f" * 201},
        ],
    )
    def test_bad_notes_are_refused(self, values, staff, handed_in):
        with pytest.raises(tk.ValidationError):
            review("return", staff.walidata_editor, handed_in, notes=[values])
        assert review("show", staff.editor, handed_in)["state"] == "diajukan"


class TestReading:
    @pytest.mark.parametrize(
        ("name", "seen"),
        [
            ("editor", True), ("admin", True), ("walidata_editor", True), ("pembina", True),
            ("stranger", False), ("reader", False), ("sysadmin", True),
        ],
    )  # fmt: skip
    def test_who_sees_the_review(self, name, seen, staff, handed_in):
        user = getattr(staff, name)
        for verb in ("show", "history"):
            if seen:
                review(verb, user, handed_in)
            else:
                with pytest.raises(tk.NotAuthorized):
                    review(verb, user, handed_in)
        found = ask("tangerang_review_list", user)
        assert [row["id"] for row in found["results"]] == ([handed_in["id"]] if seen else [])
        assert found["count"] == int(seen)

    def test_nobody_without_account(self, handed_in):
        for name in ("show", "history", "list"):
            with pytest.raises(tk.NotAuthorized):
                ask(f"tangerang_review_{name}", None, id=handed_in["id"])

    def test_filters(self, staff, handed_in):
        def ids(**data):
            return [
                r["id"]
                for r in ask("tangerang_review_list", staff.walidata_editor, **data)["results"]
            ]

        assert ids(owner_org="dinkes", type="dataset") == [handed_in["id"]]
        assert ids(owner_org="dinsos") == []
        assert ids(type="kegiatan") == []
        assert ids(mine=True) == []
        review("claim", staff.walidata_editor, handed_in)
        assert ids(mine=True) == [handed_in["id"]]
        assert ids(state="diajukan") == []
        assert ids(state="diajukan,diperiksa") == [handed_in["id"]]
        with pytest.raises(tk.ValidationError):
            ids(state="entah")
        with pytest.raises(tk.ObjectNotFound):
            ids(owner_org="tidak-ada")

    def test_unknown_records(self, staff):
        with pytest.raises(tk.ObjectNotFound):
            ask("tangerang_review_show", staff.editor, id="tidak-ada")

    def test_a_purged_record_takes_all_along(self, staff, handed_in):
        review("comment", staff.editor, handed_in, text="x")
        ask("dataset_purge", staff.sysadmin, id=handed_in["id"])
        assert store.get(handed_in["id"]) is None


@pytest.mark.ckan_config("ckanext.tangerang.review.enabled", "false")
def test_switched_off_nothing_is_reviewed(staff, complete):
    record = ask("package_create", staff.editor, **complete)
    assert record["private"] is False
    with pytest.raises(tk.ValidationError, match="switched off"):
        review("submit", staff.editor, record)
