"""Many names at once: reading them from a list or a table, and the report of what they mean."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import yaml
from python_calamine import CalamineError, load_workbook

from ..metadata.values import N_, Problem, shown
from ..workbook.cells import text_of
from ..workbook.container import safe_copy
from .files import MAX_BYTES, decode, guarded
from .lookup import MAX_TEXTS
from .resolver import HOW, REASONS, WHY
from .spelling import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ckan.types import Context

MATCHED, SUGGESTED, UNKNOWN = "matched", "suggested", "unknown"
#: Headings of a column that names OPD, folded.
_HEADINGS = frozenset(
    fold(text)
    for text in (
        *("dinas/instansi", "nama instansi", "instansi pemerintah", "organisasi", "organization"),
        *("nama organisasi", "owner_org", "produsen", "produsen data", "publisher", "penerbit"),
        *("nama unit", "perangkat daerah/unit", "walidata", "author", "nama dinas", "kode_opd"),
    )
) | {"opd", "namaopd", "skpd", "namaskpd", "instansi", "perangkatdaerah", "namaperangkatdaerah"}


@dataclass(frozen=True, slots=True)
class Line:
    """A text, and what it means."""

    text: str
    #: How often it is in the file.
    count: int
    #: What ``tangerang_opd_resolve`` answers.
    answer: Mapping[str, Any]

    @property
    def status(self) -> str:
        """Return ``matched``, ``suggested`` or ``unknown``."""
        if self.answer["match"]:
            return MATCHED
        return SUGGESTED if self.answer["candidates"] else UNKNOWN

    @property
    def why(self) -> str:
        """Return how it matched, why the first is suggested, or why there is none: a msgid."""
        if self.answer["match"]:
            return HOW[self.answer["match"]["how"]]
        if self.answer["candidates"] and self.answer["reason"] == "unknown":
            return WHY[self.answer["candidates"][0]["why"]]
        return REASONS[self.answer["reason"]]


# In


def _squeezed(heading: str) -> str:
    """Return a heading as it is compared; folding alone takes "OPD" away."""
    return fold(heading) or "".join(char for char in heading.casefold() if char.isalnum())


def _column(table: Sequence[Sequence[str]], wanted: str) -> tuple[int, int]:
    """Return the number of the column that names OPD, and that of its first row.

    :param wanted: heading of the column; "" to look for one that is usual
    :raises Problem: when no column has that heading
    """
    for number, row in enumerate(table[:20]):
        for column, cell in enumerate(row):
            heading = _squeezed(cell)
            if heading and (heading == _squeezed(wanted) if wanted else heading in _HEADINGS):
                return column, number + 1
    if wanted:
        raise Problem(N_('No column has the heading "{name}".'), name=shown(wanted))
    return 0, 0


def _table_of_workbook(content: bytes) -> list[list[str]]:
    """Return the cells of the first sheet of a workbook."""
    safe = safe_copy(content, MAX_BYTES)
    try:
        sheet = load_workbook(io.BytesIO(safe)).get_sheet_by_index(0)
        return [[text_of(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    except (CalamineError, IndexError, OSError, ValueError) as error:
        raise Problem(
            N_("This workbook is damaged. Open it in Excel, save it again and send that file.")
        ) from error


def _table_of_csv(text: str) -> list[list[str]]:
    """Return the cells of a CSV file with commas, semicolons or tabs."""
    first = text.lstrip("\r\n").split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise Problem(N_("This file is no CSV: {reason}."), reason=shown(error)) from error


def lines_of(text: str) -> list[str]:
    """Return the entries of a list with one on each line."""
    return [line.strip() for line in text.splitlines()]


def read(content: bytes, filename: str = "", column: str = "") -> list[str]:
    """Return the names in a list (one a line), a CSV file or a workbook.

    :param filename: its name, which tells a CSV file from a list
    :param column: heading of the column; without it one of a usual heading, else the first
    :raises Problem: for what can not be read
    """
    if len(content) > MAX_BYTES:
        raise Problem(
            N_("This file is too large: {size} MB. {limit} MB are allowed."),
            size=round(len(content) / 1024 / 1024, 1),
            limit=MAX_BYTES // 1024 // 1024,
        )
    ending = filename.rpartition(".")[2].casefold()
    if content[:2] == b"PK" or content[:4] == b"\xd0\xcf\x11\xe0" or ending == "xlsx":
        table = _table_of_workbook(content)
    elif ending in ("csv", "tsv"):
        table = _table_of_csv(decode(content))
    else:
        table = [[line] for line in lines_of(decode(content))]
    number, first = _column(table, column)
    found = [row[number].strip() for row in table[first:] if number < len(row)]
    return [text for text in found if text]


# Answers


def ask(context: Context, texts: Iterable[str], year: int | None = None) -> list[Line]:
    """Return what several names mean; each text once, in the order in which they came."""
    counts = Counter(texts)
    unique = list(counts)
    answers: list[dict[str, Any]] = []
    for start in range(0, len(unique), MAX_TEXTS):
        data = {"q": unique[start : start + MAX_TEXTS], "year": year}
        answers += tk.get_action("tangerang_opd_resolve_many")(tk.fresh_context(context), data)
    return [Line(text, counts[text], answer) for text, answer in zip(unique, answers, strict=True)]


def totals(lines: Iterable[Line]) -> dict[str, int]:
    """Return the numbers of texts by status."""
    found = Counter(line.status for line in lines)
    return {status: found[status] for status in (MATCHED, SUGGESTED, UNKNOWN)}


# Out


def as_rows(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """Return the report as plain rows."""
    rows: list[dict[str, Any]] = []
    for line in lines:
        first = line.answer["match"] or next(iter(line.answer["candidates"]), {})
        rows.append(
            {
                "q": line.text,
                "count": line.count,
                "status": line.status,
                "name": first.get("name", ""),
                "title": first.get("title", ""),
                "how": first.get("how") or first.get("why", ""),
                "score": first.get("score", ""),
                "reason": line.answer["reason"] or "",
            }
        )
    return rows


def as_csv(lines: Iterable[Line]) -> str:
    """Return the report as CSV."""
    rows = as_rows(lines)
    out = io.StringIO()
    names = ("q", "count", "status", "name", "title", "how", "score", "reason")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([guarded(str(row[name])) for name in names] for row in rows)
    return out.getvalue()


def alias_lines(lines: Iterable[Line], known: Mapping[str, Sequence[str]]) -> str:
    """Return the lines of a registry file that make the first suggestions aliases; "" for none.

    :param known: the aliases that the OPD have, by address
    """
    wanted: dict[tuple[str, str], list[str]] = {}
    for line in lines:
        if line.status == SUGGESTED and line.answer["reason"] == "unknown":
            first = line.answer["candidates"][0]
            wanted.setdefault((first["name"], first["title"]), []).append(line.text)
    blocks: list[str] = []
    for (name, title), texts in sorted(wanted.items()):
        alias = [*known.get(name, ()), *texts]
        block = yaml.safe_dump({"alias": alias}, allow_unicode=True, width=10_000)
        indented = "".join(f"    {row}\n" for row in block.splitlines())
        blocks.append(f"  - slug: {name}  # {' '.join(title.split())}\n{indented}")
    return "".join(blocks)
