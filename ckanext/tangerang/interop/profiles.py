"""The DCAT profile of SDI datasets, for ``ckanext.dcat.rdf.profiles = tangerang_sdi``.

It is ckanext-dcat's DCAT-AP 3 profile: reading goes through it first, so that everything it knows
of a foreign catalogue is read as before, and the fields of our schema come on top. Datasets are
written by :mod:`.dcat.fragment` alone, because ckanext-dcat's own writing asks for each dataset's
organization, makes blank nodes, and writes names and addresses of authors and maintainers.
"""

from __future__ import annotations

from typing import Any

from ckan.model import Package
from ckanext.dcat.profiles import EuropeanDCATAP3Profile
from rdflib import URIRef

from ..metadata.fields import dataset_fields
from .dcat import fragment, lookup, namespaces, reading

#: Extras in which ckanext-dcat puts what our fields say too, by the field that says it.
_SAID_BY = {
    "access_rights": "accesslevel",
    "alternate_identifier": "id_dds",
    "conforms_to": "kodereferensi",
    "contact_email": "kontak_email",
    "contact_name": "kontak_email",
    "contact_uri": "kontak_email",
    "dcat_type": "jenis_data",
    "documentation": "url",
    "frequency": "frekuensi",
    "provenance": "metodologi",
    "spatial_text": "cakupan_wilayah",
    "spatial_uri": "cakupan_wilayah",
    "temporal_end": "periode_awal",
    "temporal_start": "periode_awal",
    "theme": "kategori",
}
#: What ckanext-dcat reads into lists of objects, which CKAN refuses in a dataset of our schema.
_NESTED = ("provenance_activity", "qualified_attribution")


def _licences() -> dict[str, str]:
    """Return the licences that CKAN knows: address → id."""
    register = Package.get_license_register()
    return {str(licence.url or id_): id_ for id_, licence in register.items()}


class SdiProfile(EuropeanDCATAP3Profile):
    """DCAT-AP 3 with the fields of Satu Data Indonesia."""

    def parse_dataset(self, dataset_dict: dict[str, Any], dataset_ref: URIRef) -> dict[str, Any]:
        """Read a dataset of the graph into ``dataset_dict``, and return it.

        The OPD is not made an ``owner_org``: whoever harvests says where the dataset belongs. Its
        name and address are in the extras ``creator_name`` and ``creator_uri``.
        """
        super().parse_dataset(dataset_dict, dataset_ref)
        for name in _NESTED:
            dataset_dict.pop(name, None)
        # The page of the dataset is no source of it.
        dataset_dict.pop("url", None)
        found = reading.read_dataset(self.g, dataset_ref, _licences())
        dataset_dict.update(found)
        own = {field["field_name"] for field in dataset_fields()}
        dataset_dict["extras"] = [
            extra
            for extra in dataset_dict.get("extras", [])
            if extra["key"] not in own and _SAID_BY.get(extra["key"]) not in found
        ]
        for resource in dataset_dict.get("resources", []):
            resource.update(reading.read_resource(self.g, URIRef(resource["distribution_ref"])))
        return dataset_dict

    def graph_from_dataset(self, dataset_dict: dict[str, Any], dataset_ref: URIRef) -> None:  # noqa: ARG002
        """Add a dataset to the graph; see :func:`.dcat.fragment.dataset_triples`."""
        namespaces.bind(self.g)
        for triple in fragment.dataset_triples(dataset_dict, lookup.for_dataset(dataset_dict)):
            self.g.add(triple)

    def graph_from_catalog(
        self,
        catalog_dict: dict[str, Any] | None,  # noqa: ARG002
        catalog_ref: URIRef,
    ) -> None:
        """Add the catalogue to the graph: what it is, who publishes it, when it last changed."""
        namespaces.bind(self.g)
        modified = self._last_catalog_modification()
        for triple in fragment.catalogue_triples(lookup.for_catalogue(), catalog_ref, modified):
            self.g.add(triple)
