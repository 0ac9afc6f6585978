"""Reads a workbook into records, and remembers the cell of each value.

A plain library without CKAN. Rows and columns are found by their hidden keys; where these are
gone, by label or item number, in any order. What can not be placed is reported, never dropped.
python-calamine reads about ten times as fast as openpyxl.
"""

from __future__ import annotations

import io
import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from openpyxl.utils import get_column_letter
from python_calamine import CalamineError, load_workbook

from ..metadata.values import N_, Problem, shown
from . import container, layout
from .cells import Reading, fold, form_edition, from_cell, text_of
from .layout import ACTIVITY_SHEET, GUIDE_SHEET, INDICATOR_SHEET, VARIABLE_SHEET, Slot

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .cells import Raw

    Grid = Sequence[Sequence[Raw]]
    #: Field, number of the row from 1 or None, column or None.
    Place = tuple[str, int | None, str | None]

#: Rows from the top in which headings are looked for.
_HEADING_ROWS = 25
#: Rows that the headings of one table may be spread over, by merged cells.
_SPREAD = 3
#: More of these help nobody.
_MOST_TROUBLES = 500

#: Headings that are remembered, and how long one may be.
_KNOWN, _LONGEST_HEADING = 2_000, 300
_PART = re.compile(r"(.+)\+(\d{1,3})")
#: In front of or behind a heading: the number of its item, and the mark of a needed one.
_NUMBERED = re.compile(
    r"^(?:MS-?\s?\w{3}\s*)?\(?\d{1,2}(?:[.-]\d{1,2})?[a-z]?\)?[\s.):-]+", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a cell."""

    sheet: str
    #: Such as ``C12``; empty for the sheet or the file as a whole.
    cell: str
    #: Name of the field; empty where there is none.
    field: str
    problem: Problem


@dataclass(slots=True)
class Record:
    """A record of a workbook."""

    type: str
    sheet: str
    id: str | None = None
    #: None where the workbook does not say.
    private: bool | None = None
    #: Of every field that the workbook has a place for; None where that is empty.
    values: dict[str, Any] = field(default_factory=dict)
    #: Cell of each value: (sheet, name of the cell).
    cells: dict[Place, tuple[str, str]] = field(default_factory=dict)
    #: Fields whose cells could not be read.
    unread: set[str] = field(default_factory=set)
    #: Completes the values by the stored record, before they take its place: for sources that
    #: hold less of a record than a workbook does. It gets the record as ``package_show`` shows it.
    complete: Callable[[Mapping[str, Any]], None] | None = None

    def cell_of(
        self, name: str, row: int | None = None, column: str | None = None
    ) -> tuple[str, str]:
        """Return the cell of a value, or the nearest one there is."""
        for place in ((name, row, column), (name, row, None), (name, 1, None), (name, None, None)):
            if place in self.cells:
                return self.cells[place]
        near = next((cell for place, cell in self.cells.items() if place[0] == name), None)
        return near or (self.sheet, "")


@dataclass(slots=True)
class Book:
    """What was read of a workbook."""

    records: list[Record]
    troubles: list[Trouble]


def _at(grid: Grid, row: int, column: int) -> Raw:
    """Return a cell, counted from 0; None for one that is not there or empty."""
    if row >= len(grid) or column >= len(grid[row]):
        return None
    raw = grid[row][column]
    return None if isinstance(raw, str) and not raw.strip() else raw


def _name(row: int, column: int) -> str:
    """Return the name of a cell that is counted from 0."""
    return f"{get_column_letter(column + 1)}{row + 1}"


@lru_cache(maxsize=2_000)
def _forms(text: str) -> tuple[str, ...]:
    """Return the forms in which a heading may be known."""
    text = text.strip().rstrip("*: ").strip()
    bare = _NUMBERED.sub("", text)
    return (fold(text),) if bare == text else (fold(text), fold(bare))


class _Names:
    """Finds lines or columns by key, label or item number."""

    def __init__(self, slots: Sequence[Slot]) -> None:
        self.by_key = {slot.key: slot for slot in slots}
        self._by_name: dict[str, Slot | None] = {}
        self._known: dict[str, Slot | None] = {}
        self._by_choice: dict[tuple[str, str], Slot] = {}
        for slot in slots:
            if slot.choice:
                for lang in ("id", "en"):
                    name = (slot.field["field_name"], fold(slot.label(lang)))
                    self._by_choice.setdefault(name, slot)
                continue
            names = {fold(slot.label(lang)) for lang in ("id", "en")}
            if slot.item():
                names.add(fold(slot.item()))
                names |= {fold(slot.item() + slot.label(lang)) for lang in ("id", "en")}
            self._add(names, slot)
        for slot in slots:
            # The short name of a column of rows, unless it is the full name of something else.
            if not slot.choice:
                bare = {fold(layout.text_of(slot.spec["label"], lang)) for lang in ("id", "en")}
                bare.add(fold(slot.spec["field_name"]))
                self._add({name for name in bare if self._by_name.get(name) is None}, slot)

    def _add(self, names: set[str], slot: Slot) -> None:
        """Let names stand for a slot; a name of two is the name of none."""
        for name in names:
            known = self._by_name.get(name, slot)
            self._by_name[name] = slot if known is slot else None

    def key(self, text: str) -> Slot | None:
        """Return the slot with a key, also of a later part."""
        text = text.strip()
        if text in self.by_key:
            return self.by_key[text]
        match = _PART.fullmatch(text)
        if match and match[1] in self.by_key and int(match[2]) <= layout.MAX_PARTS:
            base = self.by_key[match[1]]
            return Slot(base.field, base.column, base.choice, base.repeated, int(match[2]))
        return None

    def find(self, text: str) -> Slot | None:
        """Return the slot that a heading names; forms have the same headings, so it is kept."""
        if len(text) > _LONGEST_HEADING:
            return self._find(text)
        if text not in self._known:
            if len(self._known) >= _KNOWN:
                self._known.clear()
            self._known[text] = self._find(text)
        return self._known[text]

    def _find(self, text: str) -> Slot | None:
        """Return the slot that a heading names."""
        found = self.key(text)
        if found:
            return found
        match = re.fullmatch(
            r"(.*)\((?:lanjutan|continued) (\d{1,3})\)\s*\*?", text.strip(), re.IGNORECASE
        )
        if match:
            base = self.find(match[1])
            return Slot(base.field, base.column, part=int(match[2])) if base else None
        repeated = re.fullmatch(r"(.*)\(ke-\d{1,3}\)\s*\*?", text.strip())
        if repeated:
            return self.find(repeated[1])
        return next((slot for form in _forms(text) if (slot := self._by_name.get(form))), None)

    def choice(self, name: str, text: str) -> Slot | None:
        """Return the line of a choice of the field ``name``."""
        return next(
            (slot for form in _forms(text) if (slot := self._by_choice.get((name, form)))), None
        )


@lru_cache(maxsize=8)
def _heading_names() -> dict[str, set[str]]:
    """Return the headings of MS-Keg, folded, by column."""
    return {
        name: {fold(text) for text in (column["id"], column["en"], *column["also"])}
        for name, column in layout.texts()["columns"].items()
    }


class Forms:
    """The forms of the schemas, prepared to read any number of workbooks."""

    def __init__(self, schemas: Mapping[str, Mapping[str, Any]]) -> None:
        self.names = {
            ACTIVITY_SHEET: _Names(layout.activity_slots(schemas["kegiatan"])),
            VARIABLE_SHEET: _Names(layout.variable_slots(schemas["kegiatan"])),
            INDICATOR_SHEET: _Names(layout.indicator_slots(schemas["indikator"])),
        }


@dataclass(slots=True)
class _Line:
    """A line of MS-Keg."""

    sheet: str
    #: Counted from 0.
    row: int
    #: Number of each column of the sheet by what it holds.
    columns: Mapping[str, int]
    value: Raw
    second: Raw

    def cell(self, name: str) -> tuple[str, str]:
        """Return sheet and name of the cell in the column that holds ``name``."""
        return self.sheet, _name(self.row, self.columns[name])


@dataclass(slots=True)
class _Lines:
    """What the lines of MS-Keg hold together."""

    #: The cells of plain items, by field and part.
    pieces: dict[str, dict[int, Raw]] = field(default_factory=lambda: defaultdict(dict))
    #: What is chosen of fields with several choices.
    chosen: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    #: The rows of fields that have them.
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))


class _Reader:
    """Reads one workbook."""

    def __init__(
        self, grids: Mapping[str, Grid], names: Mapping[str, _Names], reading: Reading
    ) -> None:
        self._grids, self._names, self._reading = grids, names, reading
        self.records: list[Record] = []
        self.troubles: list[Trouble] = []

    def trouble(
        self, sheet: str, cell: str, field_name: str, msgid: str | Problem, /, **params: Any
    ) -> None:
        """Note what is wrong with a cell."""
        problem = msgid if isinstance(msgid, Problem) else Problem(msgid, **params)
        if len(self.troubles) < _MOST_TROUBLES:
            self.troubles.append(Trouble(sheet, cell, field_name, problem))

    def _value(self, record: Record, slot: Slot, raw: Raw, cell: tuple[str, str]) -> Any:
        """Return the value of a cell; None, and a trouble, for one that can not be read."""
        try:
            return from_cell(slot.spec, raw, self._reading)
        except Problem as problem:
            self.trouble(*cell, slot.field["field_name"], problem)
            record.unread.add(slot.field["field_name"])
            return None

    def _meta(self, record: Record, slot: Slot, raw: Raw, cell: tuple[str, str]) -> None:
        """Take in what identifies a record, or who sees it."""
        text = text_of(raw).strip()
        if slot.field["field_name"] == layout.ID_KEY:
            record.id = text or None
            record.cells[layout.ID_KEY, None, None] = cell
            return
        record.cells["private", None, None] = cell
        for name, labels in slot.field["choices"].items():
            if text and fold(text) in {name, *(fold(label) for label in labels.values())}:
                record.private = name == "draft"
                return
        if text:
            choices = "; ".join(layout.text_of(c) for c in slot.field["choices"].values())
            self.trouble(
                *cell, "private", N_('"{value}" is not one of: {choices}.'),
                value=shown(text), choices=choices,
            )  # fmt: skip

    # MS-Keg

    def _activity_columns(self, sheet: str, grid: Grid) -> tuple[int, dict[str, int]] | None:
        """Return the row of the headings and the columns by what they hold."""
        best: tuple[int, dict[str, int]] | None = None
        for row in range(min(len(grid), _HEADING_ROWS)):
            found: dict[str, int] = {}
            for column in range(len(grid[row])):
                text = fold(text_of(_at(grid, row, column)))
                for name, names in _heading_names().items():
                    if text in names:
                        found.setdefault(name, column)
            if (
                "value" in found
                and found.keys() & {"label", "key", "item"}
                and (best is None or len(found) > len(best[1]))
            ):
                best = (row, found)
        if best is None:
            self.trouble(
                sheet, "", "",
                N_('No row with the headings "Rincian" and "Isian" was found on this sheet.'),
            )  # fmt: skip
        return best

    def activity(self, sheet: str, grid: Grid) -> Record | None:
        """Read MS-Keg; None for a sheet without answers."""
        found = self._activity_columns(sheet, grid)
        if found is None:
            return None
        top, columns = found
        names = self._names[ACTIVITY_SHEET]
        record = Record("kegiatan", sheet)
        lines = _Lines()
        multiple: str | None = None
        for row in range(top + 1, len(grid)):
            line = _Line(
                sheet,
                row,
                columns,
                _at(grid, row, columns["value"]),
                _at(grid, row, columns["second"]) if "second" in columns else None,
            )
            slot = self._line(names, grid, row, columns, multiple)
            if slot is None:
                self._unknown_line(grid, line)
                continue
            if not slot.choice:
                kind = slot.field.get("kind")
                multiple = slot.field["field_name"] if kind == "choices" else None
            self._take(record, slot, line, lines)
        self._gather(record, names, lines.pieces)
        for name, keys in lines.chosen.items():
            record.values[name] = list(dict.fromkeys([*(record.values.get(name) or []), *keys]))
        for name, rows in lines.rows.items():
            record.values[name] = rows or None
        self._other_columns(sheet, grid, top, set(columns.values()))
        answered = any(value is not None for value in record.values.values())
        return record if answered or record.unread or record.id else None

    def _take(self, record: Record, slot: Slot, line: _Line, lines: _Lines) -> None:
        """Take in a line of MS-Keg that stands for ``slot``."""
        name, cell = slot.field["field_name"], line.cell("value")
        if line.second is not None and not slot.repeated:
            where = line.cell("second")
            self.trouble(*where, name, N_("Nothing is asked in this cell. Empty it."))
        if name in (layout.ID_KEY, layout.PRIVATE_KEY):
            self._meta(record, slot, line.value, cell)
        elif slot.choice:
            record.cells.setdefault((name, None, None), cell)
            record.values.setdefault(name, None)
            if self._is_chosen(record, slot, line.value, cell):
                lines.chosen[name].append(slot.choice)
        elif slot.repeated:
            self._repeated(record, slot, line, lines.rows[name])
        else:
            if slot.part == 1:
                if slot.part in lines.pieces[name]:
                    self.trouble(*cell, name, N_("This item stands here a second time."))
                record.cells[name, None, None] = cell
            lines.pieces[name][slot.part] = line.value

    def _line(
        self,
        names: _Names,
        grid: Grid,
        row: int,
        columns: Mapping[str, int],
        multiple: str | None,
    ) -> Slot | None:
        """Return the slot of a line: by its key, else by its label, else by its number."""
        key, label, item = (
            text_of(_at(grid, row, columns[name])) if name in columns else ""
            for name in ("key", "label", "item")
        )
        if key and (slot := names.key(key)):
            return slot
        if multiple and label and not item and (slot := names.choice(multiple, label)):
            return slot
        texts = (f"{item} {label}" if item and label else "", label, item)
        return next((slot for text in texts if text and (slot := names.find(text))), None)

    def _unknown_line(self, grid: Grid, line: _Line) -> None:
        """Report an answer to nothing that the form asks."""
        if line.value is None and line.second is None:
            return
        text = next(
            (
                text_of(raw)
                for name in ("label", "item", "key")
                if name in line.columns
                and (raw := _at(grid, line.row, line.columns[name])) is not None
            ),
            "",
        )
        self.trouble(
            *line.cell("value"), "",
            N_('No item of the form is called "{name}": this answer can not be read.'),
            name=shown(text),
        )  # fmt: skip

    def _is_chosen(self, record: Record, slot: Slot, raw: Raw, cell: tuple[str, str]) -> bool:
        """Tell whether the line of a choice says yes."""
        words = fold(text_of(raw))
        if words in {"ya", "yes", "y", "v", "x", "1", "✓", "√", fold(slot.choice or "")}:
            return True
        text = text_of(raw).strip()
        if text in {"✓", "✔", "√"}:
            return True
        if words in {"tidak", "no", "t", "n", "0", "2"} or text in {"", "-"}:
            return False
        self.trouble(
            *cell, slot.field["field_name"], N_('Write "Ya" or "Tidak" here, not "{value}".'),
            value=shown(text),
        )  # fmt: skip
        record.unread.add(slot.field["field_name"])
        return False

    def _repeated(
        self, record: Record, slot: Slot, line: _Line, rows: list[dict[str, Any]]
    ) -> None:
        """Take in a line that is one row of a field."""
        name, first = slot.field["field_name"], line.cell("value")
        record.cells.setdefault((name, None, None), first)
        raws = (line.value, line.second)
        if all(raw is None for raw in raws):
            return
        number = len(rows) + 1
        values: dict[str, Any] = {}
        for column, raw, where in zip(
            slot.field["row_fields"], raws, ("value", "second"), strict=True
        ):
            if where in line.columns:
                cell = line.cell(where)
                record.cells[name, number, column["field_name"]] = cell
                value = self._value(record, Slot(slot.field, column), raw, cell)
                if value is not None:
                    values[column["field_name"]] = value
        record.cells[name, number, None] = first
        rows.append(values)

    def _gather(
        self, record: Record, names: _Names, pieces: Mapping[str, Mapping[int, Raw]]
    ) -> None:
        """Read the values of plain items, those of several cells put together."""
        for name, found in pieces.items():
            raw = self._joined(found)
            cell = record.cell_of(name)
            record.values[name] = self._value(record, names.by_key[name], raw, cell)

    @staticmethod
    def _joined(pieces: Mapping[int, Raw]) -> Raw:
        """Return one value of the pieces that a long text was cut into."""
        if len(pieces) == 1:
            return next(iter(pieces.values()))
        return "".join(text_of(pieces[number]) for number in sorted(pieces))

    def _other_columns(self, sheet: str, grid: Grid, top: int, known: set[int]) -> None:
        """Report columns that are filled but not read."""
        width = max((len(row) for row in grid), default=0)
        for column in range(width):
            if column in known:
                continue
            filled = [r for r in range(top + 1, len(grid)) if _at(grid, r, column) is not None]
            if filled:
                heading = text_of(_at(grid, top, column))
                self.trouble(
                    sheet, _name(top if heading else filled[0], column), "",
                    N_(
                        'The column "{name}" is not part of the form: what stands in it can not '
                        "be read ({count} cells)."
                    ),
                    name=shown(heading), count=len(filled),
                )  # fmt: skip

    # MS-Var and MS-Ind

    def _table_columns(self, sheet: str, grid: Grid, names: _Names) -> tuple[int, dict[int, Slot]]:
        """Return the first row below the headings, and the columns by their number.

        Headings may be spread over a few rows where cells are merged: a column is known by the
        first of these rows that names it.
        """
        rows = range(min(len(grid), _HEADING_ROWS))
        hits = {
            row: {
                column: slot
                for column in range(len(grid[row]))
                if (text := text_of(_at(grid, row, column))) and (slot := names.find(text))
            }
            for row in rows
        }
        main = max(rows, key=lambda row: (len(hits[row]), -row), default=None)
        if main is None or not hits[main]:
            self.trouble(sheet, "", "", N_("No row with the headings of this form was found."))
            return len(grid), {}
        columns: dict[int, Slot] = {}
        bottom = main
        keyed = next((row for row in rows if self._is_key_row(grid, row, names)), None)
        order = [main] if keyed is None else [keyed]
        order += [
            row
            for row in range(main - _SPREAD, main + _SPREAD + 1)
            if row in hits and row not in order
        ]
        used: set[str] = set()
        for row in order:
            if row > main and row != keyed and len(hits[row]) < _TWO_HEADINGS:
                continue
            for column, slot in hits[row].items():
                if column not in columns and slot.key not in used:
                    columns[column] = slot
                    used.add(slot.key)
                    bottom = max(bottom, row)
        for column in range(max(len(row) for row in grid)):
            if column in columns:
                continue
            heading = next(
                (t for row in (main, *order) if (t := text_of(_at(grid, row, column)))), ""
            )
            filled = [r for r in range(bottom + 1, len(grid)) if _at(grid, r, column) is not None]
            if filled and fold(heading) not in {"no", "nomor", "1"}:
                self.trouble(
                    sheet, _name(main if heading else filled[0], column), "",
                    N_(
                        'The column "{name}" is not part of the form: what stands in it can not '
                        "be read ({count} cells)."
                    ),
                    name=shown(heading), count=len(filled),
                )  # fmt: skip
        return bottom + 1, columns

    @staticmethod
    def _is_key_row(grid: Grid, row: int, names: _Names) -> bool:
        """Tell whether a row is the hidden one with the keys."""
        texts = [text_of(raw) for raw in grid[row] if text_of(raw).strip()]
        return len(texts) > 1 and all(names.key(text) for text in texts)

    def variables(self, sheet: str, grid: Grid, record: Record) -> None:
        """Read MS-Var into its activity."""
        first, columns = self._table_columns(sheet, grid, self._names[VARIABLE_SHEET])
        name = layout.VARIABLES
        if not columns:
            record.unread.add(name)
            return
        rows: list[dict[str, Any]] = []
        for row in range(first, len(grid)):
            cells = self._row(grid, row, columns)
            if not cells:
                continue
            number = len(rows) + 1
            rows.append(self._values(record, (name, number), (sheet, row), cells))
        record.values[name] = rows or None
        record.cells.setdefault((name, None, None), (sheet, _name(first, min(columns))))

    @staticmethod
    def _row(grid: Grid, row: int, columns: Mapping[int, Slot]) -> dict[int, tuple[Slot, Raw]]:
        """Return the filled cells of a row by the number of their column."""
        return {
            column: (slot, raw)
            for column, slot in columns.items()
            if (raw := _at(grid, row, column)) is not None
        }

    def _values(
        self,
        record: Record,
        place: tuple[str, int],
        where: tuple[str, int],
        cells: Mapping[int, tuple[Slot, Raw]],
    ) -> dict[str, Any]:
        """Return the values of one row of a field, by column.

        :param place: the field, and the number of its row from 1
        :param where: the sheet, and the row of the grid
        """
        (name, number), (sheet, row) = place, where
        pieces: dict[str, dict[int, Raw]] = defaultdict(dict)
        shapes: dict[str, Slot] = {}
        for column, (slot, raw) in sorted(cells.items()):
            own = slot.spec["field_name"]
            pieces[own][slot.part] = raw
            shapes[own] = slot
            record.cells.setdefault((name, number, own), (sheet, _name(row, column)))
        record.cells.setdefault((name, number, None), (sheet, _name(row, min(cells))))
        out: dict[str, Any] = {}
        for own, found in pieces.items():
            cell = record.cells[name, number, own]
            value = self._value(record, shapes[own], self._joined(found), cell)
            if value is not None:
                out[own] = value
        return out

    def indicators(self, sheet: str, grid: Grid) -> None:
        """Read MS-Ind: a row with a name, or any item that is not a row of one, begins another."""
        first, columns = self._table_columns(sheet, grid, self._names[INDICATOR_SHEET])
        record: Record | None = None
        for row in range(first, len(grid)):
            cells = self._row(grid, row, columns)
            if not cells:
                continue
            own = {c: found for c, found in cells.items() if not found[0].column}
            nested = {c: found for c, found in cells.items() if found[0].column}
            if own:
                record = self._begin(sheet, row, columns, own)
            if record is None:
                self.trouble(
                    sheet, _name(row, min(cells)), "",
                    N_("This row goes on with an indicator, but none stands above it."),
                )  # fmt: skip
                continue
            by_field: dict[str, dict[int, tuple[Slot, Raw]]] = defaultdict(dict)
            for column, (slot, raw) in nested.items():
                by_field[slot.field["field_name"]][column] = (slot, raw)
            for name, found in by_field.items():
                rows = record.values[name] = record.values.get(name) or []
                rows.append(self._values(record, (name, len(rows) + 1), (sheet, row), found))

    def _begin(
        self,
        sheet: str,
        row: int,
        columns: Mapping[int, Slot],
        cells: Mapping[int, tuple[Slot, Raw]],
    ) -> Record:
        """Begin an indicator with the items of its first row."""
        record = Record("indikator", sheet)
        self.records.append(record)
        pieces: dict[str, dict[int, Raw]] = defaultdict(dict)
        shapes: dict[str, Slot] = {}
        for column, slot in sorted(columns.items()):
            name = slot.field["field_name"]
            record.cells.setdefault((name, None, None), (sheet, _name(row, column)))
            raw = cells[column][1] if column in cells else None
            if name in (layout.ID_KEY, layout.PRIVATE_KEY):
                self._meta(record, slot, raw, (sheet, _name(row, column)))
            elif slot.column:
                record.values.setdefault(name, None)
            else:
                pieces[name][slot.part] = raw
                shapes[name] = slot
        for name, found in pieces.items():
            cell = record.cell_of(name)
            record.values[name] = self._value(record, shapes[name], self._joined(found), cell)
        return record

    # All

    def _sheet(self, wanted: str) -> str | None:
        """Return the name of the sheet that is meant by ``wanted``."""
        named = [name for name in self._grids if fold(name).startswith(fold(wanted))]
        return min(named, key=len) if named else None

    def read(self) -> None:
        """Read all sheets of the forms."""
        activity, variables, indicators = (
            self._sheet(name) for name in (ACTIVITY_SHEET, VARIABLE_SHEET, INDICATOR_SHEET)
        )
        if not (activity or variables or indicators):
            self.trouble(
                "", "", "",
                N_("This workbook has none of the sheets MS-Keg, MS-Var and MS-Ind. Use the form."),
            )  # fmt: skip
            return
        record = self.activity(activity, self._grids[activity]) if activity else None
        if record:
            self.records.append(record)
        if variables:
            if record:
                self.variables(variables, self._grids[variables], record)
            elif not self.troubles:
                self._without_activity(variables)
        if indicators:
            self.indicators(indicators, self._grids[indicators])
        if not self.records and not self.troubles:
            self.trouble("", "", "", N_("This workbook holds no answers yet."))

    def _without_activity(self, sheet: str) -> None:
        """Report variables that belong to no activity."""
        probe = Record("kegiatan", sheet)
        self.variables(sheet, self._grids[sheet], probe)
        if probe.values.get(layout.VARIABLES):
            self.trouble(
                sheet, "", layout.VARIABLES,
                N_("These variables belong to no activity: fill in the sheet MS-Keg too."),
            )  # fmt: skip


#: A row below the main headings counts as one of them only with so many that are known.
_TWO_HEADINGS = 2


def _stated_form(grid: Grid) -> str | None:
    """Return the edition of the BPS form that the sheet Petunjuk names."""
    wanted = fold(layout.texts()["guide"]["form"])
    for row in range(min(len(grid), _HEADING_ROWS)):
        for column in range(len(grid[row])):
            if fold(text_of(_at(grid, row, column))) == wanted:
                return form_edition(text_of(_at(grid, row, column + 1)))
    return None


def read(
    data: bytes,
    forms: Forms,
    *,
    form: str | None = None,
    limit: int = container.MAX_UPLOAD,
) -> Book:
    """Return what a workbook holds.

    :param data: what was uploaded
    :param forms: the forms to read it by
    :param form: edition of the BPS form that numbers come from; else what the workbook states
    :param limit: the largest number of bytes
    :raises Problem: for a file that can not be read at all
    """
    safe = container.safe_copy(data, limit)
    wanted = [fold(name) for name in (*layout.FORM_SHEETS, GUIDE_SHEET)]
    try:
        book = load_workbook(io.BytesIO(safe))
        grids = {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in book.sheet_names
            if fold(name).startswith(tuple(wanted))
        }
    except (CalamineError, OSError, ValueError) as error:
        raise Problem(
            N_("This workbook is damaged. Open it in Excel, save it again and send that file.")
        ) from error
    guide = next((grid for name, grid in grids.items() if fold(name) == fold(GUIDE_SHEET)), [])
    reader = _Reader(grids, forms.names, Reading(form_edition(form) or _stated_form(guide)))
    reader.read()
    return Book(reader.records, reader.troubles)
