"""Steps of the review are told to those whom they concern, and to nobody else."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories

from ckanext.tangerang.notifications.model import Notification
from ckanext.tangerang.review import announce, grants, states, store
from ckanext.tangerang.signals import record_moved
from tests.review.conftest import ask, fresh, review

from .conftest import PLUGINS, told

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("staff", "pages"),
]

EVERYBODY = (
    *("editor", "admin", "walidata_editor", "second"),
    *("pembina", "stranger", "reader", "sysadmin"),
)


def heard(staff):
    """Return by name of a person the events that they were told."""
    found = {name: [event for event, _ in told(getattr(staff, name))] for name in EVERYBODY}
    return {name: events for name, events in found.items() if events}


def publish(user, record, **data):
    return review("publish", user, record, version=fresh(record)["metadata_modified"], **data)


def test_handed_in_is_told_to_the_walidata(staff, handed_in):
    assert heard(staff) == {"walidata_editor": ["diajukan"], "second": ["diajukan"]}
    [row] = ask("tangerang_notification_list", staff.second)["results"]
    assert row["actor"] == staff.editor["fullname"]
    assert row["url"] == "/pemeriksaan/puskesmas"
    assert row["record"]["title"] == handed_in["title"]
    assert row["read"] is None


def test_decisions_are_told_to_who_handed_in(staff, handed_in, forget):
    forget()
    shown = review("return", staff.walidata_editor, handed_in, notes=[{"text": "x"}], reason="y")
    assert heard(staff) == {"editor": ["dikembalikan"]}
    assert ask("tangerang_notification_list", staff.editor)["results"][0]["detail"] == {
        "reason": "y"
    }
    forget()
    ask("tangerang_review_note_answer", staff.editor, id=shown["notes"][0]["id"], text="z")
    assert heard(staff) == {"walidata_editor": ["catatan_dijawab"], "second": ["catatan_dijawab"]}
    forget()
    review("submit", staff.editor, handed_in)
    forget()
    publish(staff.walidata_editor, handed_in)
    assert heard(staff) == {"editor": ["terbit"]}
    forget()
    review("retract", staff.walidata_editor, handed_in, reason="Salah.")
    assert heard(staff) == {"editor": ["ditarik"]}


def test_the_other_side_hears_remarks_and_the_walidata_advice(staff, handed_in, forget):
    forget()
    review("comment", staff.editor, handed_in, text="x")
    assert heard(staff) == {"walidata_editor": ["komentar"], "second": ["komentar"]}
    forget()
    review("comment", staff.second, handed_in, text="x")
    assert heard(staff) == {"editor": ["komentar"]}
    forget()
    review("recommend", staff.pembina, handed_in, verdict="layak", text="x")
    assert heard(staff) == {"walidata_editor": ["rekomendasi"], "second": ["rekomendasi"]}


def test_a_time_of_publication(staff, handed_in, forget):
    forget()
    publish(staff.walidata_editor, handed_in, at="2099-01-01T08:00+07:00")
    assert heard(staff) == {"editor": ["dijadwalkan"]}
    [row] = ask("tangerang_notification_list", staff.editor)["results"]
    assert "2099" in row["text"]


@pytest.mark.ckan_config("ckanext.tangerang.review.opd_check", "true")
def test_the_first_check_is_told_to_the_admin_of_the_opd(staff, draft):
    review("submit", staff.editor, draft)
    assert heard(staff) == {"admin": ["diajukan"]}


def test_nobody_is_told_of_what_they_did(staff, complete, forget):
    own = {**complete, "private": True, "owner_org": staff.walidata["id"]}
    record = ask("package_create", staff.walidata_editor, **own)
    review("submit", staff.walidata_editor, record)
    assert heard(staff) == {"second": ["diajukan"]}


def test_where_nobody_of_the_opd_took_part_its_admin_is_told(staff, complete, forget):
    record = ask("package_create", staff.sysadmin, **{**complete, "private": True})
    review("submit", staff.sysadmin, record)
    forget()
    review("return", staff.walidata_editor, record, reason="x")
    assert heard(staff) == {"admin": ["dikembalikan"]}


def test_past_the_review_only_those_are_told_who_took_part(staff, complete):
    ask("package_create", staff.sysadmin, **complete)
    assert heard(staff) == {}


def test_a_claim_is_nobodys_news(staff, handed_in, forget):
    forget()
    review("claim", staff.second, handed_in)
    assert heard(staff) == {}


class TestWhoMaySee:
    """The role in which somebody was told is looked at when they read."""

    def drop(self, staff, organization, user):
        tk.get_action("organization_member_delete")(
            {"ignore_auth": True, "user": staff.sysadmin["name"]},
            {"id": organization, "username": user["name"]},
        )

    def test_after_the_role_of_the_walidata_ended(self, staff, handed_in):
        assert told(staff.second)
        self.drop(staff, "diskominfo", staff.second)
        found = ask("tangerang_notification_list", staff.second)
        assert found == {"count": 0, "unread": 0, "results": []}
        assert told(staff.walidata_editor)

    def test_after_the_role_in_the_opd_ended(self, staff, published):
        assert told(staff.editor)
        [row] = ask("tangerang_notification_list", staff.editor)["results"]
        self.drop(staff, "dinkes", staff.editor)
        assert told(staff.editor) == []
        with pytest.raises(tk.ObjectNotFound):
            ask("tangerang_notification_show", staff.editor, id=row["id"])

    def test_as_a_mere_member(self, staff, handed_in):
        tk.get_action("organization_member_create")(
            {"ignore_auth": True, "user": staff.sysadmin["name"]},
            {"id": "diskominfo", "username": staff.second["name"], "role": "member"},
        )
        assert told(staff.second) == []

    def test_when_the_record_went_to_another_opd(self, staff, published):
        ask("package_patch", staff.sysadmin, id=published["id"], owner_org=staff.other["id"])
        assert told(staff.editor) == []

    def test_when_the_organization_is_no_walidata_any_more(self, staff, handed_in):
        ask("organization_patch", staff.sysadmin, id="diskominfo", peran_sdi="produsen_data")
        assert told(staff.second) == []

    def test_what_is_listed_may_be_read(self, staff, handed_in):
        """The condition in SQL is not wider than CKAN's own labels."""
        for name in EVERYBODY:
            user = getattr(staff, name)
            for _event, record in told(user):
                ask("package_show", user, id=record)

    def test_deleted_and_purged_records(self, staff, handed_in):
        ask("package_delete", staff.sysadmin, id=handed_in["id"])
        assert told(staff.second) == []
        ask("dataset_purge", staff.sysadmin, id=handed_in["id"])
        assert model.Session.query(Notification).count() == 0

    def test_of_others(self, staff, handed_in):
        [row] = ask("tangerang_notification_list", staff.second)["results"]
        for user in (staff.walidata_editor, staff.reader, staff.sysadmin):
            with pytest.raises(tk.ObjectNotFound):
                ask("tangerang_notification_show", user, id=row["id"])
            done = ask("tangerang_notification_read", user, id=row["id"])
            assert done["read"] == 0
        for name in ("list", "show", "read", "setting_show", "setting_update"):
            with pytest.raises(tk.NotAuthorized):
                ask(f"tangerang_notification_{name}", None, id=row["id"], mail="tidak", all=True)


class TestReading:
    def test_marking(self, staff, handed_in):
        review("withdraw", staff.editor, handed_in)
        review("submit", staff.editor, handed_in)
        first, second = ask("tangerang_notification_list", staff.second)["results"]
        assert first["created"] > second["created"]
        done = ask("tangerang_notification_read", staff.second, id=first["id"])
        assert done == {"read": 1, "unread": 1}
        assert ask("tangerang_notification_read", staff.second, id=first["id"])["read"] == 0
        found = ask("tangerang_notification_list", staff.second, unread=True)
        assert [row["id"] for row in found["results"]] == [second["id"]]
        assert (found["count"], found["unread"]) == (1, 1)
        assert ask("tangerang_notification_read", staff.second, all=True)["unread"] == 0
        assert ask("tangerang_notification_list", staff.second)["count"] == 2
        assert ask("tangerang_notification_list", staff.walidata_editor)["unread"] == 2

    @pytest.mark.parametrize(
        "data", [{}, {"id": []}, {"id": [1]}, {"id": ["x" * 101]}, {"id": ["x"] * 1001}]
    )
    def test_bad_calls(self, data, staff):
        with pytest.raises(tk.ValidationError):
            ask("tangerang_notification_read", staff.second, **data)

    @pytest.mark.parametrize("data", [{"limit": -1}, {"limit": 1001}, {"offset": "x"}])
    def test_bad_lists(self, data, staff):
        with pytest.raises(tk.ValidationError):
            ask("tangerang_notification_list", staff.second, **data)


class TestSignal:
    """The review tells what is committed, once it is, and is not stopped by who listens."""

    @pytest.fixture
    def moves(self):
        found = []

        def hear(sender, moves):
            found.extend((move.verb, move.package_id) for move in moves)

        record_moved.connect(hear)
        yield found
        record_moved.disconnect(hear)

    def step(self, record, user):
        store.record(
            record["id"],
            states.COMMENT,
            user_id=user["id"],
            from_state=states.DRAFT,
            to_state=states.DRAFT,
        )

    def test_after_the_commit(self, staff, draft, moves):
        self.step(draft, staff.editor)
        assert moves == []
        model.Session.commit()
        assert moves == [(states.COMMENT, draft["id"])]

    def test_what_is_rolled_back_is_not_told(self, staff, draft, moves):
        self.step(draft, staff.editor)
        model.Session.rollback()
        savepoint = model.Session.begin_nested()
        self.step(draft, staff.editor)
        savepoint.rollback()
        model.Session.commit()
        assert moves == []
        self.step(draft, staff.editor)
        model.Session.commit()
        assert len(moves) == 1

    def test_a_refused_publication_is_not_told(self, staff, handed_in, moves):
        with pytest.raises(tk.ValidationError):
            review("publish", staff.walidata_editor, handed_in, version="lain")
        assert moves == []

    def test_who_listens_stops_nothing(self, staff, draft, caplog, monkeypatch):
        def explode(sender, moves):
            raise RuntimeError("boom")

        record_moved.connect(explode)
        # CKAN's logging settings disable loggers that are there already.
        monkeypatch.setattr(announce.log, "disabled", False)
        announce.log.addHandler(caplog.handler)
        try:
            review("submit", staff.editor, draft)
        finally:
            announce.log.removeHandler(caplog.handler)
            record_moved.disconnect(explode)
        assert "boom" in caplog.text
        assert store.get(draft["id"]).state == "diajukan"

    def test_each_way_in_the_history_is_told(self, staff, published, moves):
        with grants.publishing(""):
            ask("package_patch", staff.sysadmin, id=published["id"], title="Lain")
        assert moves == [(states.CHANGE, published["id"])]


def test_an_account_that_is_no_more_is_told_nothing(staff, draft):
    gone = factories.User()
    tk.get_action("organization_member_create")(
        {"ignore_auth": True, "user": staff.sysadmin["name"]},
        {"id": "diskominfo", "username": gone["name"], "role": "editor"},
    )
    tk.get_action("user_delete")({"ignore_auth": True, "user": ""}, {"id": gone["id"]})
    review("submit", staff.editor, draft)
    assert model.Session.query(Notification).filter_by(user_id=gone["id"]).count() == 0


def test_who_made_the_organization_is_not_its_admin_for_that(staff, complete, forget):
    """CKAN makes whoever makes an organization its admin; the site user is nobody."""
    members = {row[0] for row in ask("member_list", staff.sysadmin, id="dinkes")}
    site = model.User.get("test.ckan.net")
    assert site.id in members
    record = ask("package_create", staff.sysadmin, **{**complete, "private": True})
    review("submit", staff.sysadmin, record)
    review("return", staff.walidata_editor, record, reason="x")
    assert model.Session.query(Notification).filter_by(user_id=site.id).count() == 0
