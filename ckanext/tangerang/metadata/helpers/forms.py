"""Template helpers of the forms: blocks, rules, rows, errors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from .. import forms, seen
from ..fields import item_label, record_fields
from ..language import localized
from ..navl import CellMessage
from ..values import as_list, is_empty

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..fields import Field


def tangerang_form_blocks(record_type: str) -> list[dict[str, Any]]:
    """Return the blocks of the form of an activity or an indicator with their fields."""
    return forms.blocks(record_type)


def tangerang_form_declaration(record_type: str) -> dict[str, Any]:
    """Return the rules of a form as data for its script."""
    return forms.declaration(record_type)


def tangerang_form_errors(record_type: str, errors: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what is wrong with a form that was sent, in form order.

    :param errors: lists of messages by field name, as a ``ValidationError`` has them
    :returns: ``[{"field", "label", "block", "messages": [{"text", "row", "column"}]}]``; ``block``
        is None for what the form does not show
    """
    fields = {field["field_name"]: field for field in record_fields(record_type)}
    shown = {field["field_name"] for field in forms.form_fields(record_type)}
    known = [name for name in fields if name in errors]
    out = []
    for name in [*known, *sorted(set(errors) - set(known))]:
        field = fields.get(name)
        messages = errors[name] if isinstance(errors[name], list) else [errors[name]]
        out.append(
            {
                "field": name,
                "label": item_label(field) if field else tk._(name.replace("_", " ").capitalize()),
                "block": field["form_group"] if field and name in shown else None,
                "messages": [
                    {
                        "text": text,
                        "row": text.row if isinstance(text, CellMessage) else None,
                        "column": text.column if isinstance(text, CellMessage) else None,
                    }
                    for text in map(_sentence, messages)
                    if text
                ],
            }
        )
    return [entry for entry in out if entry["messages"]]


def _sentence(message: Any) -> str:
    """Return a message as text; CKAN's own errors of extras and tags are objects."""
    return message if isinstance(message, str) else json.dumps(message, ensure_ascii=False)


def tangerang_cell_errors(messages: Any) -> list[dict[str, Any]]:
    """Return what is wrong with cells: row (from 1), column (or None), text, whole sentence."""
    return [
        {
            "row": message.row,
            "column": message.column,
            "text": message.text,
            "sentence": str(message),
        }
        for message in messages or ()
        if isinstance(message, CellMessage) and message.row
    ]


def tangerang_item_errors(field: Field, messages: Any) -> list[str]:
    """Return what is wrong with an item as a whole, not with one of its cells.

    Without the label that the messages begin with: they stand below it.

    :param field: as :func:`tangerang_form_blocks` returns it
    """
    found = [messages] if isinstance(messages, str) else messages or ()
    texts = [
        _sentence(message).removeprefix(f"{field['label']}: ")
        for message in found
        if not (isinstance(message, CellMessage) and message.row)
    ]
    return [text[:1].upper() + text[1:] for text in texts]


def tangerang_seen(shown: dict[str, Any], *, file: bool = False) -> str:
    """Return what a form says about the version it was filled with: ``metadata.seen``.

    :param shown: the record, or the file, in the form
    :param file: it is a file
    """
    return seen.of_form(shown, file=file)


def tangerang_typed_labels(schema: dict[str, Any]) -> list[str]:
    """Return the labels of what an officer types for a public dataset: the portal fills the rest.

    :param schema: of datasets, with presets expanded
    """
    return [
        localized(field["label"])
        for field in schema["dataset_fields"]
        if field.get("needed_to_publish")
        and not {"auto", "default", "fill", "needed_unless"} & field.keys()
        and field["field_name"] != "owner_org"
    ]


def tangerang_grid_columns(field: Field) -> list[dict[str, Any]]:
    """Return the columns of an item with rows, for the script that makes a grid of them."""
    return forms.columns(field)


def tangerang_grid_links(columns: list[dict[str, Any]], value: Any) -> dict[str, str]:
    """Return the labels of the records that rows name, by what is stored in the rows.

    :param columns: as :func:`tangerang_grid_columns` returns them
    :param value: the rows, stored or as they were sent
    """
    names = [column["key"] for column in columns if column["kind"] == "link"]
    rows = [] if not names or is_empty(value) else as_list(value)
    cells = [row.get(name) for row in rows if isinstance(row, dict) for name in names]
    ids = sorted({cell for cell in cells if cell and isinstance(cell, str)})
    found = tk.h.tangerang_link_items(ids) if ids else []
    return {item["value"]: item["label"] for item in found if item["known"]}


def tangerang_grid_texts(what: str) -> dict[str, str]:
    """Return the texts of a grid's script.

    :param what: what one row is, such as "variabel"
    """
    return {
        "add": tk._("Add {what}").format(what=what),
        "count": tk._("Rows: {count}"),
        "none": tk._("No {what} yet.").format(what=what),
        "row": f"{what} {{row}}",
        "unnamed": tk._("(without a name)"),
        "missing": tk._("Still missing: {names}"),
        "wrong": tk._("Errors: {count}"),
        "up": tk._("Move {row} up"),
        "down": tk._("Move {row} down"),
        "copy": tk._("Duplicate {row}"),
        "remove": tk._("Remove {row}"),
        "undo": tk._("Undo"),
        "open": tk._("Open all"),
        "close": tk._("Close all"),
        "added": tk._("{row} was added."),
        "copied": tk._("{row} is a copy of {other}."),
        "removed": tk._("{row} was removed."),
        "restored": tk._("{row} is back."),
        "moved": tk._("{row} is now number {number} of {count}."),
        "paste": tk._("Paste from Excel"),
        "pasteHelp": tk._(
            "Copy the rows in Excel and paste them here, with or without their headings. "
            "Without headings the columns are read in this order: {names}."
        ),
        "take": tk._("Take over the rows"),
        "cancel": tk._("Cancel"),
        "pasted": tk._("Rows taken over: {count}."),
        "pastedNone": tk._("There are no rows in what was pasted."),
        "pastedLimit": tk._("Not all rows fit; taken over: {count}."),
        "unknown": tk._("These headings fit no column and were left out: {names}."),
        "one": tk._("One per line."),
        "pairs": tk._('One per line, such as "1 = Laki-laki".'),
        "code": tk._("Made when it is saved. It stays the same for good."),
        "notChoice": tk._("{value} (not one of the choices)"),
    }


def tangerang_link_texts() -> dict[str, str]:
    """Return the texts of the script of fields that name another record."""
    return {
        "hint": tk._("Type at least two letters, then choose from the list."),
        "found": tk._("{count} found. Choose with the arrow keys."),
        "none": tk._("Nothing found."),
        "failed": tk._("The search does not answer. Try again."),
        "clear": tk._("Remove {label}"),
        "chosen": tk._("{label} was chosen."),
        "cleared": tk._("{label} was removed."),
    }


def tangerang_form_texts() -> dict[str, str]:
    """Return the texts of the script of a form."""
    return {
        "progress": tk._("{filled} of {asked} items filled in"),
        "needed": tk._("{count} needed items are still empty."),
        "ready": tk._("All needed items are filled in."),
        "part": tk._("{filled}/{asked}"),
        "notAsked": tk._("not asked"),
        "errors": tk._("Errors: {count}"),
        "closed": tk._("This block is asked only when {condition}."),
        "opened": tk._("Now asked: {names}."),
        "hidden": tk._("No longer asked: {names}."),
        "kept": tk._(
            "No longer asked, though filled in: {names}. These answers are left out when you "
            "save; they come back if you change the answer back before."
        ),
        "more": tk._("and {count} more"),
        "choiceGone": tk._("{label}: choose again, the earlier answer no longer fits."),
        "unsaved": tk._("There are unsaved modifications to this form"),
        "changed": tk._("Changes that are not saved yet."),
    }
