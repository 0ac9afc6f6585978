"""The registry of OPD as a file: YAML, CSV, XLSX and JSON, out and in.

A plain library without CKAN. One OPD a row, with the fields of :data:`.registry.FIELDS` and the
id of the portal. In CSV and XLSX a list is one cell with ``; `` between its entries, and a former
name is ``address | name | abbreviation | from | to | legal basis``. What is written reads back as
it was.

Nothing that is read is trusted: sizes are checked before anything is parsed, YAML is built from
its events without anchors and types (so 2.10 stays 2.10), a workbook passes through
:mod:`..workbook.container`, and a cell that would be a formula is written with an apostrophe in
front, which reading takes away again.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

import yaml
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from ..metadata.values import N_, Problem, shown
from ..workbook.cells import text_of
from ..workbook.container import safe_copy
from .rows import (
    CODES,
    COLUMNS,
    HEADINGS,
    LISTS,
    MAX_ROWS,
    PERIODS,
    Note,
    Row,
    join_former,
    join_list,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .registry import Registry, Unit

#: Bytes of a file; 5,000 OPD have fewer.
MAX_BYTES = 10 * 1024 * 1024
#: Nesting and number of parts of a YAML or JSON file.
_MAX_DEPTH = 12
_MAX_PARTS = 400_000
_MAX_COLUMNS = 100

#: Format of a file: how its MIME type is called.
TYPES = {
    "yaml": "application/yaml; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json; charset=utf-8",
}

_SHEET = "OPD"
#: Excel's format of text: without it an edited code such as 2.10 becomes a number.
_TEXT_FORMAT = "@"
_MAX_WIDTH = 60
#: What a spreadsheet takes for a formula, and the apostrophes in front of it.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_EXCEL_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!")
_LIST_KEY = "opd"
_REGION_KEY = "wilayah"
_NO_TEXT = N_("This file is no text in UTF-8. In Excel save it as “CSV UTF-8” or as .xlsx.")


@dataclass
class Document:
    """What a file holds.

    :param settings: what a YAML or JSON file says beside its OPD (see :mod:`.defaults`)
    """

    rows: list[Row] = field(default_factory=list)
    errors: list[Note] = field(default_factory=list)
    warnings: list[Note] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)


# Out


def _plain(unit: Unit) -> dict[str, Any]:
    """Return what is to be written of an OPD: its fields that hold something, as plain values."""
    found = {name: getattr(unit, name) for name in COLUMNS}
    found["nama_lama"] = [
        {part: text for part, text in asdict(former).items() if text} for former in unit.nama_lama
    ]
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in found.items()
        if value
    }


def guarded(text: str) -> str:
    """Return ``text`` so that no spreadsheet takes it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Return a cell without the apostrophe that :func:`guarded` puts in front."""
    return text[1:] if _GUARDED.match(text) else text


def _cells(unit: Unit) -> list[str]:
    """Return the cells of an OPD in the order of the columns."""
    out: list[str] = []
    for name in COLUMNS:
        value = getattr(unit, name)
        if name == "nama_lama":
            value = join_former(value)
        elif name in LISTS:
            value = join_list(value)
        out.append(guarded(value))
    return out


class _Dumper(yaml.SafeDumper):
    """Writes lists of texts on one line, and quotes what other programs would read as a number."""


def _write_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """Write a text: in quotes where it begins like a number, as a code does."""
    style = '"' if text[:1].isdigit() else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _write_list(dumper: yaml.SafeDumper, entries: list[Any]) -> yaml.SequenceNode:
    """Write a list; one of texts on one line."""
    flow = all(isinstance(entry, str) for entry in entries)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", entries, flow_style=flow)


_Dumper.add_representer(str, _write_text)
_Dumper.add_representer(list, _write_list)

_YAML_HEAD = (
    "# Registry perangkat daerah (OPD). Cara mengisi: docs/opd.md. Isian yang tidak ditulis tetap\n"
    "# seperti di portal; isian kosong dikosongkan. Kode selalu dalam tanda kutip.\n"
)


def to_yaml(registry: Iterable[Unit]) -> bytes:
    """Return the registry as YAML."""
    text = yaml.dump(
        {_LIST_KEY: [_plain(unit) for unit in registry]},
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=100,
    )
    return (_YAML_HEAD + text).encode()


def to_json(registry: Iterable[Unit]) -> bytes:
    """Return the registry as JSON."""
    content = {_LIST_KEY: [_plain(unit) for unit in registry]}
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def to_csv(registry: Iterable[Unit]) -> bytes:
    """Return the registry as CSV: UTF-8 with a BOM (Excel asks for it), comma."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(_cells(unit) for unit in registry)
    return out.getvalue().encode("utf-8-sig")


def to_xlsx(registry: Iterable[Unit]) -> bytes:
    """Return the registry as a workbook whose cells are all text."""
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(_SHEET)
    rows = [_cells(unit) for unit in registry]
    for index, name in enumerate(COLUMNS):
        longest = max([len(name), *(len(row[index]) for row in rows)])
        sheet.column_dimensions[get_column_letter(index + 1)].width = min(longest, _MAX_WIDTH) + 2
    sheet.freeze_panes = "C2"
    for number, row in enumerate([list(COLUMNS), *rows]):
        cells = [WriteOnlyCell(sheet, value=value or None) for value in row]
        for cell in cells:
            cell.number_format = _TEXT_FORMAT
            if cell.value is not None:
                cell.data_type = "s"
            if not number:
                cell.font = Font(bold=True)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


_WRITERS = {"yaml": to_yaml, "json": to_json, "csv": to_csv, "xlsx": to_xlsx}


def write(registry: Registry, form: str) -> bytes:
    """Return the registry as a file.

    :param form: a key of :data:`TYPES`
    """
    return _WRITERS[form](registry)


# In


def _form_of(content: bytes, filename: str) -> str:
    """Return the format of a file: by what it begins with, else by its name."""
    if content[:4] in (b"PK\x03\x04", b"PK\x05\x06") or content[:4] == b"\xd0\xcf\x11\xe0":
        return "xlsx"
    ending = filename.rpartition(".")[2].casefold()
    if ending in ("yaml", "yml", "json"):
        return "yaml" if ending == "yml" else ending
    if ending in ("csv", "tsv", "txt"):
        return "csv"
    if ending == "xlsx":
        return "xlsx"
    head = content.lstrip(b"\xef\xbb\xbf \r\n\t")[:100]
    if head[:1] in (b"{", b"["):
        return "json"
    return "yaml" if re.match(rb"#|---|- |\w+:(\s|$)", head) else "csv"


def decode(content: bytes) -> str:
    """Return the text of a file.

    :raises Problem: for what is no text in UTF-8, or UTF-16 with its mark
    """
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Problem(_NO_TEXT) from error
    if "\0" in text:
        raise Problem(_NO_TEXT)
    return text


def _too_deep() -> Problem:
    """Return the refusal of a file that is built like none of ours."""
    return Problem(
        N_("This file is not a registry: it is nested too deeply or has too many parts.")
    )


class _Builder:
    """Builds lists, mappings and texts from the events of YAML, without recursion and types."""

    def __init__(self) -> None:
        self.result: Any = None
        self._open: list[Any] = []
        self._keys: list[Any] = []

    def add(self, value: Any) -> None:
        """Put a value where it belongs."""
        if not self._open:
            self.result = value
        elif isinstance(self._open[-1], list):
            self._open[-1].append(value)
        elif self._keys[-1] is None:
            if not isinstance(value, str):
                raise Problem(N_("This file is not a registry: a name of a field is no text."))
            self._keys[-1] = value
        else:
            found, key = self._open[-1], self._keys[-1]
            if key in found:
                raise Problem(N_('"{value}" is written twice for one OPD.'), value=shown(key))
            found[key], self._keys[-1] = value, None

    def open(self, value: Any) -> None:
        """Begin a list or mapping."""
        self.add(value)
        self._open.append(value)
        self._keys.append(None)
        if len(self._open) > _MAX_DEPTH:
            self.refuse()

    @staticmethod
    def refuse() -> None:
        """Refuse a file that is built like none of ours."""
        raise _too_deep()

    def close(self) -> None:
        """End a list or mapping."""
        self._open.pop()
        self._keys.pop()


def _build(builder: _Builder, event: yaml.Event) -> None:
    """Add what an event of YAML says."""
    if isinstance(event, yaml.AliasEvent):
        raise Problem(N_("Write out what is named by *: this file is read without it."))
    if isinstance(event, yaml.ScalarEvent):
        plain = event.implicit[0] and event.value in ("~", "null")
        builder.add("" if plain else event.value)
    elif isinstance(event, yaml.SequenceStartEvent):
        builder.open([])
    elif isinstance(event, yaml.MappingStartEvent):
        builder.open({})
    elif isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
        builder.close()
    elif isinstance(event, yaml.DocumentStartEvent) and builder.result is not None:
        raise Problem(N_("This file has several YAML documents (---). Write one."))


def _from_yaml(text: str) -> Any:
    """Return the content of a YAML file: lists, mappings, texts.

    :raises Problem: saying in which line what is wrong
    """
    builder = _Builder()
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    line = 1
    try:
        for number, event in enumerate(yaml.parse(text, Loader=loader)):
            line = event.start_mark.line + 1
            if number > _MAX_PARTS:
                builder.refuse()
            _build(builder, event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise Problem(
            N_("Line {line} is no YAML: {reason}. Look for blanks, colons and quotes there."),
            line=mark.line + 1 if mark else line,
            reason=shown(error.problem or ""),
        ) from error
    except yaml.YAMLError as error:
        raise Problem(
            N_("This file is no YAML: it has characters that are not allowed.")
        ) from error
    except Problem as problem:
        raise Problem(N_("Line {line}: {reason}"), line=line, reason=problem) from problem
    return builder.result


def _from_json(text: str) -> Any:
    """Return the content of a JSON file.

    :raises Problem: for anything else
    """
    depth = 0
    for match in re.finditer(r'"(?:\\.|[^"\\])*"|[\[\]{}]', text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(match[0], 0)
        if depth > _MAX_DEPTH:
            raise _too_deep()
    try:
        return json.loads(text, parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as error:
        raise Problem(N_("This file is no JSON: {reason}."), reason=shown(error)) from error


def _rows_of_list(content: Any) -> Document:
    """Return the OPD of a YAML or JSON file."""
    document = Document()
    if isinstance(content, dict):
        document.settings = {key: value for key, value in content.items() if key != _LIST_KEY}
        content = content.get(_LIST_KEY)
    if not isinstance(content, list):
        raise Problem(N_("This file is not a registry: it has no list of OPD (opd:)."))
    _check_number(len(content))
    for number, entry in enumerate(content, start=1):
        place = f"opd[{number}]"
        if not isinstance(entry, dict):
            document.errors.append(
                Note(
                    "row",
                    N_('Write fields such as "name: dinkes" here, not "{value}".'),
                    {"value": shown(entry)},
                    row=place,
                )
            )
            continue
        region = str(entry.get(_REGION_KEY) or "")
        values, unknown = _named((k, v) for k, v in entry.items() if k != _REGION_KEY)
        document.rows.append(Row(values, place, region=region))
        document.warnings += [_unknown(name, place) for name in unknown]
    return document


def _check_number(count: int) -> None:
    """Check the number of OPD.

    :raises Problem: for too many
    """
    if count > MAX_ROWS:
        raise Problem(
            N_("This file has {count} rows. {limit} OPD are allowed."), count=count, limit=MAX_ROWS
        )


def _unknown(name: str, place: str = "") -> Note:
    """Return the warning about a column or field that is not ours."""
    return Note(
        "unknown_field",
        N_('"{value}" is no field of the registry; it is not read.'),
        {"value": shown(name)},
        row=place,
    )


def _heading(text: str) -> str:
    """Return the field that a heading names; the heading itself where it names none."""
    name = re.sub(r"[\s-]+", "_", text.strip().casefold())
    return HEADINGS.get(name, name)


def _cell_heading(cell: Any) -> str:
    """Return the field that the cell of a heading names."""
    return _heading(text_of(cell))


def _named(items: Iterable[tuple[Any, Any]]) -> tuple[dict[str, Any], list[str]]:
    """Return values by field, and the names that are no field."""
    values: dict[str, Any] = {}
    unknown: list[str] = []
    for key, value in items:
        name = _heading(str(key))
        if name in COLUMNS and name not in values:
            values[name] = value
        else:
            unknown.append(str(key))
    return values, unknown


# Tables


def _read_cell(name: str, raw: Any) -> str:
    """Return the text of a cell.

    :raises Problem: where a spreadsheet has made something else of it than was typed
    """
    text = unguarded(text_of(raw)).strip()
    if text in _EXCEL_ERRORS or isinstance(raw, bool):
        raise Problem(N_('"{value}" is an error or result of a formula. Write text.'), value=text)
    if isinstance(raw, str) or raw is None:
        return text
    if name in CODES:
        raise Problem(
            N_(
                'The spreadsheet has made the number or date "{value}" of this code. Format the '
                "cell as text and write the code again, with all its zeros."
            ),
            value=text,
        )
    if name in PERIODS and not isinstance(raw, int):
        if isinstance(raw, float) and raw.is_integer():
            return text
        if isinstance(raw, (date, datetime)) and not isinstance(raw, time):
            return raw.isoformat()[:10]
        raise Problem(
            N_('Write a year (2024), a month (2024-05) or a date (2024-05-31), not "{value}".'),
            value=text,
        )
    return text


def _table(table: Iterator[Sequence[Any]]) -> Document:
    """Return the OPD of a table: headings in its first row that holds something."""
    document = Document()
    numbered = enumerate(table, start=1)
    headings = (list(map(_cell_heading, cells)) for _, cells in numbered)
    heading: list[str] = next(filter(any, headings), [])
    if len(heading) > _MAX_COLUMNS or not {"name", "kode_opd", "id"} & set(heading):
        raise Problem(
            N_(
                "This file is not a registry: its first row must hold the names of the fields, "
                "such as name, title, kode_opd."
            )
        )
    known = [name for name in heading if name in COLUMNS]
    twice = sorted({name for name in known if known.count(name) > 1})
    if twice:
        raise Problem(N_('The column "{value}" stands there twice.'), value=twice[0])
    document.warnings = [_unknown(name) for name in heading if name and name not in COLUMNS]
    for number, cells in numbered:
        _read_row(document, heading, number, cells)
    return document


def _read_row(document: Document, heading: list[str], number: int, cells: Sequence[Any]) -> None:
    """Add the OPD of one row of a table; a row without text is none."""
    if not any(text_of(cell).strip() for cell in cells):
        return
    _check_number(len(document.rows) + 1)
    places = {
        name: f"{get_column_letter(index)}{number}"
        for index, name in enumerate(heading, start=1)
        if name in COLUMNS
    }
    row = Row({}, str(number), places)
    values: dict[str, Any] = {}
    for name, raw in zip(heading, cells, strict=False):
        if name not in COLUMNS:
            continue
        try:
            values[name] = _read_cell(name, raw)
        except Problem as problem:
            document.errors.append(row.note("cell", problem.msgid, name, **problem.params))
    document.rows.append(Row(values, str(number), places))


def _from_csv(text: str) -> Document:
    """Return the OPD of a CSV file with commas, semicolons or tabs."""
    first = text.lstrip("\r\n").split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    try:
        return _table(iter(csv.reader(io.StringIO(text, newline=""), delimiter=separator)))
    except csv.Error as error:
        raise Problem(N_("This file is no CSV: {reason}."), reason=shown(error)) from error


def _from_xlsx(content: bytes) -> Document:
    """Return the OPD of a workbook: of the sheet ``OPD``, else of the first."""
    safe = safe_copy(content, MAX_BYTES)
    try:
        book = load_workbook(io.BytesIO(safe), read_only=True, data_only=True)
        name = next((n for n in book.sheetnames if n.strip().casefold() == "opd"), None)
        sheet: Any = book[name or book.sheetnames[0]]
        return _table(iter(sheet.iter_rows(values_only=True)))
    except (
        zipfile.BadZipFile, KeyError, IndexError, ValueError, TypeError, AttributeError,
        SyntaxError, OverflowError,
    ) as error:  # fmt: skip
        if isinstance(error, Problem):
            raise
        raise Problem(
            N_("This workbook is damaged. Open it in Excel, save it again and send that file.")
        ) from error


def _read(content: bytes, filename: str) -> Document:
    """Return what a file holds.

    :raises Problem: for one that can not be read at all
    """
    if len(content) > MAX_BYTES:
        raise Problem(
            N_("This file is too large: {size} MB. {limit} MB are allowed."),
            size=round(len(content) / 1024 / 1024, 1),
            limit=MAX_BYTES // 1024 // 1024,
        )
    if not content.strip():
        raise Problem(N_("This file is empty."))
    form = _form_of(content, filename)
    if form == "xlsx":
        return _from_xlsx(content)
    text = decode(content)
    if form == "csv":
        return _from_csv(text)
    return _rows_of_list(_from_json(text) if form == "json" else _from_yaml(text))


def read(content: bytes, filename: str = "") -> Document:
    """Return what a file holds; a whole that can not be read is one error.

    :param content: bytes of a YAML, JSON, CSV or XLSX file
    :param filename: its name, which tells the format where the content does not
    """
    try:
        return _read(content, filename)
    except Problem as problem:
        return Document(errors=[Note("file", problem.msgid, problem.params)])


def read_rows(entries: Any) -> Document:
    """Return what a list of OPD holds, as an API call sends it."""
    try:
        return _rows_of_list(entries)
    except Problem as problem:
        return Document(errors=[Note("file", problem.msgid, problem.params)])
