"""Template helpers of the plugin ``tangerang_opd``."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from jinja2 import Undefined

from ..metadata import codelists
from ..metadata.fields import ACTIVITY_TYPE, DATASET_TYPE, INDICATOR_TYPE
from ..metadata.language import current_language
from ..metadata.roles import acts_as_walidata
from ..metadata.values import as_list, is_empty
from . import store


def tangerang_opd_choices(field: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the choices of a field whose ``codelist`` names one or more code lists."""
    return list(codelists.choices(field["codelist"]))


def tangerang_opd_values(value: Any) -> list[str]:
    """Return the values of a field: a list as shown, stored JSON, or one value."""
    empty = isinstance(value, Undefined) or is_empty(value)
    return [] if empty else [str(entry) for entry in as_list(value)]


def tangerang_opd_labels(field: dict[str, Any], value: Any) -> list[str]:
    """Return the labels of the values of ``field`` in the user's language."""
    lang = current_language()
    return [codelists.label(field["codelist"], key, lang) for key in tangerang_opd_values(value)]


def tangerang_opd_fields(organization: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the fields of our schema that hold something in ``organization``."""
    schema = tk.h.scheming_get_organization_schema(organization.get("type")) or {}
    return [
        field
        for field in schema.get("fields", [])
        if not is_empty(organization.get(field["field_name"]))
    ]


def tangerang_opd_names(value: Any) -> list[dict[str, str]]:
    """Return ``{"id", "name", "title"}`` of the organizations whose ids a field holds."""
    ids = tangerang_opd_values(value)
    if not ids:
        return []
    registry = store.load()
    found = [registry.by_id[id_] for id_ in ids if id_ in registry.by_id]
    return [{"id": unit.id, "name": unit.name, "title": unit.title} for unit in found]


def tangerang_opd_may_change_registry() -> bool:
    """Tell whether the user may change fields of the registry: walidata and sysadmins."""
    return acts_as_walidata({"user": tk.current_user.name})


def tangerang_opd_columns(with_units: bool) -> list[tuple[str, str, str]]:
    """Return the types of records that pages about OPD count.

    :param with_units: whether the records of the units below an OPD are counted with its own
    :returns: type, label, and the address of a list to which the name of an OPD is added
    """
    only = "opd_tree" if with_units else "organization"
    labels = {ACTIVITY_TYPE: tk._("Activities"), INDICATOR_TYPE: tk._("Indicators")}
    shown = tk.h.tangerang_form_types() if "tangerang_form_types" in tk.h else []
    return [
        (DATASET_TYPE, tk._("Datasets"), tk.h.url_for("dataset.search", **{only: ""})),
        *((name, labels[name], tk.h.url_for(f"{name}.search", **{only: ""})) for name in shown),
    ]


def tangerang_opd_resolve(q: str, year: int | None = None) -> dict[str, Any]:
    """Return which OPD a text or code means, as the action of that name does."""
    context: Any = {"user": tk.current_user.name}
    return tk.get_action("tangerang_opd_resolve")(context, {"q": q, "year": year})
