"""Reading actions about the forms themselves: code lists and conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ... import codelists, conditions, kamus
from ...fields import record_fields
from ...values import as_list
from .. import schema

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ckan.types import Context, DataDict

__all__ = ["tangerang_codelist_list", "tangerang_codelist_show", "tangerang_condition_show"]


@tk.side_effect_free
def tangerang_codelist_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Return all code lists: name, source, certainty and number of items.

    :returns: ``[{"name", "source", "certainty", "count", "used_by"}]``, by name
    """
    tk.check_access("tangerang_codelist_list", context, data_dict)
    return [
        {
            "name": name,
            "source": found.source,
            "certainty": found.certainty,
            "count": len(found.items),
            "used_by": found.used_by,
        }
        for name in codelists.names()
        for found in (codelists.codelist(name),)
    ]


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_codelist_show)
def tangerang_codelist_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return one code list.

    :param name: its name, as ``tangerang_codelist_list`` says
    :returns: ``{"name", "source", "certainty", "note", "items": [{"key", "code", "id", "en"}]}``;
        ``code`` is the number on the paper form, null where none is sure
    :raises ObjectNotFound: when there is no such list
    """
    tk.check_access("tangerang_codelist_show", context, data_dict)
    try:
        found = codelists.codelist(data_dict["name"])
    except codelists.UnknownCodeListError as error:
        raise tk.ObjectNotFound(tk._("There is no such code list.")) from error
    return {
        "name": found.name,
        "source": found.source,
        "certainty": found.certainty,
        "note": found.note,
        "items": [
            {"key": item.key, "code": item.code, "id": item.id, "en": item.en}
            for item in found.items
        ],
    }


def _filled_by_kamus(fields: Sequence[Mapping[str, Any]], record: Mapping[str, Any]) -> set[str]:
    """Return the names of those fields that the kamus of some file of ``record`` fills."""
    files = as_list(record.get("resources") or [])
    filled = {key for r in files if isinstance(r, dict) for key in kamus.filled(r.get("kamus"))}
    return {f["field_name"] for f in fields if f.get("kamus_suffices")} & filled


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_condition_show)
def tangerang_condition_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return which items of a form are open, required and missing for a record in progress.

    Nothing is stored, and values are not checked, only whether they are there. What the kamus of
    a file of a dataset fills is not missing; linked records are not looked up.

    :param type: ``dataset``, ``kegiatan`` or ``indikator``
    :param data: values by field name, as ``package_create`` takes them
    :returns: ``{"open": [field], "required": [field], "missing": [{"field", "row", "subfield",
        "item"}], "closed_but_filled": [field]}``; ``row`` counts from 1, and ``item`` is the
        number on the form
    """
    tk.check_access("tangerang_condition_show", context, data_dict)
    fields = record_fields(data_dict["type"])
    record = data_dict["data"]
    by_name = {field["field_name"]: field for field in fields}
    found = conditions.items(fields, record)
    in_kamus = _filled_by_kamus(fields, record)
    return {
        "open": [item.field for item in found if item.open and item.row is None],
        "required": [item.field for item in found if item.needed and item.row is None],
        "missing": [
            {
                "field": item.field,
                "row": item.row,
                "subfield": item.subfield,
                "item": by_name[item.field].get("form_item"),
            }
            for item in found
            if item.needed and not item.answered and item.field not in in_kamus
        ],
        "closed_but_filled": [
            field["field_name"] for field in conditions.closed_values(fields, record)
        ],
    }
