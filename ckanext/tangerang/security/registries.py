"""CKAN's lists of actions and of who may call them, made before anybody asks.

CKAN makes both at the first request: its own functions first, those of plugins, and what plugins
put around CKAN's own, at the end. A second thread that asks meanwhile finds a list that is not
empty and takes it for whole: it does not find the actions of plugins (500, "Authorization function
not found"), and finds CKAN's own without their guards.
"""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import authz


def fill() -> None:
    """Make both lists; the plugins must be loaded."""
    # Whichever action is asked for, all are collected.
    tk.get_action("status_show")
    authz.auth_functions_list()
