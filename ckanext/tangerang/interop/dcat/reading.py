"""A dataset of a graph as the fields of our schema.

It reads what :mod:`.fragment` wrote, and what any catalogue of DCAT-AP says in the same words. A
function of the graph alone. Lists are sorted, because a graph has no order and a harvester must see
that nothing has changed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from rdflib import Literal, URIRef

from ...metadata import codelists
from ...metadata.links import looks_like_id
from ...metadata.values import is_empty
from . import mapping
from .formats import format_name, media_type
from .licences import licence_id
from .mapping import Kind, Place
from .namespaces import CSVW, DCAT, DCTERMS, EU, FOAF, PROV, RDFS, SDI, SKOS, VCARD

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rdflib import Graph
    from rdflib.term import Node

    from .mapping import Row

_CONCEPT = re.compile(r"/api/3/action/tangerang_codelist_show\?name=([a-z_]+)#(.+)")
_TOPIC = re.compile(r"/kategori/([a-z][a-z0-9_]*)")
_RECORD = re.compile(r"/(kegiatan|indikator)/([^/#?]+)")
_REGION = re.compile(r"\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?")

_COLUMN_TYPES = {uri: name for name, uri in mapping.COLUMN_TYPES.items()}


def _texts(graph: Graph, node: Node, predicate: URIRef) -> list[str]:
    """Return the texts of a property, sorted."""
    return sorted({str(o) for o in graph.objects(node, predicate) if isinstance(o, Literal)})


def _text(graph: Graph, node: Node, predicate: URIRef) -> str | None:
    """Return the first text of a property, in Indonesian where there are several languages."""
    found = [o for o in graph.objects(node, predicate) if isinstance(o, Literal)]
    ours = [o for o in found if (o.language or "id").split("-")[0] == "id"]
    return min((str(o) for o in ours or found), default=None)


def _concepts(graph: Graph, node: Node, row: Row) -> list[str]:
    """Return the keys of a property, in the order of the code list."""
    found = set()
    for target in graph.objects(node, row.predicate):
        match = _CONCEPT.search(str(target))
        if match and match[1] in row.codelist.split():
            found.add(unquote(match[2]))
    order = [key for name in row.codelist.split() for key in codelists.codelist(name).keys]
    return [key for key in order if key in found]


def _authority(graph: Graph, node: Node, row: Row) -> list[str]:
    """Return the key that a member of an authority table of the EU stands for."""
    names = {
        f"{EU}{row.table}/{item.extra[row.column]}": item.key
        for item in codelists.codelist(row.codelist).items
        if row.column in item.extra
    }
    return sorted({names[str(o)] for o in graph.objects(node, row.predicate) if str(o) in names})


def _statement(graph: Graph, node: Node, row: Row) -> list[str]:
    """Return the paragraphs of a statement that was written for this field."""
    return [
        label
        for target in graph.objects(node, row.predicate)
        if str(target).endswith(f"#{row.field}")
        for label in _texts(graph, target, RDFS.label)
    ]


def _row(graph: Graph, node: Node, row: Row) -> Any:
    """Return the value of one field; None where the graph does not say it."""
    if row.kind is Kind.CONCEPT:
        found = _concepts(graph, node, row)
    elif row.kind is Kind.AUTHORITY:
        found = _authority(graph, node, row)
    elif row.kind is Kind.STATEMENT:
        found = _statement(graph, node, row)
    else:
        found = _texts(graph, node, row.predicate)
    if row.several:
        return found or None
    return found[0] if found else None


def _place(graph: Graph, subject: Node, place: Place) -> Node | None:
    """Return the node that has the properties of a place; None where the graph has none."""
    if place is Place.DATASET:
        return subject
    link = DCAT.contactPoint if place is Place.CONTACT else DCTERMS.conformsTo
    nodes = list(graph.objects(subject, link))
    named = [node for node in nodes if str(node).endswith(f"#{place.value}")]
    if place is Place.CONTACT:
        return next(iter(named or nodes), None)
    return named[0] if named else None


def _linked(graph: Graph, subject: Node, predicate: URIRef, record_type: str) -> list[str]:
    """Return the ids of activities or indicators."""
    found = set()
    for target in graph.objects(subject, predicate):
        match = _RECORD.search(str(target))
        if match and match[1] == record_type and looks_like_id(match[2]):
            found.add(match[2])
    return sorted(found)


def _licence(graph: Graph, subject: Node, register: Mapping[str, str]) -> str | None:
    """Return the licence of a dataset, or of its files where it has none itself."""
    nodes = [subject, *graph.objects(subject, DCAT.distribution)]
    for node in nodes:
        for target in sorted(map(str, graph.objects(node, DCTERMS.license))):
            found = licence_id(target, register)
            if found:
                return found
    return None


def _period(graph: Graph, subject: Node) -> dict[str, Any]:
    """Return the period of a dataset: as it was written by us, else by its days."""
    for node in graph.objects(subject, DCTERMS.temporal):
        own = {name: _text(graph, node, SDI[name]) for name in ("periode_awal", "periode_akhir")}
        if any(own.values()):
            return own
        days = {
            "periode_awal": (_text(graph, node, DCAT.startDate) or "")[:10],
            "periode_akhir": (_text(graph, node, DCAT.endDate) or "")[:10],
        }
        if any(days.values()):
            return days
    return {}


def _special(graph: Graph, subject: Node, register: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields of a dataset that are no row of the table."""
    title = _text(graph, subject, DCTERMS.title)
    notes = _text(graph, subject, DCTERMS.description)
    activities = _linked(graph, subject, PROV.wasGeneratedBy, "kegiatan")
    topics = {_TOPIC.search(str(o)) for o in graph.objects(subject, DCAT.theme)}
    regions = {
        code
        for node in graph.objects(subject, DCTERMS.spatial)
        for code in _texts(graph, node, SKOS.notation)
        if _REGION.fullmatch(code)
    }
    identifiers = {
        code
        for node in graph.objects(subject, mapping.OTHER_IDENTIFIER)
        if "#id_dds-" in str(node)
        for code in _texts(graph, node, SKOS.notation)
    }
    contact = _place(graph, subject, Place.CONTACT)
    mail = next(graph.objects(contact, VCARD.hasEmail), None) if contact is not None else None
    return {
        "title": title,
        # Where there is no description, DCAT-AP has the title in its place.
        "notes": notes if notes != title else None,
        "kategori": sorted({match[1] for match in topics if match}),
        "kegiatan": activities[0] if activities else None,
        "indikator": _linked(graph, subject, DCTERMS.subject, "indikator"),
        "cakupan_wilayah": sorted(regions),
        "id_dds": sorted(identifiers),
        "license_id": _licence(graph, subject, register),
        "kontak_email": str(mail).removeprefix("mailto:") if mail is not None else None,
        "url": next((str(o) for o in graph.objects(subject, FOAF.page)), None),
        **_period(graph, subject),
    }


def read_dataset(graph: Graph, subject: Node, register: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields of our schema that a graph says of a dataset, without its files.

    :param register: address → id of the licences that CKAN knows
    """
    found = _special(graph, subject, register)
    for row in mapping.DATASET_ROWS:
        node = _place(graph, subject, row.place)
        if node is not None:
            found[row.field] = _row(graph, node, row)
    return {name: value for name, value in found.items() if not is_empty(value)}


def _columns(graph: Graph, distribution: Node) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the columns of a file with their numbers."""
    for schema in graph.objects(distribution, CSVW.tableSchema):
        for node in graph.objects(schema, CSVW.column):
            datatype = graph.value(node, CSVW.datatype)
            row = {
                "kolom": _text(graph, node, CSVW.name),
                "label": _text(graph, node, CSVW.title),
                "tipe": _COLUMN_TYPES.get(datatype) if isinstance(datatype, URIRef) else None,
                **{
                    entry.field: _text(graph, node, entry.predicate)
                    for entry in mapping.COLUMN_ROWS
                },
            }
            number = _text(graph, node, SDI.urutan) or ""
            yield (
                int(number) if number.isdecimal() else 0,
                {key: value for key, value in row.items() if value},
            )


def read_resource(graph: Graph, distribution: Node) -> dict[str, Any]:
    """Return the fields of our schema that a graph says of a file."""
    found: dict[str, Any] = {
        row.field: _row(graph, distribution, row) for row in mapping.RESOURCE_ROWS
    }
    for file_type in graph.objects(distribution, DCTERMS["format"]):
        found["format"] = format_name(str(file_type))
    for page in graph.objects(distribution, DCAT.mediaType):
        found["mimetype"] = media_type(str(page))
    for node in graph.objects(distribution, DCTERMS.temporal):
        found["periode_data"] = _text(graph, node, SDI.periode_data)
    found["kamus"] = [row for _, row in sorted(_columns(graph, distribution), key=lambda c: c[0])]
    return {name: value for name, value in found.items() if not is_empty(value)}
