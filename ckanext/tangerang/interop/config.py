"""Typed access to the options of the plugin ``tangerang_interop``."""

from __future__ import annotations

import ckan.plugins.toolkit as tk


def region_uri() -> str:
    """Return the pattern of the address of a region, with ``{code}``; empty for our own."""
    return str(tk.config["ckanext.tangerang.interop.region_uri"] or "")
