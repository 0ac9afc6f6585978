"""Reading filters: which of them ask for a type of record."""

from __future__ import annotations

import pytest

from ckanext.tangerang.metadata.filters import asks_for_type


@pytest.mark.parametrize(
    "text",
    [
        "dataset_type:kegiatan",
        "+dataset_type:kegiatan",
        "+type:indikator",
        "dataset_type:(kegiatan OR indikator)",
        "(dataset_type:kegiatan OR dataset_type:indikator)",
        "+(title:air AND (dataset_type:kegiatan))",
        'dataset_type:"kegiatan"',
        "dataset_type: kegiatan",
        "dataset_type:*",
        "dataset_type:[a TO z]",
        "-title:air +dataset_type:kegiatan",
        "NOT title:air AND dataset_type:kegiatan",
        "-(title:air) dataset_type:kegiatan",
        "title:a-b !title:c type:kegiatan",
        "{!tag=jenis}dataset_type:kegiatan",
        "dataset_type:(-dataset kegiatan)",
        'title:"air" type:kegiatan',
    ],
)
def test_positive(text):
    assert asks_for_type(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "title:kegiatan",
        "-dataset_type:kegiatan",
        "- dataset_type:kegiatan",
        "!dataset_type:kegiatan",
        "NOT dataset_type:kegiatan",
        "title:air AND NOT type:kegiatan",
        "-(title:air OR dataset_type:kegiatan)",
        "NOT (title:air AND (type:kegiatan))",
        "dataset_type:(-kegiatan)",
        "dataset_type:(NOT kegiatan)",
        "-dataset_type:(kegiatan OR indikator)",
        'title:"dataset_type:kegiatan"',
        r'title:"a \" dataset_type:kegiatan"',
        "resource_type:kegiatan",
        "extras_dataset_type:kegiatan",
        r"dataset_type\:kegiatan",
        "title:/dataset_type:kegiatan/",
        "title:[dataset_type:a TO b]",
        "title:dataset_type",
        'title:"dataset_type:kegiatan',
    ],
)
def test_not_positive(text):
    assert not asks_for_type(text)
