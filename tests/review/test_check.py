"""What a killed process leaves behind is found, and mended."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.cli.cli import ckan
from ckan.lib import search

from ckanext.tangerang.review import check

from .conftest import PLUGINS

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("staff", "with_extended_cli"),
]


def found():
    """Return what is wrong: record and what."""
    return [(fault.name, fault.what) for fault in check.index_faults()]


def write(statement, **values):
    """Change the database past everything, as if the index had not heard of it."""
    model.Session.rollback()
    model.Session.execute(sa.text(statement), values)
    model.Session.commit()


def test_each_difference_is_found_and_mended(published, cli):
    key, name = published["id"], published["name"]
    assert found() == []
    breaking = {
        check.MISSING: lambda: search.clear(key),
        check.VISIBILITY: lambda: write("UPDATE package SET private = true"),
        check.VERSION: lambda: write("UPDATE package SET metadata_modified = '2020-01-01'"),
        check.READERS: lambda: write("UPDATE tangerang_review SET state = 'diajukan'"),
    }
    for what, do in breaking.items():
        do()
        assert found() == [(name, what)]
        [fault] = check.index_faults()
        assert check.mend(fault) is True
        assert found() == []
        # Who looked at the same time finds nothing left to do.
        assert check.mend(fault) is False
    # The reviews that were bent here are named, and left alone.
    result = cli.invoke(ckan, ["tangerang", "review", "check", "--mend"])
    assert result.exit_code == 1
    assert check.HISTORY in result.output


@pytest.mark.parametrize("alone", [False, True])
def test_an_entry_without_a_record_goes_when_none_can_come(published, monkeypatch, alone):
    write("DELETE FROM package_member WHERE package_id = :id", id=published["id"])
    write("DELETE FROM package WHERE id = :id", id=published["id"])
    [fault] = check.index_faults()
    assert fault.what == check.EXTRA
    # It may be a record that another process is about to commit.
    assert check.mend(fault) is False
    if not alone:
        monkeypatch.setattr(check, "_GRACE", -check._GRACE)
    # It is old, or nobody is at work, as after a crash.
    assert check.mend(fault, alone=alone) is True
    assert found() == []


def test_the_sweep_mends(published, cli):
    search.clear(published["id"])
    result = cli.invoke(ckan, ["tangerang", "review", "sweep"])
    assert "1 mended in the search index" in result.output
    assert found() == []


def test_what_is_public_without_approval_is_named(published):
    assert check.review_faults() == []
    write("UPDATE tangerang_review SET state = 'draf'")
    what = {fault.what for fault in check.review_faults()}
    assert what == {check.UNAPPROVED, check.HISTORY}


def test_tables_are_compared(published):
    # Tables of files that earlier tests had; emptying a database leaves the DataStore as it is.
    before = check.table_faults()
    assert {fault.what for fault in before} <= {check.STRAY_TABLE}
    write(
        "INSERT INTO resource (id, package_id, url, state, extras, position, format, description)"
        " VALUES ('r-1', :id, 'a', 'active', '{\"datastore_active\": true}', 0, '', '')",
        id=published["id"],
    )
    new = [fault for fault in check.table_faults() if fault not in before]
    assert [(fault.id, fault.what) for fault in new] == [("r-1", check.NO_TABLE)]
