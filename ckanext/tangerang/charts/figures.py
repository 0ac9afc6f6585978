"""The figures of one chart, from the rows of its table: a plain library without CKAN."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from . import numbers, places
from .recognise import BARS, LINE, MAP, Shape, Value, category_slugs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

KINDS: Final = (LINE, BARS, MAP)


class NoChartError(LookupError):
    """The table does not allow the chart that was asked for."""


@dataclass(frozen=True)
class Point:
    """A figure; None where the table gives none.

    ``key`` is a year or the code of a kecamatan.
    """

    key: str
    label: str
    value: Decimal | None


@dataclass(frozen=True)
class Chart:
    """One chart of a table with all that it shows."""

    kind: str
    value: Value
    points: tuple[Point, ...] = field(repr=False)
    unit: str = ""
    #: Only for charts of kecamatan.
    year: int | None = None
    category: str = ""

    @property
    def given(self) -> list[tuple[Point, Decimal]]:
        """Return the points that have a figure, with it."""
        return [(point, point.value) for point in self.points if point.value is not None]


def parse(name: str, shape: Shape) -> tuple[str, Value]:
    """Return kind and column of the chart that an address names.

    :raises NoChartError: when the table has no such chart
    """
    kind, _, slug = name.partition("-")
    found = next((value for value in shape.values if value.slug == slug), None)
    if found is None or kind not in shape.kinds:
        raise NoChartError(name)
    return kind, found


def _chosen_year(shape: Shape, year: str) -> int | None:
    """Return the year of a chart of kecamatan: the one that is asked for, or the newest."""
    if not shape.years or not shape.districts:
        if year:
            raise NoChartError(year)
        return None
    if not year:
        return shape.years[-1]
    if year not in {str(known) for known in shape.years}:
        raise NoChartError(year)
    return int(year)


def _chosen_category(shape: Shape, slug: str) -> str:
    """Return the category of a chart: the one that is asked for, or the first."""
    if not shape.categories:
        if slug:
            raise NoChartError(slug)
        return ""
    if not slug:
        return shape.categories[0]
    known = category_slugs(shape.categories)
    if slug not in known:
        raise NoChartError(slug)
    return known[slug]


def _unit(shape: Shape, value: Value, rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the unit of some rows: of their own column where it says one, or of the kamus."""
    said = {str(row.get(shape.unit) or "") for row in rows} if shape.unit else set()
    return said.pop() if len(said) == 1 else value.unit


@dataclass(frozen=True)
class Selection:
    """Which chart of a table is meant."""

    kind: str
    value: Value
    year: int | None = None
    category: str = ""


def select(name: str, shape: Shape, year: str = "", category: str = "") -> Selection:
    """Return which chart of a table an address means.

    :param name: kind and column, such as ``garis-nilai``
    :param year: of a chart of kecamatan; empty for the newest
    :param category: part of an address, as :func:`recognise.category_slugs` makes it; empty for the
        first
    :raises NoChartError: when the table does not allow it
    """
    kind, value = parse(name, shape)
    return Selection(kind, value, _chosen_year(shape, year), _chosen_category(shape, category))


def build(
    selection: Selection, shape: Shape, rows: Sequence[Mapping[str, Any]], region_code: str
) -> Chart:
    """Return a chart of a table with its figures.

    :param rows: all rows of the table
    :raises NoChartError: when there is no figure to draw
    """
    kind, value = selection.kind, selection.value
    # The column is read as a whole: its style is that of all its cells.
    try:
        read = numbers.read_column([row.get(value.column) for row in rows])
    except numbers.UnreadableError as error:
        raise NoChartError(value.column) from error
    chosen = [
        (row, figure)
        for row, figure in zip(rows, read, strict=True)
        if (not shape.category or str(row.get(shape.category)) == selection.category)
        and (selection.year is None or numbers.read_year(row.get(shape.year)) == selection.year)
    ]
    by_key: dict[str, Decimal | None] = {}
    for row, figure in chosen:
        cell = row.get(shape.region if kind != LINE else shape.year)
        key = numbers.read_year(cell) if kind == LINE else places.district_of(cell, region_code)
        if key:
            by_key[str(key)] = figure
    names = places.district_names(region_code)
    keys = sorted(by_key) if kind == LINE else list(names)
    points = tuple(Point(key, names.get(key, key), by_key.get(key)) for key in keys)
    if not any(point.value is not None for point in points):
        raise NoChartError(value.column)
    unit = _unit(shape, value, [row for row, _figure in chosen])
    return Chart(kind, value, points, unit, selection.year, selection.category)
