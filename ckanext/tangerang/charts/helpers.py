"""Template helpers of the plugin ``tangerang_charts``."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan.plugins import plugin_loaded

from .. import config as portal
from . import config, drawing, figures, index, keeping, making, regions, sparkline, texts
from .recognise import BARS, LINE, Shape

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

#: Level of a dataset whose tables everybody may read.
_OPEN = "terbuka"


def tangerang_sparkline(points: Sequence[Mapping[str, Any]], label: str) -> Markup:
    """Return a small line of the figures of a series as inline SVG; empty for less than two.

    :param points: as ``tangerang_series_show`` returns them
    :param label: what the figures are; the text alternative says it with the first and last figure
    """
    return sparkline.draw(points, f"{label}: {texts.series_words(points)}")


def tangerang_figure(value: float) -> str:
    """Return a figure as people write it, with all its decimals (1.234,5)."""
    return texts.figure(value)


def tangerang_series_words(points: Sequence[Mapping[str, Any]], unit: str = "") -> str:
    """Return a series in words, such as "Naik dari 70,5 pada 2022 menjadi 71 pada 2023."."""
    return texts.series_words(points, unit)


def tangerang_series_problem(problem: Mapping[str, Any] | None) -> str:
    """Return why an indicator has no figures, for people; empty where it has."""
    return texts.problem(problem)


def tangerang_kind_label(kind: str) -> str:
    """Return what a kind of chart is called."""
    labels = {LINE: tk._("Line chart"), BARS: tk._("Bar chart")}
    return labels.get(kind) or tk._("Map of districts")


def _size(kind: str, width: int) -> tuple[int, int]:
    """Return width and height of a picture of a kind."""
    if kind == LINE:
        return width, drawing.line_height(width)
    if kind == BARS:
        return width, drawing.bars_height(width, len(tk.h.tangerang_districts()))
    shapes = config.outlines()
    if shapes:
        return width, drawing.outlines_height(width, shapes)
    return width, drawing.tiles_height(width, config.tiles())


def tangerang_chart_address(
    resource_id: str, name: str, year: int | None = None, category: str = ""
) -> dict[str, Any]:
    """Return the addresses and sizes of the pictures of a chart.

    :param name: kind and column, such as ``garis-nilai``
    :param year: that was chosen; None for the newest
    :param category: part of an address; empty for the first
    :returns: ``svg``, ``png``, ``csv``, ``embed`` (to be framed by other sites), ``narrow`` (SVG
        for phones), ``page`` (all charts of the table), ``width``, ``height``, ``narrow_width``,
        ``narrow_height``
    """
    chosen: dict[str, Any] = {"tahun": year, "pilihan": category or None}

    def address(view: str, **more: Any) -> str:
        return str(
            tk.h.url_for(
                f"tangerang_grafik.{view}", resource_id=resource_id, name=name, **chosen, **more
            )
        )

    kind = name.partition("-")[0]
    wide, narrow = (_size(kind, width) for width in drawing.WIDTHS)
    return {
        **{ending: address("picture", ending=ending) for ending in ("svg", "png", "csv")},
        "embed": address("embed"),
        "narrow": address("picture", ending="svg", lebar=narrow[0]),
        "page": tk.h.url_for("tangerang_grafik.read", resource_id=resource_id),
        "width": wide[0],
        "height": wide[1],
        "narrow_width": narrow[0],
        "narrow_height": narrow[1],
    }


def tangerang_districts() -> dict[str, str]:
    """Return the names of the kecamatan of the portal's region by Kemendagri code."""
    return making.districts()


def _listed(resource_id: str, shape: Shape, known: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the charts of a table for a page, the first column of figures first."""
    found: list[dict[str, Any]] = []
    for value in shape.values:
        for kind in making.kinds(shape):
            name = f"{kind}-{value.slug}"
            summary = known.get(name)
            if summary is None:
                continue
            chosen = figures.select(name, shape)
            ends = [(label, Decimal(number)) for label, number in summary["ends"]]
            words = texts.ends_words(kind, ends, summary["unit"], summary["count"])
            title = making.title_of(chosen)
            found.append(
                {
                    "name": name,
                    "kind": kind,
                    "kind_label": tangerang_kind_label(kind),
                    "title": title,
                    "alt": f"{title}. {words}",
                    "words": words,
                    "years": list(shape.years) if shape.districts else [],
                    **tangerang_chart_address(resource_id, name),
                }
            )
    return found


def tangerang_charts_of(
    resource: Mapping[str, Any], package: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """Return the charts of a table that everybody may read, from one question to Redis.

    Nothing is asked of the database or the search index: what a table allows is known since it was
    loaded. Where that is lost (Redis was emptied) the list is empty, and a job finds it out anew.

    :param resource: the file as ``package_show`` has it
    :param package: its record; charts of one that is not open to all are on their own page only
    :returns: ``name``, ``kind``, ``kind_label``, ``title``, ``alt``, ``words``, ``years``, and all
        that :func:`tangerang_chart_address` says
    """
    if not tk.asbool(resource.get("datastore_active") or False):
        return []
    if package is not None and (package.get("accesslevel") or _OPEN) != _OPEN:
        return []
    try:
        kept = keeping.page(resource["id"])
    except LookupError:
        index.enqueue([resource["id"]])
        return []
    if kept is None:
        return []
    return _listed(resource["id"], Shape.load(kept["shape"]), kept["charts"])


def tangerang_has_region_pages() -> bool:
    """Tell whether each region has a page: those of the plugin ``tangerang_interop``."""
    return plugin_loaded("tangerang_interop")


def tangerang_region_name() -> str:
    """Return the name of the region of the portal."""
    return portal.region_name()


def tangerang_region_page(code: str) -> dict[str, Any] | None:
    """Return what the portal has about a kecamatan; see :func:`.regions.page`."""
    return regions.page(code)


def tangerang_series(name: str) -> dict[str, Any] | None:
    """Return the series of an indicator as the user may see it; None where they may not.

    :param name: its id or name
    """
    try:
        return tk.get_action("tangerang_series_show")(
            {"user": tk.current_user.name or ""}, {"id": name}
        )
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return None


def tangerang_series_chart(series: Mapping[str, Any]) -> dict[str, Any]:
    """Return the addresses and sizes of the picture of an indicator's series.

    :param series: as ``tangerang_series_show`` returns it
    :returns: as :func:`tangerang_charts_of`, without ``embed`` and ``page``
    """

    def address(ending: str, **more: Any) -> str:
        name = series["name"]
        return str(tk.h.url_for("tangerang_grafik.series", name=name, ending=ending, **more))

    (width, height), (narrow, narrow_height) = (_size(LINE, each) for each in drawing.WIDTHS)
    words = texts.series_words(series["points"], series["satuan"])
    return {
        **{ending: address(ending) for ending in ("svg", "png", "csv")},
        "narrow": address("svg", lebar=narrow),
        "title": series["title"],
        "alt": f"{series['title']}. {words}",
        "words": words,
        "width": width,
        "height": height,
        "narrow_width": narrow,
        "narrow_height": narrow_height,
    }
