"""Template helpers of the plugin ``tangerang_opd``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import plugins as p
from flask import g
from jinja2 import Undefined

from ..metadata import codelists
from ..metadata.fields import ACTIVITY_TYPE, DATASET_TYPE, INDICATOR_TYPE
from ..metadata.language import current_language, moment_label
from ..metadata.roles import acts_as_walidata
from ..metadata.values import as_list, is_empty
from . import profile, search, store
from .clock import today

if TYPE_CHECKING:
    from .registry import Unit

#: Where on flask.g the profiles of the OPD of a page are.
_PROFILES = "tangerang_opd_profiles"
#: How many records the page of an OPD names that lack something.
_TASKS = 5


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
    user = tk.current_user
    return user.is_authenticated and acts_as_walidata(
        {"user": user.name, "auth_user_obj": user}  # pyright: ignore[reportArgumentType]
    )


def tangerang_opd_columns(with_units: bool) -> list[tuple[str, str, str]]:
    """Return the types of records that pages about OPD count.

    :param with_units: whether the records of the units below an OPD are counted with its own
    :returns: type, label, and the address of a list to which the name of an OPD is added
    """
    units = {search.WIDEN: "1"} if with_units else {}
    labels = {ACTIVITY_TYPE: tk._("Statistical activities"), INDICATOR_TYPE: tk._("Indicators")}
    shown = tk.h.tangerang_form_types() if "tangerang_form_types" in tk.h else []
    lists = [(DATASET_TYPE, tk._("Datasets")), *((name, labels[name]) for name in shown)]
    return [
        (name, label, tk.h.url_for(f"{name}.search", **units, organization=""))
        for name, label in lists
    ]


def tangerang_opd_profile(organization: dict[str, Any]) -> profile.Profile | None:
    """Return what the pages of an OPD say of it; None for what is not in the registry.

    The registry is read once for a page.
    """
    found: dict[str, profile.Profile | None] = vars(g).setdefault(_PROFILES, {})
    if organization["id"] not in found:
        found[organization["id"]] = profile.profile(organization["id"])
    return found[organization["id"]]


def tangerang_opd_tasks(organization: dict[str, Any]) -> dict[str, Any] | None:
    """Return what the records of an OPD lack, for those who may see it.

    :returns: ``average`` (count, score, completeness …) and the ``records`` that lack most, as the
        actions of the plugin ``tangerang_score`` return them; None without that plugin, for
        people who are not logged in, and for those whom it refuses
    """
    if not tk.current_user.is_authenticated or not p.plugin_loaded("tangerang_score"):
        return None
    asked = {"organization": organization["id"]}
    try:
        found = tk.get_action("tangerang_score_list")({}, {**asked, "limit": _TASKS})
        averages = tk.get_action("tangerang_score_average_list")({}, asked)
    except tk.NotAuthorized:
        return None
    return {
        "average": averages[0] if averages else None,
        "records": [record for record in found["results"] if record["next"]],
    }


def tangerang_opd_form_groups(group_type: str) -> list[dict[str, Any]]:
    """Return the groups of the form of an organization with their fields, in the schema's order.

    A schema without ``form_groups`` has one group without a heading.
    """
    schema = tk.h.scheming_get_organization_schema(group_type)
    fields = {field["field_name"]: field for field in schema["fields"]}
    groups = [
        dict(group, fields=[fields.pop(name) for name in group["fields"] if name in fields])
        for group in schema.get("form_groups", [{"fields": list(fields)}])
    ]
    groups[0]["fields"].extend(fields.values())
    return groups


def tangerang_opd_parents(organization_id: str | None) -> list[Unit]:
    """Return the OPD that another one may be put below: those that exist now, and not itself.

    :param organization_id: id of the one; None for a new one
    """
    registry = store.load()
    unit = registry.by_id.get(organization_id or "")
    below = {other.name for other in registry.below(unit.name)} | {unit.name} if unit else set()
    now = today()
    parent = unit.induk if unit else ""
    return [
        other
        for other in registry
        if other.name not in below and (not other.is_closed(now) or other.name == parent)
    ]


def tangerang_opd_resolve(q: str, year: int | None = None) -> dict[str, Any]:
    """Return which OPD a text or code means, as the action of that name does."""
    context: Any = {"user": tk.current_user.name}
    return tk.get_action("tangerang_opd_resolve")(context, {"q": q, "year": year})


def tangerang_opd_time(moment: str) -> str:
    """Return day, time and zone of a change of the registry."""
    return moment_label(moment)
