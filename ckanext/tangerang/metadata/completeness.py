"""What a dataset still lacks before it may be public.

A plain library without CKAN. Which fields are needed, and when, stands in the schema file:

``needed_to_publish: true``
    the field must hold something
``needed_when: {other_field: [value, …]}``
    only if the other field has one of the values
``needed_unless: {other_field: [value, …]}``
    only if the other field has none of the values
``kamus_suffices: true``
    also met when a row of the kamus of some resource fills the key of the same name
``link_suffices: other_field``
    also met when a record that the other field links to fills the field of the same name
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .values import is_empty

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping


def _holds(conditions: Mapping[str, Collection[str]], record: Mapping[str, Any]) -> bool:
    """Tell whether every field named in ``conditions`` has one of its values in ``record``."""
    return all(record.get(name) in values for name, values in conditions.items())


def is_needed(field: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    """Tell whether ``field`` must hold something before ``record`` may be public."""
    if not field.get("needed_to_publish"):
        return False
    if not _holds(field.get("needed_when", {}), record):
        return False
    unless = field.get("needed_unless")
    return not unless or not _holds(unless, record)


def missing(
    fields: Iterable[Mapping[str, Any]],
    record: Mapping[str, Any],
    elsewhere: Collection[str] = (),
) -> list[Mapping[str, Any]]:
    """Return the fields that ``record`` lacks, in the order of the schema.

    :param fields: dataset fields of a scheming schema
    :param record: values by field name, stored or shown
    :param elsewhere: names of fields that the kamus of some resource, or a linked record, fills
    """
    return [
        field
        for field in fields
        if is_needed(field, record)
        and is_empty(record.get(field["field_name"]))
        and not (
            (field.get("kamus_suffices") or "link_suffices" in field)
            and field["field_name"] in elsewhere
        )
    ]
