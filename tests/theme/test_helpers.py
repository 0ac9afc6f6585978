"""Helpers of the templates that need no page."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.tangerang.theme import helpers

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", "tangerang_theme"),
    pytest.mark.usefixtures("with_plugins", "with_request_context"),
]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2020", "2024", "2020–2024"),
        ("2024", "2024", "2024"),
        ("2024", None, "2024"),
        (None, "2024", "2024"),
        ("2024-05", "2024-07", "May 2024–July 2024"),
        ("2024-05-31", "", "May 31, 2024"),
        ("2024-13", None, "2024-13"),
        ("entah", None, "entah"),
        (2020, 2024, "2020–2024"),
        (None, None, ""),
    ],
)
def test_period(start: Any, end: Any, expected: str) -> None:
    assert helpers.tangerang_period({"periode_awal": start, "periode_akhir": end}) == expected


def test_formats_come_once_in_their_order() -> None:
    resources = [{"format": f} for f in ("XLSX", "CSV", "", None, "XLSX", " CSV ")]

    assert helpers.tangerang_formats({"resources": resources}) == ["XLSX", "CSV"]
    assert helpers.tangerang_formats({}) == []


@pytest.mark.parametrize(
    ("size", "expected"),
    [(1023, "1,023 bytes"), ("2048", "2 KiB"), (0, ""), (None, ""), (-1, ""), ("besar", "")],
)
def test_file_size(size: Any, expected: str) -> None:
    assert helpers.tangerang_file_size({"size": size}) == expected


def test_labels_need_the_code_lists() -> None:
    assert helpers.tangerang_labels("akses", "terbatas") == []


@pytest.mark.parametrize(
    ("code", "said", "expected"),
    [
        (404, "Dataset not found", "Dataset not found"),
        (404, None, ""),
        (404, "", ""),
        (599, "Odd", "Odd"),
    ],
)
def test_error_text(code: int, said: str | None, expected: str) -> None:
    assert helpers.tangerang_error_text(code, said) == expected


def test_citation_of_a_dataset_without_organization() -> None:
    cite = helpers.tangerang_citation(
        {
            "id": "abc",
            "name": "puskesmas",
            "type": "dataset",
            "title": "Puskesmas",
            "metadata_modified": "2024-05-06T07:08:09",
        }
    )

    assert cite.startswith(
        "Pemerintah Kabupaten Tangerang (2024). Puskesmas. Tangerang Satu Data. "
    )
    assert "http://test.ckan.net/dataset/abc (" in cite
