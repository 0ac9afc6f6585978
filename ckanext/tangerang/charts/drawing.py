"""Charts as SVG: a line of years, bars and a map of kecamatan.

Every figure that is drawn can be read without its colour: lines and bars have it beside them, tiles
have it inside.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from . import svg, texts
from .recognise import BARS, LINE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .figures import Chart, Point
    from .palette import Palette
    from .places import Tile

#: Widths in which a chart is made: for wide pages and for phones.
WIDTHS = (720, 360)
_NARROW = 480
_EDGE = 12
_TITLE, _TEXT, _SMALL = 17, 13, 11.5
#: A line of text, in parts of the size of its font.
_LINE = 1.35
_MOST_TICKS = 6
_BAR = 18
#: More points than this have no figure each: the first, the last, the highest and the lowest do.
_MOST_FIGURES, _MOST_FIGURES_NARROW = 12, 5


@dataclass(frozen=True)
class Words:
    """What stands around a chart, in the language of the reader."""

    title: str
    #: Unit, year and what else the figures need.
    subtitle: str
    #: The chart in words.
    description: str
    source: str
    no_figure: str
    lang: str


@dataclass(frozen=True)
class Frame:
    """Where a chart may draw."""

    chart: Chart
    words: Words
    colours: Palette
    width: int

    @property
    def narrow(self) -> bool:
        """Tell whether the picture is for a phone."""
        return self.width < _NARROW


def _head(frame: Frame) -> tuple[list[str], float]:
    """Return title and subtitle, and where the room below them begins."""
    room = frame.width - 2 * _EDGE
    size = _TITLE - 2 if frame.narrow else _TITLE
    parts: list[str] = []
    y = _EDGE + size
    for line in svg.wrapped(frame.words.title, size, room, _lines(frame.width), bold=True):
        parts.append(svg.text(line, _EDGE, y, size, frame.colours.text, font_weight="bold"))
        y += size * _LINE
    for line in svg.wrapped(frame.words.subtitle, _TEXT, room, _lines(frame.width)):
        parts.append(svg.text(line, _EDGE, y, _TEXT, frame.colours.muted))
        y += _TEXT * _LINE
    return parts, y


def _lines(width: int) -> int:
    """Return how many lines the texts around a chart may have."""
    return 3 if width < _NARROW else 2


def _around(width: int) -> float:
    """Return how much room title, subtitle and source take at most, one above the other."""
    size = _TITLE - 2 if width < _NARROW else _TITLE
    return _EDGE + _LINE * (size + _TEXT + _SMALL) * _lines(width) + size


def _whole(frame: Frame, parts: list[str], bottom: float, height: float) -> str:
    """Return the picture with its source below.

    :param height: of the whole; it does not depend on how long the texts are, so that a page keeps
        the room for a picture that it has not seen yet
    """
    y = bottom + _SMALL * _LINE
    lines = _lines(frame.width)
    for line in svg.wrapped(frame.words.source, _SMALL, frame.width - 2 * _EDGE, lines):
        parts.append(svg.text(line, _EDGE, y, _SMALL, frame.colours.muted))
        y += _SMALL * _LINE
    words = frame.words
    size = (frame.width, height)
    return svg.picture(size, words.title, words.description, parts, words.lang)


def line_height(width: int) -> int:
    """Return the height of a line chart of a width."""
    return math.ceil(_around(width) + 16 + _plot(width) + 26)


def _plot(width: int) -> int:
    """Return the height of the field of a line."""
    return 220 if width < _NARROW else 280


def bars_height(width: int, count: int) -> int:
    """Return the height of so many bars in a picture of a width."""
    return math.ceil(_around(width) + 10 + count * _BAR)


def tiles_height(width: int, places: Sequence[Tile]) -> int:
    """Return the height of a map of tiles of a width."""
    rows = 1 + max(tile.row for tile in places)
    return math.ceil(_around(width) + _legend_height(width) + rows * _tile(width, places)[1] + 4)


def _legend_height(width: int) -> int:
    """Return how much room the legend of a map takes at most."""
    return 64 if width < _NARROW else 24


def _tile(width: int, places: Sequence[Tile]) -> tuple[float, float]:
    """Return width and height of the tiles of a map."""
    side = (width - 2 * _EDGE) / (1 + max(tile.column for tile in places))
    return side, min(side, 66.0) + (6 if width < _NARROW else 0)


def outlines_height(width: int, shapes: Mapping[str, Sequence[Any]]) -> int:
    """Return the height of a map of outlines of a width."""
    view = View.of(shapes, width)
    return math.ceil(_around(width) + _legend_height(width) + view.height + 6)


@dataclass(frozen=True)
class View:
    """How degrees become units of a picture: stretched so that distances keep their proportion."""

    west: float
    north: float
    across: float
    down: float
    height: float

    @classmethod
    def of(cls, shapes: Mapping[str, Sequence[Any]], width: int) -> View:
        """Return the view that shows all outlines in a picture of a width."""
        corners = [place for polygons in shapes.values() for part in polygons for place in part[0]]
        west, east = min(p[0] for p in corners), max(p[0] for p in corners)
        south, north = min(p[1] for p in corners), max(p[1] for p in corners)
        squeeze = math.cos(math.radians((south + north) / 2))
        scale = (width - 2 * _EDGE) / (((east - west) or 1) * squeeze)
        return cls(west, north, squeeze * scale, scale, (north - south) * scale)

    def path(self, polygons: Sequence[Any], top: float) -> str:
        """Return the outline of a region as a path.

        :param top: where the picture of the map begins
        """
        rings = (ring for polygon in polygons for ring in polygon)
        return "".join(
            "M" + "L".join(self._place(place, top) for place in ring) + "Z" for ring in rings
        )

    def _place(self, place: Sequence[float], top: float) -> str:
        x = _EDGE + (place[0] - self.west) * self.across
        return f"{x:.1f} {top + (self.north - place[1]) * self.down:.1f}"


def ticks(low: float, high: float) -> list[Decimal]:
    """Return round figures that reach from below ``low`` to above ``high``."""
    span = (high - low) or abs(high) or 1.0
    raw = span / (_MOST_TICKS - 1)
    power = Decimal(10) ** math.floor(math.log10(raw))
    step = next(power * part for part in (1, 2, 5, 10) if float(power * part) >= raw * 0.999)
    first, last = math.floor(Decimal(str(low)) / step), math.ceil(Decimal(str(high)) / step)
    return [step * number for number in range(first, max(last, first + 1) + 1)]


def _scale(value: float, low: float, high: float, start: float, end: float) -> float:
    """Return where a value stands between two edges."""
    return start + (value - low) / ((high - low) or 1.0) * (end - start)


def _figured(points: Sequence[tuple[Point, Decimal]], most: int) -> set[str]:
    """Return the keys of the points of a line that have their figure beside them.

    :param most: how many there is room for
    """
    if len(points) <= most:
        return {point.key for point, _value in points}
    ordered = sorted(points, key=lambda entry: entry[1])
    chosen = (points[0], points[-1], ordered[0], ordered[-1])
    return {point.key for point, _value in chosen}


def _year_marks(years: Sequence[int], room: float) -> set[int]:
    """Return the years that are written below a line, as many as there is room for."""
    step = max(1, math.ceil(len(years) * 44 / room))
    return {year for number, year in enumerate(reversed(years)) if number % step == 0}


def line(frame: Frame) -> str:
    """Return the figures of the years as a line; years without one interrupt it."""
    parts, top = _head(frame)
    colours, points = frame.colours, frame.chart.given
    values = [float(value) for _point, value in points]
    marks = ticks(min(values), max(values))
    labels = [texts.figure(mark) for mark in marks]
    left = _EDGE + max(svg.text_width(label, _SMALL) for label in labels) + 8
    right, top, bottom = frame.width - 34.0, top + 16, top + 16 + _plot(frame.width)
    low, high = float(marks[0]), float(marks[-1])
    years = [int(point.key) for point in frame.chart.points]

    def place(year: int, value: float) -> tuple[float, float]:
        x = _scale(year, years[0], years[-1], left + 22, right - 8)
        return x, _scale(value, low, high, bottom, top)

    for mark, label in zip(marks, labels, strict=True):
        y = _scale(float(mark), low, high, bottom, top)
        parts.append(svg.element("path", d=f"M{left:.1f} {y:.1f}H{right:.1f}", stroke=colours.grid))
        parts.append(svg.text(label, left - 6, y + 4, _SMALL, colours.muted, text_anchor="end"))
    shown = _year_marks(years, right - left)
    for year in years:
        if year in shown:
            x, _y = place(year, low)
            parts.append(
                svg.text(str(year), x, bottom + 18, _SMALL, colours.text, text_anchor="middle")
            )
    parts += _strokes(frame, place)
    figured = _figured(points, _MOST_FIGURES_NARROW if frame.narrow else _MOST_FIGURES)
    for point, value in points:
        x, y = place(int(point.key), float(value))
        parts.append(svg.element("circle", cx=x, cy=y, r=4, fill=colours.main))
        if point.key in figured:
            label = texts.figure(value)
            parts.append(
                svg.text(
                    label, x, y - 9, _TEXT, colours.text, text_anchor="middle", font_weight="bold"
                )
            )
    return _whole(frame, parts, bottom + 26, line_height(frame.width))


def _strokes(frame: Frame, place: Any) -> list[str]:
    """Return the lines between the points; none over a year that has no figure.

    :param place: returns where a year and a figure stand
    """
    runs: list[list[str]] = [[]]
    for point in frame.chart.points:
        if point.value is None:
            runs.append([])
            continue
        x, y = place(int(point.key), float(point.value))
        runs[-1].append(f"{x:.1f},{y:.1f}")
    return [
        svg.element(
            "polyline",
            points=" ".join(run),
            fill="none",
            stroke=frame.colours.main,
            stroke_width=2.5,
            stroke_linejoin="round",
        )
        for run in runs
        if len(run) > 1
    ]


def bars(frame: Frame) -> str:
    """Return the figures of the kecamatan as bars, the highest first, those without one last."""
    parts, y = _head(frame)
    colours = frame.colours
    ordered = sorted(frame.chart.given, key=lambda entry: (-entry[1], entry[0].label))
    missing = [point for point in frame.chart.points if point.value is None]
    size = _SMALL if frame.narrow else _TEXT
    names = _EDGE + max(svg.text_width(p.label, size) for p in frame.chart.points) + 6
    figures = max(svg.text_width(texts.figure(v), size, bold=True) for _p, v in ordered) + 10
    low = min(0.0, *(float(value) for _point, value in ordered), 0.0)
    high = max(0.0, *(float(value) for _point, value in ordered), 0.0)
    start = names + (figures if low < 0 else 0)
    end = frame.width - _EDGE - figures
    zero = _scale(0, low, high, start, end)
    y += 6
    for point, value in ordered:
        at = _scale(float(value), low, high, start, end)
        middle = y + _BAR / 2 + size * 0.36
        parts += [
            svg.text(point.label, names - 6, middle, size, colours.text, text_anchor="end"),
            svg.element(
                "rect",
                x=min(zero, at),
                y=y + 2,
                width=max(abs(at - zero), 1.0),
                height=_BAR - 4,
                fill=colours.main,
            ),
            svg.text(
                texts.figure(value),
                at + (5 if value >= 0 else -5),
                middle,
                size,
                colours.text,
                font_weight="bold",
                text_anchor="start" if value >= 0 else "end",
            ),
        ]
        y += _BAR
    for point in missing:
        middle = y + _BAR / 2 + size * 0.36
        parts += [
            svg.text(point.label, names - 6, middle, size, colours.text, text_anchor="end"),
            svg.text(frame.words.no_figure, zero + 5, middle, size, colours.muted),
        ]
        y += _BAR
    height = bars_height(frame.width, len(frame.chart.points))
    return _whole(frame, parts, y + 4, height)


def classes(values: Sequence[Decimal], count: int) -> list[tuple[Decimal, Decimal]]:
    """Return classes of the figures of a map, of the same width, from low to high.

    :param count: how many there may be; fewer where there are fewer figures
    """
    low, high = min(values), max(values)
    count = min(count, len(set(values)))
    if count == 1:
        return [(low, high)]
    width = (high - low) / count
    return [(low + width * number, low + width * (number + 1)) for number in range(count)]


def class_of(value: Decimal, found: Sequence[tuple[Decimal, Decimal]]) -> int:
    """Return the number of the class that a figure is in; the upper bound of the last is in it."""
    return next((n for n, (_low, high) in enumerate(found) if value < high), len(found) - 1)


def _steps(frame: Frame, count: int) -> list[int]:
    """Return which colours so many classes have, spread from the lightest to the darkest."""
    last = len(frame.colours.steps) - 1
    return [round(number * last / max(1, count - 1)) for number in range(count)]


def _legend(frame: Frame, y: float) -> tuple[list[str], float]:
    """Return what the colours of a map mean, and where the room below begins."""
    found = _classes(frame)
    steps = _steps(frame, len(found))
    parts: list[str] = []
    x = float(_EDGE)
    values = [value for _point, value in frame.chart.given]
    for number, step in enumerate(steps):
        inside = [value for value in values if class_of(value, found) == number]
        if not inside:
            continue
        low, high = texts.figure(min(inside)), texts.figure(max(inside))
        label = low if low == high else f"{low} – {high}"
        width = 16 + 6 + svg.text_width(label, _SMALL) + 16
        if x + width > frame.width - _EDGE and x > _EDGE:
            x, y = float(_EDGE), y + 20
        parts += [
            svg.element(
                "rect", x=x, y=y, width=16, height=14,
                fill=frame.colours.steps[step], stroke=frame.colours.muted,
            ),
            svg.text(label, x + 22, y + 11.5, _SMALL, frame.colours.text),
        ]  # fmt: skip
        x += width
    return parts, y + 22


def _classes(frame: Frame) -> list[tuple[Decimal, Decimal]]:
    """Return the classes of the figures of a map."""
    values = [value for _point, value in frame.chart.given]
    return classes(values, len(frame.colours.steps))


def _shades(frame: Frame) -> dict[str, tuple[str, str]]:
    """Return ground and text colour of each kecamatan by its code."""
    found = _classes(frame)
    steps = _steps(frame, len(found))
    shades: dict[str, tuple[str, str]] = {}
    for point in frame.chart.points:
        if point.value is None:
            shades[point.key] = frame.colours.empty, frame.colours.muted
        else:
            step = steps[class_of(point.value, found)]
            shades[point.key] = frame.colours.steps[step], frame.colours.on_step(step)
    return shades


def tiles(frame: Frame, places: Sequence[Tile]) -> str:
    """Return a map in which each kecamatan is a tile with its name and figure in it."""
    parts, y = _head(frame)
    legend, y = _legend(frame, y + 2)
    parts += legend
    side, height = _tile(frame.width, places)
    size = max(8.0, min(_SMALL, side * 0.19))
    points = {point.key: point for point in frame.chart.points}
    shades = _shades(frame)
    for tile in places:
        point = points.get(tile.code)
        if point is None:
            continue
        ground, ink = shades[tile.code]
        left, upper = _EDGE + tile.column * side, y + tile.row * height
        figure = "–" if point.value is None else _fitting(point.value, size, side - 4)
        lines = [*tile.lines, figure]
        step = size * 1.25
        base = upper + height / 2 - step * (len(lines) - 1) / 2 + size * 0.36
        inside = [
            svg.text(
                each, left + side / 2, base + number * step, size, ink, text_anchor="middle",
                font_weight="bold" if number == len(lines) - 1 else None,
            )
            for number, each in enumerate(lines)
        ]  # fmt: skip
        parts.append(
            svg.element(
                "g",
                svg.element(
                    "rect", x=left + 1, y=upper + 1, width=side - 2, height=height - 2, rx=3,
                    fill=ground, stroke=frame.colours.muted,
                    stroke_dasharray="3 2" if point.value is None else None,
                ),
                *inside,
            )
        )  # fmt: skip
    rows = 1 + max(tile.row for tile in places)
    return _whole(frame, parts, y + rows * height + 2, tiles_height(frame.width, places))


def _fitting(value: Decimal, size: float, room: float) -> str:
    """Return a figure that fits into a tile: rounded where it is too long."""
    for number in (value, round(value, 1), round(value)):
        text = texts.figure(Decimal(number))
        if svg.text_width(text, size, bold=True) <= room:
            return text
    return texts.short_figure(value)


def outlines(frame: Frame, shapes: Mapping[str, Sequence[Any]]) -> str:
    """Return a map in which each kecamatan has its outline; its figure is in the list below.

    :param shapes: polygons by code, in degrees
    """
    parts, y = _head(frame)
    legend, y = _legend(frame, y + 2)
    parts += legend
    view = View.of(shapes, frame.width)
    shades = _shades(frame)
    for point in frame.chart.points:
        ground, _ink = shades[point.key]
        figure = frame.words.no_figure if point.value is None else texts.figure(point.value)
        parts.append(
            svg.element(
                "path",
                svg.element("title", svg.escape(svg.clean(f"{point.label}: {figure}"))),
                d=view.path(shapes[point.key], y),
                fill=ground,
                fill_rule="evenodd",
                stroke=frame.colours.muted,
                stroke_dasharray="3 2" if point.value is None else None,
            )
        )
    return _whole(frame, parts, y + view.height + 4, outlines_height(frame.width, shapes))


def draw(frame: Frame, places: Sequence[Tile], shapes: Mapping[str, Sequence[Any]]) -> str:
    """Return a chart as SVG.

    :param places: the tiles of a map
    :param shapes: polygons of the kecamatan; empty to draw tiles
    """
    if frame.chart.kind == LINE:
        return line(frame)
    if frame.chart.kind == BARS:
        return bars(frame)
    return outlines(frame, shapes) if shapes else tiles(frame, places)
