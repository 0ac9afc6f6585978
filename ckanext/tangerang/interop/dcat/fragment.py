"""One dataset as triples of DCAT-AP 3: a pure function of the record and what it names.

No request, query or setting is used here, so fragments can be made in any process and kept. There
are no blank nodes, so fragments can be put one after the other without their parts being mixed
up; every node has an address, as ``#…`` of the dataset or file where it has none of its own.

Made by itself rather than by ckanext-dcat's profile, which asks for each dataset's organization
and for the schema, and makes blank nodes.
"""

from __future__ import annotations

import re
from datetime import datetime, timezone
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, TypeAlias

from rdflib import Literal, URIRef

from ... import wilayah
from ...metadata import codelists, kamus, links
from ...metadata.fields import ACTIVITY_TYPE
from ...metadata.values import Problem, as_list, is_empty, period_bounds
from . import licences, mapping, terms
from .formats import file_format
from .lookup import activity_of, indicators_of
from .mapping import Kind, Place
from .namespaces import (
    ADMS,
    CSVW,
    DCAT,
    DCTERMS,
    EU,
    FOAF,
    ORG,
    PROV,
    RDF,
    RDFS,
    SDI,
    SKOS,
    SPDX,
    VCARD,
    XSD,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from .lookup import Agency, Linked, Lookup, Portal
    from .mapping import Row

    Triple = tuple[URIRef, URIRef, URIRef | Literal]
    Part: TypeAlias = "Triple | Shared | Alike"
    Record = Mapping[str, Any]

#: The version of what is written; part of the key of a kept fragment. Raise it with any change.
VERSION = 2

INDONESIAN = EU["language/IND"]
_LOCAL_AUTHORITY = URIRef("http://purl.org/adms/publishertype/LocalAuthority")
#: More organizations above each other than any government has; ends a circle.
_LEVELS = 10
#: Algorithm by the number of hexadecimal digits of a checksum.
_CHECKSUMS = {32: "md5", 40: "sha1", 64: "sha256"}
_HEXADECIMAL = re.compile(r"(?:[a-z0-9-]+:)?([0-9a-fA-F]{32,64})")
RESTRICTED = "terbatas"


class Shared:
    """Triples about nodes that many datasets name: items of code lists, agencies, regions.

    The same object each time, so that whoever writes them need do it once; half of what is said
    in the fragment of a dataset is of this kind.
    """

    __slots__ = ("triples", "written")

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.triples = tuple(triples)
        #: What the writer made of them; it goes when nobody needs them any more.
        self.written: Any = None


class Said:
    """What is said of a node: properties with their values; remembered as :class:`Shared` is."""

    __slots__ = ("pairs", "written")

    def __init__(self, pairs: Iterable[tuple[URIRef, URIRef | Literal]]) -> None:
        self.pairs = tuple(pairs)
        self.written: Any = None


class Alike:
    """A node of one dataset of which is said what is said of nodes of others: a column.

    What is said is the same object each time, so that whoever writes it need do it once.
    """

    __slots__ = ("node", "said")

    def __init__(self, node: URIRef, said: Said) -> None:
        self.node = node
        self.said = said


def _flat(parts: Iterable[Part]) -> Iterator[Triple]:
    """Yield all triples of parts."""
    for part in parts:
        if isinstance(part, Shared):
            yield from part.triples
        elif isinstance(part, Alike):
            for predicate, value in part.said.pairs:
                yield part.node, predicate, value
        else:
            yield part


@lru_cache(maxsize=256)
def _local_uri(base: str, dataset_id: str) -> URIRef:
    """Return :func:`local_uri`; it is asked for a dozen times for each dataset."""
    return URIRef(f"{base}/dataset/{terms.part(dataset_id)}")


@lru_cache(maxsize=256)
def _resource_page(base: str, dataset_id: str, resource_id: str) -> URIRef:
    """Return :func:`resource_page`."""
    return URIRef(f"{_local_uri(base, dataset_id)}/resource/{terms.part(resource_id)}")


def local_uri(portal: Portal, record: Record) -> URIRef:
    """Return the address of a dataset at this portal; it stays when the dataset is renamed."""
    return _local_uri(portal.base, str(record["id"]))


def dataset_uri(portal: Portal, record: Record) -> URIRef:
    """Return the address that stands for a dataset.

    One that was harvested keeps that of its source, which ckanext-dcat's harvester puts into the
    extra ``uri``; what is no address there is not used.
    """
    for extra in record.get("extras") or ():
        if extra.get("key") == "uri":
            return terms.web_uri(extra.get("value")) or local_uri(portal, record)
    return local_uri(portal, record)


def landing_page(portal: Portal, record: Record) -> URIRef:
    """Return the page of a dataset."""
    return URIRef(f"{portal.base}/dataset/{terms.part(str(record.get('name') or record['id']))}")


def resource_page(portal: Portal, record: Record, resource: Record) -> URIRef:
    """Return the address of a file's page, which also stands for the file."""
    return _resource_page(portal.base, str(record["id"]), str(resource["id"]))


def agency_uri(portal: Portal, agency_id: str) -> URIRef:
    """Return the address that stands for an organization."""
    return URIRef(f"{portal.base}/organization/{terms.part(agency_id)}")


def _node(subject: URIRef, name: str) -> URIRef:
    """Return the address of a part of ``subject``."""
    # Without rdflib's search for characters that no address has: ``subject`` is one.
    return str.__new__(URIRef, f"{subject}#{name}")


def values(record: Record, field: str) -> list[str]:
    """Return the entries of a field that holds a list, or one value; none where it is empty."""
    value = record.get(field)
    return [] if is_empty(value) else [terms.clean(entry) for entry in as_list(value) if entry]


def _literal(node: URIRef, predicate: URIRef, value: Any) -> Iterator[Triple]:
    """Yield a text as a property; nothing for one without visible text."""
    literal = terms.text(value)
    if literal is not None:
        yield node, predicate, literal


# Concepts


@lru_cache(maxsize=4_096)
def _concept(base: str, lists: str, key: str, of_class: URIRef | None) -> Shared | None:
    """Return the triples of an item of a code list; the first one's subject stands for it.

    Its address is that of the action that shows the list. An unknown key is no concept.
    """
    for name in lists.split():
        item = codelists.codelist(name).get(key)
        if item is None:
            continue
        scheme = f"{base}/api/3/action/tangerang_codelist_show?name={name}"
        node = URIRef(f"{scheme}#{terms.part(key)}")
        found: list[Triple] = [
            (node, RDF.type, SKOS.Concept),
            (node, SKOS.prefLabel, Literal(item.id, lang="id")),
            (node, SKOS.prefLabel, Literal(item.en, lang="en")),
            (node, SKOS.notation, Literal(key)),
            (node, SKOS.inScheme, URIRef(scheme)),
        ]
        if of_class is not None:
            found += [(node, RDF.type, of_class), (node, DCTERMS.title, Literal(item.id))]
        return Shared(found)
    return None


@lru_cache(maxsize=1_024)
def _authority(row: Row, key: str) -> Shared | None:
    """Return the triple that types the member of an authority table that a key stands for."""
    item = codelists.codelist(row.codelist).get(key)
    member = item.extra.get(row.column) if item else None
    if member is None or row.of_class is None:
        return None
    return _typed(EU[f"{row.table}/{member}"], row.of_class)


@lru_cache(maxsize=1_024)
def _typed(node: URIRef, of_class: URIRef) -> Shared:
    """Return the triple that says what a node of others is."""
    return Shared([(node, RDF.type, of_class)])


def _topic_itself(portal: Portal, node: URIRef, key: str) -> Iterator[Triple]:
    """Yield what a topic is."""
    yield node, RDF.type, SKOS.Concept
    yield node, SKOS.notation, Literal(key)
    yield node, SKOS.inScheme, URIRef(f"{portal.base}/kategori")
    for lang, label in portal.topics[key].labels.items():
        yield node, SKOS.prefLabel, Literal(terms.clean(label), lang=lang)


def _topic(lookup: Lookup, subject: URIRef, key: str) -> Iterator[Part]:
    """Yield a topic of a dataset; an unknown key is none."""
    portal = lookup.portal
    if key not in portal.topics:
        return
    node = URIRef(f"{portal.base}/kategori/{terms.part(key)}")
    yield subject, DCAT.theme, node
    yield _once(lookup, node, partial(_topic_itself, portal, node, key))


def _once(lookup: Lookup, node: URIRef, describe: Callable[[], Iterable[Triple]]) -> Shared:
    """Return what is said of a node, asked once for all datasets of a batch."""
    known = lookup.described.get(node)
    if known is None:
        known = lookup.described[node] = Shared(describe())
    return known


# Rows of the table


def _row(portal: Portal, subject: URIRef, node: URIRef, row: Row, record: Record) -> Iterator[Part]:
    """Yield the triples of one field.

    :param subject: the dataset or file
    :param node: what has the property: ``subject`` or a part of it
    """
    for value in values(record, row.field):
        if row.kind in (Kind.TEXT, Kind.WORDS):
            yield from _literal(node, row.predicate, value)
        elif row.kind is Kind.STATEMENT:
            literal = terms.text(value)
            if literal is not None and row.of_class is not None:
                part = _node(subject, row.field)
                yield node, row.predicate, part
                yield part, RDF.type, row.of_class
                yield part, RDFS.label, literal
        else:
            described = (
                _concept(portal.base, row.codelist, value, row.of_class)
                if row.kind is Kind.CONCEPT
                else _authority(row, value)
            )
            if described is not None:
                yield node, row.predicate, described.triples[0][0]
                yield described


def _rows(portal: Portal, subject: URIRef, record: Record) -> Iterator[Part]:
    """Yield what the table says of a dataset itself."""
    for row in mapping.DATASET_ROWS:
        if row.place is Place.DATASET:
            yield from _row(portal, subject, subject, row, record)


def _standard(portal: Portal, subject: URIRef, record: Record) -> Iterator[Part]:
    """Yield the five parts of Standar Data, if any is known."""
    node = _node(subject, Place.STANDARD.value)
    found = [
        part
        for row in mapping.DATASET_ROWS
        if row.place is Place.STANDARD
        for part in _row(portal, subject, node, row, record)
    ]
    if found:
        yield subject, DCTERMS.conformsTo, node
        yield node, RDF.type, DCTERMS.Standard
        yield node, DCTERMS.title, Literal("Standar Data", lang="id")
        yield from found


# Agents


def _agency(portal: Portal, agency: Agency) -> Iterator[Triple]:
    """Yield what is public of one organization; its officers and mail are not written."""
    node = agency_uri(portal, agency.id)
    yield node, RDF.type, FOAF.Agent
    yield node, RDF.type, ORG.Organization
    yield node, FOAF.name, terms.text(agency.title) or Literal(agency.name)
    yield node, DCTERMS.type, _LOCAL_AUTHORITY
    yield from _literal(node, SKOS.altLabel, agency.abbreviation)
    yield from _literal(node, DCTERMS.identifier, agency.code)
    site = terms.web_uri(agency.site)
    if site is not None:
        yield node, FOAF.homepage, site


def _government(portal: Portal) -> Iterator[Triple]:
    """Yield the government, which all agencies are part of."""
    node = URIRef(f"{portal.base}/#pemerintah")
    yield node, RDF.type, FOAF.Agent
    yield node, RDF.type, ORG.Organization
    yield node, FOAF.name, terms.text(portal.government) or Literal(portal.base)
    yield node, DCTERMS.type, _LOCAL_AUTHORITY
    yield _LOCAL_AUTHORITY, RDF.type, SKOS.Concept
    yield _LOCAL_AUTHORITY, SKOS.prefLabel, Literal("Local Authority", lang="en")
    site = terms.web_uri(portal.government_url)
    if site is not None:
        yield node, FOAF.homepage, site


def _agency_itself(lookup: Lookup, agency_id: str) -> Shared:
    """Return an organization with all that it is part of, up to the government."""
    node = agency_uri(lookup.portal, agency_id)
    return _once(lookup, node, partial(_agency_and_above, lookup, agency_id))


def _agency_and_above(lookup: Lookup, agency_id: str) -> Iterator[Triple]:
    """Yield the triples of :func:`_agency_itself`."""
    portal, below = lookup.portal, agency_id
    seen: set[str] = set()
    while below in lookup.agencies and below not in seen and len(seen) < _LEVELS:
        seen.add(below)
        agency = lookup.agencies[below]
        yield from _agency(portal, agency)
        known = agency.parent in lookup.agencies and agency.parent not in seen
        above = agency_uri(portal, agency.parent) if known else URIRef(f"{portal.base}/#pemerintah")
        yield agency_uri(portal, below), ORG.subOrganizationOf, above
        below = agency.parent if known else ""
    yield from _government(portal)


def _publisher(lookup: Lookup, subject: URIRef) -> Iterator[Part]:
    """Yield the publisher of a dataset or of the catalogue: the walidata."""
    if lookup.walidata:
        yield subject, DCTERMS.publisher, agency_uri(lookup.portal, lookup.walidata)
        yield _agency_itself(lookup, lookup.walidata)
        return
    node = URIRef(f"{lookup.portal.base}/#walidata")
    yield subject, DCTERMS.publisher, node
    yield node, RDF.type, FOAF.Agent
    yield node, RDF.type, ORG.Organization
    yield node, FOAF.name, terms.text(lookup.portal.walidata) or Literal(lookup.portal.base)
    yield node, ORG.subOrganizationOf, URIRef(f"{lookup.portal.base}/#pemerintah")
    yield from _government(lookup.portal)


def _agents(lookup: Lookup, subject: URIRef, record: Record) -> Iterator[Part]:
    """Yield the walidata as publisher, the produsen as creator."""
    yield from _publisher(lookup, subject)
    owner = str(record.get("owner_org") or "")
    if owner in lookup.agencies:
        yield subject, DCTERMS.creator, agency_uri(lookup.portal, owner)
        yield _agency_itself(lookup, owner)


def _contact(lookup: Lookup, subject: URIRef, record: Record) -> Iterator[Part]:
    """Yield the office to ask: its position, mail and telephone; never author or maintainer."""
    node = _node(subject, Place.CONTACT.value)
    found = [
        part
        for row in mapping.DATASET_ROWS
        if row.place is Place.CONTACT
        for part in _row(lookup.portal, subject, node, row, record)
    ]
    mail = terms.mail_uri(record.get("kontak_email"))
    if mail is not None:
        found.append((node, VCARD.hasEmail, mail))
    if not found:
        return
    owner = lookup.agencies.get(str(record.get("owner_org") or ""))
    name = record.get("penanggung_jawab") or (owner.title if owner else lookup.portal.walidata)
    yield subject, DCAT.contactPoint, node
    yield node, RDF.type, VCARD.Kind
    yield node, RDF.type, VCARD.Organization
    yield node, VCARD.fn, terms.text(name) or Literal(lookup.portal.base)
    yield from found


# Time and place


def bounds(start: Any, end: Any = None) -> tuple[str, str] | None:
    """Return the first and last day of a period, as ISO dates; None where it is none.

    :param start: year, month or day
    :param end: the same; empty for the end of ``start``
    """
    first = period_bounds(str(start or "").strip())
    last = period_bounds(str(end or "").strip()) or first
    return (first[0].isoformat(), last[1].isoformat()) if first and last else None


def _period(node: URIRef, subject: URIRef, days: tuple[str, str] | None) -> Iterator[Triple]:
    """Yield a period of time of ``subject``."""
    if days is None:
        return
    yield subject, DCTERMS.temporal, node
    yield node, RDF.type, DCTERMS.PeriodOfTime
    yield node, DCAT.startDate, terms.typed(days[0], XSD.date)
    yield node, DCAT.endDate, terms.typed(days[1], XSD.date)


def _dataset_period(subject: URIRef, record: Record) -> Iterator[Triple]:
    """Yield the period of a dataset: days for everybody, and as it was written for ourselves."""
    node = _node(subject, "periode")
    days = bounds(record.get("periode_awal"), record.get("periode_akhir"))
    yield from _period(node, subject, days)
    for field in ("periode_awal", "periode_akhir") if days else ():
        yield from _literal(node, SDI[field], record.get(field))


def region_address(portal: Portal, code: str) -> str:
    """Return the address that stands for a region."""
    return portal.region_uri.replace("{code}", terms.part(code))


@lru_cache(maxsize=8_192)
def _region(address: str, code: str) -> Shared | None:
    """Return the triples of a region; the first one's subject stands for it.

    Nothing for a code that is none, or without a proper address.
    """
    node = terms.web_uri(address) if wilayah.is_region(code) else None
    if node is None:
        return None
    name = Literal(wilayah.region_name(code) or code, lang="id")
    return Shared(
        [
            (node, RDF.type, DCTERMS.Location),
            (node, SKOS.notation, Literal(code)),
            (node, SKOS.prefLabel, name),
        ]
    )


def _regions(portal: Portal, subject: URIRef, record: Record) -> Iterator[Part]:
    """Yield the regions that a dataset is about."""
    for code in values(record, "cakupan_wilayah"):
        region = _region(region_address(portal, code), code)
        if region is not None:
            yield subject, DCTERMS.spatial, region.triples[0][0]
            yield region


def _moment(value: Any) -> Literal | None:
    """Return a time of CKAN (UTC) with its zone; None for none."""
    try:
        moment = datetime.fromisoformat(str(value or "").replace("Z", "+00:00"))
    except ValueError:
        return None
    # CKAN's times are UTC without saying so.
    moment = moment.replace(tzinfo=moment.tzinfo or timezone.utc).astimezone(timezone.utc)
    return terms.typed(moment.isoformat(), XSD.dateTime)


def _moments(subject: URIRef, issued: Any, modified: Any) -> Iterator[Triple]:
    """Yield when something was made and last changed."""
    for predicate, value in ((DCTERMS.issued, issued), (DCTERMS.modified, modified)):
        literal = _moment(value)
        if literal is not None:
            yield subject, predicate, literal


# Links


def _activity(node: URIRef, activity: Linked) -> Iterator[Triple]:
    """Yield what an activity is."""
    title = terms.text(activity.title) or Literal(activity.name)
    yield node, RDF.type, PROV.Activity
    yield node, RDFS.label, title
    yield node, DCTERMS.title, title


def _indicator(node: URIRef, indicator: Linked) -> Iterator[Triple]:
    """Yield what an indicator is."""
    yield node, RDF.type, SKOS.Concept
    yield node, SKOS.prefLabel, terms.text(indicator.title) or Literal(indicator.name)
    yield from _literal(node, SKOS.definition, indicator.definition)
    yield from _literal(node, SDI.satuan, indicator.unit)


def _links(lookup: Lookup, subject: URIRef, record: Record) -> Iterator[Part]:
    """Yield the public activity and indicators of a dataset; what is not public is not named."""
    base = lookup.portal.base
    activity = activity_of(record, lookup)
    if activity is not None:
        node = URIRef(f"{base}/kegiatan/{activity.id}")
        yield subject, PROV.wasGeneratedBy, node
        yield _once(lookup, node, partial(_activity, node, activity))
    for indicator in indicators_of(record, lookup):
        node = URIRef(f"{base}/indikator/{indicator.id}")
        yield subject, DCTERMS.subject, node
        yield _once(lookup, node, partial(_indicator, node, indicator))


def _licence(portal: Portal, record: Record) -> URIRef | None:
    """Return the address of a dataset's licence."""
    address = licences.licence_address(portal.base, record)
    return URIRef(address) if address else None


@lru_cache(maxsize=256)
def _licence_itself(licence: URIRef, title: str | None) -> Shared:
    """Return what a licence is."""
    found: list[Triple] = [(licence, RDF.type, DCTERMS.LicenseDocument)]
    if title:
        found.append((licence, DCTERMS.title, Literal(title)))
    return Shared(found)


# Files


def _checksum(subject: URIRef, value: Any) -> Iterator[Part]:
    """Yield the checksum of a file, where it is one of a known algorithm."""
    match = _HEXADECIMAL.fullmatch(str(value or "").strip())
    algorithm = _CHECKSUMS.get(len(match[1])) if match else None
    if match is None or algorithm is None:
        return
    node, kind = _node(subject, "checksum"), SPDX[f"checksumAlgorithm_{algorithm}"]
    yield subject, SPDX.checksum, node
    yield node, RDF.type, SPDX.Checksum
    yield node, SPDX.algorithm, kind
    yield _typed(kind, SPDX.ChecksumAlgorithm)
    yield node, SPDX.checksumValue, Literal(match[1].upper(), datatype=XSD.hexBinary)


def _size(subject: URIRef, value: Any) -> Iterator[Triple]:
    """Yield the size of a file in bytes."""
    try:
        size = int(value)
    except (TypeError, ValueError, OverflowError):
        return
    if size >= 0:
        yield subject, DCAT.byteSize, terms.typed(str(size), XSD.nonNegativeInteger)


def kamus_rows(resource: Record) -> list[dict[str, str]]:
    """Return the columns of a file; none where its kamus can not be read."""
    try:
        return kamus.read(resource.get("kamus"))
    except Problem:
        return []


@lru_cache(maxsize=8_192)
def _column(number: int, row: tuple[tuple[str, str], ...]) -> Said:
    """Return what is said of a column: the same object for the same column of another file.

    :param row: keys and values of its row in the kamus
    """
    values = dict(row)
    found: list[tuple[URIRef, URIRef | Literal | None]] = [
        (RDF.type, CSVW.Column),
        (SDI.urutan, terms.typed(str(number), XSD.integer)),
        (CSVW.name, terms.text(values["kolom"]) or Literal(terms.clean(values["kolom"]))),
        (CSVW.datatype, mapping.COLUMN_TYPES.get(values.get("tipe", ""))),
        (CSVW.title, terms.text(values.get("label"))),
        *((entry.predicate, terms.text(values.get(entry.field))) for entry in mapping.COLUMN_ROWS),
    ]
    return Said((predicate, value) for predicate, value in found if value is not None)


def _columns(lookup: Lookup, subject: URIRef, resource: Record) -> Iterator[Part]:
    """Yield what each column of a file means.

    A variable of an activity that is not public is not named.
    """
    rows = kamus_rows(resource)
    if not rows:
        return
    schema = _node(subject, "skema")
    yield subject, CSVW.tableSchema, schema
    yield schema, RDF.type, CSVW.Schema
    for number, row in enumerate(rows, start=1):
        node = _node(subject, f"kolom-{number}")
        yield schema, CSVW.column, node
        variable = row.get("variabel", "")
        if links.is_variable(variable) and not lookup.linked(
            links.split(variable)[0], ACTIVITY_TYPE
        ):
            del row["variabel"]
        yield Alike(node, _column(number, tuple(row.items())))


def download_address(portal: Portal, record: Record, resource: Record) -> str | None:
    """Return where a file can be downloaded; None where it can not, or not by everybody.

    The address of an uploaded file is made anew: CKAN's own has the language of whoever saved
    the record last.
    """
    if record.get("accesslevel") == RESTRICTED:
        return None
    if resource.get("url_type") != "upload":
        return terms.web_address(resource.get("url"))
    name = str(resource.get("url") or "").rstrip("/").rsplit("/", 1)[-1]
    page = resource_page(portal, record, resource)
    # A file name in an address is quoted already.
    return terms.web_address(f"{page}/download/{name}")


def _addresses(
    portal: Portal, subject: URIRef, record: Record, resource: Record
) -> Iterator[Triple]:
    """Yield where a file is; the page of the file where it can not be downloaded."""
    address = download_address(portal, record, resource)
    target = URIRef(address) if address else subject
    yield subject, DCAT.accessURL, target
    yield target, RDF.type, RDFS.Resource
    if address:
        yield subject, DCAT.downloadURL, target


def _format(subject: URIRef, resource: Record) -> Iterator[Part]:
    """Yield the format of a file."""
    file_type, media_type, _ = file_format(resource.get("format"), resource.get("mimetype"))
    if file_type is not None:
        yield subject, DCTERMS["format"], file_type
        yield _typed(file_type, DCTERMS.MediaTypeOrExtent)
    if media_type is not None:
        yield subject, DCAT.mediaType, media_type
        yield _typed(media_type, DCTERMS.MediaType)


def _distribution(lookup: Lookup, record: Record, resource: Record) -> Iterator[Part]:
    """Yield one file of a dataset."""
    portal = lookup.portal
    subject = resource_page(portal, record, resource)
    yield local_uri(portal, record), DCAT.distribution, subject
    yield subject, RDF.type, DCAT.Distribution
    for row in mapping.RESOURCE_ROWS:
        yield from _row(portal, subject, subject, row, resource)
    yield from _addresses(portal, subject, record, resource)
    yield from _format(subject, resource)
    licence = _licence(portal, record)
    if licence is not None:
        yield subject, DCTERMS.license, licence
    changed = resource.get("last_modified") or resource.get("metadata_modified")
    yield from _moments(subject, resource.get("created"), changed)
    yield from _size(subject, resource.get("size"))
    yield from _checksum(subject, resource.get("hash"))
    start, _, end = str(resource.get("periode_data") or "").partition("/")
    period = _node(subject, "periode")
    days = bounds(start, end)
    yield from _period(period, subject, days)
    if days:
        yield period, SDI.periode_data, Literal(terms.clean(resource["periode_data"]))
    yield from _columns(lookup, subject, resource)


# The whole


def _texts(lookup: Lookup, subject: URIRef, record: Record) -> Iterator[Triple]:
    """Yield title, description, keywords and pages of a dataset."""
    title = terms.text(record.get("title")) or Literal(str(record.get("name") or record["id"]))
    yield subject, DCTERMS.title, title
    yield subject, DCTERMS.description, terms.text(record.get("notes")) or title
    for tag in record.get("tags") or ():
        yield from _literal(subject, DCAT.keyword, tag.get("name"))
    page = landing_page(lookup.portal, record)
    yield subject, DCAT.landingPage, page
    yield page, RDF.type, FOAF.Document
    origin = terms.web_uri(record.get("url"))
    if origin is not None:
        yield subject, FOAF.page, origin
        yield origin, RDF.type, FOAF.Document
    for number, code in enumerate(values(record, "id_dds"), start=1):
        node = _node(subject, f"id_dds-{number}")
        yield subject, mapping.OTHER_IDENTIFIER, node
        yield node, RDF.type, ADMS.Identifier
        yield node, SKOS.notation, Literal(code)


def dataset_parts(record: Record, lookup: Lookup) -> Iterator[Part]:
    """Yield the triples of one dataset, some of them together.

    Those about what other datasets name too come as :class:`Shared`, those of columns as
    :class:`Alike`. Some come several times.

    :param record: as ``package_show`` or ``package_search`` returns it; it must be public, which
        is for the caller to see to. Records of other types have no triples.
    :param lookup: holds what the record names (:func:`.lookup.load`)
    :returns: triples of rdflib terms without blank nodes. Nothing in them depends on a user, a
        request or the time.
    """
    if record.get("type") != "dataset":
        return
    local, subject = local_uri(lookup.portal, record), dataset_uri(lookup.portal, record)
    found = _dataset(record, lookup, local)
    if subject == local:
        yield from found
        return
    for part in found:
        if isinstance(part, tuple) and part[0] == local:
            yield subject, part[1], part[2]
        else:
            yield part


def dataset_triples(record: Record, lookup: Lookup) -> Iterator[Triple]:
    """Yield all triples of :func:`dataset_parts`."""
    return _flat(dataset_parts(record, lookup))


def _dataset(record: Record, lookup: Lookup, subject: URIRef) -> Iterator[Part]:
    """Yield the triples of a dataset under its address at this portal."""
    portal = lookup.portal
    yield subject, RDF.type, DCAT.Dataset
    yield from _texts(lookup, subject, record)
    if not terms.clean(record.get("identifier")).strip():
        yield subject, DCTERMS.identifier, Literal(str(record["id"]))
    yield subject, DCTERMS.language, INDONESIAN
    yield _typed(INDONESIAN, DCTERMS.LinguisticSystem)
    yield from _moments(subject, record.get("metadata_created"), record.get("metadata_modified"))
    yield from _rows(portal, subject, record)
    for key in values(record, "kategori"):
        yield from _topic(lookup, subject, key)
    yield from _standard(portal, subject, record)
    yield from _agents(lookup, subject, record)
    yield from _contact(lookup, subject, record)
    yield from _dataset_period(subject, record)
    yield from _regions(portal, subject, record)
    yield from _links(lookup, subject, record)
    licence = _licence(portal, record)
    if licence is not None:
        yield subject, DCTERMS.license, licence
        yield _licence_itself(licence, licences.TITLES.get(str(record.get("license_id"))))
    for resource in record.get("resources") or ():
        yield from _distribution(lookup, record, resource)


def catalogue_triples(lookup: Lookup, subject: URIRef, modified: str | None) -> Iterator[Triple]:
    """Yield the catalogue itself, without its datasets.

    :param subject: the address of the catalogue
    :param modified: when the dataset that changed last did so (UTC); None for an empty portal
    """
    portal = lookup.portal
    title = terms.text(portal.title) or Literal(portal.base)
    home, scheme = URIRef(f"{portal.base}/"), URIRef(f"{portal.base}/kategori")
    yield subject, RDF.type, DCAT.Catalog
    yield subject, DCTERMS.title, title
    yield subject, DCTERMS.description, terms.text(portal.description) or title
    yield subject, DCTERMS.language, INDONESIAN
    yield INDONESIAN, RDF.type, DCTERMS.LinguisticSystem
    yield subject, FOAF.homepage, home
    yield home, RDF.type, FOAF.Document
    yield subject, DCAT.themeTaxonomy, scheme
    yield scheme, RDF.type, SKOS.ConceptScheme
    yield scheme, DCTERMS.title, Literal("Topik", lang="id")
    yield scheme, DCTERMS.title, Literal("Topics", lang="en")
    yield from _flat(_publisher(lookup, subject))
    yield from _moments(subject, None, modified)
