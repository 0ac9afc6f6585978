"""What nobody did is told once: records that wait, releases that are due or overdue."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from ckan import model

from ckanext.tangerang.notifications import sweep
from ckanext.tangerang.notifications.model import Notification, now
from ckanext.tangerang.review.model import Review
from tests.review.conftest import ask, review
from tests.theme.conftest import counted

from .conftest import ALONE, PLUGINS, told

with_review = pytest.mark.ckan_config("ckan.plugins", PLUGINS)
alone = pytest.mark.ckan_config("ckan.plugins", ALONE)


def wait(record, days):
    """Let a record have been handed in some days ago."""
    model.Session.query(Review).filter_by(package_id=record["id"]).update(
        {"submitted": now() - timedelta(days=days)}
    )
    model.Session.commit()


@with_review
@pytest.mark.usefixtures("staff", "pages")
class TestWaiting:
    def test_told_once(self, staff, handed_in, forget):
        forget()
        wait(handed_in, 4)
        assert sweep.run() == 0
        wait(handed_in, 6)
        assert sweep.run() == 2
        assert sweep.run() == 0
        for user in (staff.walidata_editor, staff.second):
            assert told(user) == [("menunggu", "puskesmas")]
        assert told(staff.editor) == told(staff.admin) == []
        [row] = ask("tangerang_notification_list", staff.second)["results"]
        assert "5 days" in row["text"]

    def test_who_has_claimed_it_is_told_alone(self, staff, handed_in, forget):
        review("claim", staff.second, handed_in)
        forget()
        wait(handed_in, 6)
        assert sweep.run() == 1
        assert told(staff.second) == [("menunggu", "puskesmas")]

    def test_handed_in_again_it_waits_anew(self, staff, handed_in, forget):
        wait(handed_in, 6)
        sweep.run()
        review("withdraw", staff.editor, handed_in)
        review("submit", staff.editor, handed_in)
        forget()
        assert sweep.run() == 0
        wait(handed_in, 7)
        assert sweep.run() == 2

    @pytest.mark.ckan_config("ckanext.tangerang.review.opd_check", "true")
    def test_the_first_check_is_of_the_admin(self, staff, draft, forget):
        review("submit", staff.editor, draft)
        wait(draft, 6)
        forget()
        assert sweep.run() == 1
        assert told(staff.admin) == [("menunggu", "puskesmas")]

    @pytest.mark.ckan_config("ckanext.tangerang.notifications.waiting_days", "0")
    def test_switched_off(self, staff, handed_in, forget):
        wait(handed_in, 600)
        assert sweep.run() == 0

    def test_what_is_old_is_forgotten(self, staff, handed_in):
        model.Session.query(Notification).update({"created": now() - timedelta(days=366)})
        model.Session.commit()
        assert told(staff.second)
        sweep.run()
        assert told(staff.second) == []


@alone
@pytest.mark.usefixtures("people", "pages")
class TestReleases:
    """Without the review."""

    @pytest.fixture
    def plan(self, people, complete):
        """Return what makes a dataset whose release is so many days from today."""

        def make(days, **more):
            when = (date.today() + timedelta(days=days)).isoformat()  # noqa: DTZ011
            values = {**complete, "jadwal_rilis": when, "frekuensi": "TAHUNAN", **more}
            return ask("package_create", people.editor, **values)

        return make

    def test_due_is_told_once_to_the_opd(self, people, plan):
        plan(10)
        assert sweep.run() == 2
        assert sweep.run() == 0
        assert told(people.editor) == told(people.admin) == [("rilis_dekat", "puskesmas")]
        assert told(people.walidata_editor) == []
        [row] = ask("tangerang_notification_list", people.editor)["results"]
        assert row["url"] == "/dataset/puskesmas"

    def test_far_off_is_not_told(self, people, plan):
        plan(20)
        assert sweep.run() == 0

    def test_overdue_is_told_once_after_it_was_due(self, people, plan):
        record = plan(3)
        sweep.run()
        yesterday = (date.today() - timedelta(days=40)).isoformat()  # noqa: DTZ011
        ask("package_patch", people.editor, id=record["id"], jadwal_rilis=yesterday)
        assert sweep.run() == 2
        assert sweep.run() == 0
        assert told(people.editor) == [
            ("rilis_dekat", "puskesmas"), ("rilis_terlambat", "puskesmas")
        ]  # fmt: skip

    def test_a_new_file_is_a_release(self, people, plan):
        record = plan(3)
        ask("resource_create", people.editor, package_id=record["id"], url="http://x.test/a.csv")
        assert sweep.run() == 0

    def test_a_file_of_a_private_record_is_none(self, people, plan):
        record = plan(3, private=True)
        ask("resource_create", people.editor, package_id=record["id"], url="http://x.test/a.csv")
        assert sweep.run() == 2

    def test_by_the_frequency_alone(self, people, plan):
        record = plan(0, jadwal_rilis="", frekuensi="BULANAN")
        file = ask(
            "resource_create", people.editor, package_id=record["id"], url="http://x.test/a.csv"
        )
        assert sweep.run() == 0
        old = datetime(2024, 1, 5)  # noqa: DTZ001
        model.Session.query(model.Resource).filter_by(id=file["id"]).update(
            {"created": old, "last_modified": old}
        )
        model.Session.commit()
        assert sweep.run() == 2
        assert told(people.editor) == [("rilis_terlambat", "puskesmas")]

    @pytest.mark.parametrize("frequency", ["HANYA_SEKALI", "INSIDENTAL"])
    def test_what_has_no_plan(self, frequency, people, plan):
        plan(0, jadwal_rilis="", frekuensi=frequency)
        assert sweep.run() == 0

    def test_drafts_and_deleted_ones(self, people, plan):
        record = plan(3)
        ask("package_delete", people.sysadmin, id=record["id"])
        assert sweep.run() == 0

    def test_many_records_cost_no_more_statements(self, people, plan):
        plan(3)
        with counted() as one:
            sweep.release_rows()
        for number in range(5):
            plan(3, name=f"lain-{number}")
        with counted() as many:
            rows = sweep.release_rows()
        assert len(rows) == 12
        assert len(many.sql) == len(one.sql)
