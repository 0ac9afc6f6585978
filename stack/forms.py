"""The schema files of datasets, activities and indicators, read without CKAN."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).resolve().parent.parent / "ckanext" / "tangerang" / "metadata" / "schemas"


def _load(name: str) -> dict[str, Any]:
    return yaml.safe_load((_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


@cache
def _presets() -> dict[str, dict[str, Any]]:
    """Return our field presets by name; those of ckanext-scheming say nothing about a value."""
    return {preset["preset_name"]: preset["values"] for preset in _load("presets")["presets"]}


@cache
def schema(record_type: str) -> dict[str, Any]:
    """Return a schema with our presets expanded, as ckanext-scheming expands them.

    :param record_type: ``dataset``, ``kegiatan`` or ``indikator``
    """
    found = _load(record_type)
    for key in ("dataset_fields", "resource_fields"):
        found[key] = [{**_presets().get(field.get("preset"), {}), **field} for field in found[key]]
    return found


def fields(record_type: str) -> list[dict[str, Any]]:
    """Return the fields of a type with our presets expanded."""
    return schema(record_type)["dataset_fields"]
