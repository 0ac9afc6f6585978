"""Datasets in Project Open Data 1.1."""

from __future__ import annotations

import json
from dataclasses import replace

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.tangerang.interop.catalogue import pod
from ckanext.tangerang.interop.dcat.lookup import Agency, Lookup, Portal
from ckanext.tangerang.metadata.topics import Topic

BASE = "https://data.example.go.id"
LOOKUP = Lookup(
    Portal(BASE, government="Pemerintah Kabupaten Tangerang"),
    {
        "1": Agency("1", "dinkes", "Dinas Kesehatan"),
        "2": Agency("2", "puskesmas", "UPTD Puskesmas", parent="1"),
    },
)
DATASET = {
    "id": "7d1f",
    "type": "dataset",
    "name": "puskesmas",
    "title": "Jumlah puskesmas",
    "notes": "Puskesmas yang terdaftar.",
    "identifier": "kab-1",
    "metadata_created": "2026-01-02T03:04:05.678",
    "metadata_modified": "2026-02-03T04:05:06.7",
    "owner_org": "2",
    "kontak_email": "data@example.org",
    "penanggung_jawab": "Kepala Seksi Data",
    "accesslevel": "terbuka",
    "frekuensi": "SEMESTERAN",
    "periode_awal": "2023",
    "periode_akhir": "2024-02",
    "cakupan_wilayah": ["36.03"],
    "license_id": "cc-by",
    "tags": [{"name": "kesehatan"}],
    "resources": [
        {
            "id": "r1",
            "name": "CSV",
            "url": "https://example.org/a b.csv",
            "format": "CSV",
            "size": 7,
        }
    ],
}

# The parts of the schema that harvesters check, after its field list: what is required, what is a
# word of a list, and how dates, periods, rhythms and addresses are written.
_TEXT = {"type": "string", "minLength": 1}
_DATE = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?$"}
_URL = {"type": "string", "pattern": r"^https?://[^\s<>\"]+$"}
_ORGANIZATION = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "@type": {"const": "org:Organization"},
        "name": _TEXT,
        "subOrganizationOf": {"$ref": "#/$defs/organization"},
    },
    "additionalProperties": False,
}
_DISTRIBUTION = {
    "type": "object",
    "properties": {
        "@type": {"const": "dcat:Distribution"},
        "accessURL": _URL,
        "downloadURL": _URL,
        "mediaType": {"type": "string", "pattern": r"^[a-z]+/[A-Za-z0-9.+_-]+$"},
        "byteSize": {"type": "integer", "minimum": 1},
        "title": _TEXT,
        "description": _TEXT,
        "format": _TEXT,
    },
    "additionalProperties": False,
    "dependentRequired": {"downloadURL": ["mediaType"]},
}
SCHEMA = {
    "$defs": {"organization": _ORGANIZATION},
    "type": "object",
    "required": [
        *("title", "description", "keyword", "modified", "publisher", "contactPoint"),
        *("identifier", "accessLevel"),
    ],
    "properties": {
        "@type": {"const": "dcat:Dataset"},
        **dict.fromkeys(("title", "description", "identifier", "spatial"), _TEXT),
        "keyword": {"type": "array", "items": _TEXT, "minItems": 1},
        "theme": {"type": "array", "items": _TEXT, "minItems": 1},
        "issued": _DATE,
        "modified": _DATE,
        "publisher": {"$ref": "#/$defs/organization"},
        "contactPoint": {
            "type": "object",
            "required": ["fn", "hasEmail"],
            "properties": {
                "@type": {"const": "vcard:Contact"},
                "fn": _TEXT,
                "hasEmail": {"type": "string", "pattern": r"^mailto:[^@\s]+@[^@\s]+$"},
            },
        },
        "accessLevel": {"enum": ["public", "restricted public", "non-public"]},
        "rights": {"type": "string", "minLength": 1, "maxLength": 255},
        "license": _URL,
        "landingPage": _URL,
        "accrualPeriodicity": {"type": "string", "pattern": r"^(R/P[\dDWMYT.]+|irregular)$"},
        "temporal": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}/\d{4}-\d{2}-\d{2}$"},
        "language": {"type": "array", "items": _TEXT},
        "distribution": {"type": "array", "items": _DISTRIBUTION, "minItems": 1},
    },
    "additionalProperties": False,
}
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def problems(dataset):
    return [error.message for error in VALIDATOR.iter_errors(pod.dataset(dataset, LOOKUP))]


def test_a_complete_dataset_is_valid_and_says_what_it_is():
    assert problems(DATASET) == []
    found = pod.dataset(DATASET, LOOKUP)
    assert found["publisher"] == {
        "@type": "org:Organization",
        "name": "UPTD Puskesmas",
        "subOrganizationOf": {
            "@type": "org:Organization",
            "name": "Dinas Kesehatan",
            "subOrganizationOf": {
                "@type": "org:Organization",
                "name": "Pemerintah Kabupaten Tangerang",
            },
        },
    }
    assert found["modified"] == "2026-02-03T04:05:06Z"
    assert found["temporal"] == "2023-01-01/2024-02-29"
    assert found["accrualPeriodicity"] == "R/P6M"
    assert found["contactPoint"]["hasEmail"] == "mailto:data@example.org"
    (file,) = found["distribution"]
    assert file["downloadURL"] == "https://example.org/a%20b.csv"
    assert (file["mediaType"], file["byteSize"]) == ("text/csv", 7)


def test_a_restricted_dataset_gives_no_download_and_says_why():
    found = pod.dataset(
        {**DATASET, "accesslevel": "terbatas", "alasan_pembatasan": "Pasal 17 " * 60}, LOOKUP
    )
    assert found["accessLevel"] == "restricted public"
    assert len(found["rights"]) == 255
    (file,) = found["distribution"]
    assert file["accessURL"] == f"{BASE}/dataset/7d1f/resource/r1"
    assert "downloadURL" not in file
    assert problems({**DATASET, "accesslevel": "terbatas", "alasan_pembatasan": "x"}) == []


def test_keywords_are_what_ckan_takes_for_tags():
    """ckanext-dcat's JSON harvester loses a dataset with another."""
    topic = Topic("x", {"id": "Pemerintahan, Keuangan, dan Desa"}, {}, "", ())
    lookup = replace(LOOKUP, portal=replace(LOOKUP.portal, topics={"x": topic}))
    tags = [
        {"name": name} for name in ("kesehatan", "a", "Desa (kelurahan)", "x" * 200, "kesehatan")
    ]
    found = pod.dataset({**DATASET, "tags": tags, "kategori": ["x"]}, lookup)
    assert found["keyword"] == [
        *("kesehatan", "Desa kelurahan", "x" * 100, "Pemerintahan Keuangan dan Desa")
    ]
    assert found["theme"] == ["Pemerintahan, Keuangan, dan Desa"]
    assert pod.dataset({**DATASET, "tags": [{"name": "?"}]}, LOOKUP)["keyword"] == ["statistik"]


def test_persons_stay_out():
    found = json.dumps(
        pod.dataset(
            {
                **DATASET,
                "author": "Nama Orang",
                "author_email": "orang@example.org",
                "maintainer": "Nama Lain",
                "kontak_telepon": "0812",
            },
            LOOKUP,
        )
    )
    for text in ("Nama", "orang@", "0812"):
        assert text not in found


def test_organizations_that_are_each_other_s_parent_come_to_an_end():
    lookup = Lookup(
        LOOKUP.portal,
        {"1": Agency("1", "a", "A", parent="2"), "2": Agency("2", "b", "B", parent="1")},
    )
    assert pod.dataset({**DATASET, "owner_org": "1"}, lookup)["publisher"]["name"] == "A"


_VALUES = st.one_of(st.none(), st.text(), st.integers(), st.booleans(), st.lists(st.text()))


@given(
    st.dictionaries(
        st.sampled_from(
            [key for key in DATASET if key not in ("id", "type", "name", "metadata_modified")]
        ).filter(lambda key: key not in ("tags", "resources", "kontak_email", "accesslevel")),
        _VALUES,
    )
)
def test_whatever_people_typed_it_is_valid(values):
    assert problems({**DATASET, **values}) == []


@pytest.mark.parametrize("address", ["", "bukan alamat", "a@b", "a b@example.org", None])
def test_without_an_office_s_address_there_is_no_contact(address):
    assert "contactPoint" not in pod.dataset({**DATASET, "kontak_email": address}, LOOKUP)
