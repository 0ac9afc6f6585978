"""Actions of the plugin ``tangerang_access``, and the one of CKAN that it adds to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import change, get, views

if TYPE_CHECKING:
    from ckan.types import Action


def actions() -> dict[str, Action]:
    """Return all actions by name."""
    modules = (change, get, views)
    return {name: getattr(module, name) for module in modules for name in module.__all__}
