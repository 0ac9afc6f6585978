"""The sample activities and indicators (``data/records.yaml``), as CKAN takes them.

Pure functions: the same region and offices give the same records, without CKAN.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .ids import demo_id
from .tables import read_data

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from .tables import Subject

#: Raise it when unchanged records must be written anew.
FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True)
class Record:
    """A sample activity or indicator."""

    name: str
    owner: str
    #: What ``package_create`` takes, without the organization.
    fields: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Return the id of the record in CKAN."""
        return record_id(self.name)

    def fingerprint(self) -> str:
        """Return a digest that changes when anything of the record does."""
        content = json.dumps([FORMAT_VERSION, self.fields], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()


def record_id(name: str) -> str:
    """Return the id of the sample activity or indicator of that name."""
    return demo_id("record", name)


def _filled_in(value: Any, names: Mapping[str, str]) -> Any:
    """Return ``value`` with the names in braces replaced in all its texts."""
    if isinstance(value, str):
        return value.format(**names)
    if isinstance(value, list):
        return [_filled_in(entry, names) for entry in value]
    if isinstance(value, dict):
        return {key: _filled_in(entry, names) for key, entry in value.items()}
    return value


def _links(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of an indicator that name its activity, variables and values."""
    fields: dict[str, Any] = {}
    if "kegiatan" in entry:
        activity = record_id(entry["kegiatan"])
        fields["kegiatan"] = activity
        fields["variabel_pembangun"] = [
            {"variabel": f"{activity}#V{number:03d}"} for number in range(1, entry["variables"] + 1)
        ]
    if "values" in entry:
        values = entry["values"]
        fields["nilai_resource"] = demo_id("resource", f"{values['dataset']}.csv")
        fields["nilai_kolom"] = values["column"]
        fields["tahun_kolom"] = values["year"]
        fields["saringan"] = values["rows"]
    return fields


def build_records(subject: Subject, datasets: Collection[str]) -> list[Record]:
    """Return the sample activities and indicators of a region, activities first.

    A record whose organization is not there, or that is about a dataset that is not, is left out.

    :param datasets: names of the sample datasets of the region
    """
    names = {"region": subject.region_name, "region_code": subject.region_code}
    found: list[Record] = []
    for entry in read_data("records")["records"]:
        values = entry.get("values")
        if subject.offices.get(entry["owner"]) is None or (
            values and values["dataset"] not in datasets
        ):
            continue
        fields = {
            "name": entry["name"],
            "type": entry["type"],
            "private": False,
            **_filled_in(entry["fields"], names),
            **_links(entry),
        }
        found.append(Record(entry["name"], entry["owner"], fields))
    return found


def activity_of(dataset: str, records: Collection[Record]) -> str | None:
    """Return the id of the sample activity that produces a dataset; None for none.

    :param records: the records of the region, of which the activity is one
    """
    known = {record.name for record in records}
    for entry in read_data("records")["records"]:
        if dataset in entry.get("datasets", ()) and entry["name"] in known:
            return record_id(entry["name"])
    return None
