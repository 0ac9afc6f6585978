"""Typed access to the options of the plugin ``tangerang_content``."""

from __future__ import annotations

import ckan.plugins.toolkit as tk


def glossary_location() -> str:
    """Return where the file of terms is: a path, or ``module:path``."""
    return str(tk.config["ckanext.tangerang.content.glossary"])
