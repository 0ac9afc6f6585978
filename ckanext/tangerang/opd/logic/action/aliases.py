"""Aliases: other ways to write an OPD, confirmed by the walidata."""

from __future__ import annotations

__all__: list[str] = []
