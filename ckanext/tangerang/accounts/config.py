"""Typed access to the options of the plugin ``tangerang_accounts``."""

from __future__ import annotations

from datetime import timedelta

import ckan.plugins.toolkit as tk

_MOST_HOURS = 720


def link_life() -> timedelta:
    """Return how long a one-time link can be used."""
    hours = int(tk.config["ckanext.tangerang.accounts.link_hours"])
    return timedelta(hours=min(max(hours, 1), _MOST_HOURS))


def max_rows() -> int:
    """Return how many accounts may be made at once."""
    return int(tk.config["ckanext.tangerang.accounts.max_rows"])
