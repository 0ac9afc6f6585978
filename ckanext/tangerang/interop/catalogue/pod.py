"""Datasets in Project Open Data 1.1, the form of ``/data.json``.

Pure functions of a record and what it names, after the field list of the schema
(https://resources.data.gov/resources/dcat-us/), without what is for federal agencies of the USA.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ... import wilayah
from ...metadata import codelists
from ..dcat import fragment, terms
from ..dcat.formats import file_format
from ..dcat.licences import licence_address

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..dcat.lookup import Lookup

    Record = Mapping[str, Any]

SCHEMA: Final = "https://project-open-data.cio.gov/v1.1/schema"
#: The schema allows so many characters for why something is not public.
_LONGEST_RIGHTS: Final = 255
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", re.ASCII)
_NO_RHYTHM: Final = "irregular"
#: What a tag of CKAN may not have, and how long it may be.
_NOT_IN_TAGS: Final = re.compile(r"[^\w \-.]")
_LONGEST_TAG: Final = 100


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    """Return what holds something."""
    return {key: value for key, value in values.items() if value not in ("", None, [], {})}


def _publisher(lookup: Lookup, record: Record) -> dict[str, Any]:
    """Return the OPD with all that it is part of, up to the government."""
    portal = lookup.portal
    government = {"@type": "org:Organization", "name": terms.clean(portal.government)}
    names: list[str] = []
    key = str(record.get("owner_org") or "")
    while key in lookup.agencies and len(names) < len(lookup.agencies):
        names.append(lookup.agencies[key].title)
        key = lookup.agencies[key].parent
    for name in reversed(names):
        government = {
            "@type": "org:Organization",
            "name": terms.clean(name),
            "subOrganizationOf": government,
        }
    return government


def _contact(record: Record, publisher: str) -> dict[str, Any] | None:
    """Return the office to ask; None for a record without a mail address of one."""
    address = terms.mail_uri(record.get("kontak_email"))
    if address is None:
        return None
    name = terms.clean(record.get("penanggung_jawab")).strip() or publisher
    return {"@type": "vcard:Contact", "fn": name, "hasEmail": str(address)}


def _keywords(lookup: Lookup, record: Record) -> list[str]:
    """Return tags and topics, as CKAN takes them for tags; the schema wants one at least.

    ckanext-dcat's JSON harvester makes tags of them, and loses a dataset with one that CKAN
    refuses: a topic with a comma, for instance.
    """
    tags = [terms.clean(tag.get("name")) for tag in record.get("tags") or ()]
    words = (_NOT_IN_TAGS.sub(" ", word) for word in (*tags, *_topics(lookup, record)))
    taken = (" ".join(word.split())[:_LONGEST_TAG].rstrip() for word in words)
    return list(dict.fromkeys(word for word in taken if len(word) > 1)) or ["statistik"]


def _topics(lookup: Lookup, record: Record) -> list[str]:
    """Return the topics in Indonesian."""
    known = lookup.portal.topics
    return [known[key].label() for key in fragment.values(record, "kategori") if key in known]


def _frequency(record: Record) -> str:
    """Return how often a dataset comes, as a repeating interval of ISO 8601."""
    item = codelists.codelist("frekuensi").get(str(record.get("frekuensi") or ""))
    if item is None:
        return ""
    length = item.extra.get("iso8601")
    return f"R/{length}" if length else _NO_RHYTHM


def _distribution(lookup: Lookup, record: Record, resource: Record) -> dict[str, Any]:
    """Return a file: its address for download, or its page where not everybody may have it."""
    address = fragment.download_address(lookup.portal, record, resource)
    mime = file_format(resource.get("format"), resource.get("mimetype")).mime
    where: dict[str, Any] = {
        "accessURL": str(fragment.resource_page(lookup.portal, record, resource))
    }
    if address:
        where = {"downloadURL": address, "mediaType": mime or "application/octet-stream"}
    size = resource.get("size")
    return _filled(
        {
            "@type": "dcat:Distribution",
            "title": terms.clean(resource.get("name")).strip(),
            "description": terms.clean(resource.get("description")).strip(),
            "format": terms.clean(resource.get("format")).strip(),
            "byteSize": size if isinstance(size, int) and size > 0 else None,
            **where,
        }
    )


def dataset(record: Record, lookup: Lookup) -> dict[str, Any]:
    """Return a public dataset.

    :param record: as ``package_show`` or ``package_search`` returns it
    :param lookup: holds what the record names
    """
    portal = lookup.portal
    publisher = _publisher(lookup, record)
    access = codelists.codelist("akses").get(str(record.get("accesslevel") or "terbuka"))
    days = fragment.bounds(record.get("periode_awal"), record.get("periode_akhir"))
    title = terms.clean(record.get("title")).strip() or str(record.get("name"))
    reason = terms.clean(record.get("alasan_pembatasan")).strip()[:_LONGEST_RIGHTS]
    regions = fragment.values(record, "cakupan_wilayah")
    return _filled(
        {
            "@type": "dcat:Dataset",
            "identifier": terms.clean(record.get("identifier")).strip() or str(record["id"]),
            "title": title,
            "description": terms.clean(record.get("notes")).strip() or title,
            "keyword": _keywords(lookup, record),
            "theme": _topics(lookup, record),
            "issued": _moment(record.get("metadata_created")),
            "modified": _moment(record.get("metadata_modified")),
            "publisher": publisher,
            "contactPoint": _contact(record, publisher["name"]),
            "accessLevel": access.extra["pod_accessLevel"] if access else "",
            "rights": reason,
            "license": licence_address(portal.base, record),
            "accrualPeriodicity": _frequency(record),
            "temporal": "/".join(days) if days else "",
            "spatial": ", ".join(
                wilayah.region_name(code) or code for code in regions if wilayah.is_region(code)
            ),
            "language": ["id"],
            "landingPage": str(fragment.landing_page(portal, record)),
            "distribution": [
                _distribution(lookup, record, resource)
                for resource in record.get("resources") or ()
            ],
        }
    )


def _moment(value: Any) -> str:
    """Return a time of CKAN, which is UTC without saying so, as ISO 8601 with its zone."""
    text = terms.clean(value)[:19]
    return f"{text}Z" if _MOMENT.fullmatch(text) else ""


def catalogue(base: str) -> dict[str, Any]:
    """Return the catalogue without its datasets."""
    return {
        "@context": f"{SCHEMA}/catalog.jsonld",
        "@id": f"{base}/data.json",
        "@type": "dcat:Catalog",
        "conformsTo": SCHEMA,
        "describedBy": f"{SCHEMA}/catalog.json",
    }
