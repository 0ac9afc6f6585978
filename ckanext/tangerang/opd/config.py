"""Typed access to the options of the plugin ``tangerang_opd``."""

from __future__ import annotations

import ckan.plugins.toolkit as tk


def closed_refuse_data() -> bool:
    """Tell whether an OPD that has ended refuses new data."""
    return bool(tk.config["ckanext.tangerang.opd.closed_refuse_data"])
