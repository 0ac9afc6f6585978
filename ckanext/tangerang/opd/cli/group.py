"""The group ``ckan tangerang opd``."""

from __future__ import annotations

from ...cli import tangerang


@tangerang.group("opd", short_help="The registry of perangkat daerah (OPD).")
def opd() -> None:
    """Registry of perangkat daerah (OPD)."""
