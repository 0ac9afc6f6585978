"""Typed access to the options of the plugin ``tangerang_workbook``."""

from __future__ import annotations

import ckan.plugins.toolkit as tk


def max_size() -> int:
    """Return the largest number of bytes of a workbook that is imported."""
    return int(tk.config["ckanext.tangerang.workbook.max_size"]) * 1024 * 1024
