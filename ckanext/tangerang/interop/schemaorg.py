"""A dataset as the JSON-LD of schema.org that search engines read on its page.

A pure function of the record and what it names, after the rules of Google for datasets
(developers.google.com/search/docs/appearance/structured-data/dataset): a description of 50 to
5,000 characters, licence and files as addresses, persons and offices as objects.
"""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING, Any

from .. import wilayah
from .dcat import fragment, terms
from .dcat.formats import file_format
from .dcat.licences import licence_address
from .dcat.lookup import indicators_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .dcat.lookup import Agency, Lookup

    Record = Mapping[str, Any]

SHORTEST, LONGEST = 50, 5_000
#: More variables than anybody reads; a file may have 500 columns.
_MOST_VARIABLES = 200

_TAG = re.compile(
    r"<(script|style)\b.*?(</\1\s*>|\Z)|<!--.*?(-->|\Z)|</?[a-zA-Z][^<>]{0,1000}>",
    re.DOTALL | re.IGNORECASE,
)
_SPACES = re.compile(r"[ \t]+")


def plain(value: Any) -> str:
    """Return a text without the HTML in it; Markdown stays, which reads as text."""
    without = _TAG.sub(" ", terms.clean(value)[: 10 * LONGEST])
    return _SPACES.sub(" ", terms.clean(unescape(without))).strip()


def _description(record: Record, owner: str) -> str:
    """Return a description that is long enough, and not too long.

    A short one is followed by what else is known of the dataset.
    """
    title = plain(record.get("title"))
    text = plain(record.get("notes")) or title
    more = (
        plain(record.get("definisi")),
        f"Dataset “{title}”" + (f" dari {owner}." if owner else "."),
        "Diterbitkan menurut Satu Data Indonesia.",
    )
    for sentence in more:
        if len(text) >= SHORTEST:
            break
        if sentence and sentence not in text:
            text = f"{text.rstrip('.')}. {sentence}"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"


def _agency(lookup: Lookup, agency: Agency) -> dict[str, Any]:
    """Return an organization."""
    portal = lookup.portal
    out: dict[str, Any] = {
        "@type": "GovernmentOrganization",
        "@id": str(fragment.agency_uri(portal, agency.id)),
        "name": plain(agency.title) or agency.name,
        "url": f"{portal.base}/organization/{terms.part(agency.name)}",
    }
    if agency.abbreviation:
        out["alternateName"] = plain(agency.abbreviation)
    parent = lookup.agencies.get(agency.parent)
    out["parentOrganization"] = {
        "@type": "GovernmentOrganization",
        "name": plain(parent.title if parent else portal.government),
    }
    return out


def _publisher(lookup: Lookup) -> dict[str, Any]:
    """Return the walidata."""
    agency = lookup.agencies.get(lookup.walidata)
    if agency is not None:
        return _agency(lookup, agency)
    return {"@type": "GovernmentOrganization", "name": plain(lookup.portal.walidata)}


def _places(lookup: Lookup, record: Record) -> list[dict[str, Any]]:
    """Return the regions that a dataset is about."""
    return [
        {
            "@type": "AdministrativeArea",
            "name": wilayah.region_name(code),
            "identifier": code,
            "url": terms.web_address(fragment.region_address(lookup.portal, code)),
        }
        for code in fragment.values(record, "cakupan_wilayah")
        if wilayah.is_region(code)
    ]


def _variables(lookup: Lookup, record: Record) -> list[dict[str, Any]]:
    """Return what is measured: the indicators, and the columns of the files."""
    found: dict[str, dict[str, Any]] = {}
    for one in indicators_of(record, lookup):
        found.setdefault(one.title.lower(), _variable(one.title, "", one.definition, one.unit))
    for resource in record.get("resources") or ():
        for row in fragment.kamus_rows(resource):
            name = row.get("label") or row["kolom"]
            found.setdefault(
                name.lower(),
                _variable(name, row["kolom"], row.get("definisi", ""), row.get("satuan", "")),
            )
    return list(found.values())[:_MOST_VARIABLES]


def _variable(name: str, column: str, definition: str, unit: str) -> dict[str, Any]:
    """Return one thing that is measured."""
    out = {
        "@type": "PropertyValue",
        "name": plain(name),
        "alternateName": plain(column) if column != name else "",
        "description": plain(definition)[:LONGEST],
        "unitText": plain(unit),
    }
    return {key: value for key, value in out.items() if value}


def _files(lookup: Lookup, record: Record) -> list[dict[str, Any]]:
    """Return the files that everybody can download."""
    out = []
    for resource in record.get("resources") or ():
        address = fragment.download_address(lookup.portal, record, resource)
        if address is None:
            continue
        mime = file_format(resource.get("format"), resource.get("mimetype")).mime
        entry = {
            "@type": "DataDownload",
            "@id": str(fragment.resource_page(lookup.portal, record, resource)),
            "name": plain(resource.get("name")),
            "description": plain(resource.get("description"))[:LONGEST],
            "contentUrl": address,
            "encodingFormat": mime or plain(resource.get("format")) or "application/octet-stream",
            "temporalCoverage": _coverage(*str(resource.get("periode_data") or "").split("/")[:2]),
        }
        size = resource.get("size")
        if isinstance(size, int) and size > 0:
            entry["contentSize"] = f"{size} B"
        out.append({key: value for key, value in entry.items() if value})
    return out


def _coverage(start: Any, end: Any = None) -> str:
    """Return a period as schema.org writes it, ``2020-01-01/2024-12-31``; empty for none."""
    days = fragment.bounds(start, end)
    return "/".join(days) if days else ""


def _catalogue(lookup: Lookup) -> dict[str, Any]:
    """Return the portal as a catalogue."""
    portal = lookup.portal
    return {"@type": "DataCatalog", "name": plain(portal.title), "url": f"{portal.base}/"}


def dataset(record: Record, lookup: Lookup) -> dict[str, Any]:
    """Return a public dataset as an object of schema.org.

    :param record: as ``package_show`` returns it
    :param lookup: holds what the record names (:func:`.dcat.lookup.load`)
    """
    portal = lookup.portal
    owner = lookup.agencies.get(str(record.get("owner_org") or ""))
    restricted = record.get("accesslevel") == fragment.RESTRICTED
    reason = plain(record.get("alasan_pembatasan"))[:LONGEST]
    out: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": str(fragment.dataset_uri(portal, record)),
        "name": plain(record.get("title")) or str(record.get("name")),
        "description": _description(record, plain(owner.title) if owner else ""),
        "url": str(fragment.landing_page(portal, record)),
        "identifier": plain(record.get("identifier")) or str(record["id"]),
        "inLanguage": "id",
        "keywords": [plain(tag.get("name")) for tag in record.get("tags") or ()],
        "license": licence_address(portal.base, record),
        "isAccessibleForFree": not restricted,
        "conditionsOfAccess": reason if restricted else "",
        "creator": _agency(lookup, owner) if owner else _publisher(lookup),
        "publisher": _publisher(lookup),
        "includedInDataCatalog": _catalogue(lookup),
        "datePublished": str(record.get("metadata_created") or "")[:10],
        "dateModified": str(record.get("metadata_modified") or "")[:10],
        "temporalCoverage": _coverage(record.get("periode_awal"), record.get("periode_akhir")),
        "spatialCoverage": _places(lookup, record),
        "measurementTechnique": plain(record.get("metodologi"))[:LONGEST],
        "variableMeasured": _variables(lookup, record),
        "version": plain(record.get("version")),
        "distribution": _files(lookup, record),
    }
    return {key: value for key, value in out.items() if value not in ("", None, [])}


def script(record: Record, lookup: Lookup) -> str:
    r"""Return :func:`dataset` as text that may stand inside ``<script>``.

    ``<``, ``>`` and ``&`` are written as ``\uXXXX``, so that no value ends the element.
    """
    text = json.dumps(dataset(record, lookup), ensure_ascii=True, indent=1)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
