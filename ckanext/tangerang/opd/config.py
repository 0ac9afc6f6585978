"""Typed access to the options of the plugin ``tangerang_opd``."""

from __future__ import annotations

import ckan.plugins.toolkit as tk


def closed_refuse_data() -> bool:
    """Tell whether an OPD that has ended refuses new data."""
    return bool(tk.config["ckanext.tangerang.opd.closed_refuse_data"])


def abbreviations() -> str:
    """Return where the file of abbreviations is: a path, or ``module:path``."""
    return str(tk.config["ckanext.tangerang.opd.abbreviations"])


def harvest_map() -> str:
    """Return where the file of other portals' organizations is; "" for none."""
    return str(tk.config["ckanext.tangerang.opd.harvest_map"] or "")
