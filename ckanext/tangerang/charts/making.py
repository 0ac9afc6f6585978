"""Charts of a table for a reader: their shapes, figures and pictures, kept until it changes.

The rights of the reader are asked before anything that was kept is looked at.
"""

from __future__ import annotations

import base64
import csv
import io
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import resvg_py
from ckan import model
from font_source_sans_pro import font_files_ttf

from .. import config as portal
from .. import spreadsheet
from ..metadata import kamus
from . import config, drawing, figures, keeping, palette, places, tables, texts
from .recognise import LINE, MAP, Shape, recognise

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ckan.types import Context

#: How much larger the pixels of a PNG are than the units of its picture.
_ZOOM = 2


@dataclass(frozen=True)
class Source:
    """A table whose charts a reader may see."""

    context: Context
    resource: Any
    shape: Shape
    version: str

    @property
    def region(self) -> str:
        """Return the code of the region whose kecamatan are looked for."""
        return portal.region_code()


def _kamus(resource: Any) -> list[dict[str, str]]:
    """Return the kamus data of a file; nothing for one that can not be read."""
    try:
        return kamus.read((resource.extras or {}).get("kamus"))
    except kamus.Problem:
        return []


def _recognised(context: Context, resource: Any) -> dict[str, Any] | None:
    """Return the shape of a table as plain values; None for a table without charts."""
    try:
        table = tables.read(context, resource.id)
    except (tk.ObjectNotFound, tables.TooLongError, tables.UnusableError):
        return None
    found = recognise(table.columns, _kamus(resource), table.rows, portal.region_code())
    return found.dump() if found else None


def shape_of(context: Context, resource: Any, version: str) -> Shape | None:
    """Return the shape of a table; None for one without charts. Asks for no rights itself.

    :param version: of the table
    """
    found = keeping.remembered(
        "shape",
        [version, portal.region_code()],
        lambda: {"shape": _recognised(context, resource)},
    )["shape"]
    return Shape.load(found) if found else None


def open_source(context: Context, resource_id: str) -> Source:
    """Return a table with its charts.

    :raises ObjectNotFound: when there is no such table, or it allows no chart
    :raises NotAuthorized: when the user may not read it
    """
    resource = tables.find_resource(resource_id)
    if resource is None:
        raise tk.ObjectNotFound(tk._("There is no such file."))
    tables.check_readable(context, resource.id)
    version = keeping.table_version(resource)
    shape = shape_of(context, resource, version)
    if shape is None:
        raise tk.ObjectNotFound(tk._("This table allows no chart."))
    return Source(context, resource, shape, version)


def districts() -> dict[str, str]:
    """Return the names of the kecamatan of the portal's region by Kemendagri code."""
    return places.district_names(portal.region_code())


def kinds(shape: Shape) -> tuple[str, ...]:
    """Return the kinds of charts of a table that this portal can draw."""
    drawable = bool(config.tiles() or config.outlines())
    return tuple(kind for kind in shape.kinds if kind != MAP or drawable)


def select(source: Source, name: str, year: str = "", category: str = "") -> figures.Selection:
    """Return the chart that an address means.

    :raises ObjectNotFound: when the table has no such chart
    """
    try:
        chosen = figures.select(name, source.shape, year, category)
    except figures.NoChartError as error:
        raise tk.ObjectNotFound(tk._("This table has no such chart.")) from error
    if chosen.kind not in kinds(source.shape):
        raise tk.ObjectNotFound(tk._("This table has no such chart."))
    return chosen


def _built(source: Source, chosen: figures.Selection) -> dict[str, Any] | None:
    """Return the figures of a chart as plain values; None where there are none."""
    try:
        shape = source.shape
        names = (shape.region, shape.year, shape.category, shape.unit, chosen.value.column)
        table = tables.read(source.context, source.resource.id, [name for name in names if name])
        made = figures.build(chosen, source.shape, table.rows, source.region)
    except (figures.NoChartError, tables.TooLongError, tables.UnusableError):
        return None
    points = [
        [point.key, point.label, None if point.value is None else str(point.value)]
        for point in made.points
    ]
    return {"points": points, "unit": made.unit}


def chart(source: Source, chosen: figures.Selection) -> figures.Chart:
    """Return a chart with its figures.

    :raises ObjectNotFound: when there is no figure to draw
    """
    found = keeping.remembered(
        "chart",
        [source.version, source.region, asdict(chosen)],
        lambda: {"chart": _built(source, chosen)},
    )["chart"]
    if found is None:
        raise tk.ObjectNotFound(tk._("This table has no figures for this chart."))
    points = tuple(
        figures.Point(key, label, None if value is None else Decimal(value))
        for key, label, value in found["points"]
    )
    return figures.Chart(
        chosen.kind, chosen.value, points, found["unit"], chosen.year, chosen.category
    )


def title_of(made: figures.Chart | figures.Selection) -> str:
    """Return the heading of a chart."""
    region = portal.region_name()
    return texts.chart_title(made.kind, made.value.label, made.category, made.year, region)


def ends_of(made: figures.Chart) -> list[tuple[str, Decimal]]:
    """Return the points that words name: first and last year, lowest and highest kecamatan."""
    points = made.given
    if made.kind != LINE:
        points = sorted(points, key=lambda entry: entry[1])
    return [(point.label, value) for point, value in (points[0], points[-1])]


def words_of(made: figures.Chart) -> str:
    """Return a chart in words: its text alternative."""
    return texts.ends_words(made.kind, ends_of(made), made.unit, len(made.given))


def source_of(resource: Any) -> dict[str, Any]:
    """Return where figures are from: ``organization``, ``dataset``, ``resource``.

    Each has ``id`` and ``title``, the first two their ``name`` as well; ``organization`` is None
    where the dataset has none.
    """
    package = resource.package
    owner: Any = model.Group.get(package.owner_org) if package.owner_org else None

    def named(found: Any) -> dict[str, Any]:
        return {"id": found.id, "name": found.name, "title": found.title or found.name}

    return {
        "organization": named(owner) if owner is not None else None,
        "dataset": named(package),
        "resource": {"id": resource.id, "title": resource.name or ""},
    }


def drawn(made: figures.Chart, title: str, origin: Mapping[str, Any] | None, width: int) -> str:
    """Return a chart as SVG, with all that stands around it in the language of the reader.

    :param title: heading of the chart
    :param origin: as :func:`source_of` returns it
    :param width: one of :data:`drawing.WIDTHS`
    """
    owner, dataset = (((origin or {}).get(key) or {}) for key in ("organization", "dataset"))
    words = drawing.Words(
        title=title,
        subtitle=texts.unit_line(made.unit),
        description=words_of(made),
        source=texts.source_line(
            owner.get("title", ""), dataset.get("title", ""), portal.portal_name()
        ),
        no_figure=texts.no_figure(),
        lang=str(tk.h.lang()).split("_", maxsplit=1)[0],
    )
    frame = drawing.Frame(made, words, palette.palette(), width)
    return drawing.draw(frame, config.tiles(), config.outlines())


def picture(source: Source, chosen: figures.Selection, width: int) -> str:
    """Return a chart of a table as SVG.

    :param width: one of :data:`drawing.WIDTHS`
    :raises ObjectNotFound: when there is no figure to draw
    """
    colours = asdict(palette.palette())
    version = [source.version, asdict(chosen), width, tk.h.lang(), colours, source.region]

    def make() -> str:
        made = chart(source, chosen)
        return drawn(made, title_of(made), source_of(source.resource), width)

    return str(keeping.remembered("svg", version, make))


@cache
def _fonts() -> list[str]:
    """Return the packaged font files: a server need have none."""
    return [font_files_ttf[name] for name in ("SourceSansPro", "SourceSansProBold")]


def rasterised(picture_: str) -> bytes:
    """Return a picture as PNG, drawn from the same SVG.

    :param picture_: SVG that we have made
    """

    def make() -> str:
        image = resvg_py.svg_to_bytes(
            svg_string=picture_,
            zoom=_ZOOM,
            skip_system_fonts=True,
            font_files=_fonts(),
            sans_serif_family="Source Sans Pro",
        )
        return base64.b64encode(bytes(image)).decode()

    return base64.b64decode(keeping.remembered("png", [picture_], make))


def written(made: figures.Chart) -> str:
    """Return the figures of a chart as CSV with a decimal point."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    by_year = made.kind == LINE
    heads = ["tahun"] if by_year else ["kode_kecamatan", "kecamatan"]
    writer.writerow([*heads, "nilai", "satuan"])
    for point in made.points:
        keys = [point.key] if by_year else [point.key, spreadsheet.cell(point.label)]
        figure = "" if point.value is None else f"{point.value:f}"
        writer.writerow([*keys, figure, spreadsheet.cell(made.unit)])
    return spreadsheet.BYTE_ORDER_MARK + stream.getvalue()
