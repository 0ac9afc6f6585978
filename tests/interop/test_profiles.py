"""The SDI fields as DCAT."""

from __future__ import annotations

import pytest
from ckan.tests import factories
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, Namespace

from ckanext.tangerang.interop.profiles import dcat_values

EU = "http://publications.europa.eu/resource/authority"
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
PLUGINS = (
    "tangerang_metadata tangerang_opd tangerang_interop scheming_datasets scheming_organizations "
    "dcat"
)


@pytest.mark.parametrize(
    ("start", "end", "first", "last"),
    [
        ("2020", "2024", "2020-01-01", "2024-12-31"),
        ("2024-02", None, "2024-02-01", "2024-02-29"),
        ("2023", "2024-02", "2023-01-01", "2024-02-29"),
        ("2024-03-05", "2024-03-06", "2024-03-05", "2024-03-06"),
    ],
)
def test_a_period_becomes_its_first_and_last_day(start, end, first, last):
    values = dcat_values({"periode_awal": start, "periode_akhir": end})
    assert (values["temporal_start"], values["temporal_end"]) == (first, last)


def test_codes_become_eu_vocabulary():
    values = dcat_values({"frekuensi": "SEMESTERAN", "accesslevel": "terbatas"})
    assert values["frequency"] == f"{EU}/frequency/ANNUAL_2"
    assert values["access_rights"] == f"{EU}/access-right/RESTRICTED"


def test_unknown_codes_and_empty_fields_are_left_out():
    assert dcat_values({"frekuensi": "SETIAP_SENIN", "accesslevel": "", "kontak_email": None}) == {
        "language": f"{EU}/language/IND"
    }


@pytest.mark.ckan_config("ckan.plugins", PLUGINS)
@pytest.mark.ckan_config("ckanext.dcat.rdf.profiles", "tangerang_sdi")
@pytest.mark.ckan_config("ckanext.tangerang.metadata.require_complete", False)
@pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")
def test_the_catalogue_carries_them(app):
    owner = factories.Organization()
    dataset = factories.Dataset(
        owner_org=owner["id"],
        title="Jumlah puskesmas",
        frekuensi="TAHUNAN",
        accesslevel="terbuka",
        periode_awal="2020",
        kontak_email="data@example.org",
    )

    graph = Graph().parse(data=app.get(f"/dataset/{dataset['name']}.ttl").body, format="turtle")

    subject = next(graph.subjects(DCTERMS.title, Literal("Jumlah puskesmas")))
    assert graph.value(subject, DCTERMS.accrualPeriodicity) == URIRef(f"{EU}/frequency/ANNUAL")
    assert graph.value(subject, DCTERMS.accessRights) == URIRef(f"{EU}/access-right/PUBLIC")
    assert graph.value(subject, DCTERMS.language) == URIRef(f"{EU}/language/IND")
    period = graph.value(subject, DCTERMS.temporal)
    assert str(graph.value(period, DCAT.startDate)).startswith("2020-01-01")
    assert str(graph.value(period, DCAT.endDate)).startswith("2020-12-31")
    contact = graph.value(subject, DCAT.contactPoint)
    assert str(graph.value(contact, VCARD.hasEmail)) == "mailto:data@example.org"
