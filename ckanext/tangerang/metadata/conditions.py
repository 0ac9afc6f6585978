"""Which items of a BPS form are asked, which are needed, and what a record still lacks.

A plain library without CKAN. The rules stand in the schema files, beside the items:

``open_when: {other_field: [value, …]}``
    the item is asked only when each named field is itself asked and has one of the values (of
    a list of values: any of them); a value in an item that is not asked is wrong
``choices_by: {field: other_field, groups: {value: group}}``
    only the items of one ``group`` of the code list may be chosen
``needed_to_publish``, ``needed_when``, ``needed_unless``
    see :mod:`.completeness`
``nil_allowed: true``
    "-" is an answer to the item, though it does not count as filled
``row_fields``
    the columns of an item that has rows; ``needed_to_publish`` there holds for each row, with
    ``needed_unless_filled: other_column`` only where that one is empty

Sources of the rules: Perka BPS 5/2020, the notes on the forms MS-Keg, MS-Var and MS-Ind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from . import completeness
from .codelists import codelist
from .values import as_list, is_empty

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    _Field = Mapping[str, Any]

#: Answers that say that there is nothing to say, in small letters.
NIL = frozenset({"-", "–", "—", "tidak ada", "nihil", "n/a"})


class Item(NamedTuple):
    """The state of one item of a form, or of one column of one row of it."""

    field: str
    #: Number of the row from 1; None for the item itself.
    row: int | None
    #: Column of the row; None for the item itself.
    subfield: str | None
    #: The item is asked.
    open: bool
    #: The item must be answered before the record may be public.
    needed: bool
    #: The item holds something, if only "-".
    answered: bool
    #: The item holds an answer that says something.
    filled: bool


def is_nil(value: Any) -> bool:
    """Tell whether ``value`` only says that there is nothing, such as "-" or "Tidak ada"."""
    return isinstance(value, str) and value.strip().lower() in NIL


def _chosen(value: Any) -> list[Any]:
    """Return the value or values of a field, none for an empty one."""
    return [] if is_empty(value) else as_list(value)


def open_names(fields: Sequence[_Field], record: Mapping[str, Any]) -> set[str]:
    """Return the names of the fields that are asked of ``record``.

    A field whose condition names a field that is not asked is not asked either, so that an
    answer left over in a closed block opens nothing.

    :param fields: fields of a schema
    :param record: values by field name, as stored or as shown
    """
    known = {field["field_name"]: field for field in fields}
    found: dict[str, bool] = {}

    def is_open(name: str) -> bool:
        if "open_when" not in known[name]:
            return True
        if name not in found:
            found[name] = False  # a circle of conditions opens nothing
            found[name] = all(
                is_open(parent) and any(value in allowed for value in _chosen(record.get(parent)))
                for parent, allowed in known[name]["open_when"].items()
            )
        return found[name]

    return {name for name in known if is_open(name)}


def closed_values(fields: Sequence[_Field], record: Mapping[str, Any]) -> list[_Field]:
    """Return the fields that hold something though they are not asked, in form order."""
    opened = open_names(fields, record)
    return [
        field
        for field in fields
        if field["field_name"] not in opened and not is_empty(record.get(field["field_name"]))
    ]


def allowed_choices(field: _Field, record: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the keys of the code list of ``field`` that may be chosen in ``record``.

    All of them where no ``choices_by`` narrows them, or where the other field is empty.
    """
    keys = tuple(key for name in field["codelist"].split() for key in codelist(name).keys)
    by = field.get("choices_by")
    parent = record.get(by["field"]) if by else None
    group = by["groups"].get(parent) if by and isinstance(parent, str) else None
    if group is None:
        return keys
    return tuple(
        item.key
        for name in field["codelist"].split()
        for item in codelist(name).items
        if item.extra.get("group") == group
    )


def _says_something(value: Any) -> bool:
    """Tell whether ``value`` is an answer that counts as filled; a list of "-" is none."""
    if value is None:
        return False
    if isinstance(value, str) and not value.lstrip().startswith("["):
        # Most answers, told in one step: a form with its rows has some two hundred.
        text = value.strip().lower()
        return bool(text) and text not in NIL
    return not all(is_nil(entry) for entry in _chosen(value))


def _answers_nil(field: _Field, value: Any) -> bool:
    """Tell whether ``value`` answers ``field`` by saying that there is nothing, where it may."""
    return is_nil(value) and bool(field.get("nil_allowed"))


def _row_items(field: _Field, rows: Any, *, only_needed: bool) -> Iterable[Item]:
    """Return the state of the columns of each row of an open field."""
    columns = [
        column
        for column in field["row_fields"]
        if not only_needed or column.get("needed_to_publish")
    ]
    for number, row in enumerate(_chosen(rows), start=1):
        if not isinstance(row, dict):
            continue
        for column in columns:
            instead = column.get("needed_unless_filled")
            excused = instead is not None and not is_empty(row.get(instead))
            if excused and only_needed:
                continue
            value = row.get(column["field_name"])
            filled = _says_something(value)
            yield Item(
                field=field["field_name"],
                row=number,
                subfield=column["field_name"],
                open=True,
                needed=bool(column.get("needed_to_publish")) and not excused,
                answered=filled or _answers_nil(column, value),
                filled=filled,
            )


def items(
    fields: Sequence[_Field], record: Mapping[str, Any], *, only_needed: bool = False
) -> list[Item]:
    """Return the state of all items of a form, rows with their columns after their item.

    :param fields: fields of a schema
    :param record: values by field name, as stored or as shown
    :param only_needed: leave out the items, and the columns of rows, that are not needed
    """
    opened = open_names(fields, record)
    out: list[Item] = []
    for field in fields:
        name, value = field["field_name"], record.get(field["field_name"])
        is_open = name in opened
        needed = is_open and completeness.is_needed(field, record)
        if needed or not only_needed:
            filled = _says_something(value)
            out.append(
                Item(
                    field=name,
                    row=None,
                    subfield=None,
                    open=is_open,
                    needed=needed,
                    answered=filled or _answers_nil(field, value),
                    filled=filled,
                )
            )
        if is_open and field.get("row_fields"):
            out += _row_items(field, value, only_needed=only_needed)
    return out


def missing(fields: Sequence[_Field], record: Mapping[str, Any]) -> list[Item]:
    """Return the items that are needed and not answered, in form order."""
    return [item for item in items(fields, record, only_needed=True) if not item.answered]
