"""Pictures of charts, the page of all charts of a table, and what other sites may frame."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
from flask import Blueprint, make_response, request

from ..pages import forbid_keeping
from . import drawing, index, indicators, making, regions
from .recognise import category_slugs

if TYPE_CHECKING:
    from ckan.types import Context
    from werkzeug.wrappers import Response

    from . import figures

tangerang_grafik = Blueprint("tangerang_grafik", __name__, url_prefix="/grafik")
tangerang_wilayah = Blueprint("tangerang_wilayah", __name__)

_TYPES = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv"}
#: A picture that is opened by itself may load and run nothing.
_PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
#: What other sites frame: one picture and one style sheet of ours, nothing else.
_EMBED_POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors *"
)


def _context() -> Context:
    """Return a context of the user of the request."""
    return cast("Context", {"user": tk.current_user.name or "", "auth_user_obj": tk.current_user})


def _source(resource_id: str) -> making.Source:
    """Return a table whose charts the user may see, or answer 403 or 404.

    As elsewhere: who does not see the record finds nothing there; who sees it, but may not read its
    tables, is told so.
    """
    try:
        return making.open_source(_context(), resource_id)
    except tk.NotAuthorized as error:
        if tk.h.check_access("resource_show", {"id": resource_id}):
            tk.abort(403, str(error))
        tk.abort(404, tk._("There is no such file."))
    except tk.ObjectNotFound as error:
        tk.abort(404, str(error))


def _chosen(source: making.Source, name: str) -> figures.Selection:
    """Return the chart that the address means, or answer 404."""
    try:
        return making.select(
            source, name, request.args.get("tahun", ""), request.args.get("pilihan", "")
        )
    except tk.ObjectNotFound as error:
        tk.abort(404, str(error))


def _kept(response: Response, *, public: bool) -> Response:
    """Say who may keep an answer: of open tables everybody, after asking whether it still holds."""
    if not public:
        return forbid_keeping(response)
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
    response.cache_control.public = True
    response.cache_control.max_age = 0
    response.cache_control.must_revalidate = True
    return response.make_conditional(request)


def _width() -> int:
    """Return the width that is asked for: one of those that there are."""
    asked = request.args.get("lebar", type=int)
    return asked if asked in drawing.WIDTHS else drawing.WIDTHS[0]


def _body(source: making.Source, chosen: figures.Selection, ending: str) -> str | bytes:
    """Return a chart in a form."""
    if ending == "csv":
        return making.written(making.chart(source, chosen))
    drawn = making.picture(source, chosen, _width())
    return making.rasterised(drawn) if ending == "png" else drawn


@tangerang_grafik.route("/<resource_id>/<name>.<any(svg, png, csv):ending>")
def picture(resource_id: str, name: str, ending: str) -> Response:
    """Show a chart as SVG or PNG, or its figures as CSV."""
    source = _source(resource_id)
    chosen = _chosen(source, name)
    try:
        body = _body(source, chosen, ending)
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))
    response = make_response(body)
    response.mimetype = _TYPES[ending]
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = _PICTURE_POLICY
    if ending == "csv" or request.args.get("unduh"):
        response.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return _kept(response, public=index.is_open(source.resource))


def _shown(source: making.Source, chosen: figures.Selection, name: str) -> dict[str, Any]:
    """Return what a template needs of a chart."""
    made = making.chart(source, chosen)
    slugs = {text: slug for slug, text in category_slugs(source.shape.categories).items()}
    category = slugs.get(chosen.category, "")
    address = tk.h.tangerang_chart_address(source.resource.id, name, chosen.year, category)
    return {
        "name": name,
        "kind": chosen.kind,
        "title": making.title_of(made),
        "words": making.words_of(made),
        "alt": f"{making.title_of(made)}. {making.words_of(made)}",
        "unit": made.unit,
        "points": made.points,
        "category": category,
        "year": chosen.year,
        **address,
    }


@tangerang_grafik.route("/<resource_id>/<name>/sematkan")
def embed(resource_id: str, name: str) -> Response:
    """Show a chart alone, for other sites to frame."""
    source = _source(resource_id)
    chosen = _chosen(source, name)
    try:
        chart = _shown(source, chosen, name)
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))
    page = tk.render(
        "tangerang/charts/embed.html",
        {"chart": chart, "package": source.resource.package, "resource_id": resource_id},
    )
    response = make_response(page)
    response.headers["Content-Security-Policy"] = _EMBED_POLICY
    response.headers.pop("X-Frame-Options", None)
    return _kept(response, public=index.is_open(source.resource))


@tangerang_grafik.route("/<resource_id>")
def read(resource_id: str) -> Response:
    """Show all kinds of charts of one column of a table, with their figures."""
    source = _source(resource_id)
    shape = source.shape
    slug = request.args.get("kolom") or shape.values[0].slug
    kinds = making.kinds(shape)
    charts = []
    for kind in kinds:
        name = f"{kind}-{slug}"
        try:
            charts.append(_shown(source, _chosen(source, name), name))
        except tk.ObjectNotFound:
            continue
    package = source.resource.package
    page = tk.render(
        "tangerang/charts/read.html",
        {
            "charts": charts,
            "shape": shape,
            "column": slug,
            "categories": category_slugs(shape.categories),
            "resource": source.resource,
            "package": package,
        },
    )
    response = make_response(page)
    return response if index.is_open(source.resource) else forbid_keeping(response)


@tangerang_grafik.route("/indikator/<name>.<any(svg, png, csv):ending>")
def series(name: str, ending: str) -> Response:
    """Show the series of an indicator as SVG or PNG, or its figures as CSV."""
    context = _context()
    try:
        tk.check_access("tangerang_series_show", context, {"id": name})
        package = indicators.find(name)
        body = indicators.rendered(context, package, ending, _width())
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return tk.abort(404, tk._("There is no such indicator."))
    response = make_response(body)
    response.mimetype = _TYPES[ending]
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = _PICTURE_POLICY
    if ending == "csv":
        response.headers["Content-Disposition"] = f'attachment; filename="{package.name}.csv"'
    public = not package.private and index.is_open(indicators.resource_of(package))
    return _kept(response, public=public)


@tangerang_wilayah.route("/wilayah")
def districts() -> str:
    """Show all kecamatan, as a map of tiles that leads to their pages."""
    return tk.render("tangerang/wilayah/index.html", {"districts": regions.tiles()})
