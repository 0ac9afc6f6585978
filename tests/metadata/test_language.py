"""Times are written as people of the portal's language and zone read them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from ckanext.tangerang.metadata.language import local_day, moment_label, period_label

pytestmark = [
    pytest.mark.ckan_config("ckan.display_timezone", "Asia/Jakarta"),
    pytest.mark.usefixtures("with_plugins"),
]

MOMENT = datetime(2026, 11, 29, 2, 57)  # noqa: DTZ001 - UTC without a zone, as CKAN stores it


@pytest.mark.ckan_config("ckan.locale_default", "id")
@pytest.mark.parametrize("moment", [MOMENT, MOMENT.isoformat()])
def test_a_moment_is_written_day_first_in_the_zone_of_the_portal(moment):
    assert moment_label(moment) == "29 November 2026 09.57 WIB"


@pytest.mark.ckan_config("ckan.locale_default", "en")
def test_months_are_of_the_language():
    assert moment_label(MOMENT.replace(month=5)) == "29 May 2026 09.57 WIB"


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 28, 17, 5),  # noqa: DTZ001 - as CKAN stores it
        "2026-11-28T17:05:00",
        "2026-11-28T17:05:00+00:00",
        "2026-11-29T00:05:00+07:00",
    ],
)
def test_a_day_begins_where_the_portal_is(moment):
    assert local_day(moment) == date(2026, 11, 29)


@pytest.mark.ckan_config("ckan.locale_default", "id")
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2025", "2025"),
        ("2025-05", "Mei 2025"),
        ("2025-05-31", "31 Mei 2025"),
        ("2025-13", "2025-13"),
        ("semester 1", "semester 1"),
        ("", ""),
    ],
)
def test_a_period_in_words(value, expected):
    assert period_label(value) == expected
