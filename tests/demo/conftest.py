"""Shared by the tests of the sample portal."""

from __future__ import annotations

import ckanext.datastore.tests.helpers as datastore_helpers
import pytest
from sqlalchemy.orm import scoped_session, sessionmaker

from ckanext.tangerang.demo import loader
from ckanext.tangerang.demo.builders import BUILDERS
from ckanext.tangerang.demo.offices import read_offices
from ckanext.tangerang.demo.tables import Dataset, Subject, build_datasets
from ckanext.tangerang.opd.defaults import PACKAGED

OPD_FILE = PACKAGED


def subject(code: str, name: str) -> Subject:
    """Return a region with the packaged offices."""
    return Subject(code, name, read_offices(OPD_FILE, code, name))


def datasets_of(code: str, name: str) -> dict[str, Dataset]:
    """Return the sample datasets of a region by name."""
    return {dataset.name: dataset for dataset in build_datasets(subject(code, name), BUILDERS)}


@pytest.fixture(scope="session")
def tangerang() -> dict[str, Dataset]:
    """Return the sample datasets of the default region."""
    return datasets_of("36.03", "Kabupaten Tangerang")


@pytest.fixture(scope="session")
def bandung() -> dict[str, Dataset]:
    """Return the sample datasets of another regency, in another province."""
    return datasets_of("32.04", "Kabupaten Bandung")


#: The plugins that the sample content needs, and those that watch what it does.
PLUGINS = (
    "activity tangerang_demo tangerang_metadata tangerang_opd datastore datatables_view "
    "scheming_datasets scheming_organizations xloader"
)


@pytest.fixture
def portal(with_plugins, reset_db, migrate_db_for, clean_index, clean_queues):
    """Give an empty portal with the plugins of the test: database, DataStore, index, jobs."""
    reset_db()
    migrate_db_for("activity")
    engine = datastore_helpers.db.get_write_engine()
    datastore_helpers.rebuild_all_dbs(scoped_session(sessionmaker(bind=engine)))


@pytest.fixture
def few(monkeypatch, ckan_config, tmp_path):
    """Let the sample content be small: four organizations and three datasets, no records."""
    path = tmp_path / "opd.yaml"
    path.write_text(FEW_OFFICES, encoding="utf-8")
    monkeypatch.setitem(ckan_config, "ckanext.tangerang.demo.opd_file", str(path))
    kept = {
        name: builder if name in FEW_BUILDERS else lambda _subject: []
        for name, builder in BUILDERS.items()
    }
    monkeypatch.setattr(loader, "BUILDERS", kept)
    monkeypatch.setattr(loader, "build_records", lambda _subject, _datasets: [])
    return kept


FEW_BUILDERS = ("districts", "government_affairs", "human_development")
FEW_OFFICES = """
catatan: contoh, belum diverifikasi
email: "{slug}@example.org"
akun: {walidata: diskominfo, produsen: dinkes, pembina: bps}
opd:
  - {slug: bappeda, nama: Bappeda, jenis: badan, urusan: ["5.01"]}
  - {slug: diskominfo, nama: Diskominfo, jenis: dinas, urusan: ["2.20"], peran: walidata}
  - {slug: dinkes, nama: Dinkes, jenis: dinas, urusan: ["1.02"]}
  - {slug: bps, nama: "BPS {region}", jenis: non_opd, peran: pembina_data}
"""
