"""One page of the catalogue, with the marks of paging that ckanext-dcat writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rdflib import RDF, Literal, URIRef

from ..dcat.namespaces import HYDRA
from . import forms

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Paging:
    """Where a page stands."""

    #: Address of a page by its number.
    address: Callable[[int], str]
    number: int
    size: int
    datasets: int

    @property
    def last(self) -> int:
        """Return the number of the last page; 1 for an empty catalogue."""
        return max(1, -(-self.datasets // self.size))


def triples(paging: Paging) -> list[Any]:
    """Return what a harvester needs to find the other pages.

    The old names of Hydra's properties come too: ckanext-dcat's harvester reads those.
    """
    node = URIRef(paging.address(paging.number))
    found: list[Any] = [
        (node, RDF.type, HYDRA.PagedCollection),
        (node, HYDRA.totalItems, Literal(paging.datasets)),
        (node, HYDRA.itemsPerPage, Literal(paging.size)),
    ]
    places = [("first", 1), ("last", paging.last)]
    if paging.number > 1:
        places.append(("previous", paging.number - 1))
    if paging.number < paging.last:
        places.append(("next", paging.number + 1))
    for name, number in places:
        address = Literal(paging.address(number))
        found += [(node, HYDRA[name], address), (node, HYDRA[f"{name}Page"], address)]
    return found


def fragment(form: forms.Form, paging: Paging) -> str:
    """Return the paging as one more fragment of a document."""
    return forms.written(triples(paging))[form.name]
