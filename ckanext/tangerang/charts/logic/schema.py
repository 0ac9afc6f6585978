"""What the actions of the plugin ``tangerang_charts`` take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk

if TYPE_CHECKING:
    from ckan.types import Schema


def tangerang_series_show() -> Schema:
    """Return the schema of the action of that name."""
    return {"id": [tk.get_validator("not_empty"), tk.get_validator("unicode_safe")]}
