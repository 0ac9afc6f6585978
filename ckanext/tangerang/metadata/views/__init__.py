"""Pages of the plugin ``tangerang_metadata``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import forms, records, topics

if TYPE_CHECKING:
    from flask import Blueprint


def blueprints() -> list[Blueprint]:
    """Return the blueprints of all modules."""
    return [forms.tangerang_form, records.tangerang_record, topics.tangerang_kategori]
