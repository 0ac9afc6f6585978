"""Template helpers of the plugin ``tangerang_accounts``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk

from ..metadata.language import moment_label
from . import roles

if TYPE_CHECKING:
    from datetime import datetime


def tangerang_accounts_menu() -> bool:
    """Tell whether the header leads to the accounts: for those who manage any."""
    return tk.current_user.is_authenticated and bool(tk.h.check_access("tangerang_account_list"))


def tangerang_accounts_audit() -> bool:
    """Tell whether the user may see what was done to accounts."""
    return bool(tk.h.check_access("tangerang_account_audit_list"))


def tangerang_role_label(role: str) -> str:
    """Return what people call a role."""
    return roles.label(role)


def tangerang_accounts_time(value: datetime | str) -> str:
    """Return day, time and zone of a moment."""
    return moment_label(value)
