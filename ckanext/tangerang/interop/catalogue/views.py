"""``/data.json``, the whole catalogue, and its pages.

``/catalog.<form>`` is ckanext-dcat's address too. This blueprint comes first, as its plugin stands
before ckanext-dcat's: it answers what every harvester asks for, a page without any filter, and
hands the rest (``q``, ``fq``, ``modified_since``, ``profiles``, other forms) to ckanext-dcat.
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Any, Final

import ckan.plugins.toolkit as tk
from ckan import model
from flask import Blueprint, Response, request, send_file

from .. import config
from ..dcat import lookup as lookups
from . import build, forms, pages, store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .forms import Form
    from .store import Edition

tangerang_catalogue = Blueprint("tangerang_catalogue", __name__)

#: Names that ckanext-dcat has for our forms.
_DCAT_NAMES: Final = {"ttl": "ttl", "xml": "xml", "rdf": "xml", "jsonld": "jsonld"}
_NUMBER: Final = re.compile(r"[0-9]+")
#: Digits of a page that no catalogue has.
_FAR: Final = 12
#: Seconds after which a reader that was turned away may come again.
_RETRY: Final = 60


def _headers(response: Response, edition: Edition, tag: str) -> Response:
    """Give an answer what caches need: it may be kept, and has to be asked for again."""
    response.set_etag(tag)
    response.last_modified = edition.modified
    response.cache_control.public = True
    response.cache_control.max_age = 0
    response.cache_control.must_revalidate = True
    response.vary.add("Accept-Encoding")
    return response


def _is_known(tag: str) -> bool:
    """Tell whether the reader has this very document: by its tag, a withdrawal moves no date."""
    return request.if_none_match.contains_weak(tag)


def _not_modified(form: Form, edition: Edition, tag: str) -> Response:
    """Return that the reader has the document."""
    return _headers(Response(status=304, mimetype=form.mime), edition, tag)


def _zipped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield bytes packed with gzip, quickly rather than tightly."""
    packer = zlib.compressobj(1, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    for chunk in chunks:
        packed = packer.compress(chunk)
        if packed:
            yield packed
    yield packer.flush()


def _is_up_to_date(ids: list[str] | None) -> bool:
    """Render what readers are to get and is outdated; tell whether all of it is right now.

    :param ids: of the datasets that are asked for; None for all
    """
    old = store.outdated(ids)
    if len(old) > config.inline_limit():
        build.enqueue()
        return False
    if old:
        build.refresh(old)
    return True


def _later() -> Response:
    """Return that the catalogue is being made."""
    message = tk._("The catalogue is being made. Ask again in a minute.")
    return Response(f"{message}\n", 503, {"Retry-After": str(_RETRY)}, mimetype="text/plain")


def _whole(form: Form) -> Response:
    """Return the whole catalogue."""
    edition = store.edition()
    zipped = "gzip" in request.accept_encodings
    tag = f"{edition.name}-{form.name}{'-gz' if zipped else ''}"
    if _is_known(tag):
        return _not_modified(form, edition, tag)
    path = build.finished(edition, form, zipped=zipped)
    if path is not None:
        response: Any = send_file(path, mimetype=form.mime, conditional=False, etag=False)
    else:
        if not _is_up_to_date(None):
            return _later()
        build.enqueue()
        lookup = lookups.load([])
        modified = edition.modified.isoformat() if edition.modified else None
        texts = build.pieces(form, lookup, modified, store.stream(form))
        chunks: Iterator[bytes] = (text.encode("utf-8") for text in texts)
        response = Response(_zipped(chunks) if zipped else chunks, mimetype=form.mime)
    response.headers["Content-Type"] = form.mime
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    return _headers(response, edition, tag)


@tangerang_catalogue.route("/data.json")
def data_json() -> Response:
    """Show all datasets in Project Open Data 1.1."""
    return _whole(forms.POD)


@tangerang_catalogue.route("/catalog-all.<any(ttl, xml, jsonld):name>")
def whole(name: str) -> Response:
    """Show the whole catalogue as DCAT."""
    return _whole(forms.FORMS[name])


def _page_number() -> int | None:
    """Return the page that is asked for; None where more is asked, or no page has that number."""
    if set(request.args) - {"page"}:
        return None
    text = request.args.get("page", "1")
    if not _NUMBER.fullmatch(text):
        return None
    return int(text) or None if len(text) <= _FAR else 10**_FAR


@tangerang_catalogue.route("/catalog.<any(ttl, xml, rdf, jsonld):name>")
def page(name: str) -> Any:
    """Show a page of the catalogue as DCAT."""
    number = _page_number()
    if number is None:
        from ckanext.dcat.utils import read_catalog_page  # noqa: PLC0415 - a partner, maybe off

        return read_catalog_page(name)
    form = forms.FORMS[_DCAT_NAMES[name]]
    edition = store.edition()
    zipped = "gzip" in request.accept_encodings
    tag = f"{edition.name}-{name}-{number}{'-gz' if zipped else ''}"
    if _is_known(tag):
        return _not_modified(form, edition, tag)
    paging = pages.Paging(_address(name), number, config.datasets_per_page(), edition.datasets)
    ids = store.page(number, paging.size)
    if not _is_up_to_date(ids):
        return _later()
    lookup = lookups.load([])
    modified = edition.modified.isoformat() if edition.modified else None
    found = [pages.fragment(form, paging), *store.fragments(form, ids)]
    body = "".join(build.pieces(form, lookup, modified, found)).encode("utf-8")
    response = Response(b"".join(_zipped([body])) if zipped else body, mimetype=form.mime)
    response.headers["Content-Type"] = form.mime
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    model.Session.rollback()
    return _headers(response, edition, tag)


def _address(name: str) -> Any:
    """Return what gives the address of a page."""
    base = lookups.portal().base
    return lambda number: f"{base}/catalog.{name}?page={number}"
