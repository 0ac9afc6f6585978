"""Changing the registry by a plan, and taking changes back."""

from __future__ import annotations

__all__: list[str] = []
