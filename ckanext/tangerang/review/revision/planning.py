"""What becomes of a record when its revisi is approved, and what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model

from ...metadata.fields import item_label
from ...metadata.values import is_empty
from .. import readiness, states, store
from . import content, merge, shadow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ckan.types import Context

    from .model import Revision

#: Access level of what is approved without becoming public.
_CLOSED = "tertutup"


@dataclass(frozen=True)
class Plan:
    """What an approval will do."""

    #: The record as it is now, as ``package_show`` returns it, and the working copy.
    record: dict[str, Any]
    copy: dict[str, Any]
    #: What the record says now, and what it will say.
    before: dict[str, Any]
    merged: merge.Merged
    #: What ``package_update`` is given.
    values: dict[str, Any]

    @property
    def closed(self) -> bool:
        """Tell whether the record is approved without being public."""
        return bool(self.values["private"])

    @property
    def changes_something(self) -> bool:
        """Tell whether the record will be another one."""
        return bool(self.merged.changes) or self.after != self.before

    @property
    def after(self) -> dict[str, Any]:
        """Return what the record will say."""
        return {"fields": self.merged.fields, "files": self.merged.files}


def _resource(file: Mapping[str, Any], present: Mapping[str, Any], names: list[str]) -> Any:
    """Return a file as ``package_update`` takes it.

    :param file: of the merged record
    :param present: the resource that is there; empty for a new one
    :param names: of the fields of files
    """
    out = {name: value for name, value in present.items() if name != "metadata_modified"}
    out |= {name: "" for name in names if name in out and is_empty(file.get(name))}
    out |= content.description(file)
    if present and content.signature(file) == content.signature(_said(present)):
        return out
    for name in content.FILE_KEYS:
        out.pop(name, None)
        if name in file:
            out[name] = file[name]
    return {**out, "id": file["id"], "url_type": file.get("url_type", "")}


def _said(resource: Mapping[str, Any]) -> dict[str, Any]:
    """Return which file a resource is."""
    out = {name: resource.get(name) for name in content.SIGNATURE}
    if out["url_type"] == "upload":
        out["url"] = str(out["url"]).rsplit("/", 1)[-1]
    return out


def _values(record: dict[str, Any], merged: merge.Merged) -> dict[str, Any]:
    """Return what ``package_update`` is given to make of a record what was merged.

    An empty text clears a field; what is left out would stay.
    """
    names = [field["field_name"] for field in content.fields(record["type"])]
    of_files = [field["field_name"] for field in content.file_fields(record["type"])]
    present = {resource["id"]: resource for resource in record["resources"]}
    out = {name: value for name, value in record.items() if name != "metadata_modified"}
    out |= {name: merged.fields.get(name, "") for name in names}
    return out | {
        "tags": [{"name": name} for name in merged.fields.get(content.TAGS, [])],
        "extras": [
            {"key": key, "value": value}
            for key, value in merged.fields.get(content.EXTRAS, {}).items()
        ],
        "resources": [
            _resource(file, present.get(file["id"], {}), of_files) for file in merged.files
        ],
        "private": merged.fields.get("accesslevel") == _CLOSED,
        "state": model.State.ACTIVE,
    }


def of(context: Context, revision: Revision) -> Plan:
    """Return what an approval would do now, with the rights of the caller to see both."""
    record = shadow.shown(context, revision.package_id)
    copy = shadow.shown(context, revision.shadow_id)
    before = content.of(record)
    merged = merge.merge(
        content.row_codes(record["type"]),
        revision.files,
        revision.base,
        content.of(copy),
        before,
    )
    return Plan(record, copy, before, merged, _values(record, merged))


def hindrance(package: Any, row: Any) -> str:
    """Return why a revisi of a record can neither be handed in nor approved now, and what to do.

    :param package: the record
    :param row: of its review; None for none
    """
    if package.state == model.State.DELETED:
        return tk._(
            "The record has been deleted. Ask the walidata to restore it, or give this revision up."
        )
    state = states.PUBLISHED if store.is_public(package) else (row.state if row else states.DRAFT)
    if state not in states.APPROVED:
        return tk._(
            "The record has been withdrawn from publication. It has to be published again first; "
            "this revision waits for that. Or give it up, and change the record itself."
        )
    return ""


def conflict_text(plan: Plan, conflict: merge.Conflict) -> str:
    """Return what is in conflict, by name, and what to do."""
    where = _place(plan, conflict)
    if conflict.kind == "removed_here":
        return tk._(
            "{place}: this revision removes it, but it was changed on the published record "
            "meanwhile. Return the revision, or take the other change back."
        ).format(place=where)
    if conflict.kind == "removed_there":
        return tk._(
            "{place}: this revision changes it, but it was removed from the published record "
            "meanwhile. Return the revision, so that it is taken out here too."
        ).format(place=where)
    return tk._(
        "{place}: changed here, and otherwise on the published record meanwhile. "
        "Write the same on both, or leave it here as it was."
    ).format(place=where)


def _place(plan: Plan, conflict: merge.Conflict) -> str:
    """Return the name of what is in conflict."""
    if conflict.file_id:
        names = {
            resource["id"]: resource.get("name") or resource["url"]
            for resource in (*plan.record["resources"], *plan.copy["resources"])
        }
        name = tk._("File: {name}").format(name=names.get(conflict.file_id, conflict.file_id))
        labels = {f["field_name"]: f for f in content.file_fields(plan.record["type"])}
        column = labels.get(conflict.column)
        return f"{name}, {item_label(column)}" if column else name
    fields = {f["field_name"]: f for f in content.fields(plan.record["type"])}
    field = fields.get(conflict.field)
    if field is None:
        return {content.TAGS: tk._("Keywords")}.get(conflict.field, conflict.field)
    columns = {c["field_name"]: c for c in field.get("row_fields", [])}
    parts = [item_label(field), conflict.row]
    if conflict.column in columns:
        parts.append(item_label(columns[conflict.column]))
    return ", ".join(part for part in parts if part)


def refusals(plan: Plan) -> dict[str, Any]:
    """Return the conflicts of a plan as an error, by field; files under ``resources``."""
    out: dict[str, Any] = {}
    for conflict in plan.merged.conflicts:
        out.setdefault(conflict.field or "resources", []).append(conflict_text(plan, conflict))
    if not plan.changes_something and not out:
        out["id"] = [tk._("This revision changes nothing yet.")]
    return out


def errors(context: Context, revision: Revision) -> dict[str, Any]:
    """Return what stands in the way of a revisi, as its approval would say it; write nothing."""
    package = model.Package.get(revision.package_id)
    reason = hindrance(package, store.get(revision.package_id))
    if reason:
        return {"id": [reason]}
    plan = of(context, revision)
    found = refusals(plan)
    if found:
        return found
    source = model.Package.get(revision.shadow_id)
    return readiness.of_values(context, package, plan.values, source)
