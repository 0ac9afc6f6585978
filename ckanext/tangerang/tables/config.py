"""Typed access to the options of the plugin ``tangerang_tables``."""

from __future__ import annotations

import ckan.plugins.toolkit as tk


def xlsx_max_cells() -> int:
    """Return how many cells a table may have that is written as XLSX."""
    return int(tk.config["ckanext.tangerang.tables.xlsx_max_cells"])


def max_bytes() -> int:
    """Return how large the file of a table may become, in bytes."""
    return int(tk.config["ckanext.tangerang.tables.max_megabytes"]) * 1024 * 1024


def preview_rows() -> int:
    """Return how many rows a page shows of a table."""
    return int(tk.config["ckanext.tangerang.tables.preview_rows"])
