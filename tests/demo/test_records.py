"""The sample activities and indicators."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from ckan import model

from ckanext.tangerang.demo import loader
from ckanext.tangerang.demo.loader import load, remove
from ckanext.tangerang.demo.records import activity_of, build_records, record_id

from .conftest import PLUGINS, subject

DISTRICTS = "kode-dan-nama-kecamatan"
IPM = "indeks-pembangunan-manusia"


def quietly(_line: str) -> None:
    """Take a line of progress and do nothing with it."""


def operate(action: str, **data):
    """Call an action as the operator."""
    return tk.get_action(action)(loader.operator_context(), data)


class TestBuild:
    def test_texts_name_the_region(self) -> None:
        for code, name in (("36.03", "Kabupaten Tangerang"), ("32.04", "Kabupaten Bandung")):
            records = build_records(subject(code, name), [])
            for record in records:
                assert name in record.fields.get("judul_kegiatan", record.fields.get("title"))
                assert "{region" not in str(record.fields)
            activities = [r.fields for r in records if r.fields["type"] == "kegiatan"]
            wanted = [fields["iv_wilayah_kegiatan"] for fields in activities]
            assert wanted == [[code]] * 3

    def test_an_indicator_without_its_table_is_left_out(self) -> None:
        office = subject("36.03", "Kabupaten Tangerang")
        assert IPM not in {record.name for record in build_records(office, [])}
        table = "indeks-pembangunan-manusia-2019-2020"
        assert IPM in {record.name for record in build_records(office, [table])}

    def test_a_dataset_names_the_activity_that_is_there(self) -> None:
        records = build_records(subject("36.03", "Kabupaten Tangerang"), [])
        assert activity_of(DISTRICTS, records) == record_id("contoh-kompilasi-kode-wilayah")
        assert activity_of(DISTRICTS, []) is None
        assert activity_of("lain", records) is None


@pytest.mark.ckan_config("ckan.plugins", PLUGINS)
@pytest.mark.ckan_config("ckan.views.default_views", "")
@pytest.mark.ckan_config("ckanext.xloader.api_token", "never used")
@pytest.mark.usefixtures("portal")
class TestLoad:
    @pytest.fixture
    def with_records(self, few, monkeypatch):
        monkeypatch.setattr(loader, "build_records", build_records)

    def test_records_are_complete_public_and_linked(self, with_records) -> None:
        report = load(quietly)
        assert report.problems == []
        assert operate("tangerang_link_report") == []
        activity = operate("package_show", id="contoh-kompilasi-kode-wilayah")
        dataset = operate("package_show", id=DISTRICTS)
        assert dataset["kegiatan"] == activity["id"]
        found = operate("package_show", id=IPM)
        rows = operate(
            "datastore_search",
            resource_id=found["nilai_resource"],
            filters={row["kolom"]: row["nilai"] for row in found["saringan"]},
        )["records"]
        assert [row[found["nilai_kolom"]] for row in rows]
        again = load(quietly)
        assert (again.made, again.updated, again.problems) == ([], [], [])

    def test_all_are_removed_but_for_what_others_use(self, with_records) -> None:
        load(quietly)
        activity = record_id("contoh-survei-kepuasan-masyarakat")
        made = operate(
            "package_create",
            type="indikator",
            title="Punya orang",
            owner_org="dinkes",
            private=True,
            kegiatan=activity,
        )
        report = remove(quietly)
        assert any(made["name"] in problem for problem in report.problems)
        assert model.Package.get(activity) is not None
        operate("dataset_purge", id=made["id"])
        assert remove(quietly).problems == []
        assert model.Package.get(activity) is None
