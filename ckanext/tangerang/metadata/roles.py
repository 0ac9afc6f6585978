"""Who may set the fields that belong to the walidata."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk
from ckan import plugins as p

from .navl import is_privileged

if TYPE_CHECKING:
    from ckan.types import Context


def may_set_walidata_fields(context: Context) -> bool:
    """Tell whether the user of ``context`` may set walidata-only fields.

    The plugin ``tangerang_opd`` knows who is walidata; without it there are only sysadmins.
    """
    if is_privileged(context):
        return True
    if not p.plugin_loaded("tangerang_opd"):
        return False
    try:
        tk.check_access("tangerang_walidata", tk.fresh_context(context))
    except tk.NotAuthorized:
        return False
    return True
