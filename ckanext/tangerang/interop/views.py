"""The sitemap, and the page of a region."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import Page
from flask import Blueprint, make_response, request

from .. import wilayah
from ..metadata.fields import DATASET_TYPE
from . import sitemap as pages
from .dcat.lookup import portal

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

tangerang_interop = Blueprint("tangerang_interop", __name__)


def _answer(state: pages.State, name: str, body: str | None) -> Response:
    """Return the sitemap, or that the reader has it already.

    :param name: of the part of the sitemap
    :param body: None where the reader's copy is still right
    """
    response = make_response(body or "")
    response.mimetype = "application/xml"
    response.set_etag(f"{name}-{state.digest}")
    response.last_modified = state.changed
    response.cache_control.public = True
    response.cache_control.max_age = 0
    response.cache_control.must_revalidate = True
    return response.make_conditional(request)


def _is_known(state: pages.State, name: str) -> bool:
    """Tell whether the reader says that it has this very sitemap."""
    return f"{name}-{state.digest}" in request.if_none_match


def _count(state: pages.State) -> int:
    """Return how many pages the sitemap has."""
    return max(1, -(-state.addresses // pages.PAGE))


@tangerang_interop.route("/sitemap.xml")
def sitemap() -> Response:
    """Show the sitemap, or the list of its pages where there are several."""
    state = pages.state()
    if _is_known(state, "all"):
        return _answer(state, "all", None)
    base, count = portal().base, _count(state)
    return _answer(
        state, "all", pages.datasets(base, 1) if count == 1 else pages.index(base, count)
    )


@tangerang_interop.route("/sitemap-<int:number>.xml")
def sitemap_page(number: int) -> Response:
    """Show one page of the sitemap."""
    state = pages.state()
    if not 1 <= number <= _count(state):
        return tk.abort(404, tk._("There is no such page of the sitemap."))
    known = _is_known(state, str(number))
    return _answer(state, str(number), None if known else pages.datasets(portal().base, number))


def _region_url(code: str, page: int, **_: Any) -> str:
    """Return the address of one page of the datasets about a region."""
    return tk.h.url_for("tangerang_interop.region", code=code, page=page)


@tangerang_interop.route("/wilayah/<code>")
def region(code: str) -> str:
    """Show the public datasets about a region: the page at the address that stands for it."""
    if not wilayah.is_region(code):
        message = tk._('No region has the Kemendagri code "{value}".')
        return tk.abort(404, message.format(value=code))
    number, limit = tk.h.get_page_number(request.args), tk.config["ckan.datasets_per_page"]
    found = tk.get_action("package_search")(
        {"user": "", "for_view": True},
        {
            "fq": f'+dataset_type:{DATASET_TYPE} +vocab_cakupan_wilayah:"{code}"',
            "rows": limit,
            "start": (number - 1) * limit,
            "sort": "title_string asc",
            "facet": "false",
        },
    )
    page = Page(
        collection=found["results"],
        page=number,
        url=partial(_region_url, code),
        item_count=found["count"],
        items_per_page=limit,
    )
    page.items = found["results"]
    parts = code.split(".")
    codes = [".".join(parts[:number]) for number in range(1, len(parts) + 1)]
    path = [{"code": one, "name": wilayah.region_name(one) or one} for one in codes]
    return tk.render("tangerang/wilayah/read.html", {"path": path, "page": page})
