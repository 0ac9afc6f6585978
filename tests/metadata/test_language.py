"""Times are written as people of the portal's language and zone read them."""

from __future__ import annotations

from datetime import datetime

import pytest

from ckanext.tangerang.metadata.language import moment_label

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
