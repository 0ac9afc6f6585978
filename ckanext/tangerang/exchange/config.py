"""Typed access to the options of the plugin ``tangerang_exchange``."""

from __future__ import annotations

import ckan.plugins.toolkit as tk


def max_size() -> int:
    """Return the largest number of bytes of a file that is imported, and of each in a zip."""
    return int(tk.config["ckanext.tangerang.exchange.max_size"]) * 1024 * 1024


def zip_max_records() -> int:
    """Return the largest number of records of a zip that is sent by the web."""
    return int(tk.config["ckanext.tangerang.exchange.zip_max_records"])
