"""The workbook of a stored activity or indicator, as the caller may see it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ..metadata.fields import ACTIVITY_TYPE, INDICATOR_TYPE, record_schema
from . import writer

if TYPE_CHECKING:
    from ckan.types import Context

#: Indicators of one activity; more would not fit a page of the search.
_MOST = 1_000


def schemas() -> dict[str, dict[str, Any]]:
    """Return the schemas of the records that workbooks hold."""
    return {name: record_schema(name) for name in (ACTIVITY_TYPE, INDICATOR_TYPE)}


@cache
def empty(record_type: str) -> bytes:
    """Return the empty form; it is made once a process, because it is the same for everybody."""
    return writer.write(schemas(), {} if record_type == ACTIVITY_TYPE else None)


def _named(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record with the title of its OPD instead of the id."""
    organization = record.get("organization") or {}
    return {**record, "owner_org": organization.get("title") or record.get("owner_org")}


def _indicators(context: Context, activity_id: str) -> list[dict[str, Any]]:
    """Return the indicators of an activity that the caller may see, by title."""
    found = tk.get_action("package_search")(
        tk.fresh_context(context),
        {
            "fq": f'dataset_type:{INDICATOR_TYPE} kegiatan:"{activity_id}"',
            "rows": _MOST,
            "sort": "title_string asc",
            "include_private": True,
            "include_drafts": True,
        },
    )
    return found["results"]


def of_record(context: Context, record_type: str, record_id: str) -> tuple[str, bytes]:
    """Return the name of a record and its workbook.

    :raises ObjectNotFound: when there is no such record of that type
    :raises NotAuthorized: when the caller may not see it
    """
    record = tk.get_action("package_show")(tk.fresh_context(context), {"id": record_id})
    if record["type"] != record_type:
        raise tk.ObjectNotFound(tk._("There is no such record."))
    if record_type == INDICATOR_TYPE:
        return record["name"], writer.write(schemas(), None, [_named(record)])
    # Their activity is that of the sheet MS-Keg: so the workbook can be copied for another year.
    indicators = [
        _named({name: value for name, value in found.items() if name != "kegiatan"})
        for found in _indicators(context, record["id"])
    ]
    return record["name"], writer.write(schemas(), _named(record), indicators)
