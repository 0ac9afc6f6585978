"""Pages of the review."""

from __future__ import annotations

from flask import Blueprint

tangerang_review = Blueprint("tangerang_review", __name__)
