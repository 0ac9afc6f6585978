"""Actions of the plugin ``tangerang_review``, and those of CKAN that it adds to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ckan import plugins as p

from . import change, closed, data, get, notes, overview, packages, revision, several

if TYPE_CHECKING:
    from ckan.types import Action


def actions() -> dict[str, Action]:
    """Return all actions by name; those of the DataStore only where it is there."""
    modules = [change, get, notes, overview, packages, revision, several]
    if p.plugin_loaded("datastore"):
        modules.append(data)
    own = {name: getattr(module, name) for module in modules for name in module.__all__}
    if not p.plugin_loaded("xloader"):
        own.pop("xloader_submit", None)
    return {**own, **closed.actions()}
