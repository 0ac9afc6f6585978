"""The kamus and the Table Schema made from it."""

from __future__ import annotations

import json

import pytest

from ckanext.tangerang.metadata import kamus
from ckanext.tangerang.metadata.codelists import codelist
from ckanext.tangerang.metadata.values import Problem

ROWS = [
    {"kolom": "kecamatan", "label": "Kecamatan", "tipe": "string"},
    {"kolom": "jumlah", "definisi": "Banyaknya", "tipe": "integer", "satuan": "unit"},
]


@pytest.mark.parametrize("value", [ROWS, json.dumps(ROWS), [*ROWS, {"kolom": " ", "label": ""}]])
def test_reads_rows(value):
    assert kamus.read(value) == ROWS


@pytest.mark.parametrize("value", [None, "", "[]", []])
def test_nothing_gives_no_rows(value):
    assert kamus.read(value) == []


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ("{", "not valid JSON"),
        ('{"kolom": "a"}', "a list of rows"),
        ("[" * 100_000, "not valid JSON"),
        ([ROWS[0], "x"], "Row 2: this is not a row"),
        ([{"kolom": "a", "nama": "b"}], "Row 1: nama is not a column"),
        ([ROWS[0], {"definisi": "x"}], "Row 2: write the name of the column"),
        ([{"kolom": "a"}, {"kolom": "b", "tipe": "angka"}], 'Row 2: "angka" is not a column type'),
        ([{"kolom": "a"}, {}, {"kolom": "a"}], 'Row 3: the column "a" already stands in row 1'),
        ([{"kolom": {"a": 1}}], "Row 1: write plain text in kolom"),
        ([{"kolom": "a", "satuan": "x" * 101}], r"Row 1: satuan is too long \(101 characters\)"),
        ([{"kolom": str(n)} for n in range(501)], "at most 500 rows; this one has 501"),
        ([{"kolom": str(n), "definisi": "x" * 5000} for n in range(61)], "too large"),
        ("x" * 600_001, "too large"),
    ],
)
def test_problems_name_the_row(value, complaint):
    with pytest.raises(Problem) as caught:
        kamus.read(value)
    with pytest.raises(AssertionError, match=complaint):
        raise AssertionError(caught.value.msgid.format(**caught.value.params))


def test_filled_keys_never_raise():
    assert kamus.filled(ROWS) == {"kolom", "label", "tipe", "definisi", "satuan"}
    assert kamus.filled("{") == set()
    assert kamus.filled(None) == set()


def test_the_table_schema():
    assert kamus.table_schema(ROWS) == {
        "fields": [
            {"name": "kecamatan", "type": "string", "title": "Kecamatan"},
            {
                "name": "jumlah",
                "type": "integer",
                "description": "Banyaknya",
                "unit": "unit",
            },
        ]
    }


def test_every_type_of_the_list_is_a_type_of_the_table_schema():
    for item in codelist("tipe_kolom").items:
        schema = kamus.table_schema([{"kolom": "a", "tipe": item.key}])
        assert kamus.read_table_schema(schema) == schema


def test_a_schema_by_hand_must_be_a_table_schema():
    good = {"fields": [{"name": "a", "type": "geopoint"}], "missingValues": ["-"]}
    assert kamus.read_table_schema(good) == good
    assert kamus.read_table_schema(json.dumps(good)) == good
    assert kamus.read_table_schema("") is None
    for wrong in (
        "teks bebas",
        "[1]",
        {"fields": []},
        {"fields": [{"type": "string"}]},
        {"fields": [{"name": "a", "type": "angka"}]},
        {"fields": [{"name": "a"}, {"name": "a"}]},
        {"fields": ["a"]},
        7,
    ):
        with pytest.raises(Problem):
            kamus.read_table_schema(wrong)
