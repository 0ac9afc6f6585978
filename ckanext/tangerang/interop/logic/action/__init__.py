"""Actions of the plugin ``tangerang_interop``: all are CKAN's and ckanext-dcat's, with more."""

from __future__ import annotations

from typing import Any

from ckan import plugins as p

from . import dcat, extras


def actions() -> dict[str, Any]:
    """Return the actions by name; those of ckanext-dcat only where it is on.

    CKAN refuses an action that is chained to one that does not exist.
    """
    modules = [extras, dcat] if p.plugin_loaded("dcat") else [extras]
    return {name: getattr(module, name) for module in modules for name in module.__all__}
