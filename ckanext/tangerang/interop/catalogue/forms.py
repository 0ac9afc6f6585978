"""The forms of the catalogue: how a fragment is written, and how fragments become a document.

Whatever order fragments come in, and however many, head, fragments and foot are one document:

* Turtle: the prefixes are in the head and the same for all;
* RDF/XML: one ``rdf:RDF`` element with all namespaces, fragments are its children;
* JSON-LD: one ``@context``, fragments are nodes of ``@graph``; a node may come several times, as
  JSON-LD allows (agencies do, in each dataset that names them);
* Project Open Data: fragments are entries of ``dataset``.

Turtle and JSON-LD are written here, because rdflib's own writers sort and count all references of
a graph first, which took ten times as long as all the rest; the tests read what is written here
with rdflib's readers and compare the graphs.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from ckanext.dcat.utils import catalog_uri
from rdflib import RDF, Graph, Literal, URIRef
from rdflib.namespace import DCAT, XSD

from ..dcat import fragment, namespaces
from . import pod

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ..dcat.lookup import Lookup

    Record = Mapping[str, Any]
    Triple = tuple[URIRef, URIRef, URIRef | Literal]

#: A name after a prefix that needs no escaping in Turtle.
_LOCAL: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_CONTEXT: Final = {prefix: str(uri) for prefix, uri in namespaces.PREFIXES.items()}


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
    for prefix, namespace in _CONTEXT.items():
        if uri.startswith(namespace) and _LOCAL.fullmatch(uri, len(namespace)):
            return f"{prefix}:{uri[len(namespace) :]}"
    return None


def _turtle_term(term: Any) -> str:
    """Return a term as Turtle writes it."""
    if isinstance(term, URIRef):
        return _short(str(term)) or term.n3()
    if term.datatype is not None:
        kind = _short(str(term.datatype)) or term.datatype.n3()
        return f"{Literal(str(term)).n3()}^^{kind}"
    return term.n3()


def _by_subject(triples: Iterable[Triple]) -> dict[Any, dict[Any, dict[Any, None]]]:
    """Return triples by subject and property, each once, in the order they came."""
    found: dict[Any, dict[Any, dict[Any, None]]] = {}
    for subject, predicate, value in triples:
        found.setdefault(subject, {}).setdefault(predicate, {})[value] = None
    return found


def turtle(triples: Iterable[Triple]) -> str:
    """Return triples without blank nodes as Turtle, without the lines of the prefixes."""
    out = []
    for subject, properties in _by_subject(triples).items():
        lines = [
            f"{'a' if predicate == RDF.type else _turtle_term(predicate)} "
            + ", ".join(_turtle_term(value) for value in values)
            for predicate, values in properties.items()
        ]
        out.append(f"{_turtle_term(subject)} " + " ;\n    ".join(lines) + " .\n")
    return "".join(out)


def _json_value(term: Any) -> Any:
    """Return a term as JSON-LD writes it."""
    if isinstance(term, URIRef):
        return {"@id": str(term)}
    if term.language:
        return {"@value": str(term), "@language": term.language}
    if term.datatype is not None and term.datatype != XSD.string:
        return {"@value": str(term), "@type": _short(str(term.datatype)) or str(term.datatype)}
    return str(term)


def json_nodes(triples: Iterable[Triple]) -> str:
    """Return triples without blank nodes as nodes of JSON-LD, with commas between them."""
    nodes = []
    for subject, properties in _by_subject(triples).items():
        node: dict[str, Any] = {"@id": str(subject)}
        for predicate, values in properties.items():
            if predicate == RDF.type:
                node["@type"] = [_short(str(value)) or str(value) for value in values]
                continue
            found = [_json_value(value) for value in values]
            node[_short(str(predicate)) or str(predicate)] = found[0] if len(found) == 1 else found
        nodes.append(json.dumps(node, ensure_ascii=False))
    return ",\n".join(nodes)


def xml_nodes(triples: Iterable[Triple]) -> str:
    """Return triples as elements of RDF/XML whose namespaces are those of the head."""
    graph = Graph(bind_namespaces="none")
    namespaces.bind(graph)
    for triple in triples:
        graph.add(triple)
    text = graph.serialize(format="xml")
    start = text.index(">", text.index("<rdf:RDF")) + 1
    return text[start : text.rindex("</rdf:RDF>")].strip("\n") + "\n"


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
    return f"{prefixes}\n{turtle(_catalogue(lookup, modified))}"


def _xml_head(lookup: Lookup, modified: str | None) -> str:
    """Return the root's opening tag and the catalogue."""
    return _xml_root() + xml_nodes(_catalogue(lookup, modified))


def _json_head(lookup: Lookup, modified: str | None) -> str:
    """Return the context and the catalogue."""
    context = json.dumps(_CONTEXT)
    return f'{{"@context": {context},\n"@graph": [\n{json_nodes(_catalogue(lookup, modified))}'


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
    triples: list[Any] = [
        (URIRef(catalog_uri()), DCAT.dataset, subject),
        *fragment.dataset_triples(record, lookup),
    ]
    return {
        TURTLE.name: turtle(triples),
        XML.name: xml_nodes(triples),
        JSONLD.name: json_nodes(triples),
        POD.name: json.dumps(pod.dataset(record, lookup), ensure_ascii=False),
    }
