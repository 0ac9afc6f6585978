"""Records of the BPS forms as people read them: blocks of items with numbers, labels and values.

Which items are shown follows the conditions of the form: what is not asked is not there, and what
is empty is there for the people who may fill it in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from babel.dates import format_date

from .. import wilayah
from . import conditions
from .codelists import label as code_label
from .language import current_language, localized
from .values import as_list, is_empty

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .fields import Field

    _Links = Mapping[str, Mapping[str, Any]]

#: Kinds of fields that a page shows elsewhere, or not at all.
_ELSEWHERE = frozenset({"organization", "internal"})
#: Kinds whose value is another record, several, or a file.
_LINKS = frozenset({"link", "links", "resource"})
#: Kinds whose value is one key of a code list, or several.
_CHOICES = frozenset({"choice", "yes_no", "choices"})
#: Kinds that may have several values.
_SEVERAL = _LINKS | {"choices", "list", "words", "regions", "pairs"}
#: Snippets of ckanext-scheming in whose place the page shows a value itself, and its kind.
_SNIPPETS = {"email.html": "mail", "tangerang_link.html": "address"}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
#: The number in ``form_item``: "1.2 Telepon" is item 1.2, "3.3 A.1" has a letter of its own.
_NUMBER = re.compile(r"(?:MS-Var )?(\d+(?:[.-]\d+)*(?: [A-Z]\.\d+)?)(?: |$)")


@dataclass(frozen=True, slots=True)
class Value:
    """What an item says.

    ``kind`` tells which of the others a template shows: ``text`` (one line), ``paragraph``,
    ``list``, ``links`` (entries with ``label`` and ``url``), ``address`` (of the web), ``mail``,
    ``table``, ``rows`` (with a code each), or ``field`` for a field that only its own snippet
    of ckanext-scheming knows how to show.
    """

    kind: str
    text: str = ""
    entries: tuple[Any, ...] = ()
    #: Labels of the columns of a table.
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a form. ``value`` is None when nothing is filled in."""

    name: str
    number: str
    label: str
    value: Value | None
    #: It has to be filled in before the record may be public.
    needed: bool = False
    #: The field of the schema.
    field: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """One row with a code, such as a variable."""

    code: str
    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a form with the items that are shown."""

    name: str
    label: str
    items: tuple[Item, ...]


def number(field: Field) -> str:
    """Return the number of an item as printed on the form; empty where the form has none."""
    found = _NUMBER.match(field.get("form_item", ""))
    return found[1] if found else ""


def day_text(text: Any) -> str:
    """Return a day (2025-01-06) as people write it; other text unchanged."""
    text = str(text)
    if not _DAY.fullmatch(text):
        return text
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return format_date(day, "long", locale=current_language())


def region_text(code: Any) -> str:
    """Return name and code of a region; the code alone where it is not known."""
    code = str(code)
    name = wilayah.region_name(code)
    return f"{name} ({code})" if name else code


def _pair_text(pair: Any) -> str:
    """Return a code with its value as one text."""
    if not isinstance(pair, dict):
        return str(pair)
    return " = ".join(str(pair[key]) for key in ("kode", "nilai") if pair.get(key))


def _text_of(f: Field) -> Callable[[Any], str]:
    """Return what turns a value of ``f``, or one of its values, into text."""
    kind = f.get("kind")
    if kind in _CHOICES:
        lang = current_language()
        return lambda key: code_label(f["codelist"], str(key), lang)
    texts = {"date": day_text, "pairs": _pair_text, "regions": region_text}
    return texts.get(kind or "", str)


def plain_text(f: Field, value: Any) -> str:
    """Return what a field without rows and links says, or a cell of a row, as one text.

    :param f: the field, or the column of a row
    :param value: as shown
    """
    several = f.get("kind") in _SEVERAL
    return "; ".join(map(_text_of(f), as_list(value) if several else [value]))


def _plain(f: Field, value: Any, links: _Links) -> Value:
    """Return what a field, or a cell of a row, says that is not empty."""
    kind = f.get("kind")
    entries = as_list(value) if kind in _SEVERAL else [value]
    if kind in _LINKS:
        found = (links.get(str(entry), {"label": str(entry)}) for entry in entries)
        return Value("links", entries=tuple(found))
    texts = list(map(_text_of(f), entries))
    if len(texts) > 1:
        return Value("list", entries=tuple(texts))
    return Value("paragraph" if kind == "longtext" else "text", "".join(texts))


def _cell(column: Field, value: Any, links: _Links) -> Value | None:
    """Return what a cell of a row says; None for an empty one."""
    return None if is_empty(value) else _plain(column, value, links)


def _coded_rows(f: Field, rows: list[Any], links: _Links, *, with_empty: bool) -> tuple[Row, ...]:
    """Return the rows of an item whose rows have codes.

    :param with_empty: also the columns that are needed and empty
    """
    out: list[Row] = []
    for row in rows:
        if not isinstance(row, dict):
            continue
        items = []
        for column in f["row_fields"]:
            name = column["field_name"]
            if name in (f["row_code"], f.get("row_title")):
                continue
            value = _cell(column, row.get(name), links)
            needed = bool(column.get("needed_to_publish"))
            if value or (with_empty and needed):
                items.append(
                    Item(name, number(column), localized(column["label"]), value, needed, column)
                )
        out.append(
            Row(
                code=str(row.get(f["row_code"], "")),
                title=str(row.get(f.get("row_title", ""), "")),
                items=tuple(items),
            )
        )
    return tuple(out)


def _schedule(kind: str, rows: list[Any]) -> Value:
    """Return the periods or releases of an item, one in a line."""
    lines = []
    for row in rows:
        if not isinstance(row, dict):
            continue
        days = [day_text(row[name]) for name in ("awal", "akhir", "tanggal") if row.get(name)]
        line = " – ".join(dict.fromkeys(days))
        title = str(row.get("judul") or "") if kind == "releases" else ""
        lines.append(": ".join(part for part in (title, line) if part))
    return Value("list", entries=tuple(lines))


def _table(f: Field, rows: list[Any], links: _Links) -> Value:
    """Return the rows of an item as a table, without the columns that hold nothing."""
    shown = [row for row in rows if isinstance(row, dict)]
    columns = [
        column
        for column in f["row_fields"]
        if any(not is_empty(row.get(column["field_name"])) for row in shown)
    ]
    return Value(
        "table",
        entries=tuple(
            tuple(_cell(column, row.get(column["field_name"]), links) for column in columns)
            for row in shown
        ),
        columns=tuple(localized(column["label"]) for column in columns),
    )


def _value(f: Field, value: Any, links: _Links, *, with_empty: bool) -> Value:
    """Return what a field that is not empty says."""
    kind, snippet = f.get("kind"), f.get("display_snippet")
    if f.get("row_code"):
        rows = _coded_rows(f, as_list(value), links, with_empty=with_empty)
        return Value("rows", entries=rows)
    if kind in ("periods", "releases"):
        return _schedule(kind, as_list(value))
    if "row_fields" in f:
        return _table(f, as_list(value), links)
    if snippet in _SNIPPETS:
        return Value(_SNIPPETS[snippet], str(value))
    # A field of a schema that a site has added, which only its own snippet can show.
    return Value("field") if snippet and kind is None else _plain(f, value, links)


def blocks(
    schema: Mapping[str, Any],
    record: Mapping[str, Any],
    links: _Links,
    *,
    with_empty: bool,
) -> list[Block]:
    """Return the blocks of a form that have something to show, in form order.

    :param schema: of the type of the record
    :param record: as ``package_show`` returns it
    :param links: ``label`` and ``url`` of what its links name, by value
    :param with_empty: whether items that are asked and empty are there too
    """
    fields = schema["dataset_fields"]
    opened = conditions.open_names(fields, record)
    by_block: dict[str, list[Item]] = {}
    for f in fields:
        name = f["field_name"]
        hidden = f.get("kind") in _ELSEWHERE or f.get("display_snippet", "") is None
        if hidden or name not in opened:
            continue
        value = record.get(name)
        shown = None if is_empty(value) else _value(f, value, links, with_empty=with_empty)
        if shown is None and not with_empty:
            continue
        by_block.setdefault(f.get("form_group", ""), []).append(
            Item(
                name=name,
                number=number(f),
                label=localized(f["label"]),
                value=shown,
                needed=bool(f.get("needed_to_publish")),
                field=f,
            )
        )
    return [
        Block(group["name"], localized(group["label"]), tuple(by_block[group["name"]]))
        for group in schema.get("form_groups", [])
        if group["name"] in by_block
    ]
