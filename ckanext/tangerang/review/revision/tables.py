"""Tables of the DataStore: loaded completely under another name, then put in place by renames.

What CKAN's DataStore keeps beside the rows comes along: types, indexes under the names that CKAN
looks for, the data dictionary in the comments of the columns, triggers and their functions, the
rights of the reader, the column of the full-text search, the counter of ``_id``, the cached number
of rows, and aliases. Names that begin with an underscore are in no list of the DataStore.

All renames of a switch are one transaction, with a marker: where the marker is gone, they are done.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import plugins as p
from ckanext.datastore.backend.postgres import (
    _generate_index_name,
    get_write_engine,
    identifier,
    literal_string,
)
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: How long the renames wait for somebody who is reading a table, in milliseconds. Others who want
#: to read wait behind them.
_WAIT_MS: Final = 3_000
#: Codes of PostgreSQL: not within ``lock_timeout``; two who wait for each other.
_LOCK_CODES: Final = ("55P03", "40P01")


class InUse(Exception):  # noqa: N818 - says what it is
    """Somebody has been reading or writing a table for too long."""


class HasDependents(Exception):  # noqa: N818
    """Something that is no alias stands on a table: a view over several, for example."""


@dataclass(frozen=True)
class Change:
    """What becomes of the table of one resource."""

    target_id: str
    #: The resource whose table takes its place; None: the table goes.
    source_id: str | None
    #: The name under which it is staged.
    staged: str


def available() -> bool:
    """Tell whether there is a DataStore."""
    return p.plugin_loaded("datastore")


def _rows(connection: Any, sql: str, **values: Any) -> list[Any]:
    """Return what a statement finds."""
    return list(connection.execute(sa.text(sql), values))


def _run(connection: Any, sql: str) -> None:
    """Run a statement made of names that were quoted before."""
    connection.exec_driver_sql(sql.replace("%", "%%"))


def _has(connection: Any, table: str) -> bool:
    """Tell whether there is a table."""
    return bool(
        _rows(
            connection,
            "SELECT 1 FROM pg_class WHERE relname = :name AND relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace",
            name=table,
        )
    )


def exists(resource_id: str) -> bool:
    """Tell whether a resource has a table."""
    if not available():
        return False
    with get_write_engine().connect() as connection:
        return _has(connection, resource_id)


def _columns(connection: Any, table: str) -> list[str]:
    """Return the names of the columns that are stored, not computed."""
    rows = _rows(
        connection,
        "SELECT attname FROM pg_attribute WHERE attrelid = CAST(:name AS regclass) AND attnum > 0"
        " AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
        name=f'public."{table}"',
    )
    return [row.attname for row in rows]


def _copy_rows(connection: Any, source: str, staged: str) -> None:
    """Make a table with the columns and rows of another, and a counter of its own."""
    old, new = identifier(source), identifier(staged)
    _run(
        connection,
        f"CREATE TABLE {new} (LIKE {old} INCLUDING ALL EXCLUDING INDEXES)",
    )
    columns = ", ".join(identifier(name) for name in _columns(connection, source))
    _run(connection, f"INSERT INTO {new} ({columns}) SELECT {columns} FROM {old}")  # noqa: S608
    counter = _rows(
        connection, "SELECT pg_get_serial_sequence(:name, '_id') AS name", name=f'public."{source}"'
    )[0].name
    if counter is None:
        return
    own = identifier(f"{staged}_seq")
    _run(connection, f"CREATE SEQUENCE {own} AS integer OWNED BY {new}._id")
    _run(
        connection,
        f"ALTER TABLE {new} ALTER _id SET DEFAULT nextval({literal_string(own)}::regclass)",
    )
    _run(
        connection,
        f"SELECT setval({literal_string(own)}, last_value, is_called) FROM {counter}",  # noqa: S608
    )


def _copy_indexes(connection: Any, source: str, staged: str) -> None:
    """Make the indexes of a table on its copy, under names that :func:`_rename` knows."""
    rows = _rows(
        connection,
        """
        SELECT i.relname AS name, x.indisprimary AS is_key, x.indisunique AS is_unique,
               substr(pg_get_indexdef(i.oid), length(format('CREATE %sINDEX %I ON %I.%I',
                 CASE WHEN x.indisunique THEN 'UNIQUE ' ELSE '' END, i.relname, n.nspname,
                 t.relname)) + 1) AS body
        FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
        JOIN pg_class t ON t.oid = x.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
        WHERE t.oid = CAST(:name AS regclass) ORDER BY i.relname
        """,
        name=f'public."{source}"',
    )
    for position, row in enumerate(rows):
        name = identifier(f"{staged}_i{position}")
        unique = "UNIQUE " if row.is_unique else ""
        _run(connection, f"CREATE {unique}INDEX {name} ON {identifier(staged)}{row.body}")
        _run(connection, f"COMMENT ON INDEX {name} IS {literal_string(row.name)}")
        if row.is_key:
            _run(
                connection,
                f"ALTER TABLE {identifier(staged)} ADD CONSTRAINT {name} PRIMARY KEY"
                f" USING INDEX {name}",
            )


def _copy_triggers(connection: Any, source: str, staged: str) -> None:
    """Make the triggers of a table on its copy."""
    rows = _rows(
        connection,
        """
        SELECT replace(pg_get_triggerdef(g.oid), format(' ON %I.%I ', n.nspname, t.relname),
                       format(' ON %I.%I ', n.nspname, CAST(:staged AS text))) AS statement
        FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid
        JOIN pg_namespace n ON n.oid = t.relnamespace
        WHERE t.oid = CAST(:name AS regclass) AND NOT g.tgisinternal ORDER BY g.tgname
        """,
        name=f'public."{source}"',
        staged=staged,
    )
    for row in rows:
        _run(connection, row.statement)


def _copy_rights(connection: Any, source: str, staged: str) -> None:
    """Give on one table or view the rights that were given on another."""
    rows = _rows(
        connection,
        """
        SELECT CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(g.rolname) END AS role,
               a.privilege_type AS privilege
        FROM pg_class t CROSS JOIN LATERAL aclexplode(t.relacl) a
        LEFT JOIN pg_roles g ON g.oid = a.grantee
        WHERE t.oid = CAST(:name AS regclass) AND a.grantee <> t.relowner
        """,
        name=f'public."{source}"',
    )
    for row in rows:
        _run(connection, f"GRANT {row.privilege} ON {identifier(staged)} TO {row.role}")


def stage(changes: Sequence[Change], marker: str) -> None:
    """Load all tables of a switch completely, under their staged names.

    :param marker: name of the marker
    """
    with get_write_engine().begin() as connection:
        _run(connection, f"CREATE TABLE {identifier(marker)} ()")
        for change in changes:
            if change.source_id is None:
                continue
            _copy_rows(connection, change.source_id, change.staged)
            _copy_indexes(connection, change.source_id, change.staged)
            _copy_triggers(connection, change.source_id, change.staged)
            _copy_rights(connection, change.source_id, change.staged)
            _run(connection, f"ANALYZE {identifier(change.staged)}")


def discard(changes: Sequence[Change], marker: str) -> None:
    """Drop what was staged; may run twice."""
    with get_write_engine().begin() as connection:
        for name in (*(change.staged for change in changes), marker):
            _run(connection, f"DROP TABLE IF EXISTS {identifier(name)}")


def drop(resource_ids: Sequence[str]) -> None:
    """Drop the tables of resources, with aliases and cached numbers; may run twice."""
    with get_write_engine().begin() as connection:
        for resource_id in resource_ids:
            _run(connection, f"DROP TABLE IF EXISTS {identifier(resource_id)} CASCADE")
            _forget_count(connection, resource_id)


def _has_counts(connection: Any) -> bool:
    """Tell whether the DataStore keeps numbers of rows; with older permissions it does not."""
    return _has(connection, "_table_stats")


def _forget_count(connection: Any, resource_id: str) -> None:
    """Forget the cached number of rows of a table."""
    if _has_counts(connection):
        connection.execute(
            sa.text("DELETE FROM _table_stats WHERE resource_id = :name"), {"name": resource_id}
        )


def _take_aliases(connection: Any, table: str) -> list[str]:
    """Drop the aliases of a table and return their names.

    :raises HasDependents: when a view over this and other tables would go with them
    """
    rows = _rows(
        connection,
        """
        SELECT v.relname AS name, v.relkind AS kind, count(DISTINCT o.refobjid) AS tables
        FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid JOIN pg_class v ON v.oid = r.ev_class
        JOIN pg_depend o ON o.objid = r.oid AND o.refclassid = 'pg_class'::regclass
                        AND o.refobjid <> v.oid
        WHERE d.refobjid = CAST(:name AS regclass) AND d.classid = 'pg_rewrite'::regclass
              AND v.oid <> d.refobjid
        GROUP BY v.relname, v.relkind ORDER BY v.relname
        """,
        name=f'public."{table}"',
    )
    for row in rows:
        if row.kind != "v" or row.tables > 1:
            raise HasDependents(row.name)
        _run(connection, f"DROP VIEW {identifier(row.name)}")
    return [row.name for row in rows]


def _index_names(connection: Any, source: str, target: str, table: str) -> dict[str, str]:
    """Return the names that CKAN will look for: it makes them of the resource's id and the columns.

    :returns: of each name that an index of the source may have, the one on the target
    """
    language = tk.config["ckan.datastore.default_fts_lang"]
    parts: list[str] = []
    for column in _columns(connection, table):
        name = identifier(column)
        parts += [name, f"(({name}).json::text)"]
        parts += [
            f"to_tsvector({literal_string(language)}, {text})"
            for text in (name, f"cast({name} AS text)")
        ]
    several = _rows(
        connection,
        """
        SELECT string_agg('"' || replace(a.attname, '"', '""') || '"', ', ' ORDER BY k.place)
               AS columns
        FROM pg_index x CROSS JOIN LATERAL unnest(x.indkey) WITH ORDINALITY AS k(number, place)
        JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.number
        WHERE x.indrelid = CAST(:name AS regclass) AND x.indnatts > 1 GROUP BY x.indexrelid
        """,
        name=f'public."{table}"',
    )
    parts += [row.columns for row in several]
    names = {
        _generate_index_name(source, part): _generate_index_name(target, part) for part in parts
    }
    return {f"{source}_pkey": f"{target}_pkey", **names}


def _rename(connection: Any, change: Change) -> None:
    """Give a staged table, its indexes, counter and functions the names of the target."""
    source, target = str(change.source_id), change.target_id
    names = _index_names(connection, source, target, change.staged)
    rows = _rows(
        connection,
        """
        SELECT i.relname AS staged, obj_description(i.oid, 'pg_class') AS name
        FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
        WHERE x.indrelid = CAST(:name AS regclass)
        """,
        name=f'public."{change.staged}"',
    )
    for row in rows:
        name = names.get(row.name) or _generate_index_name(target, row.name)
        _run(connection, f"ALTER INDEX {identifier(row.staged)} RENAME TO {identifier(name)}")
        _run(connection, f"COMMENT ON INDEX {identifier(name)} IS NULL")
    _run(
        connection,
        f"ALTER SEQUENCE IF EXISTS {identifier(f'{change.staged}_seq')}"
        f" RENAME TO {identifier(f'{target}__id_seq')}",
    )
    _run(connection, f"ALTER TABLE {identifier(change.staged)} RENAME TO {identifier(target)}")
    _own_functions(connection, source, target)


def _own_functions(connection: Any, source: str, target: str) -> None:
    """Let the triggers of a table run functions of its own, where those of the source were made so.

    Table Designer names the function that checks rows after the resource.
    """
    rows = _rows(
        connection,
        """
        SELECT g.tgname AS trigger, f.proname AS name, pg_get_functiondef(f.oid) AS statement,
               pg_get_triggerdef(g.oid) AS definition
        FROM pg_trigger g JOIN pg_proc f ON f.oid = g.tgfoid
        WHERE g.tgrelid = CAST(:name AS regclass) AND NOT g.tgisinternal
              AND starts_with(f.proname, :source)
        """,
        name=f'public."{target}"',
        source=source,
    )
    for row in rows:
        own = identifier(target + row.name.removeprefix(source))
        was = identifier(row.name)
        _run(connection, row.statement.replace(was, own, 1))
        _run(connection, f"DROP TRIGGER {identifier(row.trigger)} ON {identifier(target)}")
        _run(connection, row.definition.replace(f"{was}()", f"{own}()"))


def _put(connection: Any, change: Change) -> None:
    """Put one table in its place."""
    target = identifier(change.target_id)
    aliases: list[str] = []
    if _has(connection, change.target_id):
        aliases = _take_aliases(connection, change.target_id)
        _run(connection, f"DROP TABLE {target}")
    _forget_count(connection, change.target_id)
    if change.source_id is None:
        return
    if _has(connection, change.source_id):
        aliases += _take_aliases(connection, change.source_id)
    _rename(connection, change)
    for alias in aliases:
        _run(connection, f"CREATE VIEW {identifier(alias)} AS SELECT * FROM {target}")  # noqa: S608
        _copy_rights(connection, change.target_id, alias)


@contextmanager
def switching(changes: Sequence[Change], marker: str) -> Iterator[None]:
    """Put the tables of a switch in their places when the block ends; nothing, where that is done.

    Inside, the tables are locked and renamed, and nobody sees that yet: who reads them waits.
    What goes wrong inside undoes it.

    :raises InUse: when somebody reads or writes one for too long
    :raises HasDependents: when something else stands on one
    """
    with get_write_engine().connect() as connection, connection.begin():
        if _has(connection, marker):
            try:
                _run(connection, f"SET LOCAL lock_timeout = {_WAIT_MS}")
                for change in sorted(changes, key=lambda one: one.target_id):
                    _put(connection, change)
            except DBAPIError as error:
                if getattr(error.orig, "pgcode", "") in _LOCK_CODES:
                    raise InUse from error
                raise
            _run(connection, f"DROP TABLE {identifier(marker)}")
        yield
