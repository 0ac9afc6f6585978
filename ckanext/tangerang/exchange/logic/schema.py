"""What the actions of the plugin ``tangerang_exchange`` take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

if TYPE_CHECKING:
    from ckan.types import Schema


def one_record() -> Schema:
    """Return the schema of the actions about one record."""
    v: Any = tk.get_validator
    return {"id": [v("not_empty"), v("unicode_safe")]}


def tangerang_indah_import() -> Schema:
    """Return the schema of the action of that name."""
    v: Any = tk.get_validator
    return {
        "upload": [v("not_missing")],
        "name": [v("default")("upload"), v("unicode_safe")],
        "dry_run": [v("default")(True), v("boolean_validator")],
        "owner_org": [v("ignore_empty"), v("unicode_safe")],
    }
