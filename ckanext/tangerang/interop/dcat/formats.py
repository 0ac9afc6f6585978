"""Formats of files as the EU's file types and as media types of IANA.

CKAN's own table of formats knows names and media types; the names of the EU differ from some.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

from rdflib import URIRef

from .namespaces import EU

_IANA = "https://www.iana.org/assignments/media-types/"
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}")

#: Name in the EU's table ``file-type`` and media type, by CKAN's name in capitals.
_KNOWN = {
    "CSV": ("CSV", "text/csv"),
    "TSV": ("TSV", "text/tab-separated-values"),
    "TXT": ("TXT", "text/plain"),
    "JSON": ("JSON", "application/json"),
    "JSON-LD": ("JSON_LD", "application/ld+json"),
    "GEOJSON": ("GEOJSON", "application/geo+json"),
    "XML": ("XML", "application/xml"),
    "RDF": ("RDF", "application/rdf+xml"),
    "TTL": ("RDF_TURTLE", "text/turtle"),
    "HTML": ("HTML", "text/html"),
    "XLS": ("XLS", "application/vnd.ms-excel"),
    "XLSX": ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ODS": ("ODS", "application/vnd.oasis.opendocument.spreadsheet"),
    "DOC": ("DOC", "application/msword"),
    "DOCX": ("DOCX", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "ODT": ("ODT", "application/vnd.oasis.opendocument.text"),
    "PPT": ("PPT", "application/vnd.ms-powerpoint"),
    "PPTX": ("PPTX", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    "PDF": ("PDF", "application/pdf"),
    "ZIP": ("ZIP", "application/zip"),
    "KML": ("KML", "application/vnd.google-earth.kml+xml"),
    "KMZ": ("KMZ", "application/vnd.google-earth.kmz"),
    "SHP": ("SHP", None),
    "GPKG": ("GPKG", "application/geopackage+sqlite3"),
    "GML": ("GML", "application/gml+xml"),
    "PARQUET": ("PARQUET", "application/vnd.apache.parquet"),
    "WMS": ("WMS_SRVC", None),
    "WFS": ("WFS_SRVC", None),
    "JPEG": ("JPEG", "image/jpeg"),
    "PNG": ("PNG", "image/png"),
    "TIFF": ("TIFF", "image/tiff"),
    "SVG": ("SVG", "image/svg+xml"),
}
_SAME = {"GEOTIFF": "TIFF", "JPG": "JPEG", "TURTLE": "TTL", "EXCEL": "XLSX", "TEXT": "TXT"}
_NAMES = {f"{EU}file-type/{eu}": name for name, (eu, _) in _KNOWN.items()}


class Format(NamedTuple):
    """A format of a file; None where it is not known."""

    #: Member of the EU's authority table.
    file_type: URIRef | None
    #: Page of the media type at IANA.
    media_type: URIRef | None
    #: The media type itself, ``text/csv``.
    mime: str | None


@lru_cache(maxsize=1_024)
def _format(name: str, mime: str) -> Format:
    """Return the format by its name, else by its media type."""
    eu, known = _KNOWN.get(_SAME.get(name, name), (None, None))
    # What the table says of the name; a server's guess such as application/octet-stream is worse.
    mime = known or (mime if _MEDIA_TYPE.fullmatch(mime) else "")
    return Format(
        URIRef(f"{EU}file-type/{eu}") if eu else None,
        URIRef(f"{_IANA}{mime}") if mime else None,
        mime or None,
    )


def file_format(name: Any, mime: Any) -> Format:
    """Return the format of a file.

    :param name: ``format`` of the resource, such as ``CSV`` or ``.xlsx``
    :param mime: its ``mimetype``, where it has one
    """
    words = str(name or "").strip().upper().lstrip(".")
    return _format(words[:100], str(mime or "").strip().lower()[:300])


def format_name(file_type: str) -> str | None:
    """Return CKAN's name of a file type of the EU; None where it is not known."""
    return _NAMES.get(file_type)


def media_type(page: str) -> str | None:
    """Return the media type of a page at IANA; None for another address."""
    return page.removeprefix(_IANA) if page.startswith(_IANA) else None
