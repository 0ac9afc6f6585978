"""A table that is replaced while it is read: all of one version, never of both."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa
from ckanext.datastore.backend.postgres import get_write_engine, identifier

from ckanext.tangerang.review.revision import tables as switch
from ckanext.tangerang.tables import reading

from .conftest import PLUGINS, load

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index"),
]


@pytest.fixture
def versions(tabled):
    """Make two tables: of one file, and of its next version."""
    old = tabled({"a": "text"}, [{"a": f"lama {number}"} for number in range(5_000)])
    new = tabled({"b": "text"}, [{"b": f"baru {number}"} for number in range(5_000)])
    return old.id, new.id


def everything(resource_id):
    """Return the names of the columns of a table and the first words of its rows."""
    with reading.snapshot(resource_id) as table:
        return (
            [c.name for c in table.columns],
            table.count,
            {row[0].split()[0] for row in table.rows},
        )


def replacing(old, new):
    """Return the switch of one table by another, as the review does it, ready to be made."""
    changes = [switch.Change(old, new, "_tgr_test_0")]
    switch.discard(changes, "_tgr_test")
    switch.stage(changes, "_tgr_test")
    return switch.switching(changes, "_tgr_test")


def test_who_comes_during_a_switch_waits_and_gets_the_next(versions):
    old, new = versions
    found = []
    reader = threading.Thread(target=lambda: found.append(everything(old)))
    with replacing(old, new):
        reader.start()
        reader.join(0.7)
        assert reader.is_alive()
    reader.join(20)

    assert found == [(["b"], 5_000, {"baru"})]


def test_who_reads_gets_the_one_before_and_the_switch_waits(versions):
    old, new = versions
    with reading.snapshot(old) as table:
        first = next(table.rows)
        change = replacing(old, new)
        with pytest.raises(switch.InUse), change:
            pass
        words = {row[0].split()[0] for row in [first, *table.rows]}

    assert words == {"lama"}
    with replacing(old, new):
        pass
    assert everything(old)[2] == {"baru"}


def test_rows_that_come_while_it_is_read(versions):
    old, _new = versions
    with reading.snapshot(old) as table:
        next(table.rows)
        load(old, {"a": "text"}, [{"a": "nanti 1"}])
        assert len(list(table.rows)) == table.count - 1 == 4_999


def test_waiting_ends(versions, monkeypatch):
    monkeypatch.setattr(reading, "_WAIT_MS", 200)
    old, _new = versions
    with get_write_engine().begin() as connection:
        connection.execute(sa.text(f"LOCK TABLE {identifier(old)} IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(reading.Busy), reading.snapshot(old):
            pass


def test_it_only_reads(versions):
    old, _new = versions
    with reading.snapshot(old) as table:
        assert table.count == 5_000
    with pytest.raises(reading.Unknown), reading.snapshot("tidak-ada"):
        pass
    assert reading.first_rows("tidak-ada", 1) == []
