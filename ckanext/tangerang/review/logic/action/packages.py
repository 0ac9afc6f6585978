"""Actions of CKAN that make records public, hide them, or change what is public."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from .... import working_copy
from ....metadata.fields import RECORD_TYPES
from ... import config, grants, guards, store, texts
from ...revision import approval, shadow, switch

if TYPE_CHECKING:
    from ckan.types import Action, Context, DataDict

__all__ = [
    "bulk_update_delete",
    "bulk_update_private",
    "bulk_update_public",
    "dataset_purge",
    "package_create",
    "package_delete",
    "package_owner_org_update",
    "package_update",
    "resource_update",
]


@tk.chained_action
def package_create(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Create a record: private unless the caller says otherwise, for those who do not publish.

    A draft of theirs is private in any case: the form asks for the visibility before the files, and
    could not be finished.
    """
    if not config.enabled() or data_dict.get("type", "dataset") not in RECORD_TYPES:
        return original_action(context, data_dict)
    draft = str(data_dict.get("state") or "").startswith("draft")
    unsaid = data_dict.get("private") in (None, "")
    if (draft or unsaid) and not grants.may_publish_directly(context):
        data_dict["private"] = True
    with grants.recording(context):
        return original_action(context, data_dict)


@tk.chained_action
def package_update(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Change a record, and write into the review what that does to its visibility.

    The record is locked first: a change and a decision about it come one after the other.
    """
    if not config.enabled():
        return original_action(context, data_dict)
    package: Any = model.Package.get(
        data_dict.get("id") or data_dict.get("name") or "", for_update=True
    )
    if package is None or package.type not in RECORD_TYPES:
        return original_action(context, data_dict)
    switch.finish_before_change(package.id)
    # Read before the lock was there, the state may be an older one.
    store.reload(package.id)
    if working_copy.original_of(package):
        shadow.keep_outside(package, data_dict)
    elif reason := guards.loosened(context, package, data_dict):
        tk.check_access("package_update", context, data_dict)
        model.Session.rollback()
        raise tk.ValidationError({"accesslevel": [reason]})
    if (
        str(package.state).startswith("draft")
        and not grants.is_publishing(package.id)
        and not grants.may_publish_directly(context)
    ):
        data_dict["private"] = True
    with grants.recording(context):
        return original_action(context, data_dict)


@tk.chained_action
def package_delete(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Delete a record; a published one counts as withdrawn then.

    :raises NotAuthorized: for a revisi, which is given up (``tangerang_review_discard``)
    """
    if not config.enabled():
        return original_action(context, data_dict)
    # As for every change, the record is locked first and the row of its review then.
    package = model.Package.get(data_dict.get("id") or "", for_update=True)
    if package is not None and working_copy.original_of(package):
        tk.check_access("package_delete", context, data_dict)
        model.Session.rollback()
        # For a sysadmin too, and not asked of auth: files are deleted by the same right.
        raise tk.NotAuthorized(texts.no_record_text())
    if package is not None:
        store.reload(package.id)
    with grants.recording(context):
        return original_action(context, data_dict)


@tk.chained_action
def dataset_purge(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Purge a record, which is locked first; its revisi goes with it."""
    if not config.enabled():
        return original_action(context, data_dict)
    key = data_dict.get("id") or ""
    package: Any = model.Package.get(key)
    revision = shadow.of_record(package.id) if package is not None else None
    if revision is not None:
        tk.check_access("dataset_purge", context, data_dict)
        approval.forget(revision.shadow_id)
    model.Package.get(key, for_update=True)
    return original_action(context, data_dict)


@tk.chained_action
def package_owner_org_update(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Move a record to another OPD; what waits for a decision stays where it is.

    Within the save of a record (``defer_commit``) that has been asked already.

    :raises ValidationError: when it waits
    """
    if not config.enabled() or context.get("defer_commit"):
        return original_action(context, data_dict)
    package: Any = model.Package.get(data_dict.get("id") or "", for_update=True)
    if package is not None and package.type in RECORD_TYPES:
        tk.check_access("package_owner_org_update", context, data_dict)
        state = store.state(package)
        if state in guards.states.WAITING:
            model.Session.rollback()
            raise tk.ValidationError({"id": [texts.frozen_text(state)]})
    return original_action(context, data_dict)


@tk.chained_action
def resource_update(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Change a file; by configuration the OPD may do that to published records."""
    package = guards.of_resource(data_dict.get("id")) if config.enabled() else None
    if package is None:
        return original_action(context, data_dict)
    with grants.changing_file(package.id):
        return original_action(context, data_dict)


def _ids(data_dict: DataDict) -> list[str]:
    """Return the records of a bulk action; what is no list is left to CKAN."""
    datasets = data_dict.get("datasets")
    return [str(entry) for entry in datasets] if isinstance(datasets, list) else []


def _lock(ids: list[str]) -> None:
    """Keep others from changing some records, always in the same order."""
    if config.enabled() and ids:
        table: Any = model.Package.__table__  # pyright: ignore[reportAttributeAccessIssue]
        some = sa.select(table.c.id).where(table.c.id.in_(ids)).order_by(table.c.id)
        model.Session.execute(some.with_for_update())


@tk.chained_action
def bulk_update_public(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Make records public, all or none: only for those who publish past the review.

    :raises ValidationError: for others
    """
    if config.enabled() and _ids(data_dict):
        tk.check_access("bulk_update_public", context, data_dict)
        guards.refuse_copies(_ids(data_dict))
    if config.enabled() and not grants.may_publish_directly(context) and _ids(data_dict):
        raise tk.ValidationError({"datasets": [texts.not_public_text()]})
    return original_action(context, data_dict)


@tk.chained_action
def bulk_update_private(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Hide records, all or none (a validation error names those that stand in the way)."""
    tk.check_access("bulk_update_private", context, data_dict)
    _lock(_ids(data_dict))
    guards.refuse_copies(_ids(data_dict))
    guards.refuse_hidden_change(context, _ids(data_dict))
    return original_action(context, data_dict)


@tk.chained_action
def bulk_update_delete(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Delete records, all or none (a validation error names those that stand in the way)."""
    tk.check_access("bulk_update_delete", context, data_dict)
    _lock(_ids(data_dict))
    guards.refuse_copies(_ids(data_dict))
    guards.refuse_hidden_change(context, _ids(data_dict))
    return original_action(context, data_dict)
