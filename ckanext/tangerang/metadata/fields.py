"""Access to the fields of the schemas that are in use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from .language import localized

if TYPE_CHECKING:
    from collections.abc import Mapping

DATASET_TYPE = "dataset"

#: MS-Keg: a statistical activity with its variables.
ACTIVITY_TYPE = "kegiatan"
#: MS-Ind: an indicator.
INDICATOR_TYPE = "indikator"
#: The types of the BPS forms: no datasets for the outside.
FORM_TYPES = (ACTIVITY_TYPE, INDICATOR_TYPE)
#: All types that have a schema of ours.
RECORD_TYPES = (DATASET_TYPE, *FORM_TYPES)

Field = dict[str, Any]


def record_schema(record_type: str) -> dict[str, Any]:
    """Return the scheming schema of a type with presets expanded; empty when there is none."""
    return tk.h.scheming_get_dataset_schema(record_type) or {}


def record_fields(record_type: str) -> list[Field]:
    """Return the fields of a type (without those of resources) with presets expanded."""
    return record_schema(record_type).get("dataset_fields", [])


def dataset_schema() -> dict[str, Any]:
    """Return the scheming schema of datasets with presets expanded; empty when there is none."""
    return record_schema(DATASET_TYPE)


def dataset_fields() -> list[Field]:
    """Return the dataset fields with presets expanded."""
    return record_fields(DATASET_TYPE)


def item_label(field: Mapping[str, Any], column: Mapping[str, Any] | None = None) -> str:
    """Return number and label of an item as on the form, in the user's language.

    :param field: a field of a schema
    :param column: one of its ``row_fields``, to name that one
    """
    named = column or field
    label = localized(named["label"])
    item = named.get("form_item", "")
    if not any(map(str.isdigit, item)):
        # The form has a name there, not a number.
        return label
    # Parts of an item have their name in the number ("1.2 Telepon"): not twice.
    return item if item.endswith(f" {label}") else f"{item} {label}".strip()


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
