"""Typed access to the options of the plugin ``tangerang_score``."""

from __future__ import annotations

import ckan.plugins.toolkit as tk


def public_averages() -> bool:
    """Tell whether everybody may see the average scores of organizations."""
    return bool(tk.config["ckanext.tangerang.score.public_averages"])
