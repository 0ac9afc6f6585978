"""Actions of the DataStore: they change a table without saving its record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model

from ....metadata.fields import RECORD_TYPES
from ... import config, grants, guards, states, store
from ...revision import switch

if TYPE_CHECKING:
    from ckan.types import Action, Context, DataDict

__all__ = [
    "datastore_create",
    "datastore_delete",
    "datastore_records_delete",
    "datastore_upsert",
    "xloader_submit",
]


def _recorded(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Change a table while its record is locked; of a published one that goes into its history.

    So a change, and a save or an approval of the record, come one after the other. Jobs of the
    portal that load what was approved are written into no history.

    :raises ValidationError: while an approval of the record switches its tables
    """
    package = guards.of_resource(data_dict.get("resource_id")) if config.enabled() else None
    if package is None or package.type not in RECORD_TYPES:
        return original_action(context, data_dict)
    key, person = package.id, grants.is_person(context)
    package, _row = store.lock(key)
    public = store.is_public(package)
    switch.refuse_while_open(key, str(data_dict.get("resource_id")))
    try:
        result = original_action(context, data_dict)
    except BaseException:
        model.Session.rollback()
        raise
    if public and person:
        store.record(
            key,
            states.CHANGE,
            user_id=grants.user_id(context),
            from_state=states.PUBLISHED,
            to_state=states.PUBLISHED,
            reason=str(data_dict.get("resource_id")),
        )
    model.Session.commit()
    return result


@tk.chained_action
def datastore_create(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Create a table or change its columns; see :func:`_recorded`."""
    return _recorded(original_action, context, data_dict)


@tk.chained_action
def datastore_upsert(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Change rows of a table; see :func:`_recorded`."""
    return _recorded(original_action, context, data_dict)


@tk.chained_action
def datastore_delete(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Delete rows or a table; see :func:`_recorded`."""
    return _recorded(original_action, context, data_dict)


@tk.chained_action
def datastore_records_delete(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Delete rows of a table; see :func:`_recorded`."""
    # CKAN's own asks for the right to delete tables, and then stops: it has not asked for this one.
    tk.check_access("datastore_records_delete", context, data_dict)
    return _recorded(original_action, context, data_dict)


@tk.chained_action
def xloader_submit(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Let a job load a file, unless an approval has just brought its table along.

    XLoader empties a table before it fills it, and asks for that by itself at each change of a
    file: readers would find the table of an approved file empty.
    """
    resource_id = data_dict.get("resource_id")
    if isinstance(resource_id, str) and switch.brings_table(resource_id):
        # CKAN stops an action that has asked for no right.
        tk.check_access("xloader_submit", context, data_dict)
        return False
    return original_action(context, data_dict)
