"""What is written is read back."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph, URIRef

from ckanext.tangerang.interop.dcat import mapping, reading
from tests.interop.conftest import ACTIVITY, BASE, FULL, HIDDEN, ID, PLAIN, graph_of, records

DATASET = URIRef(f"{BASE}/dataset/{ID}")
REGISTER = {"http://www.opendefinition.org/licenses/cc-by": "cc-by", "other-open": "other-open"}

#: What the graph says in other ways: CKAN's own, or of the portal that reads.
NOT_READ = {
    *("id", "name", "type", "state", "private", "owner_org", "tags", "license_url", "resources"),
    *("metadata_created", "metadata_modified"),
    *mapping.PRIVATE,
}
RESOURCE_FIELDS = {
    *("name", "description", "format", "mimetype", "periode_data", "tingkat_wilayah"),
    *("status_angka", "kamus"),
}


def through(record, form="xml"):
    """Return the fields of a dataset, and of its files, after it was written and read."""
    graph = Graph().parse(
        data=graph_of(record).serialize(format=form, encoding="utf-8"), format=form
    )
    files = {
        str(node).rsplit("/", 1)[1]: reading.read_resource(graph, node)
        for node in graph.objects(DATASET, URIRef("http://www.w3.org/ns/dcat#distribution"))
    }
    return reading.read_dataset(graph, DATASET, REGISTER), files


def expected(record):
    """Return the fields of a dataset that must be read: lists in the order of reading."""
    out = {}
    for key, value in record.items():
        if key in NOT_READ or value in (None, "", []):
            continue
        row = next((row for row in mapping.DATASET_ROWS if row.field == key), None)
        is_choice = row is not None and row.kind is mapping.Kind.CONCEPT
        out[key] = sorted(value) if isinstance(value, list) and not is_choice else value
    return out


def in_list_order(values):
    return {key: sorted(v) if isinstance(v, list) else v for key, v in values.items()}


def test_every_field_comes_back():
    for form in ("xml", "turtle", "json-ld"):
        dataset, files = through(FULL, form)
        assert in_list_order(dataset) == in_list_order(expected(FULL))
        [file] = files.values()
        [original] = FULL["resources"]
        assert file == {key: original[key] for key in original if key in RESOURCE_FIELDS}


def normal(record):
    """Return what a generated record says, without what is left out when it is written."""
    out = {key: value for key, value in expected(record).items() if value}
    if out.get("kegiatan") != ACTIVITY:
        out.pop("kegiatan", None)
    out["indikator"] = [one for one in out.get("indikator", []) if one != HIDDEN]
    if out.get("notes") == out.get("title"):
        out.pop("notes", None)
    if out.get("license_id") not in ("cc-by", "other-open"):
        out.pop("license_id", None)
    if "periode_awal" not in out:
        out.pop("periode_akhir", None)
    out.setdefault("identifier", ID)
    return {key: value for key, value in out.items() if value}


VALID = records(PLAIN, st.just("https://example.org/a")).map(
    lambda record: {
        key: value
        for key, value in record.items()
        if not (key in ("periode_awal", "periode_akhir") and not _is_period(value))
        and not (key == "kontak_email" and value != "data@example.go.id")
    }
)


def _is_period(value):
    return value[:4].isdigit() and len(value) in (4, 7, 10) and 1945 <= int(value[:4]) <= 2100


@settings(max_examples=60)
@given(record=VALID)
def test_generated_records_come_back(record):
    dataset, files = through(record)
    assert in_list_order(dataset) == in_list_order(normal(record))
    for original in record["resources"]:
        rows = original.get("kamus", [])
        found = files[original["id"]].get("kamus", [])
        assert [row["kolom"] for row in found] == [row["kolom"].strip() for row in rows]


def test_lists_are_in_an_order_that_does_not_change():
    once, _ = through(FULL)
    again, _ = through(FULL, "turtle")
    assert once == again
    assert once["id_sds"] == ["SDS-1", "SDS-2"]
    assert once["kodereferensi"] == ["kemendagri", "fasyankes"]  # that of the code list


FOREIGN = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://data.example.go.id/dataset/3cebbf8f-3d4f-4428-a72e-bde0f339a612> a dcat:Dataset ;
    dct:title "Sekolah"@id, "Schools"@en ;
    dct:description "Daftar sekolah" ;
    dct:accrualPeriodicity <http://publications.europa.eu/resource/authority/frequency/ANNUAL> ;
    dct:temporal [ dcat:startDate "2023-01-01"^^xsd:date ; dcat:endDate "2023-12-31"^^xsd:date ] ;
    dct:conformsTo <https://example.org/standard> ;
    dcat:theme <http://publications.europa.eu/resource/authority/data-theme/EDUC> ;
    dcat:contactPoint [ a vcard:Kind ; vcard:hasEmail <mailto:data@example.org> ] .
"""


def test_another_portals_words_are_understood():
    graph = Graph().parse(data=FOREIGN, format="turtle")
    assert reading.read_dataset(graph, DATASET, REGISTER) == {
        "title": "Sekolah",
        "notes": "Daftar sekolah",
        "frekuensi": "TAHUNAN",
        "periode_awal": "2023-01-01",
        "periode_akhir": "2023-12-31",
        "kontak_email": "data@example.org",
    }
