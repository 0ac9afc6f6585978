"""What of a record INDAH can hold, by the list of differences that is documented."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckanext.tangerang.exchange import differences

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def held(fields: Iterable[Mapping[str, Any]], record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record without what INDAH has no place for."""
    out: dict[str, Any] = {}
    for f in fields:
        name = f["field_name"]
        if name not in record or not differences.is_held(f):
            continue
        value = record[name]
        if f.get("row_fields"):
            columns = differences.held_columns(f)
            value = [{k: v for k, v in row.items() if k in columns} for row in value]
        out[name] = value
    if record.get("identitas_rekomendasi"):
        out["mendapat_rekomendasi"] = "YA"
    return out
