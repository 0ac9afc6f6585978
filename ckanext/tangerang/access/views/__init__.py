"""Pages of the plugin ``tangerang_access``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import asking, code, deciding

if TYPE_CHECKING:
    from flask import Blueprint


def blueprints() -> list[Blueprint]:
    """Return the blueprints of all modules."""
    return [asking.tangerang_akses, deciding.tangerang_akses_keputusan, code.tangerang_akses_kode]
