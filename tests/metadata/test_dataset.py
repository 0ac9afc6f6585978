"""What may be stored in a dataset, by whom, on every path."""

from __future__ import annotations

import json

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from .conftest import PLUGINS

pytestmark = pytest.mark.ckan_config("ckan.plugins", PLUGINS)


def act(action, user, **data):
    """Call an action as a user, with the rights of that user.

    Not by ``call_action``: it puts ``ignore_auth`` into the context, and CKAN's check of the
    state asks only whether that key is there.
    """
    return tk.get_action(action)({"user": user["name"]}, data)


def refused(action, user, **data):
    """Call an action that must be refused, and return the errors by field."""
    with pytest.raises(tk.ValidationError) as caught:
        act(action, user, **data)
    return caught.value.error_dict


class TestFilling:
    def test_what_the_portal_knows_is_filled_in(self, people, complete):
        dataset = act("package_create", people.editor, **complete)
        assert dataset["bidang_urusan"] == "1.02"
        assert dataset["kategori"] == ["kesehatan"]
        assert dataset["jenis_data"] == "statistik"
        assert dataset["jenis_statistik"] == "STATISTIK_SEKTORAL"
        assert dataset["frekuensi"] == "TAHUNAN"
        assert dataset["accesslevel"] == "terbuka"
        assert dataset["cakupan_wilayah"] == ["36.03"]
        assert dataset["kontak_email"] == "dinkes@example.go.id"

    def test_what_is_typed_is_kept(self, people, complete):
        typed = {
            "bidang_urusan": "2.08",
            "kategori": ["kependudukan", "sosial_kemiskinan"],
            "frekuensi": "BULANAN",
            "cakupan_wilayah": "36.03.01, 36.03.02",
            "kontak_email": "lain@example.go.id",
        }
        dataset = act("package_create", people.editor, **complete, **typed)
        assert dataset["cakupan_wilayah"] == ["36.03.01", "36.03.02"]
        for name in ("bidang_urusan", "kategori", "frekuensi", "kontak_email"):
            assert dataset[name] == typed[name]

    def test_a_geospatial_dataset_gets_no_kind_of_statistics(self, people, complete):
        dataset = act("package_create", people.editor, **complete, jenis_data="geospasial")
        assert "jenis_statistik" not in dataset

    def test_the_topic_follows_the_affair_that_was_typed(self, people, complete):
        dataset = act("package_create", people.editor, **complete, bidang_urusan="2.10")
        assert dataset["bidang_urusan"] == "2.10"
        assert dataset["kategori"] == ["infrastruktur"]

    def test_saving_again_changes_nothing(self, people, complete):
        first = act("package_create", people.editor, **complete)
        again = act("package_patch", people.editor, id=first["id"])
        updated = act("package_update", people.editor, **first)
        assert again == updated == first

    @pytest.mark.ckan_config("ckanext.tangerang.region.code", "32.04")
    def test_another_region(self, people, complete):
        dataset = act("package_create", people.editor, **complete)
        assert dataset["cakupan_wilayah"] == ["32.04"]


class TestValues:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("bidang_urusan", "2.1"),
            ("bidang_urusan", 2.1),
            ("kategori", ["kesehatan", "tidak_ada"]),
            ("frekuensi", "7"),
            ("tingkat_penyajian", "dusun"),
            ("cakupan_wilayah", ["3603"]),
            ("periode_awal", "tahun lalu"),
            ("periode_awal", "2024-13"),
            ("jadwal_rilis", "2026"),
            ("kontak_email", "bukan email"),
            ("kontak_telepon", "<b>"),
            ("kode_indikator_sipd", "1.01"),
            ("satuan", {"a": 1}),
            ("accesslevel", "public"),
        ],
    )
    def test_a_draft_may_be_incomplete_but_not_wrong(self, people, name, value):
        data = {"name": "x-draf", "owner_org": people.opd["id"], "private": True, name: value}
        assert list(refused("package_create", people.editor, **data)) == [name]

    def test_the_last_period_is_not_before_the_first(self, people, complete):
        errors = refused("package_create", people.editor, **complete, periode_akhir="2019")
        assert list(errors) == ["periode_akhir"]
        act("package_create", people.editor, **complete, periode_akhir="2020-06")

    def test_a_past_schedule_does_not_block_an_edit(self, people, complete):
        dataset = act("package_create", people.editor, **complete, jadwal_rilis="2001-01-31")
        act("package_patch", people.editor, id=dataset["id"], notes="Lain.")

    @pytest.mark.parametrize("frequency", ["HANYA_SEKALI", "INSIDENTAL"])
    def test_no_schedule_without_a_rhythm(self, people, complete, frequency):
        data = {**complete, "frekuensi": frequency}
        errors = refused("package_create", people.editor, **data, jadwal_rilis="2030-01")
        assert list(errors) == ["jadwal_rilis"]

    def test_every_field_comes_back_as_it_was_sent(self, people, complete):
        sent = {
            **complete,
            "konsep": "Fasilitas",
            "klasifikasi": "kecamatan",
            "ukuran": "Jumlah",
            "metodologi": "Laporan bulanan.",
            "sumber_data": "Laporan puskesmas",
            "kodereferensi": ["kemendagri", "fasyankes"],
            "periode_akhir": "2024",
            "jadwal_rilis": "2030-06",
            "tingkat_penyajian": ["kecamatan", "unit_layanan"],
            "accesslevel": "terbatas",
            "alasan_pembatasan": "UU 14/2008 Pasal 17, sampai 2030.",
            "penanggung_jawab": "Kepala Bidang Data",
            "kontak_telepon": "(021) 5990000",
            "dasar_kebutuhan": ["RPJMD", "SPM"],
            "kode_indikator_sipd": ["1.02.000001"],
            "id_sds": ["S1", "S2"],
            "id_dds": ["D1"],
            "license_id": "cc-by",
            "url": "https://dinkes.example.go.id",
            "version": "1",
            "author": "Dinas",
            "extras": [{"key": "lain", "value": "isi"}],
        }
        dataset = act("package_create", people.editor, **sent)
        assert {name: dataset[name] for name in sent} == sent

    def test_emptied_fields_are_gone(self, people, complete):
        dataset = act("package_create", people.editor, **complete, id_sds=["S1"], konsep="x")
        shown = act("package_patch", people.editor, id=dataset["id"], id_sds=[], konsep="")
        assert "id_sds" not in shown
        assert "konsep" not in shown


class TestComplete:
    NEEDED = ("title", "notes", "definisi", "satuan", "periode_awal", "tingkat_penyajian")

    @pytest.mark.parametrize("name", NEEDED)
    def test_a_public_dataset_needs_it(self, people, complete, name):
        del complete[name]
        if name == "title":
            # CKAN takes the name for an absent title when a dataset is created.
            assert act("package_create", people.editor, **complete)["title"] == "puskesmas"
            return
        errors = refused("package_create", people.editor, **complete)
        assert list(errors) == [name]
        assert "needed for a public dataset" in errors[name][0]

    @pytest.mark.parametrize("name", NEEDED)
    def test_a_private_one_does_not_until_it_is_published(self, people, complete, name):
        value = complete.pop(name)
        complete["private"] = True
        dataset = act("package_create", people.editor, **complete)
        if name == "title":
            act("package_patch", people.editor, id=dataset["id"], title="")
        errors = refused("package_patch", people.editor, id=dataset["id"], private=False)
        assert list(errors) == [name]
        act("package_patch", people.editor, id=dataset["id"], private=False, **{name: value})

    def test_update_patch_and_revise_can_not_empty_it(self, people, complete):
        dataset = act("package_create", people.editor, **complete)
        without = {key: value for key, value in dataset.items() if key != "satuan"}
        assert list(refused("package_update", people.editor, **without)) == ["satuan"]
        assert list(refused("package_patch", people.editor, id=dataset["id"], satuan="")) == [
            "satuan"
        ]
        errors = refused(
            "package_revise",
            people.editor,
            match={"id": dataset["id"]},
            filter=["-satuan"],
        )
        assert list(errors) == ["satuan"]

    @pytest.mark.parametrize("who", ["editor", "admin", "sysadmin"])
    def test_a_draft_may_be_incomplete(self, people, who):
        """CKAN itself drops the state that an editor sends, and the dataset becomes public."""
        user = getattr(people, who)
        dataset = act(
            "package_create", user, name="x-draf", owner_org=people.opd["id"], state="draft"
        )
        assert dataset["state"] == "draft"
        errors = refused("package_patch", people.editor, id=dataset["id"], state="active")
        assert "definisi" in errors
        act("package_patch", people.editor, id=dataset["id"], state="active", private=True)

    def test_an_incomplete_dataset_can_be_deleted(self, people, complete):
        dataset = act("package_create", people.editor, **{**complete, "private": True})
        act("package_patch", people.editor, id=dataset["id"], satuan="")
        act("package_delete", people.editor, id=dataset["id"])
        assert model.Package.get(dataset["id"]).state == "deleted"

    def test_state_and_private_left_out_of_an_update(self, people, complete):
        dataset = act("package_create", people.editor, **{**complete, "private": True})
        for name in ("private", "state", "satuan"):
            del dataset[name]
        act("package_update", people.editor, **dataset)
        act("package_patch", people.editor, id=dataset["id"], satuan="unit", private=False)
        assert list(refused("package_update", people.editor, **dataset)) == ["satuan"]

    def test_only_geospatial_data_go_without_definition(self, people, complete):
        del complete["definisi"], complete["satuan"]
        act("package_create", people.editor, **complete, jenis_data="geospasial")

    def test_a_restriction_needs_its_reason(self, people, complete):
        errors = refused("package_create", people.editor, **complete, accesslevel="terbatas")
        assert list(errors) == ["alasan_pembatasan"]

    def test_the_error_is_there_together_with_others(self, people, complete):
        complete.update(satuan="", periode_awal="kapan")
        errors = refused("package_create", people.editor, **complete)
        assert sorted(errors) == ["periode_awal", "satuan"]
        assert len(errors["periode_awal"]) == 1

    @pytest.mark.ckan_config("ckanext.tangerang.metadata.require_complete", False)
    def test_nothing_is_needed_when_the_option_is_off(self, people):
        dataset = factories.Dataset()
        assert dataset["state"] == "active"
        factories.Resource(package_id=dataset["id"])

    def test_bulk_refuses_and_changes_nothing(self, people, complete):
        complete["private"] = True
        good = act("package_create", people.editor, **complete)
        bad = act(
            "package_create",
            people.editor,
            **{**complete, "name": "kurang", "title": "Yang Kurang", "satuan": ""},
        )
        data = {"datasets": [good["id"], bad["id"]], "org_id": people.opd["id"]}
        errors = refused("bulk_update_public", people.admin, **data)
        assert "Yang Kurang" in errors["datasets"][0]
        assert complete["title"] not in errors["datasets"][0]
        assert act("package_show", people.editor, id=good["id"])["private"]
        act("bulk_update_public", people.admin, datasets=[good["id"]], org_id=people.opd["id"])
        assert not act("package_show", people.editor, id=good["id"])["private"]

    def test_bulk_asks_for_permission_first(self, people, complete):
        bad = act("package_create", people.editor, **{**complete, "private": True, "satuan": ""})
        with pytest.raises(tk.NotAuthorized):
            act(
                "bulk_update_public",
                people.walidata_editor,
                datasets=[bad["id"]],
                org_id=people.opd["id"],
            )


class TestKamus:
    KAMUS = (
        {"kolom": "kecamatan", "tipe": "string"},
        {"kolom": "jumlah", "definisi": "Banyaknya", "satuan": "unit", "tipe": "integer"},
    )

    def test_suffices_for_definition_and_unit(self, people, complete):
        del complete["definisi"], complete["satuan"]
        resource = {"url": "https://example.go.id/a.csv", "kamus": list(self.KAMUS)}
        dataset = act("package_create", people.editor, **complete, resources=[resource])
        (shown,) = dataset["resources"]
        assert shown["kamus"] == list(self.KAMUS)
        assert shown["schema"]["fields"][1]["name"] == "jumlah"
        # Also while another resource is the only one that changes, and is validated.
        added = act(
            "resource_create", people.editor, package_id=dataset["id"], url="https://a.id/b.csv"
        )
        act("resource_patch", people.editor, id=added["id"], name="lain")
        act("package_patch", people.editor, id=dataset["id"], notes="Lain.")
        without = act("package_show", people.editor, id=dataset["id"])
        del without["resources"]
        act("package_update", people.editor, **{**without, "notes": "Lagi."})
        # Taking it away is what is refused.
        errors = refused("resource_patch", people.editor, id=shown["id"], kamus=[])
        assert sorted(errors) == ["definisi", "satuan"]
        errors = refused("package_patch", people.editor, id=dataset["id"], resources=[])
        assert sorted(errors) == ["definisi", "satuan"]

    def test_the_schema_follows_the_kamus(self, people, complete):
        dataset = act("package_create", people.editor, **complete)
        resource = act(
            "resource_create",
            people.editor,
            package_id=dataset["id"],
            url="https://example.go.id/a.csv",
            kamus=json.dumps(self.KAMUS),
            schema={"fields": [{"name": "bukan_ini"}]},
        )
        assert [f["name"] for f in resource["schema"]["fields"]] == ["kecamatan", "jumlah"]
        again = act("resource_patch", people.editor, id=resource["id"], kamus=[{"kolom": "x"}])
        assert [f["name"] for f in again["schema"]["fields"]] == ["x"]
        emptied = act("resource_patch", people.editor, id=resource["id"], kamus=[])
        assert "schema" not in emptied
        assert "kamus" not in emptied

    def test_a_schema_without_kamus_must_be_valid(self, people, complete):
        dataset = act("package_create", people.editor, **complete)
        data = {"package_id": dataset["id"], "url": "https://example.go.id/a.csv"}
        schema = {"fields": [{"name": "a", "type": "integer"}]}
        resource = act("resource_create", people.editor, **data, schema=schema)
        assert resource["schema"] == schema
        errors = refused("resource_create", people.editor, **data, schema="teks")
        assert list(errors) == ["schema"]

    def test_a_wrong_row_is_named(self, people, complete):
        dataset = act("package_create", people.editor, **complete)
        errors = refused(
            "resource_create",
            people.editor,
            package_id=dataset["id"],
            url="https://example.go.id/a.csv",
            kamus=[{"kolom": "a"}, {"kolom": "a"}],
        )
        assert "Row 2" in errors["kamus"][0]

    def test_fields_of_a_resource(self, people, complete):
        dataset = act("package_create", people.editor, **complete)
        data = {"package_id": dataset["id"], "url": "https://example.go.id/a.csv"}
        sent = {
            "periode_data": "2020/2024",
            "tingkat_wilayah": "kecamatan",
            "status_angka": "sangat_sementara",
        }
        resource = act("resource_create", people.editor, **data, **sent)
        assert {name: resource[name] for name in sent} == sent
        for name in sent:
            assert list(refused("resource_create", people.editor, **data, **{name: "x"})) == [name]


class TestWalidataOnly:
    FIELDS = pytest.mark.parametrize(
        ("name", "value", "shown"),
        [
            ("prioritas_tahun", ["2025", "2026"], ["2025", "2026"]),
            ("Hasil_Pemeriksaan_SKDN", "1", "1"),
        ],
    )

    @FIELDS
    def test_the_producer_can_not_set_it(self, people, complete, name, value, shown):
        errors = refused("package_create", people.editor, **complete, **{name: value})
        assert list(errors) == [name]
        dataset = act("package_create", people.editor, **complete)
        changed = {**dataset, name: value}
        assert list(refused("package_update", people.editor, **changed)) == [name]
        for user in (people.editor, people.admin):
            errors = refused("package_patch", user, id=dataset["id"], **{name: value})
            assert list(errors) == [name]
        errors = refused(
            "package_revise",
            people.editor,
            match={"id": dataset["id"]},
            update={name: value},
        )
        assert list(errors) == [name]

    @FIELDS
    def test_nor_through_the_extras(self, people, complete, name, value, shown):
        extras = [{"key": name, "value": json.dumps(value)}]
        errors = refused("package_create", people.editor, **complete, extras=extras)
        assert list(errors) == ["extras"]

    @FIELDS
    def test_the_producer_keeps_what_the_walidata_set(self, people, complete, name, value, shown):
        dataset = act("package_create", people.editor, **complete)
        call_action("package_patch", id=dataset["id"], **{name: value})
        dataset = act("package_show", people.editor, id=dataset["id"])
        assert dataset[name] == shown
        # Sent back as it is shown, left out as a form does, and not named by a patch.
        unchanged = act("package_update", people.editor, **{**dataset, "notes": "a"})
        assert unchanged[name] == shown
        without = {key: kept for key, kept in dataset.items() if key != name}
        assert act("package_update", people.editor, **{**without, "notes": "b"})[name] == shown
        assert act("package_patch", people.editor, id=dataset["id"], notes="c")[name] == shown
        # Emptying it is a change.
        assert list(refused("package_patch", people.editor, id=dataset["id"], **{name: ""})) == [
            name
        ]

    @FIELDS
    def test_the_walidata_sets_and_empties_it(self, people, complete, name, value, shown):
        complete["owner_org"] = people.walidata["id"]
        user = people.walidata_editor
        dataset = act("package_create", user, **complete, **{name: value})
        assert dataset[name] == shown
        del dataset[name]
        assert name not in act("package_update", user, **dataset)

    def test_a_mere_member_of_the_walidata_is_not_walidata(self, people, complete):
        member = factories.User()
        for org, role in ((people.walidata, "member"), (people.opd, "editor")):
            call_action(
                "organization_member_create", id=org["id"], username=member["name"], role=role
            )
        errors = refused("package_create", member, **complete, prioritas_tahun=["2025"])
        assert list(errors) == ["prioritas_tahun"]

    def test_a_sysadmin_may(self, people, complete):
        dataset = act("package_create", people.sysadmin, **complete, prioritas_tahun="2025")
        assert dataset["prioritas_tahun"] == ["2025"]


class TestIdentifier:
    def test_is_given_once_and_survives_renaming(self, people, complete):
        dataset = act("package_create", people.editor, **complete)
        given = dataset["identifier"]
        assert given.startswith("urn:uuid:")
        renamed = act("package_patch", people.editor, id=dataset["id"], name="nama-baru")
        del renamed["identifier"]
        assert act("package_update", people.editor, **renamed)["identifier"] == given

    def test_nobody_changes_it(self, people, complete):
        dataset = act("package_create", people.editor, **complete)
        for user in (people.editor, people.sysadmin):
            errors = refused("package_patch", user, id=dataset["id"], identifier="urn:x:1")
            assert list(errors) == ["identifier"]
        emptied = act("package_patch", people.editor, id=dataset["id"], identifier="")
        assert emptied["identifier"] == dataset["identifier"]

    def test_a_copy_does_not_carry_it(self, people, complete):
        first = act("package_create", people.editor, **complete)
        copy = {**complete, "name": "salinan", "identifier": first["identifier"]}
        assert act("package_create", people.editor, **copy)["identifier"] != first["identifier"]
        copy["name"] = "salinan-kedua"
        assert list(refused("package_create", people.sysadmin, **copy)) == ["identifier"]

    def test_a_sysadmin_brings_one_along(self, people, complete):
        dataset = act("package_create", people.sysadmin, **complete, identifier="urn:lama:7")
        assert dataset["identifier"] == "urn:lama:7"

    def test_a_context_that_was_used_before_gives_nothing_away(self, people, complete):
        context = {"user": people.editor["name"]}
        first = tk.get_action("package_create")(context, dict(complete))
        tk.get_action("package_show")(context, {"id": first["id"]})
        second = tk.get_action("package_create")(context, {**complete, "name": "kedua"})
        assert second["identifier"] != first["identifier"]

    def test_a_dataset_from_before_gets_one_at_its_next_save(self, people, complete):
        dataset = act("package_create", people.editor, **complete)
        package = model.Package.get(dataset["id"])
        del package.extras["identifier"]
        model.repo.commit()
        saved = act("package_update", people.editor, **{**dataset, "identifier": "", "notes": "a"})
        assert saved["identifier"] == f"urn:uuid:{dataset['id']}"


@pytest.mark.ckan_config("ckanext.tangerang.metadata.require_complete", False)
class TestStock:
    def test_the_keys_of_a_stock_ckan_are_there(self, people):
        dataset = factories.Dataset(resources=[{"url": "https://example.go.id/a.csv"}])
        keys = ("author", "author_email", "maintainer", "maintainer_email", "license_id", "version")
        shown = call_action("package_show", id=dataset["id"])
        assert {shown[key] for key in keys} == {None}
        assert shown["extras"] == []
        assert shown["resources"][0]["description"] is None

    def test_title_and_name_follow_the_rules_of_ckan(self, people):
        dataset = factories.Dataset(title="Judul", name="nama")
        updated = call_action("package_update", id=dataset["id"], title="Baru")
        assert (updated["name"], updated["title"]) == ("nama", "Baru")

    def test_extras_work(self, people):
        extras = [{"key": "a", "value": "1"}]
        assert factories.Dataset(extras=extras)["extras"] == extras
        with pytest.raises(tk.ValidationError):
            factories.Dataset(extras=extras * 2)
