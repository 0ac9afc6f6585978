"""Items of a form that have rows: the variables of an activity, its periods, its releases.

A plain library without CKAN. The columns stand in the schema as ``row_fields``; the rows are
stored as one JSON list, in the order in which they were sent. ``kind`` of a column says what a
cell holds:

``text``, ``longtext``
    text of at most ``limit`` characters
``choice``
    a key of ``codelist``
``list``
    several texts; also read from lines or from text with semicolons
``pairs``
    ``{"kode": …, "nilai": …}``; also read from lines ``1 = Laki-laki``
``date``, ``year``, ``decimal``
    stored as text (2026-01-31, 2026, 12.5)
``code``
    a short name that identifies the row for good; made when it is empty
``link``
    the id of another record, checked elsewhere
"""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING, Any

from .codelists import codelist
from .values import (
    MAX_VALUES,
    N_,
    Problem,
    as_list,
    check_order,
    is_empty,
    read_choice,
    read_date,
    read_decimal,
    read_text,
    read_year,
    shown,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Row = dict[str, Any]
    _Column = Mapping[str, Any]

#: More variables than any form has.
MAX_ROWS = 500
#: All rows of one item together; about twenty times the longest form seen.
MAX_CHARACTERS = 2_000_000
#: Of a cell whose column names no limit.
_CELL = 5_000
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
#: What follows the letter of the codes that are made here.
_MADE = re.compile(r"V(\d{1,6})")


class RowProblems(ValueError):  # noqa: N818
    """Rows that can not be stored.

    :param problems: (number of the row from 1, name of the column or None for the whole row,
        what is wrong)
    """

    def __init__(self, problems: list[tuple[int, str | None, Problem]]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


def _read_code(value: Any, limit: int) -> str | None:
    """Return the code of a row."""
    text = read_text(value, limit)
    if text and not _CODE.fullmatch(text):
        raise Problem(
            N_('"{value}" is not a code: use letters, digits, "-", "_" and "." only.'),
            value=shown(text),
        )
    return text


def _read_list(value: Any, limit: int) -> list[str] | None:
    """Return several texts."""
    entries = as_list(value)
    if len(entries) == 1 and isinstance(entries[0], str):
        entries = re.split(r"[;\n]", entries[0])
    if len(entries) > MAX_VALUES:
        raise Problem(
            N_("These are too many values: {count}. {limit} are allowed."),
            count=len(entries),
            limit=MAX_VALUES,
        )
    texts = (read_text(entry, limit) for entry in entries if entry is not None)
    return list(dict.fromkeys(text for text in texts if text)) or None


def _read_pair(entry: Any, limit: int) -> dict[str, str] | None:
    """Return one code with its value."""
    if isinstance(entry, str):
        left, sign, right = entry.partition("=")
        entry = {"kode": left, "nilai": right} if sign else {"kode": "", "nilai": left}
    if not isinstance(entry, dict) or set(entry) - {"kode", "nilai"}:
        raise Problem(N_('Write one code and its value per line, such as "1 = Laki-laki".'))
    pair = {key: read_text(entry[key], limit) for key in ("kode", "nilai") if entry.get(key)}
    return {key: text for key, text in pair.items() if text} or None


def _read_pairs(value: Any, limit: int) -> list[dict[str, str]] | None:
    """Return codes with their values, of a list or of lines."""
    entries = as_list(value)
    if len(entries) == 1 and isinstance(entries[0], str):
        entries = entries[0].split("\n")
    if len(entries) > MAX_VALUES:
        raise Problem(
            N_("These are too many values: {count}. {limit} are allowed."),
            count=len(entries),
            limit=MAX_VALUES,
        )
    pairs = [_read_pair(entry, limit) for entry in entries if not is_empty(entry)]
    return [pair for pair in pairs if pair] or None


def _reader(column: _Column) -> Callable[[Any], Any]:
    """Return what reads a cell of ``column``."""
    limit = column.get("limit", _CELL)
    kind = column["kind"]
    if kind == "choice":
        return partial(read_choice, allowed=codelist(column["codelist"]).keys)
    simple = {"date": read_date, "year": read_year, "decimal": read_decimal}
    if kind in simple:
        return simple[kind]
    with_limit = {"list": _read_list, "pairs": _read_pairs, "code": _read_code}
    return partial(with_limit.get(kind, read_text), limit=limit)


def _load(value: Any) -> list[Any]:
    """Return the rows that were sent, not yet read."""
    if isinstance(value, str):
        if len(value) > 2 * MAX_CHARACTERS:
            raise Problem(N_("These rows are too long. Shorten their texts."))
        try:
            value = json.loads(value)
        except (ValueError, RecursionError) as error:
            raise Problem(
                N_("This is not valid JSON. Fill the rows in by the form's table.")
            ) from error
    if not isinstance(value, list):
        raise Problem(N_("This item is a list of rows."))
    if len(value) > MAX_ROWS:
        raise Problem(
            N_("These are too many rows: {count}. {limit} are allowed."),
            count=len(value),
            limit=MAX_ROWS,
        )
    return value


def _read_row(
    raw: Any, columns: Mapping[str, _Column], found: Callable[[str | None, Problem], None]
) -> Row:
    """Return one row with its known columns that are not empty; tell ``found`` what is wrong."""
    if not isinstance(raw, dict):
        found(None, Problem(N_("This is not a row: send the columns by their names.")))
        return {}
    row: Row = {}
    for name in raw:
        if name not in columns:
            names = ", ".join(columns)
            found(
                None,
                Problem(
                    N_('"{name}" is not a column here. Use {names}.'),
                    name=shown(name),
                    names=names,
                ),
            )
    for name, column in columns.items():
        value = raw.get(name)
        if is_empty(value):
            continue
        try:
            cell = _reader(column)(value)
        except Problem as problem:
            found(name, problem)
            continue
        if not is_empty(cell):
            row[name] = cell
    if "awal" in row and "akhir" in row:
        try:
            check_order(row["awal"], row["akhir"])
        except Problem as problem:
            found("akhir", problem)
    return row


def _check_codes(
    rows: list[Row], name: str, found: Callable[[int, str | None, Problem], None]
) -> None:
    """Check that no two rows have the same code."""
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, start=1):
        code = row.get(name)
        if code and code in seen:
            found(
                number,
                name,
                Problem(
                    N_('Row {row} has the code "{code}" too. Each row has its own.'),
                    row=seen[code],
                    code=code,
                ),
            )
        elif code:
            seen[code] = number


def read(value: Any, field: Mapping[str, Any]) -> list[Row]:
    """Return the rows of an item; rows that hold nothing are left out.

    :param value: a list of rows, or JSON text of one; anything empty gives no rows
    :param field: the item, with ``row_fields``, and ``row_code`` where its rows have codes
    :raises RowProblems: for rows or cells that can not be stored, naming all of them
    :raises Problem: for what is no list of rows, or too large
    """
    if is_empty(value):
        return []
    columns = {column["field_name"]: column for column in field["row_fields"]}
    code = field.get("row_code")
    problems: list[tuple[int, str | None, Problem]] = []
    out: list[Row] = []
    numbers: list[int] = []
    for number, raw in enumerate(_load(value), start=1):
        row = _read_row(raw, columns, lambda name, p, n=number: problems.append((n, name, p)))
        if set(row) - {code}:
            out.append(row)
            numbers.append(number)
    if code:
        _check_codes(out, code, lambda n, name, p: problems.append((numbers[n - 1], name, p)))
    if problems:
        raise RowProblems(problems)
    if len(dump(out) or "") > MAX_CHARACTERS:
        raise Problem(N_("These rows are too long. Shorten their texts."))
    return out


def with_codes(rows: list[Row], name: str, before: list[Row]) -> list[Row]:
    """Return ``rows`` with a code in each, as the first column.

    A code is never given a second time while the record remembers it: numbers go on after the
    highest one that the rows have now or had before.

    :param name: name of the column of the code
    :param before: the rows as they are stored
    """
    used = [_MADE.fullmatch(str(row.get(name, ""))) for row in (*rows, *before)]
    highest = max((int(match[1]) for match in used if match), default=0)
    out: list[Row] = []
    for row in rows:
        code = row.get(name)
        if not code:
            highest += 1
            code = f"V{highest:03d}"
        out.append({name: code, **row})
    return out


def dump(rows: list[Row]) -> str | None:
    """Return the stored form of rows: JSON; None for no rows."""
    return json.dumps(rows, ensure_ascii=False) if rows else None
