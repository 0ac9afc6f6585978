"""Fixtures for the tests of the dataset schema: people of the walidata and of an OPD."""

from __future__ import annotations

from types import SimpleNamespace

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories

from tests.metadata.records import compilation, indicator

#: The plugins that these tests are about, and the partners of both.
PLUGINS = "tangerang_metadata tangerang_opd scheming_datasets scheming_organizations"


@pytest.fixture
def people(clean_db, clean_index, with_plugins):
    """Make an OPD (health) with an editor and an admin, the walidata with an editor, a sysadmin."""
    editor, admin, walidata_editor = (factories.User() for _ in range(3))
    opd = factories.Organization(
        name="dinkes",
        title="Dinas Kesehatan",
        urusan=["1.02"],
        kontak_email="dinkes@example.go.id",
        users=[
            {"name": editor["name"], "capacity": "editor"},
            {"name": admin["name"], "capacity": "admin"},
        ],
    )
    walidata = factories.Organization(
        name="diskominfo",
        peran_sdi="walidata",
        urusan=["2.16", "2.20"],
        kontak_email="diskominfo@example.go.id",
        users=[{"name": walidata_editor["name"], "capacity": "editor"}],
    )
    return SimpleNamespace(
        editor=editor,
        admin=admin,
        walidata_editor=walidata_editor,
        sysadmin=factories.Sysadmin(),
        opd=opd,
        walidata=walidata,
    )


@pytest.fixture
def complete(people):
    """Return what an officer of the OPD types for a complete public dataset."""
    return {
        "name": "puskesmas",
        "title": "Jumlah Puskesmas menurut Kecamatan",
        "notes": "Jumlah puskesmas yang terdaftar.",
        "owner_org": people.opd["id"],
        "private": False,
        "definisi": "Puskesmas yang terdaftar pada dinas.",
        "satuan": "unit",
        "periode_awal": "2020",
        "tingkat_penyajian": ["kecamatan"],
    }


@pytest.fixture
def make(people):
    """Return what makes records of the OPD: ``make.activity()``, ``make.indicator()`` and so on."""

    def create(user, record):
        return tk.get_action("package_create")({"user": (user or people.editor)["name"]}, record)

    class Make:
        def activity(self, user=None, **data):
            record = {**compilation(), "owner_org": people.opd["id"], "private": False}
            return create(user, {**record, **data})

        def indicator(self, user=None, **data):
            record = {**indicator(), "owner_org": people.opd["id"], "private": False}
            return create(user, {**record, **data})

        def dataset(self, user=None, **data):
            record = {
                "name": "puskesmas",
                "title": "Jumlah Puskesmas",
                "notes": "Jumlah puskesmas.",
                "owner_org": people.opd["id"],
                "private": False,
                "definisi": "Puskesmas yang terdaftar.",
                "satuan": "unit",
                "periode_awal": "2020",
                "tingkat_penyajian": ["kecamatan"],
            }
            return create(user, {**record, **data})

    return Make()
