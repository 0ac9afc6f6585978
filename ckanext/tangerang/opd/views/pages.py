"""The registry as pages."""

from __future__ import annotations

from flask import Blueprint

tangerang_opd = Blueprint("tangerang_opd", __name__, url_prefix="/opd")
