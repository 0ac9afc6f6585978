"""The schemas with their presets expanded, as scheming gives them, without CKAN."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ckanext.tangerang import metadata

_FOLDER = Path(metadata.__file__).with_name("schemas")


def _load(name: str) -> dict[str, Any]:
    return yaml.safe_load((_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


@cache
def schemas() -> dict[str, dict[str, Any]]:
    """Return the schemas of activities and indicators."""
    presets = {preset["preset_name"]: preset["values"] for preset in _load("presets")["presets"]}
    out = {}
    for name in ("kegiatan", "indikator"):
        schema = _load(name)
        schema["dataset_fields"] = [
            {**presets.get(field.get("preset", ""), {}), **field}
            for field in schema["dataset_fields"]
        ]
        out[name] = schema
    return out
