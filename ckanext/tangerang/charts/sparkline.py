"""A small line of figures by year, for cards and lists: inline SVG without text in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Size in units of the picture; style sheets may stretch it.
WIDTH, HEIGHT = 120, 32
#: Room for the thickness of the line and the dot at its end.
_EDGE = 4
#: More points than anybody can see in a picture of this size.
_MOST = 200

_FRAME = Markup(
    '<svg class="tangerang-sparkline" viewBox="0 0 {width} {height}" width="{width}" '
    'height="{height}" role="img" aria-label="{label}" focusable="false">'
    '<polyline points="{points}" fill="none" stroke="currentColor" stroke-width="2" '
    'stroke-linecap="round" stroke-linejoin="round"/>'
    '<circle cx="{x}" cy="{y}" r="3" fill="currentColor"/></svg>'
)


def _scale(value: float, low: float, high: float, start: float, end: float) -> float:
    """Return where a value stands between two edges; in the middle where all are the same."""
    share = (value - low) / (high - low) if high > low else 0.5
    return round(start + share * (end - start), 1)


def draw(points: Sequence[Mapping[str, Any]], label: str) -> Markup:
    """Return the line of some points; empty for less than two.

    :param points: ``tahun`` and ``nilai``, ascending; years that are missing leave their room
    :param label: text alternative; it is escaped
    """
    points = points[-_MOST:]
    if len(points) < 2:  # noqa: PLR2004 - a line has two ends
        return Markup("")
    years = [float(point["tahun"]) for point in points]
    values = [float(point["nilai"]) for point in points]
    places = [
        (
            _scale(year, years[0], years[-1], _EDGE, WIDTH - _EDGE),
            _scale(value, min(values), max(values), HEIGHT - _EDGE, _EDGE),
        )
        for year, value in zip(years, values, strict=True)
    ]
    x, y = places[-1]
    return _FRAME.format(
        width=WIDTH,
        height=HEIGHT,
        label=label,
        points=" ".join(f"{left},{top}" for left, top in places),
        x=x,
        y=y,
    )
