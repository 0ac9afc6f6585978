"""The web forms of activities and indicators: their blocks, rules for the browser, what was sent.

What is asked, and when, stands in the schema files and is judged by :mod:`.conditions`; the
form's script gets the same declaration as data, so that it shows and hides by the same rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..config import region_code
from . import conditions
from .codelists import choices, codelist
from .fields import item_label, record_fields, record_schema
from .language import localized

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.datastructures import MultiDict

    from .fields import Field


def form_fields(record_type: str) -> list[Field]:
    """Return the fields that the form of a type shows, in form order."""
    return [
        field for field in record_fields(record_type) if field.get("form_snippet", "") is not None
    ]


def prefilled(record_type: str) -> dict[str, Any]:
    """Return what a new form holds already: the fixed answers of the schema and the region.

    As :func:`..logic.record_validators.tangerang_record_fill` does on saving; what comes from the
    OPD is left to that, because the OPD may still be changed in the form.
    """
    fields = form_fields(record_type)
    record: dict[str, Any] = {}
    for field in fields:
        value = field.get("fill", field.get("default"))
        if value is None and field.get("auto") == "region":
            value = [region_code()]
        if value and field["field_name"] in conditions.open_names(fields, record):
            record[field["field_name"]] = value
    return record


def read(record_type: str, form: MultiDict[str, str]) -> dict[str, Any]:
    """Return the values that a form sent, by field name.

    A field that was not sent holds nothing: the browser leaves out unticked boxes and items that
    are not asked. Owner and visibility are left as they are where the form has no choice of them.

    :param form: as Flask reads it
    """
    found: dict[str, Any] = {}
    for name in [field["field_name"] for field in form_fields(record_type)] + ["private"]:
        sent = form.getlist(name)
        if sent or name not in ("owner_org", "private"):
            found[name] = sent[0] if len(sent) == 1 else (sent or "")
    return found


def _shown_field(field: Field) -> Field:
    """Return a field as the form shows it: with its number, and marked where it is needed."""
    needed = bool(field.get("needed_to_publish"))
    name = field["field_name"]
    described = {"aria-describedby": f"help-{name} errors-{name}"}
    return {
        **field,
        "label": item_label(field),
        # What the snippets of scheming look at; a blank choice must stay possible in a draft.
        "required": needed,
        "form_include_blank_choice": True,
        "form_attrs": {"class": _control_class(field), **described},
    }


def _control_class(field: Field) -> str:
    """Return the classes of the control of a field."""
    return "form-select" if field.get("kind") in ("choice", "yes_no") else "form-control"


def blocks(record_type: str) -> list[dict[str, Any]]:
    """Return the blocks of a form: name, label, help text and the fields as they are shown."""
    by_block: dict[str, list[Field]] = {}
    for field in form_fields(record_type):
        by_block.setdefault(field["form_group"], []).append(_shown_field(field))
    return [
        {
            "name": group["name"],
            "label": localized(group["label"]),
            "help_text": localized(group.get("help_text", "")),
            "fields": by_block[group["name"]],
        }
        for group in record_schema(record_type)["form_groups"]
        if group["name"] in by_block
    ]


def _groups(by: Mapping[str, Any], names: str) -> dict[str, list[str]]:
    """Return which keys of a code list may be chosen, by the value of another field."""
    keys: dict[str, list[str]] = {}
    for name in names.split():
        for item in codelist(name).items:
            keys.setdefault(str(item.extra.get("group")), []).append(item.key)
    return {value: keys.get(group, []) for value, group in by["groups"].items()}


def columns(field: Field) -> list[dict[str, Any]]:
    """Return the columns of an item with rows, as the grid of the form wants them.

    The code of a row stands last: it is made on saving and hardly ever typed.
    """
    out = [
        {
            "key": column["field_name"],
            "label": item_label(field, column),
            # Headings of a pasted table may be in either language, or the name itself.
            "names": [
                column["field_name"],
                *(column["label"].values() if isinstance(column["label"], dict) else ()),
            ],
            "kind": column["kind"],
            "limit": column.get("limit"),
            "needed": bool(column.get("needed_to_publish")),
            "unless": column.get("needed_unless_filled"),
            "choices": [
                {"value": choice["value"], "text": localized(choice["label"])}
                for choice in (choices(column["codelist"]) if "codelist" in column else ())
            ],
            "suggestions": [
                choice["value"]
                for choice in (choices(column["suggestions"]) if "suggestions" in column else ())
            ],
            "link": column.get("link_part") or column.get("link_to"),
        }
        for column in field["row_fields"]
    ]
    return sorted(out, key=lambda column: column["kind"] == "code")


def declaration(record_type: str) -> dict[str, Any]:
    """Return the rules of a form as data for its script.

    :returns: ``{"nil": […], "items": [{"name", "block", "label", "kind", "open_when",
        "choices_by": {"field", "groups": {value: [key]}}, "needed", "auto", "nil_allowed",
        "columns": [{"key", "needed", "unless"}]}]}``
    """
    items = []
    for field in form_fields(record_type):
        by = field.get("choices_by")
        items.append(
            {
                "name": field["field_name"],
                "block": field["form_group"],
                "label": item_label(field),
                "kind": field.get("kind", "text"),
                "open_when": field.get("open_when", {}),
                "choices_by": by
                and {"field": by["field"], "groups": _groups(by, field["codelist"])},
                "needed": bool(field.get("needed_to_publish")),
                "auto": "auto" in field,
                "nil_allowed": bool(field.get("nil_allowed")),
                "columns": [
                    {
                        "key": column["field_name"],
                        "needed": bool(column.get("needed_to_publish")),
                        "unless": column.get("needed_unless_filled"),
                    }
                    for column in field.get("row_fields", ())
                ],
            }
        )
    return {"nil": sorted(conditions.NIL), "items": items}
