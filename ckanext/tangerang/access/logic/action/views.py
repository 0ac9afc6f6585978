"""The list of previews of a file: it has their filters, which say what is in the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan.logic import auth_audit_exempt
from flask import has_request_context

from ... import levels, rights

if TYPE_CHECKING:
    from ckan.types import Action, Context, DataDict

_KEY = "tangerang_access_readable"

__all__ = ["resource_view_list"]


@tk.chained_action
@tk.side_effect_free
@auth_audit_exempt  # what it stands before asks, or has asked for all files of a page
def resource_view_list(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Return the previews of a file; none of restricted data to those who may not read them.

    The page of the file asks here, and is public: an empty list leaves it as it is.
    """
    # Looked up before CKAN does, and held: so CKAN finds both in the session, and an open record
    # costs no statement more.
    resource, package = rights.resource_and_package(data_dict.get("id"))
    found = original_action(context, data_dict)
    if package is None or levels.of_package(package) == levels.OPEN or context.get("ignore_auth"):
        return found
    return found if _readable(context, package).has(resource.id) else []


def _readable(context: Context, package: Any) -> rights.Readable:
    """Return which files of a record the user may read; judged once for all files of a page."""
    if not has_request_context():
        return rights.readable(context, package)
    judged: dict[Any, rights.Readable] = tk.g.setdefault(_KEY, {})
    key = (context.get("user"), package.id)
    if key not in judged:
        judged[key] = rights.readable(context, package)
    return judged[key]
