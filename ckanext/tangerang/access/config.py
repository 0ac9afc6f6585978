"""Typed access to the options of the plugin ``tangerang_access``."""

from __future__ import annotations

from datetime import timedelta

import ckan.plugins.toolkit as tk

_MOST_DAYS = 3_650
_MOST_USES = 100


def _number(name: str, least: int, most: int) -> int:
    """Return a number of the configuration, at least and at most some others."""
    return min(max(int(tk.config[f"ckanext.tangerang.access.{name}"]), least), most)


def max_days() -> int:
    """Return for how many days at most access is granted."""
    return _number("max_days", 1, _MOST_DAYS)


def usual_days() -> int:
    """Return how many days the form proposes."""
    return min(_number("usual_days", 1, _MOST_DAYS), max_days())


def link_uses() -> int:
    """Return how often the link of somebody without an account can be opened."""
    return _number("link_uses", 1, _MOST_USES)


def requests_per_hour() -> int:
    """Return how many requests one account or network address may send in an hour."""
    return _number("requests_per_hour", 1, 10_000)


def contact_life() -> timedelta:
    """Return how long the contact of somebody is kept after the request has ended."""
    return timedelta(days=_number("keep_contact_days", 1, _MOST_DAYS))
