"""Actions of CKAN that create records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk

if TYPE_CHECKING:
    from ckan.types import Action, Context, DataDict

__all__ = ["package_create"]


@tk.chained_action
def package_create(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Create a record, and leave it a draft when the caller says so.

    CKAN drops the state that an editor sends, so that a draft becomes active, and public unless
    it is private as well.
    """
    if data_dict.get("state") == "draft":
        context = cast("Context", {**context, "allow_state_change": True})
    return original_action(context, data_dict)
