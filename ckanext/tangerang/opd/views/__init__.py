"""Pages of the plugin ``tangerang_opd``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import addresses, pages, plans, resolve

if TYPE_CHECKING:
    from flask import Blueprint


def blueprints() -> list[Blueprint]:
    """Return the blueprints of all modules."""
    return [
        addresses.tangerang_opd_addresses,
        plans.tangerang_opd_plans,
        resolve.tangerang_opd_resolver,
        pages.tangerang_opd,
    ]
