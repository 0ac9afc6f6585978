"""Values of records as cells of a workbook, and back.

A plain library without CKAN. What is written here reads back as it was. What people write is
read more generously: labels in both languages in any case and spacing, dates as dates or in
words, whole numbers as 1.0, numbers of the printed form where its edition is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from ..metadata.codelists import CodeList, Item, codelist
from ..metadata.values import N_, Problem, as_list, is_empty, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    _Field = Mapping[str, Any]
    Raw = str | int | float | bool | date | datetime | time | timedelta | None

#: Editions of the BPS form that numbers can be read by, and how people name them.
FORM_2020 = "2020"
FORM_INDAH = "INDAH"
_FORMS = {
    FORM_2020: ("2020", "5/2020", "perka bps 5/2020", "peraturan bps 5/2020"),
    FORM_INDAH: ("indah", "indah v2", "baru"),
}

#: Kinds of fields that hold one key of a code list.
CHOICE_KINDS = frozenset({"choice", "yes_no"})
#: Kinds whose cell holds several texts.
LIST_KINDS = frozenset({"list", "words", "regions", "links"})
#: Kinds whose cell holds a number, as far as that says the same as the stored text.
NUMBER_KINDS = frozenset({"year", "integer", "decimal"})

#: A cell of Excel takes 32,767 UTF-16 units; of any text, half as many characters always fit.
MAX_CELL = 16_000
#: Excel has no dates before this one.
_FIRST_DATE = date(1900, 3, 1)

#: Stands for a line break inside one entry of a list, doubled for itself.
_MARK = "⏎"
_ESCAPED = re.compile(rf"{_MARK}([{_MARK}= ]?)")
_NUMBER_IN_FRONT = re.compile(r"^\(?\d{1,2}[a-z]?\)?\s*[.):\-–=]\s*")
_EXCEL_ERRORS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!"}
)

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan",
            "februari february pebruari feb peb",
            "maret march mar",
            "april apr",
            "mei may",
            "juni june jun",
            "juli july jul",
            "agustus august agu agt ags aug",
            "september sep sept",
            "oktober october okt oct",
            "november nopember nov nop",
            "desember december des dec",
        ),
        start=1,
    )
    for name in names.split()
}
_WORDED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s.-]+([a-z]+)\.?[\s,-]+(\d{4})")
_WORDED_US = re.compile(r"([a-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_SLASHED = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")
_WEEKDAY = re.compile(r"^(?:[a-z']+day|senin|selasa|rabu|kamis|jum'?at|sabtu|minggu)\s*,\s*")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reading of a cell depends on besides its field.

    :param form: edition of the BPS form that numbers come from; None where it is not stated
    """

    form: str | None = None


def form_edition(text: str | None) -> str | None:
    """Return the edition of the BPS form that ``text`` names; None where it names none."""
    words = re.sub(r"\s+", " ", (text or "").strip().casefold())
    return next((form for form, names in _FORMS.items() if words in names), None)


def fold(text: str) -> str:
    """Return ``text`` in the form in which labels are compared: no case, blanks and marks.

    < and > stay: "> Dua Tahunan" is not "Dua Tahunan".
    """
    return re.sub(r"[^\w<>]|_", "", text.casefold())


# Out


def _escape(text: str, extra: str = "") -> str:
    """Return an entry of a list so that its line breaks, and ``extra``, are no separators."""
    text = text.replace(_MARK, _MARK * 2).replace("\n", f"{_MARK} ")
    return text.replace(extra, _MARK + extra) if extra else text


def _unescape(text: str) -> str:
    """Return what was escaped; a mark that people typed is a line break."""
    return _ESCAPED.sub(lambda m: {"": "\n", " ": "\n"}.get(m[1], m[1]), text)


def _join(entries: list[str], separator: str = "\n") -> str:
    """Return the entries of a list as the text of a cell."""
    if separator == "\n" and len(entries) == 1 and ";" in entries[0]:
        return _escape(entries[0]) + "\n"  # the line end says that ";" separates nothing
    return separator.join(_escape(entry) for entry in entries)


def _pair(entry: Mapping[str, str]) -> str:
    """Return one code with its value as a line."""
    return f"{_escape(entry.get('kode', ''), '=')} = {_escape(entry.get('nilai', ''))}".strip()


def _number(text: str) -> int | float | str:
    """Return the number that ``text`` writes, or ``text`` where a number would change it."""
    if not re.fullmatch(r"-?\d{1,15}(\.\d{1,10})?", text):
        return text
    number = float(text) if "." in text else int(text)
    return number if _plain(number) == text else text


def _day(text: str) -> date | str:
    """Return a stored day as a date, where Excel has it."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return day if day >= _FIRST_DATE else text


def choice_label(field: _Field, key: str) -> str:
    """Return the Indonesian label of a key; the key itself where the list has no such item."""
    for item in _items(field):
        if item.key == key:
            return item.id
    return key


def _list_text(field: _Field, value: Any) -> str:
    """Return the text of a cell with several entries."""
    entries = [str(entry) for entry in as_list(value)]
    return _join(entries, "\n" if field.get("kind") == "list" else ", ")


def _choices_text(field: _Field, value: Any) -> str:
    """Return the text of a cell with several choices."""
    return "\n".join(choice_label(field, key) for key in as_list(value))


def _pairs_text(field: _Field, value: Any) -> str:  # noqa: ARG001
    """Return the text of a cell with codes and their values."""
    return "\n".join(_pair(entry) for entry in as_list(value))


_WRITERS: dict[str, Callable[[_Field, Any], str | float | date]] = {
    **dict.fromkeys(CHOICE_KINDS, lambda field, value: choice_label(field, str(value))),
    **dict.fromkeys(LIST_KINDS, _list_text),
    **dict.fromkeys(NUMBER_KINDS, lambda field, value: _number(str(value))),  # noqa: ARG005
    "choices": _choices_text,
    "pairs": _pairs_text,
    "date": lambda field, value: _day(str(value)),  # noqa: ARG005
}


def to_cell(field: _Field, value: Any) -> str | float | date | None:
    """Return what stands in the cell for a stored value; None for an empty one.

    :param field: a field of a schema, or a column of its rows
    :param value: as stored or as shown
    """
    if is_empty(value):
        return None
    write = _WRITERS.get(str(field.get("kind")))
    return write(field, value) if write else str(value)


# In


def _plain(number: float) -> str:
    """Return a number as people write it: 1.0 as 1, nothing with an exponent."""
    if number != number or number in (float("inf"), float("-inf")):  # noqa: PLR0124 - NaN
        return str(number)
    if float(number).is_integer() and abs(number) < 10**15:
        return str(int(number))
    return format(Decimal(repr(number)), "f")


def text_of(raw: Raw) -> str:
    """Return what a cell shows, as text."""
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "Ya" if raw else "Tidak"
    if isinstance(raw, (int, float)):
        return _plain(raw)
    if isinstance(raw, datetime) and raw.time() == time():
        return raw.date().isoformat()
    if isinstance(raw, (date, time)):
        return raw.isoformat()
    return str(raw)


def read_day(text: str) -> str:
    """Return the day that ``text`` writes, as 2026-01-12; ``text`` itself where it is none.

    Read are 2026-01-12, 12/01/2026, 12-1-2026, "12 Januari 2026", "January 12, 2026", with or
    without the day of the week. Of a date with slashes the first number is the day.
    """
    words = _WEEKDAY.sub("", re.sub(r"\s+", " ", text.strip().casefold()))
    if match := _ISO.fullmatch(words):
        year, month, day = match.groups()
    elif match := _SLASHED.fullmatch(words):
        day, month, year = match.groups()
    elif (match := _WORDED.fullmatch(words)) and match[2] in _MONTHS:
        day, month, year = match[1], str(_MONTHS[match[2]]), match[3]
    elif (match := _WORDED_US.fullmatch(words)) and match[1] in _MONTHS:
        day, month, year = match[2], str(_MONTHS[match[1]]), match[3]
    else:
        return text
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return text


def _read_date(raw: Raw) -> str:
    """Return the day of a cell."""
    if isinstance(raw, (bool, int, float, time, timedelta)):
        raise Problem(
            N_('Write a date such as 12/01/2026 or "12 Januari 2026", not "{value}".'),
            value=shown(text_of(raw)),
        )
    if isinstance(raw, datetime):
        return raw.date().isoformat()
    text = text_of(raw).strip()
    found = read_day(text)
    if found == text and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise Problem(
            N_('Write a date such as 12/01/2026 or "12 Januari 2026", not "{value}".'),
            value=shown(text),
        )
    return found


@cache
def _lists(names: str) -> tuple[CodeList, ...]:
    """Return the code lists that a field names."""
    return tuple(codelist(name) for name in names.split())


def _items(field: _Field) -> Iterator[Item]:
    """Yield the choices of ``field``."""
    for found in _lists(field["codelist"]):
        yield from found.items


@cache
def _by_label(names: str) -> dict[str, str]:
    """Return the keys of code lists by everything that names them, folded."""
    out: dict[str, str] = {}
    for found in _lists(names):
        for item in found.items:
            abbreviation = re.findall(r"\(([A-Z]{2,8})\)", item.id)
            for name in (
                item.key,
                item.id,
                item.en,
                *item.extra.get("alt_keys", []),
                *abbreviation,
            ):
                out.setdefault(fold(name), item.key)
    return out


def _ambiguous(value: str) -> Problem:
    """Return the refusal of a number that editions of the form print differently."""
    return Problem(
        N_(
            "Editions of the BPS form give the number {value} different meanings here. "
            "Choose the text from the list instead."
        ),
        value=value,
    )


def _by_number(field: _Field, number: int, reading: Reading) -> list[str]:
    """Return the keys that a number of the printed form stands for.

    Source of the conflicts: the code lists' own notes (``code`` absent, ``alt_label_id``).
    """
    found = _lists(field["codelist"])[0]
    codes = {item.code: item for item in found.items if isinstance(item.code, int)}
    if found.name == "ya_tidak" and number in codes:
        return [codes[number].key]  # the same in all editions
    if not codes:
        raise _ambiguous(str(number))
    if reading.form is None:
        raise Problem(
            N_(
                '"{value}" is a number. Say which edition of the BPS form it comes from, on the '
                'sheet Petunjuk at "Formulir BPS", or choose the text from the list.'
            ),
            value=number,
        )
    if found.multiple and found.bit_values:
        if reading.form == FORM_INDAH:
            if 1 <= number <= len(found.items):
                return [found.items[number - 1].key]
        elif 0 < number < 2 * max(codes):
            return [item.key for code, item in codes.items() if number & code]
    elif number in codes:
        if reading.form != FORM_2020 and "alt_label_id" in codes[number].extra:
            raise _ambiguous(str(number))
        return [codes[number].key]
    raise Problem(N_('"{value}" is not one of the choices. Choose from the list.'), value=number)


def _read_choice(field: _Field, raw: Raw, reading: Reading) -> list[str]:
    """Return the key or keys that one choice stands for."""
    text = text_of(raw).strip()
    if re.fullmatch(r"\d{1,4}", text):
        return _by_number(field, int(text), reading)
    known = _by_label(field["codelist"])
    for form in (text, _NUMBER_IN_FRONT.sub("", text)):
        if fold(form) in known:
            return [known[fold(form)]]
    if any(fold(text) == fold(item.extra.get("alt_label_id", "")) for item in _items(field)):
        raise Problem(
            N_(
                '"{value}" stands for different things in different editions of the BPS form. '
                "Choose the text from the list instead."
            ),
            value=shown(text),
        )
    raise Problem(
        N_('"{value}" is not one of the choices. Choose from the list.'), value=shown(text)
    )


def _split(text: str) -> list[str]:
    """Return the entries of a list in a cell: one a line, or in one line with semicolons."""
    parts = text.split("\n") if "\n" in text else text.split(";")
    return [entry for part in parts if (entry := _unescape(part.strip()).strip())]


def _read_words(field: _Field, raw: Raw) -> list[str]:
    """Return codes or words with commas, semicolons or line ends between them."""
    if field.get("kind") == "regions" and isinstance(raw, float) and not raw.is_integer():
        return [f"{raw:.2f}"]  # 36.10 typed as a number
    return [word.strip() for word in re.split(r"[,;\n]", text_of(raw)) if word.strip()]


def _read_pair(line: str) -> dict[str, str]:
    """Return the code and the value on one line, such as ``1 = Laki-laki``."""
    match = re.fullmatch(rf"((?:{_MARK}.|[^={_MARK}])*)=(.*)", line, re.DOTALL)
    left, right = match.groups() if match else ("", line)
    pair = {"kode": _unescape(left).strip(), "nilai": _unescape(right).strip()}
    return {name: text for name, text in pair.items() if text}


def _read_choices(field: _Field, raw: Raw, reading: Reading) -> list[str] | None:
    """Return the keys of several choices: labels one a line or with semicolons, or numbers."""
    parts = _split(raw) if isinstance(raw, str) else [text_of(raw)]
    if all(re.fullmatch(r"[\d,\s]+", part) for part in parts):
        parts = [number for part in parts for number in part.replace(",", " ").split()]
    keys = [key for part in parts for key in _read_choice(field, part, reading)]
    return list(dict.fromkeys(keys)) or None


def _read_pairs(raw: Raw) -> list[dict[str, str]] | None:
    """Return codes with their values, one a line."""
    return [pair for line in text_of(raw).split("\n") if (pair := _read_pair(line))] or None


def from_cell(field: _Field, raw: Raw, reading: Reading) -> Any:
    """Return the value of a cell, as ``package_create`` takes it; None for an empty one.

    :param field: a field of a schema, or a column of its rows
    :raises Problem: for what can not be a value of this field
    """
    text = text_of(raw)
    value: Any = text.strip()
    if not value:
        return None
    if isinstance(raw, str) and value in _EXCEL_ERRORS:
        raise Problem(
            N_("The formula of this cell ends in the error {value}. Write the value itself."),
            value=value,
        )
    kind = field.get("kind")
    if kind in CHOICE_KINDS:
        value = _read_choice(field, raw, reading)[0]
    elif kind == "choices":
        value = _read_choices(field, raw, reading)
    elif kind == "date":
        value = _read_date(raw)
    elif kind == "list":
        value = _split(text) or None
    elif kind in LIST_KINDS:
        value = _read_words(field, raw) or None
    elif kind == "pairs":
        value = _read_pairs(raw)
    return value
