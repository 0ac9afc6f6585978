"""Who sees what is not public, and what that costs."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from ckan import model

from tests.metadata.records import compilation
from tests.theme.conftest import counted

from .conftest import PLUGINS, ask, review

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("staff"),
]

ROLES = ("editor", "admin", "walidata_editor", "pembina", "stranger", "reader")


def sees(user, record):
    """Tell whether a user sees a record, by its page and by search alike."""
    found = ask(
        "package_search", user, include_private=True, fq=f"id:{record['id']} +dataset_type:*"
    )
    try:
        ask("package_show", user, id=record["id"])
    except tk.NotAuthorized:
        assert found["count"] == 0
        return False
    assert found["count"] == 1
    return True


def viewers(staff, record):
    return {name for name in ROLES if sees(getattr(staff, name), record)}


OPD_AND_WALIDATA = {"editor", "admin", "walidata_editor"}


def test_a_draft_is_seen_by_opd_and_walidata(staff, draft):
    assert viewers(staff, draft) == OPD_AND_WALIDATA
    assert not sees(None, draft)


def test_handed_in_statistics_are_seen_by_the_pembina(staff, draft):
    review("submit", staff.editor, draft)
    assert viewers(staff, draft) == {*OPD_AND_WALIDATA, "pembina"}
    review("withdraw", staff.editor, draft)
    assert viewers(staff, draft) == OPD_AND_WALIDATA


def test_handed_in_data_of_another_kind_are_not(staff, complete):
    other = {"jenis_data": "keuangan", "private": True}
    record = ask("package_create", staff.editor, **{**complete, **other})
    review("submit", staff.editor, record)
    assert viewers(staff, record) == OPD_AND_WALIDATA


def test_handed_in_forms_are(staff):
    owner = {"owner_org": staff.opd["id"], "private": True}
    record = ask("package_create", staff.editor, **{**compilation(), **owner})
    review("submit", staff.editor, record)
    assert viewers(staff, record) == {*OPD_AND_WALIDATA, "pembina"}


def test_published_is_seen_by_all(staff, published):
    assert viewers(staff, published) == set(ROLES)
    assert sees(None, published)


def test_a_reader_of_the_walidatas_office_sees_no_more(staff, draft):
    tk.get_action("organization_member_create")(
        {"ignore_auth": True, "user": staff.sysadmin["name"]},
        {"id": "diskominfo", "username": staff.reader["name"], "role": "member"},
    )
    assert not sees(staff.reader, draft)


class TestCost:
    """Statements of the review's tables and roles: nothing for what is public."""

    def asked(self, call):
        model.Session.rollback()
        model.Session.expire_all()
        call()  # warms what CKAN keeps for the process
        with counted() as queries:
            call()
        return [sql for sql in queries.sql if "tangerang_review" in sql], len(queries.sql)

    def total(self, monkeypatch, call):
        """Return the statements of a call with the review on, and off."""
        _, on = self.asked(call)
        monkeypatch.setitem(tk.config, "ckanext.tangerang.review.enabled", False)
        _, off = self.asked(call)
        monkeypatch.setitem(tk.config, "ckanext.tangerang.review.enabled", True)
        return on, off

    def test_public_records_cost_nothing(self, app, staff, published, monkeypatch):
        for call in (
            lambda: ask("package_show", None, id=published["id"]),
            lambda: ask("package_search", None),
            lambda: ask("package_show", staff.reader, id=published["id"]),
            lambda: ask("package_search", staff.reader),
            lambda: app.get("/dataset/puskesmas", status=200),
        ):
            on, off = self.total(monkeypatch, call)
            assert on == off

    def test_a_private_record_costs_one_look_up(self, staff, draft):
        found, _ = self.asked(lambda: ask("package_show", staff.editor, id=draft["id"]))
        assert len(found) <= 1
