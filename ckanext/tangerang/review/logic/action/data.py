"""Actions of the DataStore: they change a table without saving its record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model

from ....metadata.fields import RECORD_TYPES
from ... import config, grants, guards, states, store

if TYPE_CHECKING:
    from ckan.types import Action, Context, DataDict

__all__ = ["datastore_create", "datastore_delete", "datastore_records_delete", "datastore_upsert"]


def _recorded(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Change a table; of a published record that is written into its history.

    Jobs of the portal that load what was approved are no such change.
    """
    package = guards.of_resource(data_dict.get("resource_id")) if config.enabled() else None
    if package is None or package.type not in RECORD_TYPES:
        return original_action(context, data_dict)
    key, public, person = package.id, store.is_public(package), grants.is_person(context)
    result = original_action(context, data_dict)
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
    return _recorded(original_action, context, data_dict)
