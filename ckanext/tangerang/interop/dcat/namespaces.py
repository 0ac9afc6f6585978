"""The vocabularies of the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rdflib import URIRef, namespace

if TYPE_CHECKING:
    from rdflib import Graph

__all__ = [
    "ADMS",
    "CSVW",
    "DCAT",
    "DCTERMS",
    "EU",
    "FOAF",
    "HYDRA",
    "ORG",
    "PREFIXES",
    "PROV",
    "RDF",
    "RDFS",
    "SDI",
    "SKOS",
    "SPDX",
    "VCARD",
    "XSD",
    "bind",
]


class Vocabulary:
    """The terms of a namespace, each made once.

    rdflib makes a new one each time it is named; a dataset names six hundred, and a new one has to
    be compared with those that are known already, letter by letter.

    :param source: of rdflib, or the address that terms begin with
    """

    def __init__(self, source: Any) -> None:
        self._source = namespace.Namespace(source) if isinstance(source, str) else source

    def __getattr__(self, name: str) -> URIRef:
        """Return a term, and keep it as an attribute."""
        term = URIRef(self._source[name])
        setattr(self, name, term)
        return term

    def __getitem__(self, name: str) -> URIRef:
        """Return a term whose name may be no name of Python's."""
        return URIRef(self._source[name])

    def __str__(self) -> str:
        """Return the address that terms begin with."""
        return str(self._source)


CSVW, DCAT, DCTERMS = (
    Vocabulary(one) for one in (namespace.CSVW, namespace.DCAT, namespace.DCTERMS)
)
FOAF, ORG, PROV = (Vocabulary(one) for one in (namespace.FOAF, namespace.ORG, namespace.PROV))
RDF, RDFS, SKOS = (Vocabulary(one) for one in (namespace.RDF, namespace.RDFS, namespace.SKOS))
XSD = Vocabulary(namespace.XSD)
HYDRA = Vocabulary("http://www.w3.org/ns/hydra/core#")
ADMS = Vocabulary("http://www.w3.org/ns/adms#")
SPDX = Vocabulary("http://spdx.org/rdf/terms#")
VCARD = Vocabulary("http://www.w3.org/2006/vcard/ns#")

#: Authority tables of the Publications Office of the EU, which DCAT-AP asks for.
EU = Vocabulary("http://publications.europa.eu/resource/authority/")

#: What Satu Data Indonesia knows of a dataset and no vocabulary above has. There is no official
#: namespace; a tag URI (RFC 4151) names without claiming an address that answers. It is the same
#: at every portal, so that two portals with this extension understand each other.
SDI = Vocabulary("tag:tangerangkab.go.id,2026:sdi#")

#: The fixed prefixes of everything that we write; fragments with the same ones can be merged.
PREFIXES = {
    "adms": ADMS,
    "csvw": CSVW,
    "dcat": DCAT,
    "dct": DCTERMS,
    "foaf": FOAF,
    "hydra": HYDRA,
    "org": ORG,
    "prov": PROV,
    "rdf": RDF,
    "rdfs": RDFS,
    "sdi": SDI,
    "skos": SKOS,
    "spdx": SPDX,
    "vcard": VCARD,
    "xsd": XSD,
}


def bind(graph: Graph) -> None:
    """Give ``graph`` our prefixes."""
    for prefix, vocabulary in PREFIXES.items():
        graph.bind(prefix, str(vocabulary), override=True, replace=True)
