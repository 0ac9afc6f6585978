"""A table comes along with all that CKAN's DataStore keeps beside its rows."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckanext.datastore.backend.postgres import get_read_engine, get_write_engine

from ckanext.tangerang.review.revision import tables

from ..conftest import PLUGINS
from . import scenario

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("staff"),
]

#: What PostgreSQL says about a table, with its name taken out where it is part of it.
DESCRIPTION = """
SELECT (SELECT array_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' '
                         || coalesce(col_description(a.attrelid, a.attnum), '') ORDER BY a.attnum)
        FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum > 0) AS columns,
       (SELECT array_agg(g.tgname || ' ' || g.tgtype ORDER BY g.tgname)
        FROM pg_trigger g WHERE g.tgrelid = t.oid) AS triggers,
       (SELECT array_agg(f.proname ORDER BY g.tgname)
        FROM pg_trigger g JOIN pg_proc f ON f.oid = g.tgfoid WHERE g.tgrelid = t.oid) AS functions,
       (SELECT array_agg(regexp_replace(pg_get_indexdef(x.indexrelid), '.* USING ', '')
                         || x.indisunique || x.indisprimary)
        FROM pg_index x WHERE x.indrelid = t.oid) AS indexes,
       (SELECT array_agg(i.relname ORDER BY i.relname)
        FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid WHERE x.indrelid = t.oid) AS names,
       t.relacl::text AS rights, pg_get_serial_sequence(:name, '_id') AS counter
FROM pg_class t WHERE t.oid = CAST(:name AS regclass)
"""


def describe(name):
    """Return what PostgreSQL says about a table."""
    with get_write_engine().connect() as connection:
        found = connection.execute(sa.text(DESCRIPTION), {"name": f'public."{name}"'})
        one = dict(found.mappings().one())
        return {**one, "indexes": sorted(one["indexes"])}


def datastore(verb, user, **data):
    """Call an action of the DataStore as the portal itself does."""
    return tk.get_action(f"datastore_{verb}")({"ignore_auth": True, "user": user}, data)


@pytest.fixture
def rich(revised):
    """Make the new table one with every kind of thing that can be beside rows."""
    datastore(
        "function_create",
        revised.user,
        name=f"{revised.replaced}_tabledesigner_validate",
        or_replace=True,
        rettype="trigger",
        definition="BEGIN NEW.nama := upper(NEW.nama); RETURN NEW; END;",
    )
    datastore("delete", revised.user, resource_id=revised.replaced, force=True)
    datastore(
        "create",
        revised.user,
        resource_id=revised.replaced,
        force=True,
        fields=[
            {
                "id": "kode_wilayah",
                "type": "text",
                "info": {"label": "Kode: 'wilayah'", "notes": "50% \\"},
            },
            {"id": "tahun_data", "type": "int4"},
            {"id": "nama", "type": "text"},
            {"id": "nilai (asli): %s", "type": "numeric"},
            {"id": "kapan", "type": "timestamp"},
        ],
        primary_key=["kode_wilayah", "tahun_data"],
        indexes=["nama"],
        triggers=[{"function": f"{revised.replaced}_tabledesigner_validate"}],
        records=[
            {
                "kode_wilayah": "36.03",
                "tahun_data": year,
                "nama": "tigaraksa",
                "nilai (asli): %s": "1.50",
            }
            for year in range(2015, 2025)
        ],
    )
    return revised


@pytest.fixture
def switched(rich):
    """Switch; return the description of the table before it, and the record."""
    before = describe(rich.replaced)
    scenario.approve(rich.user, rich.id, rich.shadow, rich.changes)
    return before, rich


def test_what_is_beside_the_rows_comes_along(switched):
    before, revised = switched
    after = describe(revised.first)
    for part in ("columns", "triggers", "indexes", "rights"):
        assert after[part] == before[part], part
    assert "datastore_ro" in after["rights"] or "=r/" in after["rights"]
    assert after["counter"] == f'public."{revised.first}__id_seq"'
    # The function that checks rows is the table's own: that of the working copy may go.
    own = f"{revised.first}_tabledesigner_validate"
    assert own in after["functions"]
    assert f"{revised.replaced}_tabledesigner_validate" not in after["functions"]


def test_ckan_knows_its_indexes_again(switched):
    _, revised = switched
    names = describe(revised.first)["names"]
    # It looks for indexes by names made of the id, and would make what it does not find again.
    datastore(
        "create",
        revised.user,
        resource_id=revised.first,
        force=True,
        fields=[{"id": "kode_wilayah", "type": "text"}, {"id": "tahun_data", "type": "int4"}],
        primary_key=["kode_wilayah", "tahun_data"],
        indexes=["nama"],
    )
    assert describe(revised.first)["names"] == names


def test_the_table_goes_on_working(switched):
    _, revised = switched
    info = tk.get_action("datastore_info")({"user": ""}, {"id": revised.first})
    assert info["meta"]["aliases"] == [revised.alias]
    assert info["fields"][0]["info"] == {"label": "Kode: 'wilayah'", "notes": "50% \\"}
    found = tk.get_action("datastore_search")(
        {"user": ""}, {"resource_id": revised.alias, "q": "tigaraksa"}
    )
    assert found["total"] == 10
    datastore(
        "upsert",
        revised.user,
        resource_id=revised.first,
        force=True,
        method="upsert",
        records=[
            {"kode_wilayah": "36.03", "tahun_data": 2024, "nama": "balaraja"},
            {"kode_wilayah": "36.03", "tahun_data": 2030, "nama": "cikupa"},
        ],
    )
    rows = tk.get_action("datastore_search")(
        {"user": ""}, {"resource_id": revised.first, "sort": "tahun_data desc", "limit": 2}
    )["records"]
    # The counter goes on, and the trigger of the table works.
    assert [row["nama"] for row in rows] == ["CIKUPA", "BALARAJA"]
    assert rows[0]["_id"] > 10


def test_the_reader_of_the_datastore_may_read_it(switched):
    _, revised = switched
    with get_read_engine().connect() as connection:
        for name in (revised.first, revised.alias):
            rows = connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name)))
            assert rows == 10


def test_staged_tables_are_in_no_list(revised):
    made = scenario.Switch.prepare(revised.id, revised.shadow, revised.changes, None)
    listed = tk.get_action("datastore_search")(
        {"ignore_auth": True}, {"resource_id": "_table_metadata", "limit": 1000}
    )["records"]
    assert listed
    assert not [row for row in listed if row["name"].startswith("_")]
    assert len(scenario.remains()) > 1
    made.abandon()


def test_renames_happen_once(revised):
    changes = [tables.Change(revised.first, revised.replaced, "_tgr_satu_0")]
    tables.stage(changes, "_tgr_satu")
    with tables.switching(changes, "_tgr_satu"):
        pass
    after = scenario.table(revised.first)
    with tables.switching(changes, "_tgr_satu"):
        pass
    assert scenario.table(revised.first) == after
    assert after[0]["versi"] == "baru"
