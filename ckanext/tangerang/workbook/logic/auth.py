"""Who may call the actions of the plugin ``tangerang_workbook``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk
from ckan import authz

if TYPE_CHECKING:
    from ckan.types import AuthResult, Context, DataDict


def tangerang_workbook_import(context: Context, data_dict: DataDict | None) -> AuthResult:  # noqa: ARG001
    """Whoever may create records somewhere; each record is checked again by itself."""
    if authz.has_user_permission_for_some_org(context.get("user", ""), "create_dataset"):
        return {"success": True}
    return {
        "success": False,
        "msg": tk._("Only those who may describe data of an OPD can import workbooks."),
    }
