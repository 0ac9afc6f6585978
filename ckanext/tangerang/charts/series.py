"""One figure a year from the rows of a table: a plain library without CKAN.

Nothing is chosen among several figures of one year, and nothing is added up: then there is no
series, and the reason is said.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from . import numbers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Why there is no series.
NO_TABLE: Final = "no_table"
NO_YEARS: Final = "no_years"
NO_COLUMNS: Final = "no_columns"
NO_ROWS: Final = "no_rows"
TOO_LONG: Final = "too_long"
BAD_YEAR: Final = "bad_year"
BAD_NUMBER: Final = "bad_number"
AMBIGUOUS: Final = "ambiguous"
SEVERAL: Final = "several"

#: Directions of the code list ``arah_indikator``: whether a rise is good.
_RISE_IS_GOOD: Final = {"naik_baik": True, "turun_baik": False}

Point = tuple[int, Decimal]


@dataclass(frozen=True)
class Series:
    """The figures of an indicator by year, or why there are none."""

    points: tuple[Point, ...] = ()
    #: One of the reasons above; empty where there is none.
    problem: str = ""
    #: What the sentence of the reason names.
    params: Mapping[str, Any] = field(default_factory=dict)

    def dump(self) -> dict[str, Any]:
        """Return the series as plain values for JSON; figures are texts, which lose nothing."""
        points = [[year, str(value)] for year, value in self.points]
        return {"points": points, "problem": self.problem, "params": dict(self.params)}

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> Series:
        """Return a series from what :meth:`dump` made."""
        points = tuple((int(year), Decimal(value)) for year, value in data["points"])
        return cls(points, data["problem"], data["params"])


def read(rows: Sequence[Mapping[str, Any]], year_column: str, value_column: str) -> Series:
    """Return the series of some rows of a table, by year.

    Rows without a figure are left out. Several rows of one year are one where they say the same;
    otherwise there is no series.

    :param rows: cells by column
    """
    try:
        figures = numbers.read_column([row.get(value_column) for row in rows])
    except numbers.UnreadableError as error:
        problem = AMBIGUOUS if error.ambiguous else BAD_NUMBER
        return Series(problem=problem, params={"value": error.example, "column": value_column})
    found: dict[int, Decimal] = {}
    for row, figure in zip(rows, figures, strict=True):
        if figure is None:
            continue
        year = numbers.read_year(row.get(year_column))
        if year is None:
            cell = str(row.get(year_column))[:40]
            return Series(problem=BAD_YEAR, params={"value": cell, "column": year_column})
        if found.setdefault(year, figure) != figure:
            return Series(problem=SEVERAL, params={"year": year})
    if not found:
        return Series(problem=NO_ROWS)
    return Series(tuple(sorted(found.items())))


def change(points: Sequence[Point], direction: str | None) -> dict[str, Any] | None:
    """Return the change from the year before to the newest; None for less than two years.

    :param direction: key of the code list ``arah_indikator``; None where nothing is wanted
    :returns: ``nilai``, ``since`` (the earlier year), ``better``: None where it can not be said
    """
    if len(points) < 2:  # noqa: PLR2004 - a change is between two years
        return None
    (since, before), (_year, after) = points[-2:]
    difference = after - before
    wanted = _RISE_IS_GOOD.get(direction or "")
    better = None if wanted is None or not difference else (difference > 0) == wanted
    return {"nilai": plain(difference), "since": since, "better": better}


def plain(value: Decimal) -> int | float:
    """Return a figure as JSON has it: a whole one without decimals."""
    return int(value) if value == value.to_integral_value() else float(value)
