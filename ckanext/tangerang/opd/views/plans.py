"""Plan, apply and journal as pages."""

from __future__ import annotations

from flask import Blueprint

tangerang_opd_plans = Blueprint("tangerang_opd_plans", __name__, url_prefix="/opd")
