"""What CKAN shows of records that are not public: closed."""

from __future__ import annotations

import contextlib

import ckan.plugins.toolkit as tk
import pytest

from tests.theme.conftest import counted

from .conftest import PLUGINS, ask, review

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("staff"),
]


@pytest.fixture
def record(staff, complete):
    """Publish a dataset with a file of a rare format."""
    files = [{"name": "Data", "url": "https://example.go.id/a.zzz", "format": "ZZZ"}]
    return ask("package_create", staff.sysadmin, **{**complete, "resources": files})


def traces(staff, user, record):
    """Return where a user finds a trace of a record."""
    members = ask("member_list", user, id="dinkes", object_type="package")
    found = {"member_list"} if any(row[0] == record["id"] for row in members) else set()
    if ask("format_autocomplete", user, q="zz"):
        found.add("format_autocomplete")
    for name, data in (
        ("recently_changed_packages_activity_list", {}),
        ("user_activity_list", {"id": staff.sysadmin["name"]}),
        ("organization_activity_list", {"id": "dinkes"}),
    ):
        if any(row["object_id"] == record["id"] for row in ask(name, user, **data)):
            found.add(name)
    return found


EVERYWHERE = {
    "format_autocomplete",
    "member_list",
    "organization_activity_list",
    "recently_changed_packages_activity_list",
    "user_activity_list",
}


def test_what_was_withdrawn_leaves_no_trace(staff, record):
    for user in (None, staff.reader, staff.stranger):
        assert traces(staff, user, record) == EVERYWHERE
    review("retract", staff.walidata_editor, record, reason="Salah.")
    for user in (None, staff.reader, staff.stranger):
        assert traces(staff, user, record) == set()
    for user in (staff.editor, staff.walidata_editor):
        assert "member_list" in traces(staff, user, record)


def test_what_was_purged_leaves_no_trace(staff, record):
    ask("package_delete", staff.sysadmin, id=record["id"])
    ask("dataset_purge", staff.sysadmin, id=record["id"])
    for user in (None, staff.reader, staff.stranger, staff.editor):
        assert traces(staff, user, record) == set()
    # CKAN keeps it, with all that the record said.
    assert "recently_changed_packages_activity_list" in traces(staff, staff.sysadmin, record)


@pytest.mark.ckan_config("ckanext.tangerang.review.enabled", "false")
def test_switched_off_stock_is_stock(staff, record):
    ask("package_patch", staff.sysadmin, id=record["id"], private=True)
    assert "member_list" in traces(staff, staff.reader, record)


def test_the_list_of_all_tables_is_for_sysadmins(staff):
    for user in (None, staff.reader, staff.editor):
        with pytest.raises(tk.NotAuthorized):
            ask("datastore_search", user, resource_id="_table_metadata")
    # CKAN answers a sysadmin; where its view was never made, that there is none.
    with contextlib.suppress(tk.ObjectNotFound):
        ask("datastore_search", staff.sysadmin, resource_id="_table_metadata")


def test_the_statements_do_not_grow_with_the_records(staff, complete):
    def cost():
        with counted() as queries:
            ask("member_list", staff.stranger, id="dinkes", object_type="package")
        return len(queries.sql)

    costs = []
    for number in range(3):
        one = {"name": f"data-{number}", "private": True}
        ask("package_create", staff.editor, **{**complete, **one})
        costs.append(cost())
    assert costs[1] == costs[2]
