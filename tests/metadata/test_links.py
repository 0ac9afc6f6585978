"""What counts as a link, without CKAN."""

from __future__ import annotations

import json

import pytest

from ckanext.tangerang.metadata import links

A = "11111111-1111-4111-8111-111111111111"
B = "22222222-2222-4222-8222-222222222222"

FIELDS = [
    {"field_name": "kegiatan", "kind": "link", "link_to": "kegiatan"},
    {"field_name": "indikator", "kind": "links", "link_to": "indikator"},
    {"field_name": "nilai_resource", "kind": "resource"},
    {
        "field_name": "variabel_pembangun",
        "kind": "rows",
        "row_fields": [
            {"field_name": "nama", "kind": "text"},
            {
                "field_name": "variabel",
                "kind": "link",
                "link_to": "kegiatan",
                "link_part": "variabel",
            },
        ],
    },
    {"field_name": "title", "kind": "text"},
]
PLACES = links.places(FIELDS)


def test_places_are_the_fields_and_columns_that_are_links():
    assert [(p.name, p.to, p.has_part) for p in PLACES] == [
        ("kegiatan", "kegiatan", False),
        ("indikator", "indikator", False),
        ("nilai_resource", "resource", False),
        ("variabel_pembangun.variabel", "kegiatan", True),
    ]


@pytest.mark.parametrize("stored", [True, False])
def test_links_of_a_record_as_stored_and_as_shown(stored):
    record = {
        "kegiatan": A,
        "indikator": [A, B],
        "variabel_pembangun": [{"nama": "x"}, {"nama": "y", "variabel": f"{B}#V001"}],
        "title": B,
    }
    if stored:
        record = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in record.items()
        }
    assert links.extract(PLACES, record) == {
        links.Link("kegiatan", A),
        links.Link("indikator", A),
        links.Link("indikator", B),
        links.Link("variabel_pembangun.variabel", B, "V001"),
    }


def test_only_an_id_with_a_code_is_a_link_in_a_kamus():
    rows = [
        {"kolom": "a", "variabel": f"{A}#V002"},
        {"kolom": "b", "variabel": "Jumlah penduduk"},
        {"kolom": "c", "variabel": A},
    ]
    assert links.extract([], {}, [rows, "no json", None]) == {links.Link("kamus", A, "V002")}


def test_names_become_ids_and_what_is_unknown_stays():
    ids = {"survei": A}
    one, several = PLACES[0], PLACES[1]
    assert links.replace_targets(one, "survei", ids) == A
    assert links.replace_targets(one, "lain", ids) == "lain"
    assert json.loads(links.replace_targets(several, ["survei", B], ids)) == [A, B]
    assert links.replace_targets(one, None, ids) is None


def test_codes_of_variables():
    assert links.codes([{"kode": "V001"}, {"nama": "x"}]) == {"V001"}
    assert links.codes('[{"kode": "V002"}]') == {"V002"}
    assert links.codes(None) == set()
