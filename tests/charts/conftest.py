"""Fixtures for the tests of the charts: datasets with tables, indicators of them."""

from __future__ import annotations

import pytest

from tests.access.conftest import system
from tests.metadata.conftest import complete, make, people
from tests.review.conftest import ask

#: The plugins that these tests are about, and their partners.
PLUGINS = (
    "tangerang_charts tangerang_access tangerang_metadata tangerang_opd datastore "
    "scheming_datasets scheming_organizations"
)
YEARS = [{"tahun": "2022", "nilai": "70,5"}, {"tahun": "2023", "nilai": "71"}]

__all__ = ["ask", "complete", "make", "people", "system"]


@pytest.fixture
def table(complete):
    """Return what makes a dataset with one table; all columns are text unless said otherwise."""

    def create(rows, name="tabel", types=None, kamus=None, **data):
        made = system("package_create", **{**complete, "name": name, **data})
        file = system(
            "resource_create",
            package_id=made["id"],
            name="Tabel",
            format="CSV",
            url="http://x.id/a.csv",
            **({"kamus": kamus} if kamus else {}),
        )
        fields = [{"id": key, "type": (types or {}).get(key, "text")} for key in rows[0]]
        system("datastore_create", resource_id=file["id"], force=True, fields=fields, records=rows)
        return file["id"]

    return create
