"""What of a record a revisi may change, in a form that can be stored and compared.

Outside of it stay the address, the OPD (it moves by the registry), the permanent identifier, what
only the walidata sets, and where the record stands in the review.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...metadata.fields import record_fields, record_schema
from ...metadata.values import is_empty

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...metadata.fields import Field

    Content = dict[str, Any]

#: Fields that a revisi leaves alone.
OUTSIDE: Final = frozenset({"name", "owner_org", "identifier", "state", "private", "tag_string"})
#: The keywords and the free extras of a record: compared as fields.
TAGS, EXTRAS = "tags", "extras"
#: What says of a resource which file or address it is.
SIGNATURE: Final = ("url", "url_type", "last_modified")
#: What belongs to the file itself: it comes with it.
FILE_KEYS: Final = (*SIGNATURE, "mimetype", "size", "hash", "datastore_active")


def fields(record_type: str) -> list[Field]:
    """Return the fields of a type that a revisi may change."""
    return [
        field
        for field in record_fields(record_type)
        if field["field_name"] not in OUTSIDE and not field.get("walidata_only")
    ]


def file_fields(record_type: str) -> list[Field]:
    """Return the fields of the files of a type that a revisi may change, without the file."""
    return [
        field
        for field in record_schema(record_type).get("resource_fields") or []
        if field["field_name"] not in SIGNATURE
    ]


def row_codes(record_type: str) -> dict[str, str]:
    """Return the fields whose rows have codes, with the name of the column of the code."""
    return {f["field_name"]: f["row_code"] for f in fields(record_type) if f.get("row_code")}


def _file(record_type: str, resource: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a resource says."""
    names = [field["field_name"] for field in file_fields(record_type)]
    out = {name: resource[name] for name in names if not is_empty(resource.get(name))}
    out |= {name: resource.get(name) for name in FILE_KEYS if resource.get(name) not in (None, "")}
    if out.get("url_type") == "upload":
        # CKAN shows an address that names the package; what is stored is the name of the file.
        out["url"] = str(out["url"]).rsplit("/", 1)[-1]
    return {"id": resource["id"], **out}


def of(record: Mapping[str, Any]) -> Content:
    """Return what a record says, without what is empty.

    :param record: as ``package_show`` returns it
    :returns: ``{"fields": {name: value}, "files": [{"id", …}]}``; keywords and free extras stand
        among the fields, as a list and as a dictionary
    """
    record_type = record["type"]
    values = {
        field["field_name"]: record[field["field_name"]]
        for field in fields(record_type)
        if not is_empty(record.get(field["field_name"]))
    }
    tags = sorted(tag["name"] for tag in record.get("tags") or [])
    extras = {entry["key"]: entry["value"] for entry in record.get("extras") or []}
    values |= {TAGS: tags} if tags else {}
    values |= {EXTRAS: extras} if extras else {}
    return {
        "fields": values,
        "files": [_file(record_type, resource) for resource in record.get("resources") or []],
    }


def signature(file: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what tells whether a file is still the same one."""
    return tuple(file.get(name) or "" for name in SIGNATURE)


def description(file: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is said of a file, without the file itself."""
    return {name: value for name, value in file.items() if name not in {"id", *FILE_KEYS}}
