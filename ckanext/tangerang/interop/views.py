"""The sitemap, and the address of a region."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk
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
    return max(1, -(-state.datasets // pages.PAGE))


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


@tangerang_interop.route("/wilayah/<code>")
def region(code: str) -> Response:
    """Lead from the address of a region to the datasets about it."""
    if not wilayah.is_region(code):
        return tk.abort(
            404, tk._('No region has the Kemendagri code "{value}".').format(value=code)
        )
    return tk.redirect_to(f"{DATASET_TYPE}.search", vocab_cakupan_wilayah=code)
