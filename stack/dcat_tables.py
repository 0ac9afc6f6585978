"""Tables of what the fields of a dataset are in DCAT, made of the mapping that writes and reads.

A field of the schema that the mapping says nothing of stops the making of the docs, so that none is
forgotten.
"""

from __future__ import annotations

from pathlib import Path

import yaml

# pyright sees the folder ckanext of the other wheels only.
from ckanext.tangerang.interop.dcat import mapping  # pyright: ignore[reportMissingImports]
from ckanext.tangerang.interop.dcat.namespaces import PREFIXES  # pyright: ignore[reportMissingImports]

_SCHEMA = (
    Path(__file__).resolve().parent.parent
    / "ckanext"
    / "tangerang"
    / "metadata"
    / "schemas"
    / "dataset.yaml"
)


def _short(uri: str) -> str:
    """Return an address with its prefix."""
    for prefix, namespace in PREFIXES.items():
        if uri.startswith(str(namespace)):
            return f"{prefix}:{uri.removeprefix(str(namespace))}"
    return uri


def _property(row: mapping.Row) -> str:
    """Return what one row of the mapping makes of its field."""
    steps = {
        mapping.Place.DATASET: "",
        mapping.Place.STANDARD: "`dct:conformsTo` (`dct:Standard`) / ",
        mapping.Place.CONTACT: "`dcat:contactPoint` / ",
    }
    kind = row.kind.value
    if row.kind is mapping.Kind.CONCEPT:
        lists = ", ".join(f"`{name}`" for name in row.codelist.split())
        kind = f"`skos:Concept` of the code list {lists}"
    elif row.kind is mapping.Kind.AUTHORITY:
        kind = f"EU authority table `{row.table}`"
    elif row.kind is mapping.Kind.STATEMENT and row.of_class is not None:
        kind = f"`{_short(row.of_class)}` with `rdfs:label`"
    return f"{steps[row.place]}`{_short(row.predicate)}`: {kind}"


def dcat_table(part: str) -> str:
    """Return the fields of a dataset, or of its files, with their properties as a Markdown table.

    :param part: ``dataset_fields`` or ``resource_fields`` of the schema
    :raises KeyError: for a field that the mapping does not know
    """
    of_dataset = part == "dataset_fields"
    known = dict(mapping.SPECIAL if of_dataset else mapping.SPECIAL_RESOURCE)
    rows = mapping.DATASET_ROWS if of_dataset else mapping.RESOURCE_ROWS
    known |= {row.field: _property(row) for row in rows}
    known |= dict.fromkeys(mapping.PRIVATE, "not written: may name a person")
    lines = ["| Field | Meaning | Property |", "|---|---|---|"]
    for field in yaml.safe_load(_SCHEMA.read_text(encoding="utf-8"))[part]:
        label = field["label"]
        meaning = label if isinstance(label, str) else label["en"]
        lines.append(f"| `{field['field_name']}` | {meaning} | {known[field['field_name']]} |")
    return "\n".join(lines) + "\n"
