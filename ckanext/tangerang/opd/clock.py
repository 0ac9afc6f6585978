"""The present day, by which an OPD exists or has ended."""

from __future__ import annotations

from datetime import datetime

import ckan.plugins.toolkit as tk


def today() -> str:
    """Return the present day where the portal is (``ckan.display_timezone``), ``YYYY-MM-DD``."""
    return datetime.now(tk.h.get_display_timezone()).date().isoformat()
