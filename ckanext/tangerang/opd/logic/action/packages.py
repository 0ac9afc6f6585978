"""CKAN's actions of datasets, which know former names and closed OPD."""

from __future__ import annotations

__all__: list[str] = []
