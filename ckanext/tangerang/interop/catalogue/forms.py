"""The forms of the catalogue: how a fragment is written, and how fragments become a document.

Whatever order fragments come in, and however many, head, fragments and foot are one document:

* Turtle: the prefixes are in the head and the same for all;
* RDF/XML: one ``rdf:RDF`` element with all namespaces, fragments are its children;
* JSON-LD: one ``@context``, fragments are nodes of ``@graph``; a node may come several times, as
  JSON-LD allows (agencies do, in each dataset that names them);
* Project Open Data: fragments are entries of ``dataset``.

All are written here, because rdflib's own writers work on a graph, whose making and sorting took
ten times as long as all the rest; the tests read what is written here with rdflib's readers and
compare the graphs.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape, quoteattr

from ckanext.dcat.utils import catalog_uri
from rdflib import Literal, URIRef
from rdflib.namespace import split_uri

from ..dcat import fragment, namespaces
from ..dcat.namespaces import DCAT, RDF, XSD
from . import pod

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ..dcat.lookup import Lookup

    Record = Mapping[str, Any]
    Triple = tuple[URIRef, URIRef, URIRef | Literal]
    #: The values of each property of a node, each once.
    _Properties = dict[Any, dict[Any, None]]
    #: A node in Turtle, RDF/XML and JSON-LD.
    _Block = tuple[str, str, str]

#: A name after a prefix that needs no escaping in Turtle.
_LOCAL: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
#: What XML has another use for.
_MARKUP: Final = re.compile('[&<>"\r\n\t]')
#: The property that says what a node is, and what stands between two properties, in Turtle.
_TYPE: Final = "a"
_SAME_SUBJECT: Final = " ;\n    "
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False)
#: Writes a text as a string of JSON, which is one of Turtle too: the escapes that JSON has, Turtle
#: has as well.
_string: Final = json.encoder.encode_basestring
_CONTEXT: Final = {prefix: str(uri) for prefix, uri in namespaces.PREFIXES.items()}
_NAMESPACES: Final = tuple(_CONTEXT.values())


@dataclass(frozen=True)
class Form:
    """One form of the catalogue."""

    #: How it is called in addresses, and the name of its column of fragments.
    name: str
    mime: str
    head: Callable[[Lookup, str | None], str]
    foot: str
    #: Between two fragments, and between the head's own part and the first.
    between: str = ""


@lru_cache(maxsize=8_192)
def _short(uri: str) -> str | None:
    """Return an address with a prefix; None where it has none."""
    if not uri.startswith(_NAMESPACES):
        return None
    for prefix, namespace in _CONTEXT.items():
        if uri.startswith(namespace) and _LOCAL.fullmatch(uri, len(namespace)):
            return f"{prefix}:{uri[len(namespace) :]}"
    return None


def _by_subject(triples: Iterable[Triple]) -> dict[Any, _Properties]:
    """Return triples by subject and property, each once, in the order they came."""
    found: dict[Any, _Properties] = {}
    last, properties = None, {}
    for subject, predicate, value in triples:
        # What is said of a node mostly comes together.
        if subject is not last:
            last, properties = subject, found.setdefault(subject, {})
        known = properties.get(predicate)
        if known is None:
            properties[predicate] = {value: None}
        else:
            known[value] = None
    return found


def _quoted(text: str) -> str:
    """Return a text as the value of an attribute; most need nothing but the quotes."""
    return quoteattr(text) if _MARKUP.search(text) else f'"{text}"'


@lru_cache(maxsize=1_024)
def _property(predicate: URIRef) -> tuple[str, str, str, str]:
    """Return a property in Turtle and JSON-LD, and its element's name and beginning in RDF/XML."""
    short = _short(str(predicate))
    turtle = _TYPE if predicate == RDF.type else short or predicate.n3()
    if short is not None:
        return turtle, _string(short), short, f"    <{short}"
    namespace, local = split_uri(predicate)
    opening = f"    <own:{local} xmlns:own={quoteattr(namespace)}"
    return turtle, _string(str(predicate)), f"own:{local}", opening


@lru_cache(maxsize=8_192)
def _address(term: URIRef) -> tuple[str, str, str]:
    """Return an address in Turtle, JSON-LD, and as the attribute of an element of RDF/XML."""
    text = str(term)
    short = _short(text) or term.n3()
    return short, f'{{"@id": {_string(text)}}}', f" rdf:resource={_quoted(text)}/>\n"


@lru_cache(maxsize=64)
def _kind(datatype: URIRef) -> tuple[str, str, str]:
    """Return a type of literals in Turtle, JSON-LD and as an attribute of RDF/XML."""
    short = _short(str(datatype))
    attribute = f" rdf:datatype={quoteattr(str(datatype))}>"
    return short or datatype.n3(), _string(short or str(datatype)), attribute


def _literal(term: Literal) -> tuple[str, str, str]:
    """Return a literal in the three forms, the last with the end of the opening tag."""
    text = str(term)
    quoted = _string(text)
    # A reader of XML takes a bare carriage return for a line feed.
    marked = escape(text, {"\r": "&#13;"}) if _MARKUP.search(text) else text
    if term.language:
        node = f'{{"@value": {quoted}, "@language": {_string(term.language)}}}'
        return f"{quoted}@{term.language}", node, f" xml:lang={_quoted(term.language)}>{marked}"
    if term.datatype is None:
        return quoted, quoted, f">{marked}"
    turtle, kind, attribute = _kind(term.datatype)
    node = quoted if term.datatype == XSD.string else f'{{"@value": {quoted}, "@type": {kind}}}'
    return f"{quoted}^^{turtle}", node, f"{attribute}{marked}"


def _body(properties: _Properties) -> _Block:
    """Return all that is said of a node, without its address."""
    lines, xml, node = [], [], []
    for predicate, terms in properties.items():
        turtle, key, element, opening = _property(predicate)
        texts, found = [], []
        for term in terms:
            if isinstance(term, URIRef):
                first, second, third = _address(term)
                xml.append(f"{opening}{third}")
            else:
                first, second, third = _literal(term)
                xml.append(f"{opening}{third}</{element}>\n")
            texts.append(first)
            found.append(second)
        lines.append(f"{turtle} {', '.join(texts)}")
        if turtle == _TYPE:
            found = [_string(_short(str(term)) or str(term)) for term in terms]
            node.append(f'"@type": [{", ".join(found)}]')
        elif len(found) == 1:
            node.append(f"{key}: {found[0]}")
        else:
            node.append(f"{key}: [{', '.join(found)}]")
    return _SAME_SUBJECT.join(lines), "".join(xml), ", ".join(node)


def _block(subject: URIRef, body: _Block) -> _Block:
    """Return all that is said of a node."""
    turtle, xml, node = body
    text = str(subject)
    return (
        f"{_address(subject)[0]} {turtle} .\n",
        f"  <rdf:Description rdf:about={_quoted(text)}>\n{xml}  </rdf:Description>\n",
        f'{{"@id": {_string(text)}, {node}}}',
    )


def _blocks(triples: Iterable[Triple]) -> list[_Block]:
    """Return triples without blank nodes as one block for each node."""
    return [_block(node, _body(said)) for node, said in _by_subject(triples).items()]


def _alike_block(part: fragment.Alike) -> _Block:
    """Return the block of a column; what is said of it is written once for all that are alike."""
    said = part.said
    if said.written is None:
        properties: _Properties = {}
        for predicate, value in said.pairs:
            properties.setdefault(predicate, {})[value] = None
        said.written = _body(properties)
    return _block(part.node, said.written)


def _shared_blocks(shared: fragment.Shared) -> list[_Block]:
    """Return the blocks of what many datasets name, written once."""
    if shared.written is None:
        shared.written = _blocks(shared.triples)
    return shared.written


def written(parts: Iterable[fragment.Part]) -> dict[str, str]:
    """Return triples without blank nodes by the name of the form: Turtle, RDF/XML, JSON-LD.

    In one pass, because a whole catalogue is written in all of them. The lines of the prefixes and
    the root element are those of the head; nodes of JSON-LD have commas between them.
    """
    triples: list[Triple] = []
    columns: list[_Block] = []
    # What several say of a node is written once, by the text, which memory holds once: agencies
    # have the government in common.
    shared: dict[str, _Block] = {}
    for part in parts:
        if isinstance(part, tuple):
            triples.append(part)
        elif isinstance(part, fragment.Alike):
            columns.append(_alike_block(part))
        else:
            shared.update((block[0], block) for block in _shared_blocks(part))
    blocks = [*_blocks(triples), *columns, *shared.values()]
    turtle, xml, nodes = zip(*blocks, strict=True) if blocks else ((), (), ())
    return {"ttl": "".join(turtle), "xml": "".join(xml), "jsonld": ",\n".join(nodes)}


def _xml_root() -> str:
    """Return the declaration and the opening tag of RDF/XML with all namespaces."""
    declared = "\n  ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _CONTEXT.items())
    return f'<?xml version="1.0" encoding="utf-8"?>\n<rdf:RDF\n  {declared}\n>\n'


def _catalogue(lookup: Lookup, modified: str | None) -> list[Triple]:
    """Return the triples of the catalogue itself."""
    return list(fragment.catalogue_triples(lookup, URIRef(catalog_uri()), modified))


def _turtle_head(lookup: Lookup, modified: str | None) -> str:
    """Return the prefixes and the catalogue."""
    prefixes = "".join(f"@prefix {prefix}: <{uri}> .\n" for prefix, uri in _CONTEXT.items())
    return f"{prefixes}\n{written(_catalogue(lookup, modified))['ttl']}"


def _xml_head(lookup: Lookup, modified: str | None) -> str:
    """Return the root's opening tag and the catalogue."""
    return _xml_root() + written(_catalogue(lookup, modified))["xml"]


def _json_head(lookup: Lookup, modified: str | None) -> str:
    """Return the context and the catalogue."""
    context = json.dumps(_CONTEXT)
    nodes = written(_catalogue(lookup, modified))["jsonld"]
    return f'{{"@context": {context},\n"@graph": [\n{nodes}'


def _pod_head(lookup: Lookup, modified: str | None) -> str:  # noqa: ARG001
    """Return the catalogue up to the list of datasets."""
    return f'{json.dumps(pod.catalogue(lookup.portal.base))[:-1]}, "dataset": [\n'


TURTLE: Final = Form("ttl", "text/turtle; charset=utf-8", _turtle_head, "")
XML: Final = Form("xml", "application/rdf+xml; charset=utf-8", _xml_head, "</rdf:RDF>\n")
JSONLD: Final = Form("jsonld", "application/ld+json", _json_head, "\n]}\n", ",\n")
POD: Final = Form("json", "application/json", _pod_head, "\n]}\n", ",\n")
FORMS: Final = {form.name: form for form in (TURTLE, XML, JSONLD, POD)}
#: Forms whose head holds a part of the list that fragments follow.
_HEAD_IS_AN_ENTRY: Final = frozenset({JSONLD.name})


def separator(form: Form, *, first: bool) -> str:
    """Return what stands before a fragment."""
    return form.between if not first or form.name in _HEAD_IS_AN_ENTRY else ""


def render(record: Record, lookup: Lookup) -> dict[str, str]:
    """Return the fragments of a public dataset by the name of the form.

    :param record: as ``package_show`` or ``package_search`` returns it to anybody
    :param lookup: holds what it names
    """
    subject = fragment.dataset_uri(lookup.portal, record)
    parts = [
        (URIRef(catalog_uri()), DCAT.dataset, subject),
        *fragment.dataset_parts(record, lookup),
    ]
    return {**written(parts), POD.name: _ENCODER.encode(pod.dataset(record, lookup))}
