"""Actions of CKAN that create records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk

from ... import incoming
from ..validators import tangerang_link_readable

if TYPE_CHECKING:
    from ckan.types import Action, Context, DataDict

__all__ = ["package_create", "resource_create"]


@tk.chained_action
def package_create(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Create a record, and leave it a draft when the caller says so.

    CKAN drops the state that an editor sends, so that a draft becomes active, and public unless
    it is private as well.
    """
    if data_dict.get("state") == "draft":
        context = cast("Context", {**context, "allow_state_change": True})
    return original_action(context, incoming.cleaned(data_dict))


@tk.chained_action
def resource_create(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Add a file or a link to a record.

    :raises ValidationError: when the address can not be taken apart
    """
    return original_action(context, readable("resource_create", context, data_dict))


def readable(action: str, context: Context, data_dict: DataDict) -> DataDict:
    """Return a file or link as it can be stored.

    CKAN takes the address apart before any validator has seen it.

    :param action: whose right is asked before anything is said about the address
    :raises ValidationError: when the address can not be taken apart
    """
    data_dict = incoming.cleaned(data_dict)
    try:
        url = data_dict.get("url")
        tangerang_link_readable(url if isinstance(url, str) else "")
    except tk.Invalid as error:
        tk.check_access(action, context, data_dict)
        raise tk.ValidationError({"url": [error.error]}) from error
    return data_dict
