"""Starting the plugin: alone, without its partner, with other settings."""

from __future__ import annotations

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import pytest
from ckan.exceptions import CkanConfigurationException
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.tangerang.metadata import topics


@pytest.mark.ckan_config("ckan.plugins", "tangerang_metadata scheming_datasets")
@pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins")
class TestAlone:
    def test_schema_and_helpers_are_there(self):
        schema = tk.h.scheming_get_dataset_schema("dataset")
        assert "accesslevel" in [field["field_name"] for field in schema["dataset_fields"]]
        assert tk.h.tangerang_codelist_label("akses", "terbuka") == "Open"

    def test_without_the_opd_plugin_only_sysadmins_are_walidata(self):
        editor = factories.User()
        org = factories.Organization(users=[{"name": editor["name"], "capacity": "editor"}])
        data = {"name": "a-b", "owner_org": org["id"], "private": True, "prioritas_tahun": "2025"}
        with pytest.raises(tk.ValidationError):
            tk.get_action("package_create")({"user": editor["name"]}, dict(data))
        sysadmin = factories.Sysadmin()
        dataset = tk.get_action("package_create")({"user": sysadmin["name"]}, dict(data))
        assert dataset["prioritas_tahun"] == ["2025"]

    def test_pages(self, app):
        app.get("/kategori", status=200)
        app.get("/dataset/", status=200)


@pytest.mark.ckan_config("ckan.plugins", "tangerang_metadata")
def test_without_scheming_it_says_what_to_do():
    with pytest.raises(CkanConfigurationException, match="needs the plugin scheming_datasets"):
        p.load_all()
    p.unload_all()


@pytest.mark.ckan_config("ckan.plugins", "scheming_datasets tangerang_metadata")
def test_behind_scheming_it_says_what_to_do():
    with pytest.raises(CkanConfigurationException, match="list tangerang_metadata before"):
        p.load_all()
    p.unload_all()


@pytest.mark.ckan_config("ckan.plugins", "tangerang_metadata scheming_datasets")
@pytest.mark.ckan_config("ckanext.tangerang.metadata.topics", "/no/such/file.yaml")
def test_a_missing_file_of_topics_stops_the_start():
    with pytest.raises(topics.TopicsError, match=r"/no/such/file\.yaml"):
        p.load_all()
    p.unload_all()


@pytest.fixture
def own_topics(tmp_path, ckan_config, monkeypatch):
    """Topics of another regency, as its configuration names them."""
    file = tmp_path / "topik.yaml"
    file.write_text(
        "topics:\n"
        "  - {key: air, label: {id: Air dan Jalan, en: Water and roads}, urusan: ['1.03']}\n"
        "  - {key: sehat, label: {id: Sehat}, urusan: ['1.02']}\n",
        encoding="utf-8",
    )
    monkeypatch.setitem(ckan_config, "ckanext.tangerang.metadata.topics", str(file))
    monkeypatch.setitem(ckan_config, "ckanext.tangerang.region.code", "32.04")


@pytest.mark.ckan_config("ckan.plugins", "tangerang_metadata scheming_datasets")
@pytest.mark.usefixtures("clean_db", "clean_index", "own_topics", "with_plugins")
def test_another_regency(app):
    dataset = call_action(
        "package_create",
        name="air-bersih",
        owner_org=factories.Organization()["id"],
        private=True,
        bidang_urusan="1.03",
    )
    assert dataset["kategori"] == ["air"]
    assert dataset["cakupan_wilayah"] == ["32.04"]
    assert "Water and roads" in app.get("/kategori").body
    app.get("/kategori/air", status=200)
    app.get("/kategori/kesehatan", status=404)


@pytest.mark.usefixtures("with_portal", "clean_db", "clean_index")
def test_together_with_all_plugins_of_the_portal(app):
    opd = factories.Organization(
        name="dinkes", urusan=["1.02"], kontak_email="dinkes@example.go.id", peran_sdi="walidata"
    )
    kamus = [{"kolom": "jumlah", "definisi": "Banyaknya", "satuan": "unit"}]
    context = {"user": factories.Sysadmin()["name"]}
    dataset = call_action(
        "package_create",
        context,
        name="puskesmas",
        title="Jumlah Puskesmas",
        notes="Jumlah puskesmas.",
        owner_org=opd["id"],
        periode_awal="2020",
        tingkat_penyajian=["kecamatan"],
        prioritas_tahun=["2025"],
        resources=[{"url": "https://example.go.id/a.csv", "format": "CSV", "kamus": kamus}],
    )
    assert call_action("package_patch", dict(context), id=dataset["id"]) == dataset
    found = call_action("package_search", fq="vocab_kategori:kesehatan")
    assert found["results"] == [dataset]
    resource = dataset["resources"][0]["id"]
    for address in (
        "/kategori",
        "/kategori/kesehatan",
        "/dataset/?vocab_kategori=kesehatan",
        "/dataset/puskesmas",
        f"/dataset/puskesmas/resource/{resource}",
        "/organization/dinkes",
        "/organization/about/dinkes",
        "/dataset/puskesmas.ttl",
    ):
        app.get(address, status=200)
