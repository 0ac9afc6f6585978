"""The whole sample content against the shapes of DCAT-AP and Google's rules."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from rdflib import Graph
from rdflib.namespace import DCAT, RDF

from ckanext.tangerang.demo.loader import load
from ckanext.tangerang.interop import schemaorg
from ckanext.tangerang.interop.dcat import lookup
from tests.interop.test_schemaorg import fault

PLUGINS = (
    "activity tangerang_demo tangerang_metadata tangerang_opd tangerang_interop datastore "
    "datatables_view scheming_datasets scheming_organizations dcat xloader"
)
FORMS = (("ttl", "turtle"), ("xml", "xml"), ("jsonld", "json-ld"))


@pytest.mark.slow
@pytest.mark.ckan_config("ckan.plugins", PLUGINS)
@pytest.mark.ckan_config("ckanext.dcat.rdf.profiles", "tangerang_sdi")
@pytest.mark.ckan_config("ckan.views.default_views", "datatables_view")
@pytest.mark.ckan_config("ckanext.xloader.api_token", "never used")
@pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "clean_queues")
def test_no_violations(app, violations):
    load(lambda _line: None)
    datasets = tk.get_action("package_search")({"user": ""}, {"rows": 1000})["results"]
    assert len(datasets) > 10

    for path, form in FORMS:
        graph = Graph().parse(data=app.get(f"/catalog.{path}").body, format=form)
        assert len(set(graph.subjects(RDF.type, DCAT.Dataset))) == len(datasets)
        assert violations(graph) == []

    known = lookup.load(datasets)
    assert {one["name"]: fault(schemaorg.dataset(one, known)) for one in datasets} == {
        one["name"]: None for one in datasets
    }
