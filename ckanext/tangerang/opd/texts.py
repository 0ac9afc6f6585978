"""Plans and journals for programs and people: as plain values, and in words."""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ..metadata import codelists
from ..metadata.language import current_language, localized
from ..metadata.navl import message
from ..metadata.values import N_, Problem
from .registry import FormerName
from .rows import LISTS, join_former, join_list

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .plan import Operation
    from .rows import Note

#: What each kind of operation is called, in the order in which people read them.
KINDS = {
    "create": N_("New OPD"),
    "rename": N_("Renamed"),
    "merge": N_("Merged into another OPD"),
    "split": N_("Split into several OPD"),
    "close": N_("Closed"),
    "move": N_("Moved below another OPD"),
    "change": N_("Changed"),
    "history": N_("Former names added or corrected"),
    "alias_add": N_("Aliases added"),
    "alias_remove": N_("Aliases removed"),
}
#: Labels of the fields that the schema of organizations does not have.
_LABELS = {
    "id": N_("Id in the portal"),
    "name": N_("Address in the portal"),
    "title": N_("Name"),
    "induk": N_("Part of"),
    "alias": N_("Aliases"),
    "nama_lama": N_("Former names"),
}
#: What a merge or its undoing moves.
MOVED = {
    "datasets": N_("records"),
    "members": N_("members"),
    "followers": N_("followers"),
}


def note_dict(note: Note) -> dict[str, str]:
    """Return an error or warning as plain values, its message in the language of the user."""
    params = {
        name: message(value) if isinstance(value, Problem) else value
        for name, value in note.params.items()
    }
    return {
        "code": note.code,
        "message": tk._(note.msgid).format(**params),
        "row": note.row,
        "cell": note.cell,
        "field": note.field,
        "name": note.name,
    }


def _plain(value: Any) -> Any:
    """Return a value of a field as JSON has it."""
    if isinstance(value, tuple):
        return [_plain(entry) for entry in value]
    return dataclasses.asdict(value) if isinstance(value, FormerName) else value


def operation_dict(operation: Operation) -> dict[str, Any]:
    """Return an operation as plain values."""
    return {
        "op": operation.kind,
        "id": operation.id,
        "name": operation.name,
        "title": operation.title,
        "changes": {
            name: [_plain(old), _plain(new)] for name, (old, new) in operation.changes.items()
        },
        **({"former": dataclasses.asdict(operation.former)} if operation.former else {}),
        **({"into": list(operation.into)} if operation.into else {}),
    }


@cache
def _field(name: str) -> Mapping[str, Any]:
    """Return a field of the schema of organizations; nothing where it has none of that name."""
    schema = tk.h.scheming_get_organization_schema("organization") or {}
    fields = {field["field_name"]: field for field in schema.get("fields", [])}
    return fields.get(name, {})


def label(name: str) -> str:
    """Return the label of a field in the language of the user."""
    if name in _LABELS:
        return tk._(_LABELS[name])
    return localized(_field(name).get("label", name))


def in_words(name: str, value: Any) -> str:
    """Return a value of a field as people read it."""
    if name == "nama_lama":
        return join_former(tuple(FormerName(**entry) for entry in value))
    codelist = _field(name).get("codelist")
    keys = value if isinstance(value, list) else [value] if value else []
    if codelist:
        keys = [codelists.label(codelist, key, current_language()) for key in keys]
        return ", ".join(keys)
    return join_list(tuple(keys)) if name in LISTS else str(value)


def rows_of(operation: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the changes of an operation as rows: label, value before, value after."""
    changes = operation["changes"]
    former = operation.get("former")
    if former:
        changes = {**changes, "nama_lama": [[], [former]]}
    return [
        {
            "field": name,
            "label": label(name),
            "old": in_words(name, old) if old else "",
            "new": in_words(name, new) if new else "",
        }
        for name, (old, new) in changes.items()
    ]


def kind(name: str) -> str:
    """Return what a kind of operation is called in the language of the user."""
    return tk._(KINDS[name])


def moved(counts: Mapping[str, int]) -> str:
    """Return what an operation moved, in words; "" for nothing."""
    return ", ".join(f"{count} {tk._(MOVED[name])}" for name, count in counts.items() if count)
