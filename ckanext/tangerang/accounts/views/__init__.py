"""Pages of the plugin ``tangerang_accounts``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import audit_list, one, pages, password

if TYPE_CHECKING:
    from flask import Blueprint


def blueprints() -> list[Blueprint]:
    """Return the blueprints of all modules."""
    return [
        pages.tangerang_accounts,
        one.tangerang_account,
        audit_list.tangerang_accounts_audit,
        password.tangerang_accounts_password,
    ]
