"""Pages that are only read come without CKAN's scripts: 250 KB, compressed, that they do not use.

Visitors get the home page and the pages of datasets with the menus of the header and a stand-in
for ``ckan.module`` (``assets/modules.js``), by which small scripts of our plugins run there as on
any other page. People who are logged in, who edit and follow, get everything.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.webassets_tools import include_asset
from flask import g, request

#: Views of pages that are only read.
PAGES = frozenset({"tangerang_home.index", "dataset.read"})
#: Assets of CKAN, and of its plugins on every page, that are left out there.
LEFT_OUT = (
    "base/main",
    "base/ckan",
    "ckanext-activity/activity",
    "vendor/bootstrap",
    "vendor/htmx",
    "vendor/jquery",
    "vendor/select2-css",
    "vendor/vendor",
)


def is_light() -> bool:
    """Tell whether the page of this request comes without CKAN's scripts."""
    return request.endpoint in PAGES and bool(tk.current_user.is_anonymous)


def begin() -> None:
    """Mark CKAN's scripts as included already, before templates ask for them.

    The set of included assets is CKAN's own (``ckan.lib.webassets_tools``): there is no other way
    to leave out what another asset asks for.
    """
    if is_light():
        for name in ("vendor/fontawesome", "tangerang-theme/modules"):
            include_asset(name)
        assets: dict[str, Any] = g._webassets
        assets["included"].update(LEFT_OUT)
