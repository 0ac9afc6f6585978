"""Who may call the actions of the plugin ``tangerang_charts``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk

from .. import indicators, tables

if TYPE_CHECKING:
    from ckan.types import AuthResult, Context, DataDict


@tk.auth_allow_anonymous_access
def tangerang_series_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may see the indicator, and read the table that holds its figures."""
    tk.check_access("package_show", tk.fresh_context(context), {"id": data_dict["id"]})
    resource = indicators.resource_of(indicators.find(data_dict["id"]))
    if resource is not None:
        tables.check_readable(context, resource.id)
    return {"success": True}
