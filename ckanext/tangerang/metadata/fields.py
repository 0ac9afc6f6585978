"""Access to the dataset fields of the schema that is in use."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

DATASET_TYPE = "dataset"

Field = dict[str, Any]


def dataset_schema() -> dict[str, Any]:
    """Return the scheming schema of datasets with presets expanded; empty when there is none."""
    return tk.h.scheming_get_dataset_schema(DATASET_TYPE) or {}


def dataset_fields() -> list[Field]:
    """Return the dataset fields with presets expanded."""
    return dataset_schema().get("dataset_fields", [])


#: Keys that CKAN always shows, also when they hold nothing; scheming leaves out empty ones.
_DATASET_KEYS = (
    "owner_org",
    "author",
    "author_email",
    "maintainer",
    "maintainer_email",
    "license_id",
    "notes",
    "url",
    "version",
)
_RESOURCE_KEYS = ("name", "description")


def restore_empty_keys(dataset: dict[str, Any]) -> None:
    """Give a shown dataset the empty keys that it has in a CKAN without scheming.

    Clients read them: udata's harvester refuses a dataset without ``license_id``.
    """
    if dataset.get("type") != DATASET_TYPE:
        return
    for key in _DATASET_KEYS:
        dataset.setdefault(key, None)
    dataset.setdefault("extras", [])
    for resource in dataset.get("resources", []):
        for key in _RESOURCE_KEYS:
            resource.setdefault(key, None)
