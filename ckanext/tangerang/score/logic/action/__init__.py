"""Actions of the plugin ``tangerang_score``, and those of CKAN that it adds to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import change, get

if TYPE_CHECKING:
    from ckan.types import Action


def actions() -> dict[str, Action]:
    """Return all actions by name."""
    return {name: getattr(module, name) for module in (change, get) for name in module.__all__}
