"""The resolver as pages."""

from __future__ import annotations

from flask import Blueprint

tangerang_opd_resolver = Blueprint("tangerang_opd_resolver", __name__, url_prefix="/opd")
