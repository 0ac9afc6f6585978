"""Rows of a table of the DataStore, from one snapshot and in bounded memory.

The table is locked against being replaced before anything of it is read: a revision that is
published meanwhile waits for the reader, or the reader for it, so that nobody gets the columns of
one version with the rows of another. Therefore nothing slow may happen inside
(:func:`snapshot` is for writing into a file, not for sending to a browser).
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from ckanext.datastore.backend.postgres import get_read_engine, identifier
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: How long a reader waits for somebody who is replacing the table, in milliseconds.
_WAIT_MS: Final = 10_000
#: How long one statement may take, in milliseconds, as CKAN has it for a search.
_STATEMENT_MS: Final = 60_000
_BATCH: Final = 2_000
#: Codes of PostgreSQL: not within ``lock_timeout``; cancelled by ``statement_timeout``.
_BUSY_CODES: Final = ("55P03", "57014")
_UNKNOWN_CODE: Final = "42P01"

#: Types whose values PostgreSQL holds and Python does not (infinity, years before 1): read as text.
_AS_TEXT: Final = ("date", "timestamp", "timestamptz", "time", "timetz", "interval")

#: What CKAN makes of ``json``: a type of two parts, the value and its text.
_NESTED: Final = "nested"
_JSON: Final = ("json", "jsonb")
_NESTED_PARTS: Final = {"json", "extra"}

Row = tuple[Any, ...]


class Busy(Exception):  # noqa: N818 - says what it is
    """The table is being replaced, or reading takes too long."""


class Unknown(Exception):  # noqa: N818
    """There is no such table."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    name: str
    #: Type of PostgreSQL, such as ``numeric``; ``_text`` for a list of texts.
    type: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A table as it was at one moment."""

    columns: tuple[Column, ...]
    count: int
    #: In the order of ``_id``; can be read once.
    rows: Iterator[Row]


def _statement(sql: str) -> str:
    """Return a statement as the driver takes it: it reads ``%`` as the place of a value."""
    return sql.replace("%", "%%")


def _columns(connection: Any, table: str) -> tuple[Column, ...]:
    """Return the columns of a table that are its own; those with ``_`` are CKAN's."""
    rows = connection.execute(
        sa.text(
            "SELECT a.attname, t.typname FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid"
            " WHERE a.attrelid = CAST(:name AS regclass) AND a.attnum > 0"
            " AND NOT a.attisdropped ORDER BY a.attnum"
        ),
        {"name": f"public.{identifier(table)}"},
    )
    return tuple(Column(*row) for row in rows if not row[0].startswith("_"))


def _selected(column: Column) -> str:
    """Return a column as it is asked for."""
    name = identifier(column.name)
    if column.type == _NESTED:
        return f"({name}).json::text"
    return f"{name}::text" if column.type in (*_AS_TEXT, *_JSON) else name


def _rows(connection: Any, table: str, columns: tuple[Column, ...]) -> Iterator[Row]:
    """Return the rows by a cursor on the server, which keeps a batch of them here."""
    names = ", ".join(map(_selected, columns)) or "NULL"
    found = connection.execution_options(stream_results=True, yield_per=_BATCH).exec_driver_sql(
        _statement(f"SELECT {names} FROM {identifier(table)} ORDER BY _id")  # noqa: S608 - quoted
    )
    parsed = [n for n, column in enumerate(columns) if column.type in (_NESTED, *_JSON)]
    for row in found:
        values = list(row)
        for number in parsed:
            if values[number] is not None:
                values[number] = json.loads(values[number])
        yield tuple(values)


@contextmanager
def snapshot(resource_id: str) -> Iterator[Snapshot]:
    """Hold a table as it is now.

    :param resource_id: the id of the file, not an alias; the caller has checked that the user may
        read it
    :raises Busy: when the table is being replaced, or reading takes too long
    :raises Unknown: when there is none
    """
    engine = get_read_engine().execution_options(
        isolation_level="REPEATABLE READ", postgresql_readonly=True
    )
    try:
        with engine.connect() as connection, connection.begin():
            connection.exec_driver_sql(
                f"SET LOCAL lock_timeout = {_WAIT_MS};"
                f"SET LOCAL statement_timeout = {_STATEMENT_MS};"
                "SET LOCAL datestyle = 'ISO, YMD'"
            )
            # Before the first SELECT, which takes the snapshot: it would not see the rows of a
            # table that was put in place between the two.
            connection.exec_driver_sql(
                _statement(f"LOCK TABLE {identifier(resource_id)} IN ACCESS SHARE MODE")
            )
            columns = _columns(connection, resource_id)
            count = connection.exec_driver_sql(
                _statement(f"SELECT count(*) FROM {identifier(resource_id)}")  # noqa: S608
            ).scalar_one()
            yield Snapshot(columns, count, _rows(connection, resource_id, columns))
    except DBAPIError as error:
        code = getattr(error.orig, "pgcode", "")
        if code in _BUSY_CODES:
            raise Busy from error
        if code == _UNKNOWN_CODE:
            raise Unknown from error
        raise


def first_rows(resource_id: str, count: int) -> list[dict[str, Any]]:
    """Return the first rows of a table by column, by one statement; none where there is no table.

    Numbers are ``int`` or ``Decimal``, days and moments ISO text.
    """
    table = identifier(resource_id)
    try:
        with get_read_engine().connect() as connection:
            found = connection.exec_driver_sql(
                _statement(
                    "SELECT row_to_json(t)::text FROM"  # noqa: S608 - quoted, and a number
                    f" (SELECT * FROM {table} ORDER BY _id LIMIT {int(count)}) t"
                )
            )
            rows = [json.loads(text, parse_float=Decimal) for (text,) in found]
    except DBAPIError as error:
        if getattr(error.orig, "pgcode", "") == _UNKNOWN_CODE:
            return []
        raise
    return [
        {name: _unnested(value) for name, value in row.items() if not name.startswith("_")}
        for row in rows
    ]


def _unnested(value: Any) -> Any:
    """Return a value of CKAN's type for ``json`` without the part for its text."""
    return value["json"] if isinstance(value, dict) and value.keys() == _NESTED_PARTS else value
