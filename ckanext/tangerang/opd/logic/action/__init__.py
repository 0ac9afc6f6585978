"""Actions of the plugin ``tangerang_opd``, and those of CKAN that it adds to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import aliases, get, organizations, packages, plans, resolve

if TYPE_CHECKING:
    from types import ModuleType

    from ckan.types import Action


def _of(module: ModuleType) -> dict[str, Action]:
    """Return the actions that ``module`` names in its ``__all__``."""
    return {name: getattr(module, name) for name in module.__all__}


def actions() -> dict[str, Action]:
    """Return all actions by name."""
    modules = (aliases, get, organizations, packages, plans, resolve)
    return {name: action for module in modules for name, action in _of(module).items()}
