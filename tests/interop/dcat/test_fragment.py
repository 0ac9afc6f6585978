"""One dataset as DCAT-AP 3: what is written, what never is, and that it is always valid."""

from __future__ import annotations

import copy
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.compare import to_isomorphic
from rdflib.namespace import DCAT, DCTERMS, FOAF, ORG, PROV, RDF, SKOS, Namespace

from ckanext.tangerang.interop.dcat import fragment
from ckanext.tangerang.interop.dcat.lookup import Lookup, Portal
from tests.interop.conftest import (
    ACTIVITY,
    BAD_ADDRESSES,
    BASE,
    FILE,
    FULL,
    HIDDEN,
    HOSTILE,
    ID,
    INDICATOR,
    LOOKUP,
    OPD,
    PARENT,
    TEXTS,
    WALIDATA,
    graph_of,
    records,
)

EU = "http://publications.europa.eu/resource/authority"
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
DATASET = URIRef(f"{BASE}/dataset/{ID}")
DISTRIBUTION = URIRef(f"{DATASET}/resource/{FILE}")
FORMATS = ("xml", "pretty-xml", "turtle", "json-ld", "nt")

ANY = records(TEXTS, st.one_of(st.sampled_from(BAD_ADDRESSES), TEXTS))


def value(graph, predicate, subject=DATASET):
    return graph.value(subject, predicate)


def test_frequency_access_language_licence_and_format_are_of_known_vocabularies():
    graph = graph_of(FULL)
    assert value(graph, DCTERMS.accrualPeriodicity) == URIRef(f"{EU}/frequency/ANNUAL_2")
    assert value(graph, DCTERMS.accessRights) == URIRef(f"{EU}/access-right/PUBLIC")
    assert value(graph, DCTERMS.language) == URIRef(f"{EU}/language/IND")
    licence = URIRef("https://creativecommons.org/licenses/by/4.0/")
    assert value(graph, DCTERMS.license) == value(graph, DCTERMS.license, DISTRIBUTION) == licence
    # By which ckanext-dcat's harvester finds it in a CKAN without our profile.
    assert value(graph, DCTERMS.title, licence) == Literal("Creative Commons Attribution")
    assert value(graph, DCTERMS["format"], DISTRIBUTION) == URIRef(f"{EU}/file-type/CSV")
    assert str(value(graph, DCAT.mediaType, DISTRIBUTION)).endswith("/media-types/text/csv")


def test_walidata_publishes_what_the_opd_creates_below_its_parent():
    graph = graph_of(FULL)
    opd, parent = URIRef(f"{BASE}/organization/{OPD}"), URIRef(f"{BASE}/organization/{PARENT}")
    assert value(graph, DCTERMS.publisher) == URIRef(f"{BASE}/organization/{WALIDATA}")
    assert value(graph, DCTERMS.creator) == opd
    assert {FOAF.Agent, ORG.Organization} <= set(graph.objects(opd, RDF.type))
    assert value(graph, ORG.subOrganizationOf, opd) == parent
    government = value(graph, ORG.subOrganizationOf, parent)
    assert value(graph, FOAF.name, government) == Literal("Pemerintah Kabupaten Tangerang")


def test_without_a_walidata_its_configured_name_publishes():
    graph = graph_of(FULL, Lookup(LOOKUP.portal, LOOKUP.agencies, "", {}))
    publisher = value(graph, DCTERMS.publisher)
    assert publisher == URIRef(f"{BASE}/#walidata")
    assert value(graph, FOAF.name, publisher) == Literal("Dinas Komunikasi dan Informatika")


def test_a_circle_of_organizations_ends():
    agencies = dict(LOOKUP.agencies)
    agencies[PARENT] = type(agencies[PARENT])(PARENT, "setda", "Setda", parent=OPD)
    graph = graph_of(FULL, Lookup(LOOKUP.portal, agencies, WALIDATA, {}))
    assert value(graph, DCTERMS.creator) == URIRef(f"{BASE}/organization/{OPD}")


def test_regions_have_addresses_by_their_code():
    graph = graph_of(FULL)
    assert set(graph.objects(DATASET, DCTERMS.spatial)) == {
        URIRef(f"{BASE}/wilayah/36.03"),
        URIRef(f"{BASE}/wilayah/36.03.01"),
    }
    region = URIRef(f"{BASE}/wilayah/36.03")
    assert value(graph, SKOS.notation, region) == Literal("36.03")
    elsewhere = Portal(BASE, region_uri="https://wilayah.example.org/{code}")
    graph = graph_of(FULL, Lookup(elsewhere))
    assert URIRef("https://wilayah.example.org/36.03") in set(
        graph.objects(DATASET, DCTERMS.spatial)
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
def test_a_period_is_its_first_and_last_day(start, end, first, last):
    graph = graph_of(FULL | {"periode_awal": start, "periode_akhir": end})
    period = value(graph, DCTERMS.temporal)
    assert str(value(graph, DCAT.startDate, period)) == first
    assert str(value(graph, DCAT.endDate, period)) == last


def test_times_are_utc():
    graph = graph_of(FULL)
    assert str(value(graph, DCTERMS.issued)) == "2025-01-02T03:04:05.123456+00:00"
    assert str(value(graph, DCTERMS.modified)) == "2025-02-03T04:05:06+00:00"


def test_public_activities_and_indicators_are_linked_and_others_not_named():
    graph = graph_of(FULL)
    activity = value(graph, PROV.wasGeneratedBy)
    assert activity == URIRef(f"{BASE}/kegiatan/{ACTIVITY}")
    assert (activity, RDF.type, PROV.Activity) in graph
    assert value(graph, DCTERMS.subject) == URIRef(f"{BASE}/indikator/{INDICATOR}")

    hidden = copy.deepcopy(FULL) | {"kegiatan": HIDDEN, "indikator": [HIDDEN]}
    hidden["resources"][0]["kamus"][0]["variabel"] = f"{HIDDEN}#V1"
    assert HIDDEN not in graph_of(hidden).serialize(format="nt")


def test_a_link_of_another_type_is_none():
    graph = graph_of(FULL | {"kegiatan": INDICATOR, "indikator": [ACTIVITY]})
    assert value(graph, PROV.wasGeneratedBy) is None
    assert value(graph, DCTERMS.subject) is None


def test_personal_contacts_are_never_written():
    text = graph_of(FULL).serialize(format="nt")
    for private in ("Budi", "Siti", "gmail.com"):
        assert private not in text
    assert "data@example.go.id" in text


def test_a_restricted_file_is_described_but_leads_to_its_page():
    graph = graph_of(FULL | {"accesslevel": "terbatas"})
    assert value(graph, DCAT.downloadURL, DISTRIBUTION) is None
    assert value(graph, DCAT.accessURL, DISTRIBUTION) == DISTRIBUTION
    assert "download" not in graph.serialize(format="nt").replace("downloadURL", "")


def test_an_uploaded_file_has_the_same_address_in_each_language():
    record = copy.deepcopy(FULL)
    record["resources"][0]["url"] = f"{BASE}/en/dataset/{ID}/resource/{FILE}/download/a%20b.csv"
    graph = graph_of(record)
    assert value(graph, DCAT.downloadURL, DISTRIBUTION) == URIRef(
        f"{DISTRIBUTION}/download/a%20b.csv"
    )


def test_a_harvested_dataset_keeps_the_address_of_its_source():
    source = "https://opd.example.go.id/data#7"
    graph = graph_of(FULL | {"extras": [{"key": "uri", "value": source}]})
    [subject] = graph.subjects(RDF.type, DCAT.Dataset)
    assert str(subject) == source
    assert value(graph, DCAT.distribution, subject) == DISTRIBUTION
    assert len(graph) == len(graph_of(FULL))


@pytest.mark.parametrize("wrong", [*HOSTILE, "a b<c>", "javascript:alert(1)", None])
def test_what_is_no_address_of_a_source_is_not_used(wrong):
    graph = graph_of(FULL | {"extras": [{"key": "uri", "value": wrong}]})
    assert set(graph.subjects(RDF.type, DCAT.Dataset)) == {DATASET}


def test_other_types_have_no_triples():
    assert len(graph_of(FULL | {"type": "kegiatan"})) == 0


@pytest.mark.parametrize("wrong", [*HOSTILE, "9999-99", "2020-13", None])
def test_a_wrong_period_is_left_out(wrong):
    graph = graph_of(FULL | {"periode_awal": wrong, "periode_akhir": wrong})
    assert value(graph, DCTERMS.temporal) is None


def test_nothing_depends_on_the_order_of_calls():
    first = list(fragment.dataset_triples(FULL, LOOKUP))
    list(fragment.dataset_triples(FULL | {"title": "Lain"}, LOOKUP))
    assert list(fragment.dataset_triples(FULL, LOOKUP)) == first


def test_what_is_remembered_of_a_column_names_no_activity_that_has_gone():
    shown = graph_of(FULL).serialize(format="nt")
    gone = graph_of(FULL, replace(LOOKUP, records={}, described={})).serialize(format="nt")
    assert f"{ACTIVITY}#V01" in shown
    assert ACTIVITY not in gone


def test_columns_and_what_datasets_share_come_as_the_same_objects():
    """Whoever writes them does so once."""
    other = copy.deepcopy(FULL) | {"id": ID.replace("1", "2"), "name": "lain"}
    first, second = (list(fragment.dataset_parts(one, LOOKUP)) for one in (FULL, other))
    for kind, what in ((fragment.Alike, "said"), (fragment.Shared, "triples")):
        ids = [[id(getattr(p, what)) for p in parts if isinstance(p, kind)]
               for parts in (first, second)]  # fmt: skip
        assert ids[0] == ids[1]
        assert ids[0]


def test_the_record_is_not_changed():
    record = copy.deepcopy(FULL)
    graph_of(record)
    assert record == FULL


def test_the_full_record_is_valid(violations):
    assert violations(graph_of(FULL)) == []


def test_the_shapes_do_find_faults(violations):
    graph = graph_of(FULL)
    graph.remove((DATASET, DCTERMS.title, None))
    graph.set((DATASET, DCTERMS.publisher, Literal("Diskominfo")))
    [report] = violations(graph)
    assert "dcterms:title" in report
    assert "dcterms:publisher" in report


@settings(max_examples=25)
@given(record=ANY)
def test_generated_records_are_valid(violations, record):
    graph = graph_of(record)
    assert violations(graph) == []
    assert not any(isinstance(term, BNode) for triple in graph for term in triple)


@settings(max_examples=40)
@given(record=ANY)
def test_generated_records_are_the_same_in_each_format(record):
    graph = graph_of(record)
    for form in FORMATS:
        data = graph.serialize(format=form, encoding="utf-8")
        parsed = Graph().parse(data=data, format="xml" if form == "pretty-xml" else form)
        assert to_isomorphic(parsed) == to_isomorphic(graph), form


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_values_in_every_field(violations, text):
    record = {
        key: text if isinstance(item, str) and key not in ("id", "name", "type") else item
        for key, item in FULL.items()
    }
    record["tags"] = [{"name": text}]
    record["resources"] = [
        {key: text if isinstance(item, str) and key != "id" else item for key, item in one.items()}
        for one in FULL["resources"]
    ]
    graph = graph_of(record)
    assert violations(graph) == []
    for form in FORMATS:
        data = graph.serialize(format=form, encoding="utf-8")
        Graph().parse(data=data, format="xml" if form == "pretty-xml" else form)
    json.loads(graph.serialize(format="json-ld"))


def test_notes_of_a_megabyte_arrive():
    notes = "Baris <b>tebal</b> & \u202e.\n" * 40_000
    data = graph_of(FULL | {"notes": notes}).serialize(format="xml")
    graph = Graph().parse(data=data, format="xml")
    assert str(value(graph, DCTERMS.description)) == notes


@pytest.mark.parametrize("address", BAD_ADDRESSES)
def test_a_bad_address_becomes_the_page_of_the_file(violations, address):
    record = copy.deepcopy(FULL) | {"url": address}
    record["resources"][0] |= {"url": address, "url_type": ""}
    graph = graph_of(record)
    target = value(graph, DCAT.accessURL, DISTRIBUTION)
    assert str(target).startswith("http")
    assert str(target).isascii()
    assert "secret" not in graph.serialize(format="nt")
    assert violations(graph) == []
