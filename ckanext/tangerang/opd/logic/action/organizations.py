"""CKAN's actions of organizations, which know former names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk

from ... import names, reindex, store
from ...views import addresses
from ..registry_validators import WRITING, Writing

if TYPE_CHECKING:
    from ckan.types import Action, Context, DataDict

__all__ = [
    "group_update",
    "member_create",
    "organization_create",
    "organization_patch",
    "organization_show",
    "organization_update",
]


@tk.chained_action
@tk.side_effect_free
def organization_show(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Return an organization by id, name or former name; a present name costs nothing more."""
    try:
        return original_action(context, data_dict)
    except tk.ObjectNotFound:
        found = names.find(data_dict.get("id"))
        if found is None or data_dict["id"] in found:
            raise
    addresses.leave(data_dict["id"], found.name)
    return original_action(context, {**data_dict, "id": found.id})


def _renew_id(data_dict: DataDict) -> None:
    """Put the id in place of a former name."""
    found = names.find(data_dict.get("id"))
    if found is not None and data_dict["id"] not in found:
        data_dict["id"] = found.id


@tk.chained_action
def organization_patch(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Change some fields of an organization, also by a former name."""
    _renew_id(data_dict)
    return original_action(context, data_dict)


@tk.chained_action
def organization_create(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Create an organization by the rules of the registry."""
    cast("dict[str, Any]", context)[WRITING] = Writing(data_dict)
    return original_action(context, data_dict)


def _update(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Change an organization by the rules of the registry, and remember the name that it had.

    The records of a renamed one follow by a job.
    """
    _renew_id(data_dict)
    before = names.snapshot(data_dict.get("id") or "")
    if before is None:
        return original_action(context, data_dict)
    cast("dict[str, Any]", context)[WRITING] = Writing(data_dict)
    with names.recording(before):
        result = original_action(context, data_dict)
    after = names.snapshot(before.id)
    if after is None:
        raise RuntimeError("An organization stopped being one while it was changed")
    if context.get("defer_commit"):
        names.record_rename(before, after)
    elif names.is_renamed(before, after):
        reindex.later([before.id])
    return result


@tk.chained_action
def organization_update(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Change an organization, and remember the name that it had."""
    return _update(original_action, context, data_dict)


@tk.chained_action
def group_update(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Change a group. CKAN lets organizations be changed by this too, past the action of theirs."""
    return _update(original_action, context, data_dict)


@tk.chained_action
def member_create(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Add a member to a group; an OPD is put below another by this too, but not below itself.

    CKAN looks for circles only where a whole organization is changed.

    :raises ValidationError: when the new parent is the OPD itself or stands below it
    """
    if data_dict.get("object_type") == "group":
        found = names.lookup([str(data_dict.get("id")), str(data_dict.get("object"))])
        child = found.get(str(data_dict.get("id")))
        parent = found.get(str(data_dict.get("object")))
        if child and parent:
            tk.check_access("member_create", context, data_dict)
            store.lock()
            below = {unit.id for unit in store.load().below(child.name)}
            if parent.id in below | {child.id}:
                text = tk._("An OPD can not stand below itself.")
                raise tk.ValidationError({"object": [text]})
    return original_action(context, data_dict)
