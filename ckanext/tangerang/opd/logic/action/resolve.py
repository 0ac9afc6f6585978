"""Finding the OPD that a text or code means."""

from __future__ import annotations

__all__: list[str] = []
