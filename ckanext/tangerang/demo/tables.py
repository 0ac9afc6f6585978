"""The sample datasets: what they are (``data/datasets.yaml``) and the tables of their rows.

Pure functions: the same region and offices give the same datasets, without CKAN.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from .. import wilayah
from ..locations import read_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .offices import Offices

DATA = Path(__file__).with_name("data")

#: Raise it when the files or the DataStore table of an unchanged dataset must be made anew.
FORMAT_VERSION = 1

ColumnType = Literal["text", "integer", "numeric", "date"]
Cell = str | int | Decimal | date | None
Row = tuple[Cell, ...]

#: The type of a cell of a column of each type; an empty cell is None.
CELL_TYPES: Mapping[ColumnType, type] = {
    "text": str,
    "integer": int,
    "numeric": Decimal,
    "date": date,
}


class TableError(ValueError):
    """A table does not fit its columns: a fault in this package, never of the user."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; codes are text, because leading and trailing zeros count."""

    name: str
    label: Mapping[Literal["id", "en"], str]
    definition: str
    type: ColumnType = "text"
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Dataset:
    """A sample dataset with its table.

    ``metadata`` holds further fields of the dataset schema as they are sent to CKAN.
    """

    name: str
    title: str
    notes: str
    owner: str
    tags: tuple[str, ...]
    source: str
    license_id: str
    license_text: str
    metadata: Mapping[str, Any]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...] = field(repr=False)
    status_angka: str = ""

    def fingerprint(self) -> str:
        """Return a digest that changes when anything of the dataset or its table does."""
        content = json.dumps(
            [FORMAT_VERSION, asdict(self)], sort_keys=True, default=str, ensure_ascii=False
        )
        return hashlib.sha256(content.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Subject:
    """What the tables are about: a region, its names and its offices."""

    region_code: str
    region_name: str
    offices: Offices


@cache
def read_data(name: str) -> Any:
    """Return the parsed file ``data/<name>.yaml``, read once a process."""
    return read_yaml(DATA / f"{name}.yaml")


def _check(name: str, columns: tuple[Column, ...], rows: tuple[Row, ...]) -> None:
    """Check that each row has a cell of the right type for each column.

    :raises TableError: when one has not
    """
    types = [CELL_TYPES[column.type] for column in columns]
    for row in rows:
        if len(row) != len(columns) or any(
            cell is not None and type(cell) is not kind
            for cell, kind in zip(row, types, strict=True)
        ):
            raise TableError(f"{name}: the row {row!r} does not fit the columns")


def build_datasets(
    subject: Subject, builders: Mapping[str, Callable[[Subject], list[Row]]]
) -> list[Dataset]:
    """Return the sample datasets of a region, in the order of the file.

    A dataset that has no rows for this region is left out.

    :param builders: functions that return the rows, by the name the file gives them
    :raises TableError: when a table does not fit its columns
    :raises ckanext.tangerang.wilayah.UnknownRegionError: when there is no such regency
    """
    described = read_data("datasets")
    region = wilayah.regency(subject.region_code)
    names = {
        "region": subject.region_name,
        "region_code": subject.region_code,
        "province": region.province_name,
    }
    coverage = {"region": [subject.region_code], "province": [region.province_code]}
    found: list[Dataset] = []
    for entry in described["datasets"]:
        rows = tuple(builders[entry["builder"]](subject))
        if not rows:
            continue
        columns = tuple(Column(**column) for column in entry["columns"])
        _check(entry["name"], columns, rows)
        license_ = described["licenses"][entry["license"]]
        found.append(
            Dataset(
                name=entry["name"],
                title=entry["title"].format(**names),
                notes=entry["notes"].format(**names),
                owner=entry["owner"],
                tags=tuple(entry["tags"]),
                source=described["sources"][entry["source"]],
                license_id=license_["id"],
                license_text=license_["text"],
                metadata={
                    **described["defaults"],
                    "cakupan_wilayah": coverage[entry.get("coverage", "region")],
                    **entry["metadata"],
                },
                columns=columns,
                rows=rows,
                status_angka=entry.get("status_angka", ""),
            )
        )
    return found
