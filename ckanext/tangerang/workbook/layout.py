"""Where the items of the forms stand in a workbook.

A plain library without CKAN: everything comes from the scheming schemas. MS-Keg is a list of
lines, one an item; MS-Var and MS-Ind are tables, one row a variable or indicator. Each line and
column has a key, which a hidden column or row of the workbook holds:

``field``
    the value of a field
``field=choice``
    whether a choice of a field with several is chosen
``field#``
    a row of a field that has rows, in two cells (a period; a release)
``field.column``
    a column of the rows of a field
``…+2``
    the second part of a text that is longer than a cell may be
``@id``, ``@private``
    what identifies the record, and who sees it
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..locations import read_yaml
from ..metadata.codelists import codelist
from .cells import MAX_CELL, to_cell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..metadata.fields import Field

ACTIVITY_SHEET = "MS-Keg"
VARIABLE_SHEET = "MS-Var"
INDICATOR_SHEET = "MS-Ind"
GUIDE_SHEET = "Petunjuk"
CODE_SHEET = "Kode"
FORM_SHEETS = (ACTIVITY_SHEET, VARIABLE_SHEET, INDICATOR_SHEET)

#: Version of this layout, written into each workbook.
VERSION = "Tangerang 1"
#: Edition of the printed form that the items and their numbers are of.
BPS_FORM = "Perka BPS 5/2020"

ID_KEY = "@id"
PRIVATE_KEY = "@private"
VARIABLES = "variabel"
#: Lines for periods and releases in an empty form.
SPARE_ROWS = 3
#: Rows of a table of an empty form that have drop-downs.
TABLE_ROWS = 500
#: Longest text of an item in parts; values.MAX_TEXT has no more.
MAX_PARTS = 100

_TWO = 2


@cache
def texts() -> dict[str, Any]:
    """Return the fixed texts of the workbook, by name and language."""
    path = Path(__file__).with_name("texts.yaml")
    return read_yaml(path)


#: The two items that are of the portal and not of the form.
ID_FIELD: Field = {"field_name": ID_KEY, "kind": "text", **texts()["id"]}
PRIVATE_FIELD: Field = {
    "field_name": PRIVATE_KEY,
    "kind": "visibility",
    **texts()["private"],
}


@dataclass(frozen=True, slots=True)
class Slot:
    """A line of MS-Keg, or a column of a table."""

    field: Field
    #: A column of the rows of the field.
    column: Field | None = None
    #: A key of the code list of the field.
    choice: str | None = None
    #: The line holds one row of the field.
    repeated: bool = False
    part: int = 1

    @property
    def key(self) -> str:
        """Return the key of the line or column."""
        text = self.field["field_name"]
        if self.column:
            text += f".{self.column['field_name']}"
        if self.choice:
            text += f"={self.choice}"
        if self.repeated:
            text += "#"
        return text if self.part == 1 else f"{text}+{self.part}"

    @property
    def spec(self) -> Field:
        """Return what says how a cell is written and read."""
        return self.column or self.field

    @property
    def needed(self) -> bool:
        """Tell whether the item is needed where it is asked."""
        return bool(self.spec.get("needed_to_publish")) and not self.choice

    def item(self) -> str:
        """Return the number of the item on the form."""
        return str(self.spec.get("form_item", ""))

    def label(self, lang: str = "id") -> str:
        """Return the label of the line or column, in one language."""
        if self.choice:
            found = next(
                item
                for name in self.field["codelist"].split()
                for item in codelist(name).items
                if item.key == self.choice
            )
            return found.label(lang)
        text = text_of(self.spec["label"], lang)
        if self.column and not self.field.get("row_code"):
            text = f"{text_of(self.field['label'], lang)}: {text}"
        more = text_of(texts()["continued"], lang)
        return text if self.part == 1 else f"{text} ({more} {self.part})"


def text_of(text: Mapping[str, str] | str | None, lang: str = "id") -> str:
    """Return a text of a schema in one language."""
    if text is None:
        return ""
    if isinstance(text, str):
        return text
    return str(text.get(lang) or text.get("id") or next(iter(text.values()), ""))


def form_fields(schema: Mapping[str, Any]) -> list[Field]:
    """Return the fields that are filled in, in the order of the form's blocks."""
    fields = [f for f in schema["dataset_fields"] if f.get("kind") != "internal"]
    order = [group["name"] for group in schema.get("form_groups", [])]
    return sorted(fields, key=lambda f: order.index(f["form_group"]))


def is_nested(field: Field) -> bool:
    """Tell whether a field has rows."""
    return bool(field.get("row_fields"))


def activity_slots(schema: Mapping[str, Any]) -> list[Slot]:
    """Return the lines of MS-Keg: what identifies the record, then the items in form order.

    Rows of more than two columns have a sheet of their own (variables) or no place.
    """
    slots = [Slot(ID_FIELD), Slot(PRIVATE_FIELD)]
    for field in form_fields(schema):
        if is_nested(field):
            if len(field["row_fields"]) == _TWO:
                slots.append(Slot(field, repeated=True))
            continue
        slots.append(Slot(field))
        if field.get("kind") == "choices":
            slots += [
                Slot(field, choice=item.key)
                for name in field["codelist"].split()
                for item in codelist(name).items
            ]
    return slots


def variable_field(schema: Mapping[str, Any]) -> Field:
    """Return the field of the variables of an activity."""
    return next(f for f in schema["dataset_fields"] if f["field_name"] == VARIABLES)


def variable_slots(schema: Mapping[str, Any]) -> list[Slot]:
    """Return the columns of MS-Var."""
    field = variable_field(schema)
    return [Slot(field, column) for column in field["row_fields"]]


def indicator_slots(schema: Mapping[str, Any]) -> list[Slot]:
    """Return the columns of MS-Ind."""
    slots = [Slot(ID_FIELD), Slot(PRIVATE_FIELD)]
    for field in form_fields(schema):
        if is_nested(field):
            slots += [Slot(field, column) for column in field["row_fields"]]
        else:
            slots.append(Slot(field))
    return slots


def parts(value: Any) -> list[Any]:
    """Return what stands in a cell cut into pieces that fit one."""
    if not isinstance(value, str) or len(value) <= MAX_CELL:
        return [value]
    return [value[start : start + MAX_CELL] for start in range(0, len(value), MAX_CELL)]


def with_parts(slots: list[Slot], longest: Mapping[str, int]) -> Iterator[Slot]:
    """Yield the columns of a table with those that long texts go on in.

    :param longest: number of parts by key of the column
    """
    for slot in slots:
        yield slot
        for part in range(2, longest.get(slot.key, 1) + 1):
            yield Slot(slot.field, slot.column, part=part)


def cell_parts(slot: Slot, value: Any) -> list[Any]:
    """Return what stands for ``value`` in the cell of a slot, and in those that it goes on in."""
    return parts(to_cell(slot.spec, value))
