"""Writes the workbook of an activity with its variables and indicators, or of indicators.

A plain library without CKAN. openpyxl is used because it is a dependency already: an export takes
a tenth of a second more than with XlsxWriter, and empty forms are kept.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from ..metadata.codelists import codelist
from ..metadata.values import as_list
from . import layout
from .cells import CHOICE_KINDS, NUMBER_KINDS, choice_label
from .layout import Slot, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from ..metadata.fields import Field

#: What a spreadsheet takes for the start of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
#: Characters that XML can not hold.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: What readers take for an escaped character.
_ESCAPE = re.compile(r"_(x[0-9A-Fa-f]{4}_)")

_BLUE, _PALE, _GREY, _NEEDED = "1F4E79", "DDEBF7", "D9D9D9", "FFF8DC"
_DATE_FORMAT, _TEXT_FORMAT, _NUMBER_FORMAT = "dd/mm/yyyy", "@", "0.##########"
_WRAP = Alignment(wrap_text=True, vertical="top")
_HEADING = {
    "font": Font(bold=True, color="FFFFFF"),
    "fill": PatternFill("solid", start_color=_BLUE),
    "alignment": Alignment(wrap_text=True, vertical="center"),
    "border": Border(bottom=Side("thin", color="FFFFFF"), right=Side("thin", color="FFFFFF")),
}
_BLOCK = {"font": Font(bold=True), "fill": PatternFill("solid", start_color=_PALE)}
_NOTE = {"font": Font(italic=True, color="595959"), "alignment": _WRAP}
_TITLE = {"font": Font(bold=True, size=14, color=_BLUE)}
_OPEN = Protection(locked=False)
_LABEL = {"alignment": _WRAP}
_INPUT = {"alignment": _WRAP, "protection": _OPEN, "number_format": _TEXT_FORMAT}
_NEEDED_FILL = PatternFill("solid", start_color=_NEEDED)

#: Widths of columns, in characters.
_WIDTHS = {"text": 26, "longtext": 44, "list": 32, "pairs": 32, "yes_no": 14, "choice": 22}


def put(cell: Any, value: Any, **style: Any) -> None:
    """Put a value into a cell; text is text whatever it begins with, never a formula."""
    for name, part in style.items():
        setattr(cell, name, part)
    if not isinstance(value, str):
        cell.value = value
        return
    text = _NOT_XML.sub("", value)
    cell.value = _ESCAPE.sub(r"_x005F_\1", text)
    cell.data_type = "s"
    if text.startswith(_FORMULA):
        cell.quotePrefix = True


def _input_style(slot: Slot, value: Any) -> dict[str, Any]:
    """Return the style of a cell that is filled in."""
    style = dict(_INPUT)
    kind = slot.spec.get("kind")
    if kind == "date" and (value is None or isinstance(value, date)):
        style["number_format"] = _DATE_FORMAT
    elif kind in NUMBER_KINDS and not isinstance(value, str):
        style["number_format"] = _NUMBER_FORMAT
    if slot.needed:
        style["fill"] = _NEEDED_FILL
    return style


def _protect(sheet: Worksheet, freeze: str) -> None:
    """Lock the headings, without a password, and leave everything else to people."""
    sheet.freeze_panes = freeze
    protection = sheet.protection
    protection.sheet = True
    for allowed in (
        *("formatCells", "formatColumns", "formatRows", "insertRows", "insertColumns"),
        *("insertHyperlinks", "deleteRows", "deleteColumns", "sort", "autoFilter"),
    ):
        setattr(protection, allowed, False)  # False: not forbidden


class _Codes:
    """The sheet of the code lists, and the ranges of it that drop-downs point to."""

    def __init__(self, sheet: Worksheet) -> None:
        self._sheet = sheet
        self._ranges: dict[str, str] = {}
        put(sheet.cell(1, 1), layout.texts()["titles"][layout.CODE_SHEET]["id"], **_TITLE)
        for number, heading in enumerate(layout.texts()["code_columns"], start=1):
            put(sheet.cell(3, number), heading, **_HEADING)
        for letter, width in zip("ABCDE", (34, 12, 50, 50, 40), strict=True):
            sheet.column_dimensions[letter].width = width
        _protect(sheet, "A4")

    def range_of(self, names: str, field: Field | None = None) -> str:
        """Return the range of the choices of one or several lists, written when first asked for.

        :param field: the field that uses them, to be named beside them
        """
        if names in self._ranges:
            return self._ranges[names]
        top = self._sheet.max_row + 2
        row = top
        title = text_of(field["label"]) if field else names
        for name in names.split():
            found = codelist(name)
            for item in found.items:
                code = "" if item.code is None else str(item.code)
                for column, value in enumerate((title, code, item.id, item.en, item.key), start=1):
                    put(self._sheet.cell(row, column), value, **_LABEL)
                row += 1
        self._ranges[names] = f"{layout.CODE_SHEET}!$C${top}:$C${row - 1}"
        return self._ranges[names]


class _DropDowns:
    """The data validations of one sheet: one for each list, over all its cells."""

    def __init__(self, sheet: Worksheet, codes: _Codes) -> None:
        self._sheet, self._codes = sheet, codes
        self._made: dict[tuple[str, bool], DataValidation] = {}

    def _add(self, source: str, cells: str, *, strict: bool) -> None:
        """Let ``cells`` be chosen from ``source``.

        :param strict: nothing else may be written
        """
        made = self._made.get((source, strict))
        if made is None:
            made = DataValidation(
                type="list", formula1=source, allow_blank=True, showErrorMessage=strict
            )
            made.errorTitle = layout.texts()["guide"]["title"]
            made.error = "Pilih dari daftar. / Choose from the list."
            self._made[source, strict] = made
            self._sheet.add_data_validation(made)
        made.add(cells)

    def add(self, slot: Slot, cells: str) -> None:
        """Give cells of ``slot`` their drop-down, if their kind has one."""
        spec = slot.spec
        if spec.get("kind") == "visibility":
            choices = ",".join(text_of(c) for c in spec["choices"].values())
            self._add(f'"{choices}"', cells, strict=True)
        elif slot.choice:
            answers = ",".join(text_of(layout.texts()[name]) for name in ("chosen", "not_chosen"))
            self._add(f'"{answers}"', cells, strict=True)
        elif spec.get("kind") in CHOICE_KINDS:
            self._add(self._codes.range_of(spec["codelist"], spec), cells, strict=False)
        elif names := spec.get("suggestions") or (
            spec.get("codelist") if spec.get("kind") != "choices" else None
        ):
            self._add(self._codes.range_of(names, spec), cells, strict=False)


def _value_of(slot: Slot, record: Mapping[str, Any]) -> Any:
    """Return what a record has for a slot that is not a column of rows."""
    name = slot.field["field_name"]
    if name == layout.ID_KEY:
        return record.get("id")
    if name == layout.PRIVATE_KEY:
        if "private" not in record:
            return None
        which = "draft" if record["private"] else "public"
        return text_of(slot.field["choices"][which])
    value = record.get(name)
    if slot.choice:
        return text_of(layout.texts()["chosen"]) if slot.choice in as_list(value or []) else None
    if slot.field.get("kind") == "choices":
        return None  # on the lines of the choices
    return value


@dataclass
class _Line:
    """A written line of MS-Keg."""

    slot: Slot
    row: int


def _quoted(text: str) -> str:
    """Return a text as a constant of a formula."""
    return '"' + text.replace('"', '""') + '"'


def _is_open_formula(field: Field, lines: Mapping[str, int], by_name: Mapping[str, Field]) -> str:
    """Return the formula of the condition of an item of MS-Keg, parents included.

    :param lines: row by key
    """
    terms: list[str] = []
    for parent, allowed in field.get("open_when", {}).items():
        if by_name[parent].get("kind") == "choices":
            answers = [
                f'$C${lines[f"{parent}={key}"]}="{text_of(layout.texts()["chosen"])}"'
                for key in allowed
            ]
        else:
            answers = [
                f"$C${lines[parent]}={_quoted(choice_label(by_name[parent], key))}"
                for key in allowed
            ]
        terms.append(f"OR({','.join(answers)})")
        if by_name[parent].get("open_when"):
            terms.append(_is_open_formula(by_name[parent], lines, by_name))
    return f"AND({','.join(terms)})"


def _grey(sheet: Worksheet, cells: str, formula: str) -> None:
    """Show cells in grey while ``formula`` holds."""
    sheet.conditional_formatting.add(
        cells,
        FormulaRule(
            formula=[formula],
            fill=PatternFill("solid", start_color=_GREY, end_color=_GREY),
            font=Font(color="808080", strike=True),
        ),
    )


class _ActivitySheet:
    """Writes MS-Keg."""

    def __init__(self, sheet: Worksheet, codes: _Codes, schema: Mapping[str, Any]) -> None:
        self._sheet, self._schema = sheet, schema
        self._drop_downs = _DropDowns(sheet, codes)
        self._row = 3
        self._lines: list[_Line] = []
        self._numbers: dict[str, int] = {}

    def write(self, record: Mapping[str, Any]) -> None:
        """Write the sheet of a record; of an empty one the empty form."""
        sheet = self._sheet
        put(sheet["A1"], layout.texts()["titles"][layout.ACTIVITY_SHEET]["id"], **_TITLE)
        for letter, width in zip("ABCDEF", (14, 48, 46, 22, 56, 20), strict=True):
            sheet.column_dimensions[letter].width = width
        sheet.column_dimensions["F"].hidden = True
        columns = layout.texts()["columns"]
        for number, name in enumerate(columns, start=1):
            put(sheet.cell(3, number), text_of(columns[name]), **_HEADING)
        groups = {g["name"]: g for g in self._schema.get("form_groups", [])}
        opened = None
        for slot in layout.activity_slots(self._schema):
            group = slot.field.get("form_group")
            if group != opened:
                opened = group
                self._block(groups[group])
            self._item(slot, record)
        self._conditions()
        sheet.print_title_rows = "3:3"
        sheet.page_setup.orientation = "portrait"
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        _protect(sheet, "C4")

    def _block(self, group: Mapping[str, Any]) -> None:
        """Write the heading of a block of the form."""
        self._row += 1
        for column in range(1, 7):
            put(self._sheet.cell(self._row, column), None, **_BLOCK)
        put(self._sheet.cell(self._row, 1), text_of(group["label"]))
        put(self._sheet.cell(self._row, 5), text_of(group.get("help_text")) or None)
        if group["name"] == layout.VARIABLES:
            put(self._sheet.cell(self._row, 5), text_of(layout.texts()["see_variables"]))

    def _item(self, slot: Slot, record: Mapping[str, Any]) -> None:
        """Write the line or lines of an item."""
        if not slot.repeated:
            for number, value in enumerate(
                layout.cell_parts(slot, _value_of(slot, record)), start=1
            ):
                self._line(Slot(slot.field, choice=slot.choice, part=number), [value])
            return
        rows = as_list(record.get(slot.field["field_name"]) or [])
        first, second = (Slot(slot.field, c) for c in slot.field["row_fields"])
        for number in range(1, max(layout.SPARE_ROWS, len(rows) + 1) + 1):
            row = rows[number - 1] if number <= len(rows) else {}
            cells = [
                layout.cell_parts(s, row.get(s.spec["field_name"]))[0] for s in (first, second)
            ]
            self._line(slot, cells, columns=(first, second), number=number)

    def _line(
        self,
        slot: Slot,
        cells: Sequence[Any],
        columns: Sequence[Slot] = (),
        number: int = 1,
    ) -> None:
        """Write one line."""
        self._row += 1
        row, sheet = self._row, self._sheet
        label = slot.label()
        if number > 1:
            label = f"{label} ({text_of(layout.texts()['row'])}-{number})"
        if slot.needed and slot.part == 1 and number == 1:
            label += " *"
        item = "" if slot.choice else slot.item()
        put(sheet.cell(row, 1), item, **_LABEL)
        put(
            sheet.cell(row, 2),
            label,
            alignment=Alignment(wrap_text=True, vertical="top", indent=2 if slot.choice else 0),
        )
        help_text = text_of(slot.spec.get("help_text"))
        put(sheet.cell(row, 5), None if slot.choice or number > 1 else help_text or None, **_NOTE)
        put(sheet.cell(row, 6), slot.key)
        for column, value in enumerate(cells, start=3):
            shape = columns[column - 3] if columns else slot
            put(sheet.cell(row, column), value, **_input_style(shape, value))
            self._drop_downs.add(shape if columns else slot, sheet.cell(row, column).coordinate)
        if slot.field.get("kind") == "choices" and not slot.choice:
            sheet.cell(row, 3).fill = PatternFill()
        self._numbers.setdefault(slot.key, row)
        self._lines.append(_Line(slot, row))

    def _conditions(self) -> None:
        """Show in grey what is not asked."""
        by_name = {f["field_name"]: f for f in self._schema["dataset_fields"]}
        for line in self._lines:
            if line.slot.field.get("open_when"):
                formula = _is_open_formula(line.slot.field, self._numbers, by_name)
                _grey(self._sheet, f"A{line.row}:E{line.row}", f"NOT({formula})")


#: Rows of a table: title, numbers of the items, headings, keys (hidden).
_ITEMS, _HEADINGS, _KEYS = 3, 4, 5


def _write_table(
    sheet: Worksheet,
    codes: _Codes,
    slots: Sequence[Slot],
    rows: Sequence[Mapping[str, Sequence[Any]]],
) -> list[Slot]:
    """Write a table: headings, keys, rows, drop-downs.

    :param rows: by key of the column what stands in its cell and those it goes on in
    :returns: the columns as written
    """
    longest: dict[str, int] = {}
    for row in rows:
        for key, pieces in row.items():
            longest[key] = max(longest.get(key, 1), len(pieces))
    written = list(layout.with_parts(list(slots), longest))
    put(sheet["A1"], layout.texts()["titles"][sheet.title]["id"], **_TITLE)
    drop_downs = _DropDowns(sheet, codes)
    bottom = _KEYS + max(layout.TABLE_ROWS, len(rows))
    for number, slot in enumerate(written, start=1):
        letter = get_column_letter(number)
        column = sheet.column_dimensions[letter]
        column.width = _WIDTHS.get(slot.spec.get("kind", "text"), 26)
        column.alignment, column.protection = _WRAP, _OPEN
        column.number_format = _input_style(slot, None)["number_format"]
        put(sheet.cell(_ITEMS, number), slot.item(), **_HEADING)
        put(sheet.cell(_HEADINGS, number), slot.label() + (" *" if slot.needed else ""), **_HEADING)
        put(sheet.cell(_KEYS, number), slot.key, protection=Protection(locked=True))
        for row in (1, 2):
            sheet.cell(row, number).protection = Protection(locked=True)
        drop_downs.add(slot, f"{letter}{_KEYS + 1}:{letter}{bottom}")
    sheet.row_dimensions[_HEADINGS].height = 45
    sheet.row_dimensions[_KEYS].hidden = True
    for row_number, row in enumerate(rows, start=_KEYS + 1):
        for column, slot in enumerate(written, start=1):
            pieces = row.get(Slot(slot.field, slot.column).key, [None])
            value = pieces[slot.part - 1] if slot.part <= len(pieces) else None
            if value is not None:
                style = _input_style(slot, value)
                style.pop("fill", None)
                put(sheet.cell(row_number, column), value, **style)
    sheet.print_title_rows = f"{_ITEMS}:{_HEADINGS}"
    sheet.page_setup.orientation = "landscape"
    return written


def _variable_rows(slots: Sequence[Slot], record: Mapping[str, Any]) -> list[dict[str, list[Any]]]:
    """Return the rows of MS-Var."""
    return [
        {slot.key: layout.cell_parts(slot, row.get(slot.spec["field_name"])) for slot in slots}
        for row in as_list(record.get(layout.VARIABLES) or [])
    ]


def _indicator_rows(
    slots: Sequence[Slot], records: Iterable[Mapping[str, Any]]
) -> list[dict[str, list[Any]]]:
    """Return the rows of MS-Ind: of an indicator as many as its longest field has."""
    out: list[dict[str, list[Any]]] = []
    for record in records:
        fields = {s.field["field_name"]: s.field for s in slots if s.column}
        height = max((len(as_list(record.get(name) or [])) for name in fields), default=1)
        for index in range(max(height, 1)):
            line: dict[str, list[Any]] = {}
            for slot in slots:
                if slot.column:
                    rows = as_list(record.get(slot.field["field_name"]) or [])
                    value = rows[index].get(slot.spec["field_name"]) if index < len(rows) else None
                    line[slot.key] = layout.cell_parts(slot, value)
                elif index == 0:
                    line[slot.key] = layout.cell_parts(slot, _value_of(slot, record))
            out.append(line)
    return out


def _write_indicators(
    sheet: Worksheet,
    codes: _Codes,
    schema: Mapping[str, Any],
    records: Sequence[Mapping[str, Any]],
) -> None:
    """Write MS-Ind."""
    slots = layout.indicator_slots(schema)
    rows = _indicator_rows(slots, records)
    written = _write_table(sheet, codes, slots, rows)
    letters = {s.key: get_column_letter(n) for n, s in enumerate(written, start=1)}
    by_name = {f["field_name"]: f for f in schema["dataset_fields"]}
    top, bottom = _KEYS + 1, _KEYS + max(layout.TABLE_ROWS, len(rows))
    for slot in written:
        if not slot.field.get("open_when"):
            continue
        terms = [
            f"NOT(OR({','.join(answers)}))"
            for answers in (
                [
                    f"${letters[parent]}{top}={_quoted(choice_label(by_name[parent], key))}"
                    for key in keys
                ]
                for parent, keys in slot.field["open_when"].items()
            )
        ]
        letter = letters[slot.key]
        # Rows that go on with the indicator above leave its name, and the answer, out.
        formula = f'AND(${letters["title"]}{top}<>"",OR({",".join(terms)}))'
        _grey(sheet, f"{letter}{top}:{letter}{bottom}", formula)
    freeze = get_column_letter([s.key for s in written].index("title") + 2)
    _protect(sheet, f"{freeze}{top}")


def _write_guide(sheet: Worksheet) -> None:
    """Write the sheet that explains the others and says which versions they are of."""
    guide = layout.texts()["guide"]
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 110
    put(sheet["A1"], guide["title"], **_TITLE)
    put(sheet["A3"], guide["version"], font=Font(bold=True))
    put(sheet["B3"], layout.VERSION)
    put(sheet["A4"], guide["form"], font=Font(bold=True))
    put(sheet["B4"], layout.BPS_FORM, protection=_OPEN)
    for number, line in enumerate(guide["lines"], start=1):
        put(sheet.cell(5 + number, 1), str(number), alignment=Alignment(vertical="top"))
        put(sheet.cell(5 + number, 2), line, **_LABEL)
    _protect(sheet, "A2")


def write(
    schemas: Mapping[str, Mapping[str, Any]],
    activity: Mapping[str, Any] | None,
    indicators: Sequence[Mapping[str, Any]] = (),
) -> bytes:
    """Return a workbook.

    :param schemas: the scheming schemas by type of record
    :param activity: the record, an empty one for an empty form; None for indicators alone
    :param indicators: records of indicators
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    names = layout.FORM_SHEETS if activity is not None else (layout.INDICATOR_SHEET,)
    sheets = {
        name: book.create_sheet(name) for name in (*names, layout.GUIDE_SHEET, layout.CODE_SHEET)
    }
    codes = _Codes(sheets[layout.CODE_SHEET])
    if activity is not None:
        schema = schemas["kegiatan"]
        _ActivitySheet(sheets[layout.ACTIVITY_SHEET], codes, schema).write(activity)
        slots = layout.variable_slots(schema)
        rows = _variable_rows(slots, activity)
        _write_table(sheets[layout.VARIABLE_SHEET], codes, slots, rows)
        _protect(sheets[layout.VARIABLE_SHEET], f"C{_KEYS + 1}")
    _write_indicators(sheets[layout.INDICATOR_SHEET], codes, schemas["indikator"], indicators)
    _write_guide(sheets[layout.GUIDE_SHEET])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
