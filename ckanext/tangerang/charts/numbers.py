"""Figures and years as the tables of the offices write them.

A plain library without CKAN. Columns of text hold ``1.234,5`` (Indonesian) or ``1,234.5``
(English); one cell alone may be either (``1.234``), so that a column is read as a whole, and one
that could be read both ways is not read at all: no figure is better than one that is a thousand
times too large.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: Years that a column of years may hold.
FIRST_YEAR, LAST_YEAR = 1900, 2100
#: What stands for "no figure" in the tables of BPS and of the offices.
NOT_GIVEN: Final = frozenset(
    {"", "-", "--", "–", "—", "...", "…", "na", "n/a", "n.a.", "nan", "null", "x", "tad", "*"}
)
#: Longer texts are no figures.
_LONGEST = 40

_PLAIN = r"[0-9]+"
#: A figure in groups of three never begins with a zero: 0.123 is a decimal.
_GROUPED = r"[1-9][0-9]{{0,2}}(?:{group}[0-9]{{3}})+(?:{point}[0-9]+)?"
_DECIMAL = r"[0-9]+{point}[0-9]+"


def _style(group: str, point: str) -> re.Pattern[str]:
    """Return the pattern of a style of writing figures.

    :param group: sign between groups of three digits, escaped
    :param point: sign before the decimals, escaped
    """
    parts = (text.format(group=group, point=point) for text in (_GROUPED, _DECIMAL))
    return re.compile(f"[-+]?(?:{_PLAIN}|{'|'.join(parts)})")


_INDONESIAN, _ENGLISH = _style(r"\.", ","), _style(",", r"\.")
_YEAR = re.compile(r"([0-9]{4})(?:-[0-9]{2}-[0-9]{2}(?:[T ][0-9:.]+)?)?")


class UnreadableError(ValueError):
    """A column can not be read as figures.

    :param example: a cell because of which
    :param ambiguous: the cells are figures, but could be read in two ways
    """

    def __init__(self, example: str, *, ambiguous: bool = False) -> None:
        super().__init__(example)
        self.example = example
        self.ambiguous = ambiguous


def _text(cell: Any) -> str:
    """Return a cell as text without blanks; a minus sign as a hyphen."""
    return str(cell).replace("\u00a0", " ").replace("\u2212", "-").strip()


def is_given(cell: Any) -> bool:
    """Tell whether a cell holds anything but "no figure"."""
    return cell is not None and _text(cell).casefold() not in NOT_GIVEN


def _number(text: str, *, indonesian: bool) -> Decimal:
    """Return a figure that is written in a style."""
    group, point = (".", ",") if indonesian else (",", ".")
    return Decimal(text.replace(group, "").replace(point, "."))


def _read_texts(texts: Iterable[str]) -> dict[str, Decimal]:
    """Return the figures of the texts of a column, by text.

    :raises UnreadableError: when one is none, or all could be read both ways
    """
    fits = {True: True, False: True}
    found = dict.fromkeys(texts)
    for text in found:
        matches = {True: _INDONESIAN.fullmatch(text), False: _ENGLISH.fullmatch(text)}
        if len(text) > _LONGEST or not any(matches.values()):
            raise UnreadableError(text[:_LONGEST])
        fits = {style: known and bool(matches[style]) for style, known in fits.items()}
    styles = [style for style, known in fits.items() if known]
    if not styles:
        # Both styles in one column: 1.234,5 beside 1,234.5.
        raise UnreadableError(next(iter(found)), ambiguous=True)
    read = {text: {_number(text, indonesian=style) for style in styles} for text in found}
    for text, numbers in read.items():
        if len(numbers) > 1:
            raise UnreadableError(text, ambiguous=True)
    return {text: numbers.pop() for text, numbers in read.items()}


def read_column(cells: Sequence[Any]) -> list[Decimal | None]:
    """Return the figures of a column, cell by cell; None where there is none.

    :param cells: numbers, or texts in one style throughout; anything of :data:`NOT_GIVEN`
    :raises UnreadableError: when a cell is no figure, or the style can not be told
    """
    texts: list[str | None] = []
    for cell in cells:
        if isinstance(cell, (bool, dict, list)):
            raise UnreadableError(str(cell)[:_LONGEST])
        texts.append(_text(cell) if is_given(cell) and isinstance(cell, str) else None)
    known = _read_texts(text for text in texts if text is not None)
    out: list[Decimal | None] = []
    for cell, text in zip(cells, texts, strict=True):
        if text is not None:
            out.append(known[text])
            continue
        number = Decimal(str(cell)) if isinstance(cell, (int, float, Decimal)) else None
        out.append(number if number is not None and number.is_finite() else None)
    return out


def read_year(cell: Any) -> int | None:
    """Return the year of a cell; None for anything that is no single year.

    :param cell: 2024, ``2024``, or a day of it as the DataStore writes days (``2024-01-01``)
    """
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, (float, Decimal)):
        if cell != cell.__trunc__():
            return None
        cell = int(cell)
    match = _YEAR.fullmatch(_text(cell))
    year = int(match.group(1)) if match else 0
    return year if FIRST_YEAR <= year <= LAST_YEAR else None
