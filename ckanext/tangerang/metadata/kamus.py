"""Kamus data: what each column of a table means, and the Table Schema made from it.

A plain library without CKAN. A kamus is a list of rows, one per column of the table, with the
keys of :data:`KEYS`; it is stored on the resource as JSON.
"""

from __future__ import annotations

import json
from typing import Any

from .codelists import codelist
from .values import MAX_TEXT, N_, Problem, is_empty, read_text, shown

#: Keys of a row, and the largest number of characters of each.
LIMITS = {
    "kolom": 200,
    "label": 300,
    "definisi": 5_000,
    "tipe": 20,
    "satuan": 100,
    "variabel": 300,
}
KEYS = tuple(LIMITS)
#: More columns than a table of an office has; DataStore itself ends at 1,600.
MAX_ROWS = 500
#: Together with the rest of a form this stays below CKAN's limit of 500,000 bytes.
MAX_CHARACTERS = 300_000

#: Types of the Table Schema that a ``schema`` written by somebody else may use.
_TABLE_SCHEMA_TYPES = frozenset(
    {
        *("string", "number", "integer", "boolean", "object", "array", "list", "any"),
        *("date", "time", "datetime", "year", "yearmonth", "duration", "geopoint", "geojson"),
    }
)


def _load(value: Any, msgid: str) -> Any:
    """Return ``value`` parsed where it is JSON text."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError) as error:
        raise Problem(msgid) from error


def _read_row(number: int, row: Any) -> dict[str, str]:
    """Return one row with its known keys that are not empty.

    :param number: for messages, from 1
    """
    if not isinstance(row, dict):
        raise Problem(N_("Row {row}: this is not a row of a data dictionary."), row=number)
    unknown = sorted(str(key) for key in row if key not in LIMITS)
    if unknown:
        raise Problem(
            N_("Row {row}: {name} is not a column of the data dictionary. Use {names}."),
            row=number,
            name=shown(unknown[0]),
            names=", ".join(KEYS),
        )
    out: dict[str, str] = {}
    for key, limit in LIMITS.items():
        value = row.get(key)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            raise Problem(N_("Row {row}: write plain text in {name}."), row=number, name=key)
        text = str(value).strip()
        if len(text) > limit:
            raise Problem(
                N_("Row {row}: {name} is too long ({length} characters). Shorten it to {limit}."),
                row=number,
                name=key,
                length=len(text),
                limit=limit,
            )
        if text:
            out[key] = read_text(text) or ""
    if out and "kolom" not in out:
        raise Problem(N_("Row {row}: write the name of the column."), row=number)
    if "tipe" in out and out["tipe"] not in codelist("tipe_kolom"):
        raise Problem(
            N_('Row {row}: "{value}" is not a column type. Use one of {names}.'),
            row=number,
            value=shown(out["tipe"]),
            names=", ".join(codelist("tipe_kolom").keys),
        )
    return out


def read(value: Any) -> list[dict[str, str]]:
    """Return the rows of a kamus; rows without any text are left out.

    :param value: a list of rows, or JSON text of one; anything empty gives no rows
    :raises Problem: for a value, row or cell that can not be stored; the message names the row
    """
    if is_empty(value):
        return []
    if isinstance(value, str) and len(value) > 2 * MAX_CHARACTERS:
        raise _too_large()
    rows = _load(value, N_("This is not valid JSON. Fill the data dictionary in by its table."))
    if not isinstance(rows, list):
        raise Problem(N_("A data dictionary is a list of rows, one for each column."))
    if len(rows) > MAX_ROWS:
        raise Problem(
            N_("A data dictionary has at most {limit} rows; this one has {count}."),
            limit=MAX_ROWS,
            count=len(rows),
        )
    out: list[dict[str, str]] = []
    seen: dict[str, int] = {}
    for number, raw in enumerate(rows, start=1):
        row = _read_row(number, raw)
        if not row:
            continue
        name = row["kolom"]
        if name in seen:
            raise Problem(
                N_('Row {row}: the column "{name}" already stands in row {other}.'),
                row=number,
                name=shown(name),
                other=seen[name],
            )
        seen[name] = number
        out.append(row)
    if sum(len(text) for row in out for text in row.values()) > MAX_CHARACTERS:
        raise _too_large()
    return out


def _too_large() -> Problem:
    """Return the problem of a kamus with too much text."""
    return Problem(
        N_("The data dictionary is too large. Shorten its texts to {limit} characters in all."),
        limit=MAX_CHARACTERS,
    )


def filled(value: Any) -> set[str]:
    """Return the keys that some row of a kamus fills; nothing for one that can not be read.

    Used to judge completeness of stored or not yet checked values, so it never raises.
    """
    try:
        rows = read(value)
    except Problem:
        return set()
    return {key for row in rows for key in row}


def dump(rows: list[dict[str, str]] | dict[str, Any]) -> str:
    """Return the stored form of a kamus or a schema: JSON."""
    return json.dumps(rows, ensure_ascii=False)


def table_schema(rows: list[dict[str, str]]) -> dict[str, Any]:
    """Return the Table Schema of a kamus.

    ``unit`` and ``variable`` are not part of the standard, which allows further properties.

    :param rows: as :func:`read` returns them
    """
    fields = []
    for row in rows:
        field: dict[str, Any] = {"name": row["kolom"], "type": row.get("tipe", "string")}
        for key, name in (
            ("label", "title"),
            ("definisi", "description"),
            ("satuan", "unit"),
            ("variabel", "variable"),
        ):
            if key in row:
                field[name] = row[key]
        fields.append(field)
    return {"fields": fields}


def read_table_schema(value: Any) -> dict[str, Any] | None:
    """Return a Table Schema that somebody sent, if it is one.

    :param value: an object, or JSON text of one; anything empty gives None
    :raises Problem: when it is no valid Table Schema
    """
    if is_empty(value) or value == "{}":
        return None
    msgid = N_(
        "This is not a valid Table Schema. Leave the field empty: "
        "it is made from the data dictionary."
    )
    if isinstance(value, str) and len(value) > 2 * MAX_CHARACTERS:
        raise Problem(msgid)
    schema = _load(value, msgid)
    fields = schema.get("fields") if isinstance(schema, dict) else None
    if not isinstance(fields, list) or not 0 < len(fields) <= MAX_ROWS:
        raise Problem(msgid)
    names = []
    for field in fields:
        name = field.get("name") if isinstance(field, dict) else None
        if not isinstance(name, str) or not name:
            raise Problem(msgid)
        if field.get("type", "string") not in _TABLE_SCHEMA_TYPES:
            raise Problem(msgid)
        names.append(name)
    if len(set(names)) != len(names) or len(json.dumps(schema)) > 2 * MAX_CHARACTERS + MAX_TEXT:
        raise Problem(msgid)
    return schema
