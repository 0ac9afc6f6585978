"""Actions of the plugin ``tangerang_exchange``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ...metadata.navl import message
from ...metadata.values import Problem
from .. import config, incoming, records
from . import schema

if TYPE_CHECKING:
    from ckan.types import Action, Context, DataDict


@tk.side_effect_free
@tk.validate_action_data(schema.one_record)
def tangerang_indah_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return an activity or indicator as the document that INDAH (version 2) has of it.

    Keys are those of BPS, misspellings included. An activity comes with its variables and with
    the indicators that the caller may see. The person in charge is in it for those who work
    on the record.

    :param id: id or name of the activity or indicator
    """
    tk.check_access("tangerang_indah_show", context, data_dict)
    return records.indah_document(context, data_dict["id"])


@tk.side_effect_free
@tk.validate_action_data(schema.one_record)
def tangerang_ddi_show(context: Context, data_dict: DataDict) -> str:
    """Return an activity with its variables, or an indicator, as DDI Codebook 2.5 (XML, text).

    :param id: id or name of the activity or indicator
    """
    tk.check_access("tangerang_ddi_show", context, data_dict)
    return records.codebook(context, data_dict["id"])


@tk.side_effect_free
@tk.validate_action_data(schema.one_record)
def tangerang_variable_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Return the variables (MS-Var) of an activity, with the columns that are filled.

    :param id: id or name of the activity
    """
    tk.check_access("tangerang_variable_list", context, data_dict)
    return records.variables(context, data_dict["id"])[1]


def _content(upload: Any) -> bytes:
    """Return the bytes of an upload, one more than allowed at most.

    :raises ValidationError: for what is no file
    """
    if isinstance(upload, bytes):
        return upload
    read = getattr(upload, "read", None)
    if read is None:
        said = tk._("Send a file of INDAH (.json), of DDI (.xml), or a zip of them.")
        raise tk.ValidationError({"upload": [said]})
    return bytes(read(config.max_size() + 1))


@tk.validate_action_data(schema.tangerang_indah_import)
def tangerang_indah_import(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Create and update activities and indicators from files of INDAH, all of it or nothing.

    With ``dry_run`` nothing is stored, and the answer says what would be. Nothing is stored either
    when anything is wrong. A record is found by the ID that INDAH gave it, else by its OPD, title
    and year. What a file does not have stays as it is. New records are private drafts. Also read:
    a codebook of DDI, of which title, year, OPD and variables are taken.

    :param upload: a file of INDAH (one document, a list, or an answer of its API), of DDI, or a
        zip of files of INDAH
    :param name: what the file is called, for messages (optional)
    :param dry_run: only tell what would change (default: true)
    :param owner_org: id, name or title of the OPD, where a file names none (optional)
    :returns: ``{"changes": [{"file", "type", "id", "name", "action": "create|update|none",
        "fields": {field: [old, new]}}], "errors": [{"file", "sheet", "cell", "field",
        "message"}], "unplaced": [{"file", "path", "value"}], "applied": bool}``; ``cell`` is the
        path of the value in the file, ``unplaced`` what the portal has no place for
    :raises ValidationError: for a file that can not be read
    """
    tk.check_access("tangerang_indah_import", context, data_dict)
    upload = data_dict["upload"]
    name = getattr(upload, "filename", None) or data_dict["name"]
    try:
        result = incoming.run(
            context,
            _content(upload),
            str(name)[:200],
            limit=config.max_size(),
            dry_run=data_dict["dry_run"],
            owner_org=data_dict.get("owner_org"),
        )
    except Problem as problem:
        raise tk.ValidationError({"upload": [message(problem)]}) from problem
    return {
        "changes": result.changes,
        "errors": result.errors,
        "unplaced": result.unplaced,
        "applied": result.applied,
    }


def actions() -> dict[str, Action]:
    """Return all actions by name."""
    found = (
        tangerang_indah_show,
        tangerang_ddi_show,
        tangerang_variable_list,
        tangerang_indah_import,
    )
    return {action.__name__: action for action in found}
