"""Template helpers of the plugin ``tangerang_search``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from flask import request

from . import address, advice, config, facets, listing, marking, query, words

if TYPE_CHECKING:
    from markupsafe import Markup

_Facets = dict[str, dict[str, Any]]


def tangerang_search_facets(titles: dict[str, str], found: _Facets | None) -> list[dict[str, Any]]:
    """Return the filters beside a list of records (see :func:`.facets.shown`)."""
    return facets.shown(titles, found or {})


def tangerang_search_chips(titles: dict[str, str], found: _Facets | None) -> list[dict[str, Any]]:
    """Return the filters in force, each with the address without it (see :func:`.facets.chips`)."""
    return facets.chips(titles, found or {})


def tangerang_search_clear() -> str:
    """Return the address of the page at hand without any filter, with its text and order."""
    kept = ("q", "sort", listing.READING)
    return address.changed(without=[name for name, _ in address.params() if name not in kept])


def tangerang_search_kept() -> list[tuple[str, str]]:
    """Return the parameters that a search form keeps beside those that CKAN's keeps."""
    return [pair for pair in address.params() if pair[0].startswith("ext_")]


def tangerang_search_related(q: str) -> dict[str, Any] | None:
    """Return what else was looked for on this page, and how to look for the exact words.

    :returns: ``texts`` that the text also stands for, ``exact`` (whether only the words themselves
        were looked for) and ``url`` of the other way; None where nothing could be added
    """
    reading = query.read(q or "", words.load(config.word_files()))
    if reading is None or not listing.on_page() or config.reach() == config.NOBODY:
        return None
    exact = request.args.get(listing.READING) == listing.EXACT
    added = [] if exact else [(listing.READING, listing.EXACT)]
    url = address.changed(without=[listing.READING], and_with=added)
    return {"texts": list(reading.related), "exact": exact, "url": url}


def tangerang_search_mark(text: str) -> Markup | str:
    """Return a text with the words marked that the page at hand was asked for."""
    q = request.args.get("q", "") if listing.on_page() else ""
    return marking.mark(text, q, words.load(config.word_files())) if q and text else text


def tangerang_search_advice(q: str, chips: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what may be tried instead of a search without results (see :mod:`.advice`)."""
    return advice.advice(q or "", chips)


def tangerang_search_api_url(q: str) -> str:
    """Return the address at which programs get what the list of datasets at hand shows."""
    fq = " ".join(advice.filters_of(address.params())[0])
    extras = dict(tangerang_search_kept())
    if config.reach() == config.PAGES and q:
        extras.setdefault(listing.READING, listing.WIDE)
    pairs = {"q": q or "", "fq": fq, "sort": request.args.get("sort", ""), **extras}
    given = {name: value for name, value in pairs.items() if value}
    return tk.h.url_for("api.action", ver=3, logic_function="package_search", **given)
