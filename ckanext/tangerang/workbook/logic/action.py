"""Actions of the plugin ``tangerang_workbook``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ...metadata.navl import message
from ...metadata.values import Problem
from .. import config, importer, reader
from ..exporter import schemas
from . import schema

if TYPE_CHECKING:
    from ckan.types import Context, DataDict


def content(upload: Any) -> bytes:
    """Return the bytes of an upload, one more than allowed at most.

    :raises ValidationError: for what is no file
    """
    if isinstance(upload, bytes):
        return upload
    read = getattr(upload, "read", None)
    if read is None:
        raise tk.ValidationError({"upload": [tk._("Send a workbook (.xlsx) as a file.")]})
    return bytes(read(config.max_size() + 1))


@tk.validate_action_data(schema.tangerang_workbook_import)
def tangerang_workbook_import(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Create and update activities and indicators from a workbook, all of it or nothing.

    With ``dry_run`` nothing is stored, and the answer says what would be. Nothing is stored either
    when anything is wrong. A record is found by the ID in the workbook, else by its OPD, title and
    year; importing the same workbook again changes nothing. A new record is a private draft
    unless the workbook says otherwise.

    :param upload: the workbook (.xlsx), as a file
    :param dry_run: only tell what would change (default: true)
    :param owner_org: id, name or title of the OPD, where the workbook names none (optional)
    :param form_version: ``2020`` (Perka BPS 5/2020) or ``INDAH``: which edition of the form the
        numbers in the workbook come from, if not the one that it states (optional)
    :returns: ``{"changes": [{"type", "id", "name", "action": "create|update|none", "fields":
        {field: [old, new]}}], "errors": [{"sheet", "cell", "field", "message"}], "applied": bool}``
    :raises ValidationError: for a file that can not be read as a workbook
    """
    tk.check_access("tangerang_workbook_import", context, data_dict)
    try:
        book = reader.read(
            content(data_dict["upload"]),
            reader.Forms(schemas()),
            form=data_dict.get("form_version"),
            limit=config.max_size(),
        )
    except Problem as problem:
        raise tk.ValidationError({"upload": [message(problem)]}) from problem
    outcome = importer.run(
        context,
        [book],
        may_apply=lambda: not data_dict["dry_run"],
        owner_org=data_dict.get("owner_org"),
    )
    return {
        "changes": outcome.changes[0],
        "errors": outcome.errors[0],
        "applied": outcome.applied,
    }
