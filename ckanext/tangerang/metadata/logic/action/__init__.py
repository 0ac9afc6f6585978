"""Actions of the plugin ``tangerang_metadata``, and those of CKAN that it adds to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ckan import plugins as p

from . import catalogue, copy, create, forms, get, links, personal, releases, update

if TYPE_CHECKING:
    from types import ModuleType

    from ckan.types import Action


def _of(module: ModuleType) -> dict[str, Action]:
    """Return the actions that ``module`` names in its ``__all__``."""
    return {name: getattr(module, name) for name in module.__all__}


def actions() -> dict[str, Action]:
    """Return all actions by name; those of other extensions only where these are on.

    CKAN refuses an action that is chained to one that does not exist.
    """
    always = (copy, create, forms, get, links, personal, releases, update)
    found = {name: action for module in always for name, action in _of(module).items()}
    found |= _of(catalogue) if p.plugin_loaded("dcat") else {}
    found |= personal.streams() if p.plugin_loaded("activity") else {}
    return found
