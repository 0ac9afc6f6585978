"""Judges how completely a record is described. A plain library without CKAN.

*Completeness* is the share of the items that a record's own answers ask for which are filled. The
*score*, of datasets only, comes from the checks in ``checks.yaml``. Both are whole numbers from 0
to 100, rounded down, so that 100 means that nothing is left to do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from ..metadata import completeness, conditions, kamus, links
from ..metadata.values import Problem, as_list, is_empty
from ..wilayah import is_region
from .checks import Checks, load

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from .checks import Check, Part

    Record = Mapping[str, Any]

#: Name of the task to fill in an item that a public record needs.
NEEDED = "needed"
#: Field of datasets that links to the indicators whose values they hold.
INDICATORS = "indikator"

_WORD = re.compile(r"\w+")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_WEB = re.compile(r"https?://[^\s/]+\.[^\s]+", re.IGNORECASE)
#: What CKAN stores where somebody chose "license not specified".
_NO_LICENSE = "notspecified"
_FIGURES = ("integer", "number")
#: How many different words a paragraph of a form needs: one word explains nothing.
_PARAGRAPH_WORDS = 2
#: In so many characters of a text are mostly more words than a placeholder has.
_BEGINNING = 100
#: Against sums like 0.1 + 0.2 when rounding down.
_EPSILON = 1e-9


@dataclass(frozen=True)
class Task:
    """One thing that would improve a record.

    :param check: name of the failed check, or :data:`NEEDED`
    :param field: what to fill in
    :param points: how much the score (of a dataset) or the completeness would grow
    :param resource: id of the first file that the task is about
    :param row: number, from 1, of the first row of the field that lacks something
    """

    check: str
    field: str
    points: float
    resource: str | None = None
    row: int | None = None


@dataclass(frozen=True)
class Result:
    """What a record is worth; ``score`` and ``parts`` are None and empty but for datasets."""

    completeness: int
    score: int | None
    parts: Mapping[str, int]
    todo: tuple[Task, ...]


class Item(Protocol):
    """What :mod:`..metadata.conditions` says of one item of a form."""

    @property
    def field(self) -> str:
        """Return the name of the field."""
        ...

    @property
    def row(self) -> int | None:
        """Return the number of the row, from 1; None for the item itself."""
        ...

    @property
    def needed(self) -> bool:
        """Tell whether a public record must answer it."""
        ...

    @property
    def answered(self) -> bool:
        """Tell whether there is an answer, if only that there is nothing to answer."""
        ...

    @property
    def filled(self) -> bool:
        """Tell whether there is an answer with content."""
        ...


def _plain(text: str) -> str:
    """Return the words of ``text`` in lower case with single blanks."""
    return " ".join(_WORD.findall(text.casefold()))


@lru_cache(maxsize=16)
def _placeholders(title: str | None) -> tuple[frozenset[str], int]:
    """Return what stands where nothing is known, and the largest number of words of these.

    :param title: the title of the record, whose copy says nothing new
    """
    texts = load().placeholders | ({_plain(title)} if title else set())
    return frozenset(texts), max(len(text.split()) for text in texts)


def is_placeholder(value: Any, title: str | None = None) -> bool:
    """Tell whether a text stands where nothing is known.

    :param value: text; anything else is none
    :param title: the title of the record, whose copy says nothing new
    """
    if not isinstance(value, str):
        return False
    known, most = _placeholders(title)
    if len(value) > _BEGINNING and len(_WORD.findall(value, 0, _BEGINNING)) > most:
        return False
    plain = _plain(value)
    return not plain or plain in known


def _percent(fraction: float) -> int:
    """Return a fraction as a whole number of per cent, rounded down."""
    return int(100 * fraction + _EPSILON)


def _has_words(text: str, count: int) -> bool:
    """Tell whether ``text`` has so many different words; it is read no further than that."""
    found: set[str] = set()
    if count > 0:
        for word in _LETTERS.finditer(text.casefold()):
            found.add(word[0])
            if len(found) == count:
                break
    return len(found) >= count


def _answers(value: Any, title: str | None = None) -> list[str]:
    """Return the entries of a value, a list or not, that say something."""
    entries = [] if is_empty(value) else [str(entry) for entry in as_list(value)]
    return [entry for entry in entries if not is_placeholder(entry, title)]


def _kamus_rows(resource: Record) -> list[dict[str, str]]:
    """Return the kamus of a file; none where it can not be read."""
    try:
        return kamus.read(resource.get("kamus"))
    except Problem:
        return []


class _Judge:
    """Applies the checks to one dataset."""

    def __init__(self, record: Record, checks: Checks, indicators: Sequence[Record] = ()) -> None:
        self.record = record
        self.checks = checks
        self.indicators = indicators
        self.title = str(record.get("title") or "")
        self.resources: list[Record] = list(record.get("resources") or [])
        formats = {str(r.get("format") or "").casefold() for r in self.resources}
        tables = formats & checks.table_formats
        #: Files that a kamus can explain: the tables, or all where none is known as a table.
        self.tables = [
            r
            for r in self.resources
            if not tables or str(r.get("format") or "").casefold() in tables
        ]
        self.kamus = [_kamus_rows(r) for r in self.tables]

    # Rules: each returns the fraction that is reached, and the first file that falls short.

    def _entries(self, name: str) -> list[str]:
        """Return the entries of a field that hold something."""
        return _answers(self.record.get(name), self.title)

    def _explained(self, check: Check) -> bool:
        """Tell whether a kamus or a linked indicator holds what the check asks for."""
        columns = [row.get(check.kamus, "") for rows in self.kamus for row in rows]
        linked = [record.get(check.linked) for record in self.indicators]
        answers = (_answers(value, self.title) for value in (*columns, *linked))
        words = check.words if check.rule == "sentence" else 0
        return any(found and _has_words(" ".join(found), words) for found in answers)

    def filled(self, check: Check) -> float:
        """Ask for an answer, here or in a kamus or a linked indicator."""
        return len(self._entries(check.field)) >= check.count or self._explained(check)

    def sentence(self, check: Check) -> float:
        """Ask for a text of several different words, here or in a kamus or a linked indicator."""
        text = " ".join(self._entries(check.field))
        return _has_words(text, check.words) or self._explained(check)

    def heading(self, check: Check) -> float:
        """Ask for a title of several words."""
        return not is_placeholder(self.title) and _has_words(self.title, check.words)

    def tags(self, check: Check) -> float:
        """Ask for some keywords."""
        tags = self.record.get("tags") or []
        names = [tag.get("name") if isinstance(tag, dict) else tag for tag in tags]
        return min(1.0, sum(not is_placeholder(name or "") for name in names) / check.count)

    def license(self, check: Check) -> float:
        """Ask for a licence that says something."""
        return self._entries(check.field) not in ([], [_NO_LICENSE])

    def regions(self, check: Check) -> float:
        """Ask for region codes that exist."""
        codes = self._entries(check.field)
        return sum(map(is_region, codes)) / len(codes) if codes else 0.0

    def resource_address(self, check: Check) -> float:
        """Ask for files that can be fetched."""
        good = [
            r.get("url_type") == "upload" or bool(_WEB.fullmatch(str(r.get(check.field) or "")))
            for r in self.resources
        ]
        return sum(good) / len(good) if good else 0.0

    def resource_format(self, check: Check) -> float:
        """Ask for one file in an open format; others may explain it."""
        return any(
            str(r.get(check.field) or "").casefold() in self.checks.open_formats
            for r in self.resources
        )

    def resource_kamus(self, check: Check) -> float:  # noqa: ARG002 - all rules are called alike
        """Ask for a kamus that says of each column what it is."""
        shares = [self._column_share(rows) for rows in self.kamus]
        return sum(shares) / len(shares) if shares else 0.0

    def _column_share(self, rows: list[dict[str, str]]) -> float:
        """Return the share of columns with a type and a label or definition."""
        good = [
            "tipe" in row and any(not is_placeholder(row.get(k, "")) for k in ("label", "definisi"))
            for row in rows
        ]
        return sum(good) / len(good) if good else 0.0

    def resource_schema(self, check: Check) -> float:
        """Ask for a Table Schema of each table."""
        good = [not is_empty(r.get(check.field)) for r in self.tables]
        return sum(good) / len(good) if good else 0.0

    def resource_links(self, check: Check) -> float:  # noqa: ARG002 - all rules are called alike
        """Ask for a link from each column of figures to what it measures; words are none."""
        rows = [row for found in self.kamus for row in found]
        figures = [row for row in rows if row.get("tipe") in _FIGURES] or rows
        texts = [row.get("variabel", "") for row in figures]
        linked = [links.is_variable(text) or links.looks_like_id(text) for text in texts]
        return sum(linked) / len(linked) if linked else 0.0

    def first_lacking(self, check: Check) -> str | None:
        """Return the id of the first file that falls short of ``check``; None for no file."""
        if check.of != "resource":
            return None
        alone = (
            r
            for r in self.resources
            if _Judge({**self.record, "resources": [r]}, self.checks).fraction(check) < 1
        )
        found = next(alone, None)
        return str(found["id"]) if found and found.get("id") else None

    def fraction(self, check: Check) -> float:
        """Return how far the dataset fulfils ``check``, from 0 to 1."""
        return float(_RULES[check.rule](self, check))

    def applies(self, check: Check, names: Collection[str]) -> bool:
        """Tell whether ``check`` is for this dataset.

        :param names: fields of datasets and of files that the schema has
        """
        if check.field not in names:
            return False
        if not all(self.record.get(name) in allowed for name, allowed in check.when.items()):
            return False
        return not check.unless or not all(
            self.record.get(name) in excused for name, excused in check.unless.items()
        )


_RULES: dict[str, Callable[[_Judge, Check], float]] = {
    "filled": _Judge.filled,
    "sentence": _Judge.sentence,
    "title": _Judge.heading,
    "tags": _Judge.tags,
    "license": _Judge.license,
    "regions": _Judge.regions,
    "resource_address": _Judge.resource_address,
    "resource_format": _Judge.resource_format,
    "resource_kamus": _Judge.resource_kamus,
    "resource_schema": _Judge.resource_schema,
    "resource_links": _Judge.resource_links,
}


def _missing(fields: Iterable[Record], judge: _Judge) -> tuple[int, list[str]]:
    """Return how many fields a public dataset needs, and the names of those it lacks."""
    needed = [f for f in fields if completeness.is_needed(f, judge.record)]
    keys = {
        key
        for rows in map(_kamus_rows, judge.resources)
        for row in rows
        for key, text in row.items()
        if not is_placeholder(text)
    }
    lacking = [
        f["field_name"]
        for f in needed
        if not _answers(judge.record.get(f["field_name"]))
        and not (f.get("kamus_suffices") and f["field_name"] in keys)
        and not (
            f.get("link_suffices") == INDICATORS
            and any(_answers(record.get(f["field_name"])) for record in judge.indicators)
        )
    ]
    return len(needed), lacking


def judge_dataset(
    fields: Iterable[Record],
    resource_names: Collection[str],
    record: Record,
    indicators: Sequence[Record] = (),
) -> Result:
    """Return what a dataset is worth.

    :param fields: dataset fields of the scheming schema
    :param resource_names: names of the fields of files
    :param record: values as shown or as stored, with ``tags`` and ``resources``
    :param indicators: the values of the indicators that the dataset links to
    """
    checks = load()
    fields = list(fields)
    judge = _Judge(record, checks, indicators)
    names = {*resource_names, *(f["field_name"] for f in fields)}
    found: dict[Part, list[tuple[Check, float]]] = {}
    for part in checks.parts:
        judged = [(c, judge.fraction(c)) for c in part.checks if judge.applies(c, names)]
        if judged:
            found[part] = judged
    whole = sum(part.weight for part in found)
    score = 0.0
    parts: dict[str, int] = {}
    todo: list[Task] = []
    for part, judged in found.items():
        total = sum(check.weight for check, _ in judged)
        reached = sum(check.weight * fraction for check, fraction in judged) / total
        parts[part.name] = _percent(reached)
        score += part.weight / whole * reached
        todo += [
            Task(
                check.name,
                check.target,
                round(100 * part.weight / whole * check.weight / total * (1 - fraction), 1),
                judge.first_lacking(check),
            )
            for check, fraction in judged
            if fraction < 1 - _EPSILON
        ]
    asked, lacking = _missing(fields, judge)
    todo.sort(key=lambda task: -task.points)
    covered = {task.field for task in todo if not task.resource}
    needed = [Task(NEEDED, name, 0.0) for name in lacking if name not in covered]
    return Result(
        completeness=_percent((asked - len(lacking)) / asked) if asked else 100,
        score=_percent(score),
        parts=parts,
        todo=(*needed, *todo),
    )


def judge_items(items: Iterable[Item]) -> Result:
    """Return how complete a form is.

    A field with rows counts as one item, by the share of what its rows need. An answer that says
    that there is nothing to answer ("-") does not count as filled, and is not asked for either.

    :param items: the items of the form that the record's own answers ask for
    """
    by_field: dict[str, list[Item]] = {}
    for item in items:
        if item.needed and (item.filled or not item.answered):
            by_field.setdefault(item.field, []).append(item)
    shares = {
        name: sum(item.filled for item in found) / len(found) for name, found in by_field.items()
    }
    if not shares:
        return Result(completeness=100, score=None, parts={}, todo=())
    return Result(
        completeness=_percent(sum(shares.values()) / len(shares)),
        score=None,
        parts={},
        todo=tuple(
            Task(
                NEEDED,
                name,
                round(100 * (1 - share) / len(shares), 1),
                row=next((i.row for i in by_field[name] if not i.filled), None),
            )
            for name, share in shares.items()
            if share < 1
        ),
    )


def _sincere_text(value: Any, title: str | None, words: int) -> Any:
    """Return a text; empty where it stands for nothing known.

    That there is nothing to say ("-") is kept: whether this is an answer depends on the item.

    :param title: the title of the record, if its copy says nothing new here
    :param words: how many different words the text needs
    """
    if not isinstance(value, str) or conditions.is_nil(value):
        return value
    return "" if is_placeholder(value, title) or not _has_words(value, words) else value


def _sincere(field: Record, value: Any, title: str) -> Any:
    """Return the value of an item of a form, or of a cell, empty where it is a placeholder.

    Choices, dates and numbers are returned as they are: their validators let no placeholder pass.

    :param field: a field of the schema, or a column of one
    """
    kind = field.get("kind", "text")
    if is_empty(value):
        return value
    if kind == "text":
        return _sincere_text(value, None, 0)
    if kind == "longtext":
        return _sincere_text(value, title, _PARAGRAPH_WORDS)
    if kind == "list":
        return [entry for entry in as_list(value) if not is_placeholder(entry)]
    if "row_fields" not in field:
        return value
    columns = {column["field_name"]: column for column in field["row_fields"]}
    return [
        {name: _sincere(columns.get(name, {}), cell, title) for name, cell in row.items()}
        for row in as_list(value)
        if isinstance(row, dict)
    ]


def judge_form(fields: Sequence[Record], record: Record) -> Result:
    """Return how complete a record of a BPS form is.

    :param fields: fields of the scheming schema
    :param record: values as shown or as stored
    """
    title = str(record.get("title") or "")
    sincere = {
        field["field_name"]: _sincere(field, record.get(field["field_name"]), title)
        for field in fields
    }
    return judge_items(conditions.items(fields, sincere, only_needed=True))
