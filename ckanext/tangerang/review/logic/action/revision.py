"""Actions about the revisi of a published record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import search

from .... import working_copy
from ... import states
from ...revision import approval, diff, planning, shadow
from .. import schema
from .common import Step, find_package, require_enabled
from .get import shown

if TYPE_CHECKING:
    from ckan.types import Context, DataDict

__all__ = ["tangerang_review_diff", "tangerang_review_discard", "tangerang_review_revise"]


@tk.validate_action_data(schema.tangerang_review_revise)
def tangerang_review_revise(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Open the revisi of a published record, or find the one that is open.

    It is a private record of the same type with an address of its own, which is edited and handed
    in like any other. The published one stays as it is until the walidata approves the revisi.
    A record has at most one.

    :param id: id or name of the record
    :returns: the review of the revisi, as :func:`tangerang_review_show` has it
    :raises ValidationError: when the record is not published or approved
    """
    require_enabled()
    package = find_package(data_dict)
    if working_copy.original_of(package):
        tk.check_access("tangerang_review_revise", context, data_dict)
        return shown(context, package)
    step = Step("tangerang_review_revise", states.REVISE, context, data_dict)
    revision = shadow.of_record(step.package.id)
    if revision is None:
        revision = shadow.open_for(context, step.package, step.row, step.user_id)
        shadow_id = revision.shadow_id
        model.Session.commit()
        search.rebuild(shadow_id)
    else:
        shadow_id = revision.shadow_id
        model.Session.rollback()
    return shown(context, model.Package.get(shadow_id))


@tk.validate_action_data(schema.tangerang_review_discard)
def tangerang_review_discard(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Give a revisi up: it is removed, and the published record stays as it is.

    :param id: id or name of the revisi, or of its record
    :param reason: why (optional); kept in the history of the record
    :returns: the review of the record
    :raises ValidationError: when there is none, or it waits for a decision
    """
    require_enabled()
    package = find_package(data_dict)
    if not working_copy.original_of(package):
        tk.check_access("tangerang_review_discard", context, data_dict)
        revision = shadow.of_record(package.id)
        if revision is None:
            raise tk.ValidationError({"id": [tk._("This record has no open revision.")]})
        data_dict = {**data_dict, "id": revision.shadow_id}
    step = Step("tangerang_review_discard", states.DISCARD, context, data_dict)
    original_id = working_copy.original_of(step.package)
    approval.discard(context, step.package, data_dict.get("reason") or "")
    return shown(context, model.Package.get(original_id))


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_review_diff)
def tangerang_review_diff(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return what a revisi changes of its record, as it is now.

    :param id: id or name of the revisi, or of its record
    :returns: ``{"id", "revision_of", "base_version", "version", "fields", "files", "conflicts",
        "since_return"}``.
        ``fields``: ``[{"field", "label", "old", "new", "rows"}]``; ``old`` and ``new`` are texts;
        a field with rows has ``rows``: ``[{"code", "title", "change": "added" | "removed" |
        "changed", "columns": [{"column", "label", "old", "new"}]}]``.
        ``files``: ``[{"id", "name", "change": "added" | "removed" | "replaced" | "described",
        "fields", "old", "new", "columns_added", "columns_removed"}]``; ``old`` and ``new`` are
        ``{"file", "size", "rows", "columns"}`` (bytes; rows and columns of the table, null where
        there is none).
        ``conflicts``: what was changed on the record meanwhile, in words.
        ``since_return``: the same ``fields`` and ``files`` against the version that was handed in
        before; null where there is none
    :raises ObjectNotFound: when the record has no open revisi
    """
    package = find_package(data_dict)
    tk.check_access("tangerang_review_diff", context, data_dict)
    found = shadow.of_shadow(package) or shadow.of_record(package.id)
    if found is None:
        raise tk.ObjectNotFound(tk._("This record has no open revision."))
    # Who works on the record may see both; ``package_show`` asks for each of them.
    plan = planning.of(context, found)
    return diff.shown(context, found, plan)
