"""Fixtures for the tests of tables: a dataset with a table, and who asks for it."""

from __future__ import annotations

from types import SimpleNamespace

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories

#: The plugins that these tests are about, and their partners.
PLUGINS = (
    "tangerang_tables tangerang_metadata tangerang_opd datastore "
    "scheming_datasets scheming_organizations"
)

#: What the dataset schema of the portal asks for.
COMPLETE = {
    "notes": "Jumlah puskesmas.",
    "definisi": "Puskesmas yang terdaftar pada dinas.",
    "satuan": "unit",
    "periode_awal": "2020",
    "periode_akhir": "2024",
    "tingkat_penyajian": ["kecamatan"],
    "bidang_urusan": "1.02",
    "kategori": ["kesehatan"],
    "kontak_email": "data@example.go.id",
    "penanggung_jawab": "Kepala Bidang Data",
    "license_id": "cc-by",
}


def system(name, /, **data):
    """Call an action as the portal itself."""
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    return tk.get_action(name)({"user": user, "ignore_auth": True}, data)


def load(resource_id, fields, records):
    """Fill the table of a file.

    :param fields: types by name
    """
    return system(
        "datastore_create",
        resource_id=resource_id,
        force=True,
        fields=[{"id": name, "type": kind} for name, kind in fields.items()],
        records=records,
    )


@pytest.fixture
def tabled():
    """Return what makes a dataset with a file that has a table."""

    def make(fields, records, *, kamus=(), name="Tabel", **values):
        office = factories.Organization(title="Dinas Kesehatan", image_url="")
        made = system(
            "package_create",
            **{
                "name": f"puskesmas-{office['name']}",
                "title": "Jumlah Puskesmas: 2020/2024",
                "owner_org": office["id"],
                **COMPLETE,
                **values,
            },
        )
        file = system(
            "resource_create",
            package_id=made["id"],
            name=name,
            format="CSV",
            url="http://example.org/a.csv",
            kamus=list(kamus),
        )
        load(file["id"], fields, records)
        return SimpleNamespace(package=made["id"], name=made["name"], office=office, id=file["id"])

    return make
