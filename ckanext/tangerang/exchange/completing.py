"""What a file of another system leaves unsaid, taken from the stored record.

A plain library without CKAN. INDAH and DDI hold less than the portal: codes of variables, titles
of releases, links. Importing a file must not lose them, so each row of a file is looked for among
the stored rows: one that says the same is taken as it is stored; one of the same name keeps the
columns that the file does not have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..metadata import conditions
from ..metadata.rows import MAX_ROWS
from ..metadata.values import as_list, is_empty
from ..workbook.cells import fold
from . import indah

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ..metadata.fields import Field
    from ..workbook.reader import Record
    from .indah import Json


def _filled(row: Mapping[str, Any]) -> Json:
    """Return the columns of a row that hold something."""
    return {name: value for name, value in row.items() if not is_empty(value)}


def _as_sent(f: Field, row: Json, names: Mapping[str, Json], columns: set[str]) -> Json:
    """Return a stored row as a file with some columns has it."""
    if f["kind"] == "releases":
        sent = {"tanggal": row.get("tanggal")}
    else:
        sent = indah.row_out(f, row, names)
    columns_ = {c["field_name"]: c for c in f["row_fields"]}
    read = {
        name: indah.cell_in(columns_[name], value)
        for name, value in sent.items()
        if name in columns
    }
    if f.get("row_code") in columns:
        read[f["row_code"]] = row.get(f["row_code"])
    return _filled(read)


def _of_same_name(f: Field, row: Json, rest: list[Json]) -> Json | None:
    """Return the stored row with the code, else the name, of one of a file."""
    for key in (f.get("row_code"), f.get("row_title")):
        wanted = row.get(key) if key else None
        if key and not is_empty(wanted):
            for stored in rest:
                if fold(str(stored.get(key) or "")) == fold(str(wanted)):
                    return stored
    return None


def rows(f: Field, sent: Sequence[Json], stored: Any, names: Mapping[str, Json]) -> list[Json]:
    """Return the rows of a file, completed by the stored ones.

    :param sent: with the columns that the file has, None in empty ones
    :param names: what links of stored rows stand for
    """
    if len(sent) > MAX_ROWS:
        return list(sent)  # too many, as the validator will say
    known = [row for row in as_list(stored or []) if isinstance(row, dict)]
    rest = list(known)
    out: list[Json | None] = []
    for row in sent:
        same = (r for r in rest if _as_sent(f, r, names, set(row)) == _filled(row))
        found = next(same, None)
        if found is not None:
            rest.remove(found)
        out.append(found)
    for at, row in enumerate(sent):
        if out[at] is not None:
            continue
        near = _of_same_name(f, row, rest)
        if near is None and f["kind"] == "releases" and len(sent) == len(known):
            # A release has no name in INDAH: one whose day has moved is told by its place.
            near = known[at] if known[at] in rest else None
        if near is not None:
            rest.remove(near)
        kept = {name: value for name, value in (near or {}).items() if name not in row}
        out[at] = _filled({**kept, **row})
    return [row or {} for row in out]


def complete(
    record: Record,
    fields: Sequence[Field],
    stored: Mapping[str, Any],
    names_of: Callable[[Sequence[Field], Mapping[str, Any]], Mapping[str, Json]],
) -> None:
    """Complete what was read of a file by the record that it changes.

    What the file does not have and its new answers close (block V, when an activity is no survey
    any more) is emptied, since it could not stay.

    :param fields: of the type of the record
    :param stored: as ``package_show`` returns it
    :param names_of: returns what the links of stored rows stand for
    """
    nested = [f for f in fields if f.get("row_fields") and record.values.get(f["field_name"])]
    names = names_of(nested, stored) if nested else {}
    for f in nested:
        name = f["field_name"]
        if name not in record.unread:
            record.values[name] = rows(f, record.values[name], stored.get(name), names)
    merged = {**stored, **record.values}
    opened = conditions.open_names(fields, merged)
    for f in fields:
        name = f["field_name"]
        if name not in opened and name not in record.values and not is_empty(stored.get(name)):
            record.values[name] = None
