"""What the page of a dry run shows: changes and errors in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckan import model

from ..metadata.codelists import label
from ..metadata.fields import ACTIVITY_TYPE, INDICATOR_TYPE, Field, item_label, record_fields
from ..metadata.language import current_language, localized
from . import layout

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Of a long text so much is shown.
_LONG = 600


def _named(record_type: str) -> dict[str, Field]:
    """Return the fields of a type by name, the two of the portal included."""
    fields = {f["field_name"]: f for f in record_fields(record_type)}
    return {**fields, "private": layout.PRIVATE_FIELD, layout.ID_KEY: layout.ID_FIELD}


def _choices(field: Field, value: Any) -> Any:
    """Return a value with labels in place of the keys of its code list."""
    if "codelist" not in field or field.get("kind") is None:
        return value
    lang = current_language()
    if isinstance(value, list):
        return [label(field["codelist"], str(entry), lang) for entry in value]
    return label(field["codelist"], str(value), lang)


def _cell(column: Field, value: Any) -> str:
    """Return a cell of a row in one line."""
    if isinstance(value, list):
        return "; ".join(
            " = ".join(str(part) for part in entry.values())
            if isinstance(entry, dict)
            else str(entry)
            for entry in value
        )
    return str(_choices(column, value))


def _row(field: Field, row: Any) -> str:
    """Return a row of a field in one line: its columns that are filled."""
    if not isinstance(row, dict):
        return str(row)
    columns = {c["field_name"]: c for c in field["row_fields"]}
    return " · ".join(_cell(columns[name], value) for name, value in row.items() if name in columns)


def words(field: Field, value: Any) -> list[str]:
    """Return a value as lines of text; none for an empty one.

    :param field: the field of the value
    """
    if value is None:
        return []
    if field["field_name"] == layout.PRIVATE_KEY:
        return [localized(field["choices"]["draft" if value else "public"])]
    if field.get("row_fields") and isinstance(value, list):
        return [_row(field, row) for row in value]
    found = _choices(field, value)
    lines = [str(line) for line in found] if isinstance(found, list) else [str(found)]
    return [line if len(line) <= _LONG else line[:_LONG] + "…" for line in lines]


def _organizations(changes: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the titles of the organizations that changes name, by id."""
    ids = {i for change in changes for i in change["fields"].get("owner_org", []) if i}
    if not ids:
        return {}
    group: Any = model.Group
    rows = model.Session.query(group.id, group.title, group.name).filter(group.id.in_(ids))
    return {found[0]: found[1] or found[2] for found in rows}


def changes_in_words(changes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the changes for the page: title, address, fields with label, old and new lines."""
    titles = _organizations(changes)
    out = []
    for change in changes:
        fields = _named(change["type"])
        rows = []
        for name, (old, new) in change["fields"].items():
            field = fields[name]
            if field.get("kind") == "internal":
                continue
            if name == "owner_org":
                old, new = titles.get(old, old), titles.get(new, new)  # noqa: PLW2901
            rows.append(
                {"label": item_label(field), "old": words(field, old), "new": words(field, new)}
            )
        titles_ = (change["fields"].get(n, [None, None])[1] for n in ("title", "judul_kegiatan"))
        title = next(filter(None, titles_), None) or change["name"] or "–"
        out.append({**change, "title": title, "rows": rows})
    return out


def errors_in_words(errors: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Return the errors for the page, with the label of the item, in the order of the sheets."""
    activity, indicator = _named(ACTIVITY_TYPE), _named(INDICATOR_TYPE)
    out = []
    for error in errors:
        known = indicator if error["sheet"].startswith(layout.INDICATOR_SHEET) else activity
        field = known.get(error["field"])
        label_ = item_label(field) if field else ""
        text = error["message"].removeprefix(f"{label_}: ")
        out.append({**error, "label": label_, "message": text})
    return sorted(out, key=_place)


def _place(error: Mapping[str, str]) -> tuple[int, int, str]:
    """Return what errors are ordered by: sheet, row, column."""
    sheets = layout.FORM_SHEETS
    sheet = sheets.index(error["sheet"]) if error["sheet"] in sheets else len(sheets)
    column = error["cell"].rstrip("0123456789")
    return sheet, int(error["cell"].removeprefix(column) or 0), column.rjust(3)
