"""Who acts as walidata: may set its fields, and see what only it sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk
from ckan import plugins as p

from .navl import is_privileged

if TYPE_CHECKING:
    from ckan.types import Context


def _acts_as(role: str, context: Context) -> bool:
    """Tell whether the user of ``context`` has a role, is a sysadmin, or is CKAN itself.

    The plugin ``tangerang_opd`` knows who has it; without it there are only sysadmins.
    """
    if is_privileged(context):
        return True
    if not p.plugin_loaded("tangerang_opd"):
        return False
    try:
        tk.check_access(f"tangerang_{role}", tk.fresh_context(context))
    except tk.NotAuthorized:
        return False
    return True


def acts_as_walidata(context: Context) -> bool:
    """Tell whether the user of ``context`` is walidata, a sysadmin, or CKAN itself."""
    return _acts_as("walidata", context)


def acts_as_pembina(context: Context) -> bool:
    """Tell whether the user of ``context`` is pembina data, a sysadmin, or CKAN itself."""
    return _acts_as("pembina", context)
