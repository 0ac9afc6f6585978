"""Reading of field values: periods, codes, lists, texts.

A plain library without CKAN, shared by the plugins of this distribution. Each ``read_…`` takes
what a form or an API call sent and returns the form in which it is stored, or None for nothing;
what can not be read raises :class:`Problem`, whose message is an English msgid for gettext.
"""

from __future__ import annotations

import calendar
import json
import re
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

#: A text of this many characters is far more than any field needs; it bounds what is stored.
MAX_TEXT = 100_000
#: More values than this in one list field are a mistake or an attack.
MAX_VALUES = 500
#: More people than any statistical activity employs.
MAX_NUMBER = 10_000_000
#: Years that an activity, a target or a priority may be of: since independence.
FIRST_YEAR, LAST_YEAR = 1945, 2100
#: How much of a wrong value is repeated in an error message.
_SHOWN = 80

#: What the database does not take: control characters, and halves of pairs of UTF-16.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff]")
_YEAR = re.compile(r"(1[5-9]|2[0-2])\d\d")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
#: Kemendagri: province, kabupaten/kota, kecamatan, desa/kelurahan.
_REGION = re.compile(r"\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?")
_WHOLE = re.compile(r"\d{1,9}")
_DECIMAL = re.compile(r"-?\d{1,15}([.,]\d{1,10})?")
#: SIPD: three bidang urusan (0.00 for an empty place), serial number, unit.
_OPD_CODE = re.compile(r"\d\.\d{2}\.\d\.\d{2}\.\d\.\d{2}\.\d{2}\.\d{4}")
#: SIPD e-Walidata: bidang urusan and six digits.
_SIPD_INDICATOR = re.compile(r"\d\.\d{2}\.\d{6}")
_PHONE = re.compile(r"[+(]?\d[\d\s().+/-]{4,38}(\s*(ext|ekst)\.?\s*\d{1,6})?", re.IGNORECASE)


def N_(msgid: str) -> str:  # noqa: N802
    """Mark ``msgid`` for the extraction of messages; it is translated where it is shown."""
    return msgid


class Problem(ValueError):  # noqa: N818
    """A value that can not be stored.

    :param msgid: English message, with names in braces for ``params``
    :param params: what the names stand for
    """

    def __init__(self, msgid: str, **params: Any) -> None:
        super().__init__(msgid)
        self.msgid = msgid
        self.params = params


def shown(value: Any) -> str:
    """Return ``value`` shortened for an error message."""
    text = str(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def is_empty(value: Any) -> bool:
    """Tell whether ``value`` holds nothing: None, blank text, an empty list, also as JSON."""
    if isinstance(value, str):
        return value.strip() in ("", "[]")
    return value is None or (isinstance(value, (list, tuple, dict)) and not value)


def read_text(value: Any, limit: int = MAX_TEXT) -> str | None:
    """Return ``value`` as text without blanks around it and without control characters.

    :param limit: the largest number of characters
    :raises Problem: when it is not text, or too long
    """
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise Problem(N_("Write plain text here."))
    text = str(value).replace("\r\n", "\n")
    text = _CONTROL.sub("", text).strip()
    if len(text) > limit:
        raise Problem(
            N_("This is too long: {length} characters. Shorten it to {limit}."),
            length=len(text),
            limit=limit,
        )
    return text or None


def _date(year: str, month: str = "01", day: str = "01") -> date | None:
    """Return the day, or None when the calendar has no such day or the year is out of range."""
    if not _YEAR.fullmatch(year):
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def period_bounds(text: str) -> tuple[date, date] | None:
    """Return the first and last day of a year, month or day; None for anything else.

    :param text: ``2024``, ``2024-05`` or ``2024-05-31``
    """
    if _YEAR.fullmatch(text):
        return date(int(text), 1, 1), date(int(text), 12, 31)
    if match := _MONTH.fullmatch(text):
        first = _date(*match.groups())
        if first:
            return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])
    if match := _DAY.fullmatch(text):
        first = _date(*match.groups())
        if first:
            return first, first
    return None


def read_period(value: Any) -> str | None:
    """Return a year, a year and month, or a date, as it was written.

    :raises Problem: when it is none of these
    """
    text = read_text(value, 20)
    if text and not period_bounds(text):
        raise Problem(
            N_('Write a year (2024), a month (2024-05) or a date (2024-05-31), not "{value}".'),
            value=shown(text),
        )
    return text


def read_release(value: Any) -> str | None:
    """Return the day or month of a release.

    A day that has passed is accepted: an old schedule must not block an edit.

    :raises Problem: when it is neither
    """
    text = read_text(value, 20)
    if text and (not period_bounds(text) or _YEAR.fullmatch(text)):
        raise Problem(
            N_('Write a month (2025-05) or a date (2025-05-31), not "{value}".'), value=shown(text)
        )
    return text


def read_date(value: Any) -> str | None:
    """Return a day as it was written, ``2024-05-31``.

    :raises Problem: when it is none
    """
    text = read_text(value, 20)
    if text and not (_DAY.fullmatch(text) and period_bounds(text)):
        raise Problem(N_('Write a date (2024-05-31), not "{value}".'), value=shown(text))
    return text


def read_year(value: Any) -> str | None:
    """Return a year.

    :raises Problem: when it is none, or none that statistics are made of
    """
    text = read_text(value, 20)
    if text and not (_YEAR.fullmatch(text) and FIRST_YEAR <= int(text) <= LAST_YEAR):
        raise Problem(
            N_('"{value}" is not a year from {first} to {last}. Write for example 2025.'),
            value=shown(text),
            first=FIRST_YEAR,
            last=LAST_YEAR,
        )
    return text


def read_number(value: Any) -> str | None:
    """Return a whole number from 0 to 10,000,000 as text, without leading zeros.

    :raises Problem: when it is none
    """
    text = read_text(value, 20)
    if text and not (_WHOLE.fullmatch(text) and int(text) <= MAX_NUMBER):
        raise Problem(
            N_('Write a whole number from 0 to {limit}, not "{value}".'),
            value=shown(text),
            limit=MAX_NUMBER,
        )
    return str(int(text)) if text else None


def read_decimal(value: Any) -> str | None:
    """Return a number as text with a decimal point; a decimal comma is read too.

    :raises Problem: when it is none
    """
    text = read_text(value, 40)
    if text and not _DECIMAL.fullmatch(text):
        raise Problem(N_('Write a number such as 12.5, not "{value}".'), value=shown(text))
    return text.replace(",", ".") if text else None


def read_period_or_range(value: Any) -> str | None:
    """Return one period, or two with a slash between them (``2020/2024``).

    :raises Problem: when a part is no period, or the second ends before the first begins
    """
    text = read_text(value, 41)
    if not text:
        return None
    parts = [read_period(part) or "" for part in text.split("/")]
    if len(parts) > 2 or "" in parts:  # noqa: PLR2004
        raise Problem(
            N_('Write one period (2024) or two with a slash (2020/2024), not "{value}".'),
            value=shown(text),
        )
    check_order(parts[0], parts[-1])
    return "/".join(parts)


def check_order(start: str, end: str) -> None:
    """Check that the period ``end`` does not end before ``start`` begins.

    The two may be of different precision: 2024-05 to 2024 is in order.

    :raises Problem: when it does; periods that can not be read are not judged here
    """
    first, last = period_bounds(start), period_bounds(end)
    if first and last and last[1] < first[0]:
        raise Problem(
            N_("The last period ({end}) is before the first ({start})."),
            start=shown(start),
            end=shown(end),
        )


def as_list(value: Any) -> list[Any]:
    """Return ``value`` as a list: a list, a JSON list in text, or one value."""
    if isinstance(value, (list, tuple)):
        return list(value)
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            loaded = json.loads(value)
        except (ValueError, RecursionError):
            return [value]
        if isinstance(loaded, list):
            return loaded
    return [value]


def split_list(value: Any) -> list[str]:
    """Return the words of ``value``: a list, a JSON list, or text with commas, ; or line ends.

    Order is kept, blanks and repetitions are dropped.

    :raises Problem: when an entry is not text, or there are too many
    """
    words: list[str] = []
    for entry in as_list(value):
        text = read_text(entry) if entry is not None else None
        words += [word.strip() for word in re.split(r"[,;\n]", text or "") if word.strip()]
    words = list(dict.fromkeys(words))
    if len(words) > MAX_VALUES:
        raise Problem(
            N_("These are too many values: {count}. {limit} are allowed."),
            count=len(words),
            limit=MAX_VALUES,
        )
    return words


def dump_list(words: Iterable[str]) -> str | None:
    """Return the stored form of a list: JSON; None for an empty one."""
    words = list(words)
    return json.dumps(words, ensure_ascii=False) if words else None


def read_choice(value: Any, allowed: Iterable[str]) -> str:
    """Return the chosen key.

    :param allowed: all keys that may be chosen
    :raises Problem: when it is none of them
    """
    if not isinstance(value, str) or value not in list(allowed):
        raise Problem(
            N_('"{value}" is not one of the choices. Choose from the list.'), value=shown(value)
        )
    return value


def read_choices(value: Any, allowed: Iterable[str]) -> str | None:
    """Return the chosen keys as a stored list, in the order of ``allowed``.

    :param allowed: all keys that may be chosen
    :raises Problem: when one of them may not
    """
    order = list(allowed)
    chosen: set[str] = set()
    for entry in as_list(value):
        if isinstance(entry, str) and not entry.strip():
            continue
        chosen.add(read_choice(entry, order))
    return dump_list(key for key in order if key in chosen)


def _read_matching(value: Any, pattern: re.Pattern[str], msgid: str) -> str | None:
    """Return the stored list of words that all match ``pattern``."""
    words = split_list(value)
    for word in words:
        if not pattern.fullmatch(word):
            raise Problem(msgid, value=shown(word))
    return dump_list(words)


def read_words(value: Any, limit: int = 300) -> str | None:
    """Return the stored list of the words of ``value``.

    :param limit: the largest number of characters of one word
    """
    return dump_list(read_text(word, limit) or "" for word in split_list(value))


def read_lines(value: Any, limit: int = 1_000) -> str | None:
    """Return the stored list of several texts: a list, a JSON list, or one per line.

    :param limit: the largest number of characters of one text
    """
    entries = as_list(value)
    if len(entries) == 1 and isinstance(entries[0], str):
        entries = entries[0].splitlines()
    if len(entries) > MAX_VALUES:
        raise Problem(
            N_("These are too many values: {count}. {limit} are allowed."),
            count=len(entries),
            limit=MAX_VALUES,
        )
    texts = (read_text(entry, limit) for entry in entries if entry is not None)
    return dump_list(dict.fromkeys(text for text in texts if text))


def read_years(value: Any) -> str | None:
    """Return the stored list of years, oldest first."""
    stored = _read_matching(value, _YEAR, N_('"{value}" is not a year. Write for example 2025.'))
    return dump_list(sorted(json.loads(stored))) if stored else None


def read_region_codes(value: Any) -> str | None:
    """Return the stored list of Kemendagri region codes."""
    return _read_matching(
        value,
        _REGION,
        N_('"{value}" is not a Kemendagri region code. Write for example 36.03 or 36.03.01.'),
    )


def read_sipd_indicators(value: Any) -> str | None:
    """Return the stored list of indicator codes of SIPD e-Walidata."""
    return _read_matching(
        value,
        _SIPD_INDICATOR,
        N_('"{value}" is not an indicator code of SIPD. Write for example 1.01.000474.'),
    )


def read_opd_code(value: Any) -> str | None:
    """Return the SIPD code of a perangkat daerah (Permendagri 90/2019)."""
    text = read_text(value, 40)
    if text and not _OPD_CODE.fullmatch(text):
        raise Problem(
            N_('"{value}" is not an OPD code of SIPD. Write for example 2.16.2.20.2.21.01.0000.'),
            value=shown(text),
        )
    return text


def read_phone(value: Any) -> str | None:
    """Return a telephone number as it was written."""
    text = read_text(value, 60)
    if text and not _PHONE.fullmatch(text):
        raise Problem(
            N_('"{value}" is not a telephone number. Write for example (021) 5990000.'),
            value=shown(text),
        )
    return text


def read_web_address(value: Any) -> str | None:
    """Return a web address; one without ``http://`` or ``https://`` is refused."""
    text = read_text(value, 500)
    if text and not re.fullmatch(r"https?://[^\s/<>\"']+\.[^\s<>\"']*", text):
        raise Problem(
            N_('"{value}" is not a web address. It begins with https://.'), value=shown(text)
        )
    return text


def read_flag(value: Any) -> str | None:
    """Return ``"1"`` for yes and None for no.

    :param value: a boolean, ``1``/``0``, ``true``/``false``, ``on``/``off``, ``ya``/``tidak``
    """
    word = str(value).strip().lower()
    if word in ("1", "true", "on", "yes", "ya"):
        return "1"
    if word in ("", "0", "false", "off", "no", "tidak"):
        return None
    raise Problem(N_('Write 1 for yes or 0 for no, not "{value}".'), value=shown(value))
