"""The vocabularies of the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib.namespace import (
    CSVW,
    DCAT,
    DCTERMS,
    FOAF,
    ORG,
    PROV,
    RDF,
    RDFS,
    SKOS,
    XSD,
    Namespace,
)

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

HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
ADMS = Namespace("http://www.w3.org/ns/adms#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")

#: Authority tables of the Publications Office of the EU, which DCAT-AP asks for.
EU = Namespace("http://publications.europa.eu/resource/authority/")

#: What Satu Data Indonesia knows of a dataset and no vocabulary above has. There is no official
#: namespace; a tag URI (RFC 4151) names without claiming an address that answers. It is the same
#: at every portal, so that two portals with this extension understand each other.
SDI = Namespace("tag:tangerangkab.go.id,2026:sdi#")

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
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace, override=True, replace=True)
