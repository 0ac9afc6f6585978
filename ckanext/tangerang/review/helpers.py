"""Template helpers of the plugin ``tangerang_review``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
from ckan import model

from .. import working_copy
from ..metadata.fields import RECORD_TYPES, item_label, record_fields
from ..metadata.language import moment_label
from . import config, texts
from .overview import labels

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ckan.types import Context


def tangerang_review_panel(package: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return where a record stands, for those who work on it; None for others.

    Nothing is looked up for visitors without an account.

    :param package: the record as it is shown
    """
    if not config.enabled() or package.get("type") not in RECORD_TYPES or not tk.g.user:
        return None
    if package.get("state") == model.State.DELETED:
        return None
    try:
        return tk.get_action("tangerang_review_show")(
            cast("Context", {"user": tk.g.user}), {"id": package["id"]}
        )
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return None


def tangerang_revision_of(package: Mapping[str, Any] | None) -> dict[str, str] | None:
    """Return the record that a package is the revisi of; None for a record.

    Public ones cost nothing.

    :param package: the package as it is shown
    :returns: ``{"title", "url"}``
    """
    if not package or not package.get("private") or not package.get("id"):
        return None
    copy = model.Package.get(package["id"])
    key = working_copy.original_of(copy) if copy is not None else None
    record = model.Package.get(key) if key else None
    if record is None:
        return None
    return {
        "title": record.title or record.name,
        "url": tk.url_for(f"{record.type}.read", id=record.name),
    }


def tangerang_review_state_label(state: str) -> str:
    """Return what people call a state."""
    return texts.state_label(state)


def tangerang_review_verb_label(verb: str) -> str:
    """Return what people call something that happened."""
    return texts.verb_label(verb)


def tangerang_review_time(moment: str) -> str:
    """Return day, time and zone of a moment of the review."""
    return moment_label(moment)


def tangerang_review_release_label(status: str) -> str:
    """Return what people call where the next release of a dataset stands."""
    return texts.release_label(status)


def tangerang_review_release(row: Mapping[str, Any]) -> str:
    """Return when the next release of a record of the list of data is expected."""
    return labels.release_text(row)


def tangerang_review_day(day: str | None) -> str:
    """Return a day, or the day of a moment, as people read it; empty for none."""
    return labels.day_label(day)


def tangerang_review_frequency(key: str | None) -> str:
    """Return what people call a publication frequency; empty for none."""
    return labels.frequency_label(key)


def tangerang_review_role_label(role: str) -> str:
    """Return what people call a role of Satu Data Indonesia."""
    return texts.role_label(role)


def tangerang_review_section(key: str) -> dict[str, str]:
    """Return heading and address of a list of the start page."""
    return {"title": texts.section_title(key), "url": texts.section_address(key)}


def tangerang_review_place(package: Mapping[str, Any], note: Mapping[str, Any]) -> str:
    """Return in words which place of a record a note is about; empty for the whole record."""
    parts: list[str] = []
    if note["field"]:
        fields = {f["field_name"]: f for f in record_fields(package["type"])}
        field = fields.get(note["field"])
        parts.append(item_label(field) if field else note["field"])
    if note["resource_id"]:
        names = {
            file["id"]: file.get("name") or file["url"] for file in package.get("resources", [])
        }
        parts.append(tk._("File: {name}").format(name=names.get(note["resource_id"], "?")))
    if note["row"]:
        parts.append(tk._("Row {number}").format(number=note["row"]))
    if note["column"]:
        parts.append(tk._("Column {name}").format(name=note["column"]))
    return ", ".join(parts)
