"""Brings sample records into every state of the review (``data/reviews.yaml``).

The records are made by the operator, private; all that follows is done by the sample accounts with
their own rights, so that the history reads as it would in a real portal. A record that is there is
left alone, whatever people have done with it, unless a load was interrupted before its first step.
"""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.helpers import get_display_timezone
from ckan.plugins import plugin_loaded

from .builders import BUILDERS
from .ids import demo_id
from .loader import (
    DemoError,
    Report,
    configured_subject,
    explained,
    operator_context,
    package_dict,
    require_plugins,
    stored_packages,
    write_dataset,
)
from .records import Record, build_records
from .tables import build_datasets, read_data

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ckan.types import Context

    from .loader import Say
    from .tables import Dataset, Subject

#: Name of the plugin without which there is no review.
PLUGIN = "tangerang_review"
#: The accounts that take part, and that own the records.
_PRODUCER = "produsen"
_PEOPLE = (_PRODUCER, "walidata", "pembina")


def _own_fields(entry: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields that an entry sets, with the names of the region filled in."""
    return {
        key: value.format(**names) if isinstance(value, str) else value
        for key, value in entry["fields"].items()
    }


def _with_fields(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields with others on top; None takes one out."""
    return {key: value for key, value in {**base, **own}.items() if value is not None}


def build_dataset(base: Dataset, name: str, own: dict[str, Any]) -> Dataset:
    """Return a sample dataset made after another.

    :param own: its fields
    """
    return dataclasses.replace(
        base,
        name=name,
        title=own.pop("title"),
        notes=own.pop("notes"),
        tags=("contoh pemeriksaan",),
        metadata=_with_fields(base.metadata, own),
    )


def _moment(days: int) -> str:
    """Return eight o'clock in some days, in the portal's zone, with its offset."""
    zone: Any = get_display_timezone()
    day = (datetime.now(timezone.utc) + timedelta(days=days)).astimezone(zone)
    return day.replace(hour=8, minute=0, second=0, microsecond=0).isoformat()


def _step(name: str, record_id: str, step: Mapping[str, Any]) -> None:
    """Let an account do one step with a record."""
    action = f"tangerang_review_{step['verb']}"
    try:
        call = tk.get_action(action)
    except KeyError:
        return
    data = {"id": record_id, **step.get("data", {})}
    if "notes" in data:
        file = demo_id("resource", f"{name}.csv")
        data["notes"] = [
            {k: v for k, v in note.items() if k != "file"}
            | ({"resource_id": file} if note.get("file") else {})
            for note in data["notes"]
        ]
    context = cast("Context", {"user": step["by"]})
    if step.get("seen"):
        show = tk.get_action("tangerang_review_show")
        data["version"] = show(cast("Context", {"user": step["by"]}), {"id": record_id})["version"]
    if "days" in step:
        data["at"] = _moment(step["days"])
    call(context, data)


def _untouched(record_id: str) -> bool:
    """Tell whether nothing has happened to a record in the review."""
    history = tk.get_action("tangerang_review_history")
    return history(operator_context(), {"id": record_id})["count"] == 0


def _makers(subject: Subject, owner_id: str) -> Callable[[Mapping[str, Any]], tuple[str, str, Any]]:
    """Return a function that tells of an entry: id, type, and what makes the record."""
    datasets = {d.name: d for d in build_datasets(subject, BUILDERS)}
    records = {r.name: r for r in build_records(subject, set(datasets))}
    names = {"region": subject.region_name}
    owner = subject.offices.get(subject.offices.accounts.get(_PRODUCER, ""))

    def maker(entry: Mapping[str, Any]) -> tuple[str, str, Any]:
        name, own = entry["name"], _own_fields(entry, names)
        base: Dataset | Record | None = datasets.get(entry["base"]) or records.get(entry["base"])
        if base is None or owner is None:
            return "", "", None
        if isinstance(base, Record):
            key = demo_id("record", name)
            data = {**_with_fields(base.fields, own), "id": key, "name": name}
            data |= {"owner_org": owner_id, "private": True}
            return key, name, lambda: tk.get_action("package_create")(operator_context(), data)
        made = build_dataset(base, name, own)
        package = {**package_dict(made, owner, owner_id), "private": True}
        return (
            package["id"],
            name,
            lambda: write_dataset(made, package, exists=False, has_table=False),
        )

    return maker


def _owner_id(subject: Subject) -> str:
    """Return the id of the organization of the producers.

    :raises DemoError: when it, or an account, is not there
    """
    slug = subject.offices.accounts.get(_PRODUCER, "")
    group = model.Group.get(slug)
    missing = [name for name in _PEOPLE if model.User.get(name) is None]
    if group is None or missing:
        raise DemoError(
            f"Not there: {', '.join(missing) or slug}. Run first: ckan tangerang demo load, then "
            "ckan tangerang demo accounts"
        )
    return group.id


def load_reviews(say: Say) -> Report:
    """Make the sample records of the review that are not there, and bring each into its state.

    :param say: takes the lines of progress
    :raises DemoError: when plugins, organizations or accounts are missing, or CKAN refuses a record
    :raises .config.OpdFileError: when the OPD file can not be used
    :raises ckanext.tangerang.wilayah.UnknownRegionError: when there is no such region
    """
    require_plugins()
    if not plugin_loaded(PLUGIN) or not tk.config["ckanext.tangerang.review.enabled"]:
        raise DemoError(f"There is no review here. Add to ckan.plugins, and switch on: {PLUGIN}")
    subject = configured_subject()
    maker = _makers(subject, _owner_id(subject))
    report = Report()
    say("Records in the review")
    for entry in read_data("reviews")["records"]:
        key, name, make = maker(entry)
        if make is None:
            continue
        found = stored_packages({key: name})
        if name in found and found[name].id != key:
            report.problems.append(f"The record {name} is not loaded: another one has that name.")
            continue
        half_made = key in found and found[key].state != model.State.DELETED and _untouched(key)
        if key in found and not (half_made and entry["steps"]):
            report.unchanged.append(name)
            continue
        with explained(f"Record {name}"):
            if key not in found:
                make()
            for step in entry["steps"]:
                _step(name, key, step)
        report.made.append(name)
        say(f"  + {name}")
    return report
