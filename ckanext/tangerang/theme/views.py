"""The home page."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint

tangerang_home = Blueprint("tangerang_home", __name__)


@tangerang_home.route("/")
def index() -> str:
    """Show the home page.

    In the place of CKAN's view, whose search (whole datasets by views, five facets) this page
    has no use for: half of the time of the page.
    """
    return tk.render("home/index.html", {})
