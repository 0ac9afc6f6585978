"""Links between records: which records a record names, and where.

A plain library without CKAN. A link is stored as the id of the other record; a link to a variable
of an activity as ``<id>#<code>``. Which fields are links stands in the schema:

``kind: link``, ``link_to: <type>``
    one record, or with ``link_part: variabel`` one variable of it
``kind: links``, ``link_to: <type>``
    several records, as a list
``kind: resource``
    a file of a dataset
``row_fields`` with ``kind: link``
    one record in a column of rows

The column ``variabel`` of the kamus of a file may name a variable too; other words are allowed
there.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from . import kamus
from .values import Problem, as_list, is_empty

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    _Field = Mapping[str, Any]

#: Name of the links from the kamus of a dataset's files.
KAMUS = "kamus"
#: What a link to a file of a dataset leads to.
RESOURCE = "resource"
#: Between the id of an activity and the code of its variable.
PART = "#"

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: What CKAN allows in an address; anything else, such as a NUL, is not asked of the database.
_NAME = re.compile(r"[a-z0-9_-]{2,100}")
_VARIABLE = re.compile(rf"({_ID.pattern}){PART}([A-Za-z0-9][A-Za-z0-9_.-]*)")


class Link(NamedTuple):
    """One link of a record."""

    #: Where it stands: a field, ``field.column`` for a column of rows, or :data:`KAMUS`.
    field: str
    #: What is named: id of a record, or of a file.
    target: str
    #: Code of the variable; empty for the record itself.
    part: str = ""

    @property
    def value(self) -> str:
        """Return the link as it is stored in a record."""
        return f"{self.target}{PART}{self.part}" if self.part else self.target


class Place(NamedTuple):
    """Where links of a type stand."""

    field: _Field
    #: The column of rows; None for the field itself.
    column: _Field | None
    #: Type of the records that may be named, or :data:`RESOURCE`.
    to: str
    #: The records of the links have parts that are named.
    has_part: bool

    @property
    def name(self) -> str:
        """Return the name that links from here have in :class:`Link`."""
        own = self.field["field_name"]
        return f"{own}.{self.column['field_name']}" if self.column else own


def looks_like_id(value: str) -> bool:
    """Tell whether ``value`` has the form of the ids that CKAN makes."""
    return bool(_ID.fullmatch(value))


def may_be_name(value: str) -> bool:
    """Tell whether ``value`` could be the name of a record, and no id."""
    return bool(_NAME.fullmatch(value)) and not looks_like_id(value)


def split(value: str) -> tuple[str, str]:
    """Return the record and the part that a stored link names; the part is empty for none."""
    target, _, part = value.partition(PART)
    return target, part


def is_variable(value: str) -> bool:
    """Tell whether a text is a link to a variable, not words about one."""
    return bool(_VARIABLE.fullmatch(value))


def places(fields: Iterable[_Field]) -> list[Place]:
    """Return where the links of a type of records stand, in form order."""
    out: list[Place] = []
    for field in fields:
        kind = field.get("kind")
        if kind in ("link", "links"):
            out.append(Place(field, None, field["link_to"], "link_part" in field))
        elif kind == "resource":
            out.append(Place(field, None, RESOURCE, has_part=False))
        out += [
            Place(field, column, column["link_to"], "link_part" in column)
            for column in field.get("row_fields", [])
            if column.get("kind") == "link"
        ]
    return out


def _rows(value: Any) -> list[dict[str, Any]]:
    """Return the rows of a field as stored or as shown; none where they can not be read."""
    return [] if is_empty(value) else [row for row in as_list(value) if isinstance(row, dict)]


def _values(place: Place, record: Mapping[str, Any]) -> Iterator[Any]:
    """Yield what stands in the fields or cells of a place."""
    value = record.get(place.field["field_name"])
    if place.column is None:
        yield from [] if is_empty(value) else as_list(value)
        return
    for row in _rows(value):
        yield row.get(place.column["field_name"])


def _names_variable(row: Any) -> bool:
    """Tell whether a row of a kamus, as sent or stored, can hold a link."""
    return isinstance(row, dict) and PART in str(row.get("variabel") or "")


def of_kamus(values: Iterable[Any]) -> set[Link]:
    """Return the links that stand in the kamus of files.

    :param values: each file's kamus, stored or shown
    """
    out: set[Link] = set()
    for value in values:
        if isinstance(value, list) and not any(_names_variable(row) for row in value):
            continue
        try:
            rows = kamus.read(value)
        except Problem:
            continue  # reported at the field
        for row in rows:
            text = row.get("variabel", "")
            if is_variable(text):
                out.add(Link(KAMUS, *split(text)))
    return out


def extract(
    found: Sequence[Place], record: Mapping[str, Any], kamuses: Iterable[Any] = ()
) -> set[Link]:
    """Return the links of a record.

    :param found: places of the record's type
    :param record: values by field name, as stored or as shown
    :param kamuses: the kamus of each of its files
    """
    out = of_kamus(kamuses)
    for place in found:
        for value in _values(place, record):
            if isinstance(value, str) and value.strip():
                target, part = split(value.strip())
                out.add(Link(place.name, target, part))
    return out


def codes(rows: Any) -> set[str]:
    """Return the codes of the variables of an activity, stored or shown."""
    return {str(row["kode"]) for row in _rows(rows) if row.get("kode")}


def replace_targets(place: Place, value: Any, ids: Mapping[str, str]) -> Any:
    """Return the value of a field with the names in it replaced by ids.

    :param place: where the value stands; links in columns of rows are left alone
    :param ids: id by name
    """

    def by_id(entry: Any) -> Any:
        if not isinstance(entry, str):
            return entry
        target, part = split(entry.strip())
        if target not in ids:
            return entry
        return f"{ids[target]}{PART}{part}" if part else ids[target]

    if place.column is not None or is_empty(value):
        return value
    if place.field.get("kind") == "links":
        return json.dumps([by_id(entry) for entry in as_list(value)], ensure_ascii=False)
    return by_id(value)
