"""Who may call the action of the plugin ``tangerang_search``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk

if TYPE_CHECKING:
    from ckan.types import AuthResult, Context, DataDict


@tk.auth_allow_anonymous_access
def tangerang_search_suggest(context: Context, data_dict: DataDict) -> AuthResult:  # noqa: ARG001
    """Everybody: only what is public is suggested, whoever asks."""
    return {"success": True}
