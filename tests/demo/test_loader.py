"""Loading and removing the sample content, with real services."""

from __future__ import annotations

import csv
import dataclasses
import io
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.lib import files
from ckan.lib.jobs import get_queue
from ckan.lib.uploader import get_resource_uploader
from ckan.tests import factories
from ckanext.activity.model import Activity

from ckanext.tangerang.demo import loader
from ckanext.tangerang.demo.ids import MARK, demo_id
from ckanext.tangerang.demo.loader import DemoError, Report, load, remove

from .conftest import PLUGINS

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.ckan_config("ckan.views.default_views", "datatables_view"),
    pytest.mark.ckan_config("ckanext.xloader.api_token", "never used"),
    pytest.mark.usefixtures("portal"),
]

IPM = "indeks-pembangunan-manusia-2019-2020"
DISTRICTS = "kode-dan-nama-kecamatan"
FEW = {DISTRICTS, "bidang-urusan-pemerintahan", IPM}


def quietly(_line: str) -> None:
    """Take a line of progress and do nothing with it."""


def call(action: str, **data: Any) -> Any:
    """Call an action as an anonymous visitor does."""
    return tk.get_action(action)({"user": "", "ignore_auth": False}, data)


def operate(action: str, **data: Any) -> Any:
    """Call an action as the operator."""
    return tk.get_action(action)(loader.operator_context(), data)


def xloader_jobs() -> list[Any]:
    """Return the jobs of xloader that wait for a worker."""
    return [job for job in get_queue().jobs if "xloader" in str(job.func_name)]


def state() -> tuple[Any, ...]:
    """Return what an idle load must not move."""
    model.Session.rollback()
    return (
        model.Session.query(Activity).count(),
        sorted(model.Session.query(model.Package.name, model.Package.metadata_modified).all()),
        sorted(model.Session.query(model.Resource.id, model.Resource.last_modified).all()),
        model.Session.query(model.ResourceView).count(),
        model.Session.query(model.Group).count(),
    )


def table(name: str) -> dict[str, Any]:
    """Return the DataStore table of a dataset, as a visitor reads it."""
    return call("datastore_search", resource_id=demo_id("resource", f"{name}.csv"), limit=1000)


class TestWholePortal:
    """The packaged content, once."""

    def test_load_and_load_again(self) -> None:
        report = load(quietly)
        assert (len(report.made), report.problems) == (20 + 65 + 5, [])
        found = call("package_search", rows=100)
        assert found["count"] == 20
        for package in found["results"]:
            assert package["kontak_email"].endswith("@example.org")
            assert package["sumber_data"]
            first, second = package["resources"]
            assert [first["format"], second["format"]] == ["CSV", "XLSX"]
            assert [first["datastore_active"], second["datastore_active"]] == [True, False]
            assert first["kamus"] == second["kamus"]
            assert [field["name"] for field in first["schema"]["fields"]] == [
                row["kolom"] for row in first["kamus"]
            ]
        organization = call("organization_show", id="gunungkaler")
        assert organization["kode_wilayah"] == "36.03.32"
        assert organization["catatan_verifikasi"] == "contoh, belum diverifikasi"
        assert call("organization_show", id="diskominfo")["peran_sdi"] == "walidata"

        before = state()
        again = load(quietly)
        assert (again.made, again.updated, again.problems) == ([], [], [])
        assert len(again.unchanged) == 20 + 65 + 5
        assert state() == before

    @pytest.mark.ckan_config("ckanext.tangerang.region.code", "32.04")
    @pytest.mark.ckan_config("ckanext.tangerang.region.name", "Kabupaten Bandung")
    @pytest.mark.ckan_config("ckanext.tangerang.region.bps_domain", "3204")
    def test_another_regency(self) -> None:
        report = load(quietly)
        assert (len(report.made), report.problems) == (18 + 63 + 4, [])
        package = call("package_show", id=DISTRICTS)
        assert package["title"] == "Kode dan Nama Kecamatan di Kabupaten Bandung"
        assert package["cakupan_wilayah"] == ["32.04"]
        assert table(DISTRICTS)["total"] == 31
        with pytest.raises(tk.ObjectNotFound):
            call("package_show", id=IPM)


@pytest.mark.usefixtures("few")
class TestLoad:
    """What a load makes, and what it leaves alone."""

    def test_table_has_its_types_and_data_dictionary(self) -> None:
        load(quietly)
        found = table(IPM)
        assert {field["id"]: field["type"] for field in found["fields"]} == {
            "_id": "int",
            **dict.fromkeys(("kode_wilayah", "nama_wilayah", "indikator"), "text"),
            "tahun": "int4",
            "nilai": "numeric",
            **dict.fromkeys(("satuan", "keterangan", "sumber"), "text"),
        }
        assert found["total"] == 10
        info = {field["id"]: field.get("info") for field in found["fields"]}
        assert info["nilai"]["label"] == "Nilai"
        assert info["nilai"]["notes"].endswith("Satuan: lihat kolom satuan.")
        assert str(found["records"][1]["nilai"]) == "71.92"

    def test_codes_keep_their_zeros_in_the_datastore(self) -> None:
        load(quietly)
        codes = {record["kode"] for record in table("bidang-urusan-pemerintahan")["records"]}
        assert {"2.10", "1.01"} <= codes

    def test_files_are_there_to_download(self, app) -> None:
        load(quietly)
        for resource in call("package_show", id=IPM)["resources"]:
            answer = app.get(resource["url"].replace("http://test.ckan.net", ""))
            assert answer.status_code == 200
            assert len(answer.data) == resource["size"]
        text = app.get(
            f"/dataset/{IPM}/resource/{demo_id('resource', IPM + '.csv')}/download/x.csv"
        ).data.decode("utf-8")
        rows = list(csv.DictReader(io.StringIO(text)))
        assert len(rows) == 10
        assert all(row["sumber"] for row in rows)

    def test_table_has_a_view(self) -> None:
        load(quietly)
        views = call("resource_view_list", id=demo_id("resource", f"{IPM}.csv"))
        assert [view["view_type"] for view in views] == ["datatables_view"]
        assert not call("resource_view_list", id=demo_id("resource", f"{IPM}.xlsx"))

    def test_xloader_is_kept_away(self) -> None:
        load(quietly)
        assert not xloader_jobs()
        for suffix in ("csv", "xlsx"):
            assert not operate("xloader_submit", resource_id=demo_id("resource", f"{IPM}.{suffix}"))

    def test_xloader_still_loads_other_resources(self) -> None:
        dataset = factories.Dataset(owner_org=factories.Organization()["id"], private=True)
        factories.Resource(package_id=dataset["id"], format="CSV", url="http://x.y/a.csv")
        assert len(xloader_jobs()) == 1

    def test_what_people_have_changed_stays(self) -> None:
        load(quietly)
        operate("package_patch", id=IPM, title="Judul lain", name="nama-lain")
        operate("organization_patch", id="dinkes", title="Dinas Kesehatan Kabupaten")
        before = state()
        assert load(quietly).made == []
        assert state() == before

    def test_a_changed_table_updates_its_dataset(self, few, monkeypatch) -> None:
        load(quietly)
        before = call("package_show", id=DISTRICTS)
        other = state()
        operate("resource_create", package_id=DISTRICTS, url="http://x.y/a.pdf", name="tambahan")
        operate("package_patch", id=DISTRICTS, dasar_kebutuhan=["RPJMD"])
        fewer = {**few, "districts": lambda subject: few["districts"](subject)[:5]}
        monkeypatch.setattr(loader, "BUILDERS", fewer)

        report = load(quietly)

        assert (report.made, report.updated) == ([], [DISTRICTS])
        after = call("package_show", id=DISTRICTS)
        assert table(DISTRICTS)["total"] == 5
        assert after["resources"][0]["datastore_active"] is True
        ids = [resource["id"] for resource in after["resources"]]
        assert ids[:2] == [resource["id"] for resource in before["resources"]]
        assert [resource["name"] for resource in after["resources"][2:]] == ["tambahan"]
        assert after["dasar_kebutuhan"] == ["RPJMD"]
        assert after["identifier"] == before["identifier"]
        assert after["resources"][0]["hash"] != before["resources"][0]["hash"]
        unmoved = [row for row in other[1] if row[0] != DISTRICTS]
        assert [row for row in state()[1] if row[0] != DISTRICTS] == unmoved
        assert load(quietly).updated == []

    def test_an_interrupted_load_leaves_no_half_dataset_and_is_completed(self, monkeypatch) -> None:
        make_table = loader._make_table

        def broken(dataset: Any, *args: Any, **kwargs: Any) -> None:
            make_table(dataset, *args, **kwargs)
            if dataset.name == IPM:
                raise OSError("the disk is full")

        with monkeypatch.context() as patch:
            patch.setattr(loader, "_make_table", broken)
            with pytest.raises(OSError, match="disk"):
                load(quietly)
        model.Session.rollback()
        names = {package["name"] for package in call("package_search", rows=10)["results"]}
        assert names == FEW - {IPM}
        assert not model.Package.get(IPM)

        report = load(quietly)
        assert (report.made, len(report.unchanged)) == ([IPM], 4 + 2)
        assert table(IPM)["total"] == 10
        assert call("package_show", id=IPM)["state"] == "active"

    def test_a_lost_table_is_made_again(self) -> None:
        load(quietly)
        operate("datastore_delete", resource_id=demo_id("resource", f"{IPM}.csv"), force=True)
        assert load(quietly).updated == [IPM]
        assert table(IPM)["total"] == 10
        assert call("package_show", id=IPM)["resources"][0]["datastore_active"] is True

    def test_what_was_deleted_by_hand_comes_back(self) -> None:
        load(quietly)
        operate("package_delete", id=IPM)
        operate("organization_delete", id="bps")
        report = load(quietly)
        assert (report.made, report.updated) == (["bps"], [IPM])
        assert call("package_show", id=IPM)["state"] == "active"
        assert call("organization_show", id="bps")["peran_sdi"] == "pembina_data"

    def test_records_of_others_are_not_touched(self) -> None:
        theirs = factories.Organization(name="bappeda", title="Punya orang lain")
        dataset = factories.Dataset(name=DISTRICTS, owner_org=theirs["id"], **COMPLETE)
        report = load(quietly)
        assert call("organization_show", id="bappeda")["title"] == "Punya orang lain"
        assert call("package_show", id=DISTRICTS)["id"] == dataset["id"]
        (problem,) = report.problems
        assert DISTRICTS in problem
        assert "Rename the other one" in problem
        # Datasets of the office go to the organization of that name.
        assert call("package_show", id=IPM)["owner_org"] == theirs["id"]

    def test_datasets_without_their_office_belong_to_the_walidata(self) -> None:
        load(quietly)
        assert call("package_show", id=DISTRICTS)["organization"]["name"] == "diskominfo"

    def test_a_refused_record_says_which(self, monkeypatch) -> None:
        package_dict = loader.package_dict
        monkeypatch.setattr(
            loader, "package_dict", lambda *args: {**package_dict(*args), "frekuensi": "KADANG"}
        )
        with pytest.raises(DemoError, match=f"Dataset {DISTRICTS}: CKAN refused"):
            load(quietly)
        assert not model.Package.get(DISTRICTS)


@pytest.mark.usefixtures("few")
class TestRemove:
    """What goes, and what stays."""

    def test_everything_of_ours_goes(self, app) -> None:
        load(quietly)
        urls = [r["url"] for r in call("package_show", id=IPM)["resources"]]
        report = remove(quietly)
        assert (len(report.removed), report.problems) == (3 + 4, [])
        for entity in (model.Package, model.Group):
            assert not model.Session.query(entity).filter(entity.id.startswith(MARK)).count()
        assert call("package_search")["count"] == 0
        tables = operate("datastore_search", resource_id="_table_metadata", limit=100)["records"]
        assert not [record for record in tables if record["name"].startswith(MARK)]
        assert all(
            app.get(url.replace("http://test.ckan.net", "")).status_code == 404 for url in urls
        )
        assert remove(quietly) == Report()

    def test_files_go_too(self) -> None:
        load(quietly)
        id_ = demo_id("resource", f"{IPM}.csv")
        upload: Any = get_resource_uploader({"id": id_})
        assert upload.storage.exists(_location(upload, id_))
        remove(quietly)
        assert not upload.storage.exists(_location(upload, id_))

    def test_records_of_others_stay(self) -> None:
        load(quietly)
        theirs = factories.Dataset(owner_org=demo_id("organization", "dinkes"), **COMPLETE)
        member = factories.User()
        operate("organization_member_create", id="bps", username=member["name"], role="member")
        free = factories.Organization()

        report = remove(quietly)

        assert call("package_show", id=theirs["id"])["organization"]["name"] == "dinkes"
        assert call("organization_show", id="bps")
        assert call("organization_show", id=free["id"])
        assert sorted(report.removed) == sorted([*FEW, "bappeda", "diskominfo"])
        first, second = report.problems
        assert "bps stays: it has members" in first
        assert "dinkes stays: it has other datasets" in second

    def test_an_organization_with_a_deleted_dataset_of_others_stays(self) -> None:
        load(quietly)
        theirs = factories.Dataset(owner_org=demo_id("organization", "dinkes"), **COMPLETE)
        operate("package_delete", id=theirs["id"])
        assert "dinkes stays" in remove(quietly).problems[0]

    def test_loading_after_removal(self) -> None:
        load(quietly)
        remove(quietly)
        assert len(load(quietly).made) == 3 + 4
        assert table(IPM)["total"] == 10


COMPLETE = {
    "title": "Jumlah Puskesmas",
    "notes": "Jumlah puskesmas.",
    "kategori": ["kesehatan"],
    "bidang_urusan": "1.02",
    "definisi": "Puskesmas yang terdaftar.",
    "satuan": "unit",
    "periode_awal": "2024",
    "tingkat_penyajian": ["kecamatan"],
    "kontak_email": "dinkes@example.org",
}


def _location(upload: Any, id_: str) -> Any:
    """Return where a storage of CKAN keeps the file of a resource."""
    return files.FileData(upload.get_path(id_))


def test_reports_of_two_runs_do_not_share_lists() -> None:
    first = Report()
    first.made.append("x")
    assert dataclasses.asdict(Report())["made"] == []
