"""Actions of the plugin ``tangerang_access``, and those of CKAN that it adds to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ckan import plugins as p

from . import change, get, streams, views

if TYPE_CHECKING:
    from ckan.types import Action


def actions() -> dict[str, Action]:
    """Return all actions by name; lists of activities only where there are any."""
    modules = (change, get, views)
    found = {name: getattr(module, name) for module in modules for name in module.__all__}
    return found | (streams.actions() if p.plugin_loaded("activity") else {})
