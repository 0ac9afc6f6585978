"""Typed access to the options of the plugin ``tangerang_metadata``."""

from __future__ import annotations

import ckan.plugins.toolkit as tk


def require_complete() -> bool:
    """Tell whether a public dataset must have complete metadata."""
    return bool(tk.config["ckanext.tangerang.metadata.require_complete"])


def topics_location() -> str:
    """Return where the file of topics is: a path, or ``module:path``."""
    return str(tk.config["ckanext.tangerang.metadata.topics"])


def form_max_bytes() -> int:
    """Return the largest form that is read, in bytes, without its files."""
    return int(tk.config["ckanext.tangerang.metadata.form_max_bytes"])


def form_max_parts() -> int:
    """Return the largest number of fields of a form."""
    return int(tk.config["ckanext.tangerang.metadata.form_max_parts"])


def release_days() -> int:
    """Return how many days before a planned release it counts as due."""
    return max(int(tk.config["ckanext.tangerang.metadata.release_days"]), 0)
