"""An activity as a stock CKAN would hold it: the items of MS-Keg as fields of ckanext-scheming.

Rows are repeating subfields. Those can not be nested, so that lists inside a row (concepts, value
domain) are texts of several lines.
"""

from __future__ import annotations

from typing import Any

# pyright sees the folder ckanext of the other wheels only.
from ckanext.tangerang.metadata.codelists import choices  # pyright: ignore[reportMissingImports]
from stack import forms

#: Kinds of items that have rows.
_ROWS = ("rows", "periods", "releases")
_PRESETS = {
    "choice": "select",
    "choices": "multiple_checkbox",
    "date": "date",
    "organization": "dataset_organization",
    "regions": "multiple_text",
    "yes_no": "select",
}


def _field(field: dict[str, Any]) -> dict[str, Any]:
    """Return a field of ours as one of stock scheming."""
    kind = field["kind"]
    out: dict[str, Any] = {"field_name": field["field_name"], "label": field["label"]}
    if field["field_name"] in ("title", "name"):
        return out | {"preset": "title" if field["field_name"] == "title" else "dataset_slug"}
    if kind in _PRESETS:
        out["preset"] = _PRESETS[kind]
    if "codelist" in field:
        out["choices"] = list(choices(field["codelist"]))
    if kind in ("longtext", "list", "pairs"):
        out["form_snippet"] = "textarea.html"
    if kind in _ROWS:
        out["repeating_subfields"] = [_field(column) for column in field["row_fields"]]
    return out


def schema() -> dict[str, Any]:
    """Return the schema of the type ``kegiatan`` for a stock site."""
    return {
        "scheming_version": 2,
        "dataset_type": "kegiatan",
        "about": "MS-Keg by stock scheming, for measuring only",
        "dataset_fields": [_field(field) for field in forms.fields("kegiatan")],
        "resource_fields": [{"field_name": "url", "label": "URL", "preset": "resource_url_upload"}],
    }


def _cell(value: Any) -> Any:
    """Return a cell of a row without lists."""
    if not isinstance(value, list):
        return value
    return "\n".join(
        " = ".join(entry.values()) if isinstance(entry, dict) else entry for entry in value
    )


def record(activity: dict[str, Any]) -> dict[str, Any]:
    """Return an activity of ours as a stock site takes it."""
    return {
        name: [{key: _cell(cell) for key, cell in row.items()} for row in value]
        if isinstance(value, list) and value and isinstance(value[0], dict)
        else value
        for name, value in activity.items()
    }
