"""Helpers of the templates that need no page."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import flask_babel
import pytest
from ckan.lib import helpers as core

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


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2025-04-25", "April 25, 2025"),
        ("2020/2024", "2020–2024"),
        ("2024", "2024"),
        ("semester 1", "semester 1"),
        (None, ""),
    ],
)
def test_period_of_a_file(value: Any, expected: str) -> None:
    assert helpers.tangerang_file_period({"periode_data": value}) == expected


def test_moments_are_written_day_first() -> None:
    moment = "2026-11-26T23:40:00"
    assert core.render_datetime(moment, with_hours=True) == "November 26, 2026, 23:40 (UTC)"
    assert tk.h.render_datetime(moment, with_hours=True) == "26 November 2026 23.40 UTC"


@pytest.mark.parametrize(
    ("moment", "options"),
    [
        ("2026-11-26T23:40:00", {}),
        ("2026-11-26T23:40:00", {"date_format": "%Y", "with_hours": True}),
        ("2026-11-26T23:40:05", {"with_hours": True, "with_seconds": True}),
        ("entah", {"with_hours": True}),
        (None, {"with_hours": True}),
    ],
)
def test_other_days_are_written_as_ckan_does(moment: Any, options: dict[str, Any]) -> None:
    assert tk.h.render_datetime(moment, **options) == core.render_datetime(moment, **options)


@pytest.mark.usefixtures("with_plugins")
def test_a_period_is_in_the_language_of_each_page(app: Any) -> None:
    for url, expected in (("/id/", "Mei 2024"), ("/en/", "May 2024"), ("/id/", "Mei 2024")):
        with app.flask_app.test_request_context(url, environ_overrides={"CKAN_LANG": url[1:3]}):
            flask_babel.refresh()
            assert helpers.tangerang_period({"periode_awal": "2024-05"}) == expected


@pytest.mark.parametrize(
    "text",
    ["", "**Angka** <b>sementara</b> & [lama](http://x.test)", "kata " * 100, "kata " * 10_000],
    ids=["empty", "marks", "cut", "long"],
)
def test_extracts_are_those_of_ckan(text: str) -> None:
    for _ in range(2):
        for more in ((), (40,), (0,)):
            assert tk.h.markdown_extract(text, *more) == core.markdown_extract(text, *more)


def test_extracts_of_long_texts_are_not_kept() -> None:
    helpers._extract.cache_clear()
    tk.h.markdown_extract("kata " * 10_000)
    assert helpers._extract.cache_info().currsize == 0
    tk.h.markdown_extract("kata")
    tk.h.markdown_extract("kata")
    assert helpers._extract.cache_info().hits == 1


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
