"""What a killed process leaves behind is found, and mended."""

from __future__ import annotations

import io

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.cli.cli import ckan
from ckan.lib import search
from werkzeug.datastructures import FileStorage

from ckanext.tangerang.review import check, store

from .conftest import PLUGINS, ask, fresh, review

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


@pytest.fixture
def with_file(staff, draft, disk):
    """Publish the dataset with an uploaded file; return the id of the file and its place."""
    content = FileStorage(io.BytesIO(b"a;b\n1;2\n"), "tabel.csv", "tabel.csv", "text/csv")
    file = ask("resource_create", staff.editor, package_id=draft["id"], name="Tabel", format="CSV",
               upload=content, url="tabel.csv")  # fmt: skip
    review("submit", staff.editor, draft)
    review("publish", staff.walidata_editor, draft, version=fresh(draft)["metadata_modified"])
    [place] = disk.rglob(file["id"][6:])
    return file["id"], place


def test_sizes_of_files_are_compared_and_mended(draft, with_file):
    rid, place = with_file
    version = model.Package.get(draft["id"]).metadata_modified
    assert check.file_faults() == []
    # As a process leaves it that is killed between the file and the commit.
    write("UPDATE resource SET size = 3 WHERE id = :id", id=rid)
    [fault] = check.file_faults()
    assert (fault.id, fault.what) == (rid, check.OTHER_SIZE)
    assert fault.what in check.MENDABLE
    assert check.mend(fault) is True
    assert (check.file_faults(), found()) == ([], [])
    # Whoever was about to publish what they had seen is asked to look again.
    assert model.Package.get(draft["id"]).metadata_modified > version
    assert model.Resource.get(rid).size == 8
    assert check.mend(fault) is False
    place.unlink()
    [fault] = check.file_faults()
    assert (fault.id, fault.what) == (rid, check.NO_FILE)
    assert fault.what not in check.MENDABLE


def test_a_record_that_was_removed_meanwhile_is_not_found(published):
    write("DELETE FROM package_member WHERE package_id = :id", id=published["id"])
    write("DELETE FROM package WHERE id = :id", id=published["id"])
    with pytest.raises(tk.ObjectNotFound):
        store.lock(published["id"])
