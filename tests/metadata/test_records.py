"""Activities and indicators through CKAN's API: what is stored, refused, needed."""

from __future__ import annotations

import json

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import helpers

from . import records
from .conftest import PLUGINS

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index"),
]


@pytest.fixture
def call(people):
    """Return a caller of actions as the editor of an OPD, with all checks of access."""

    def calling(action, **data):
        # Not helpers.call_action: its "ignore_auth" in the context opens what is to be tested.
        return tk.get_action(action)({"user": people.editor["name"]}, data)

    calling.opd = people.opd["id"]
    calling.admin = people.admin["name"]
    return calling


def _refused(call, action, **data):
    with pytest.raises(tk.ValidationError) as caught:
        call(action, **data)
    return caught.value.error_dict


class TestCreate:
    @pytest.mark.parametrize("make", [records.survey, records.compilation, records.indicator])
    def test_a_full_record_comes_back_as_it_was_sent(self, call, make):
        sent = make() | {"owner_org": call.opd, "private": False}
        shown = call("package_show", id=call("package_create", **sent)["id"])
        expected = {name: shown[name] for name in sent}
        if "variabel" in sent:
            for row, got in zip(sent["variabel"], shown["variabel"], strict=True):
                row |= {"kode": got["kode"], "definisi": row["definisi"].strip()}
        if "target" in sent:
            sent["target"][0]["nilai"] = "88.5"
        assert expected == sent

    def test_sixty_variables_keep_their_order_and_get_codes(self, call):
        made = call("package_create", **records.survey(60), owner_org=call.opd)
        assert [row["kode"] for row in made["variabel"]] == [f"V{n:03d}" for n in range(1, 61)]
        assert [row["alias"] for row in made["variabel"]] == [f"U{n}" for n in range(1, 61)]

    def test_another_spelling_of_a_key_is_stored_as_ours(self, call):
        made = call(
            "package_create",
            type="kegiatan",
            owner_org=call.opd,
            state="draft",
            cara_pengumpulan_data="CARA_LAIN_SESUAI_PERKEMBANGAN_TEKNOLOGI_DAN_INFORMASI",
        )
        assert made["cara_pengumpulan_data"] == "CARA_LAIN_SESUAI_DENGAN_PERKEMBANGAN_TI"

    def test_title_and_name_are_made_of_the_form(self, call):
        made = call("package_create", **records.compilation(), owner_org=call.opd)
        assert made["title"] == "Kompilasi Data Puskesmas 2025"
        assert made["name"] == "kompilasi-data-puskesmas-2025"
        again = call("package_create", **records.compilation(), owner_org=call.opd)
        assert again["name"].startswith("kompilasi-data-puskesmas-2025-")

    def test_what_an_opd_always_answers_the_same_is_filled_in(self, call):
        made = call(
            "package_create", type="kegiatan", owner_org=call.opd, private=True, judul_kegiatan="X"
        )
        assert made["i_instansi_penyelanggara"] == "Dinas Kesehatan"
        assert made["i_email"] == "dinkes@example.go.id"
        assert made["ii_unit_eselon1"] == "-"
        assert made["iv_cakupan_wilayah_pengumpulan_data"] == "SEBAGIAN_WILAYAH_INDONESIA"
        assert made["iv_wilayah_kegiatan"] == ["36.03"]

    @pytest.mark.ckan_config("ckanext.tangerang.region.code", "33.74")
    def test_the_region_is_configured(self, call):
        made = call("package_create", type="kegiatan", owner_org=call.opd, private=True)
        assert made["iv_wilayah_kegiatan"] == ["33.74"]

    def test_no_region_is_filled_in_where_none_is_asked(self, call):
        made = call(
            "package_create",
            type="kegiatan",
            owner_org=call.opd,
            private=True,
            iv_cakupan_wilayah_pengumpulan_data="SELURUH_WILAYAH_INDONESIA",
        )
        assert "iv_wilayah_kegiatan" not in made

    @pytest.mark.parametrize("name", ["new", "impor", "edit", "formulir"])
    def test_names_of_pages_are_reserved(self, call, name):
        errors = _refused(
            call, "package_create", **records.indicator(), name=name, owner_org=call.opd
        )
        assert "name" in errors

    def test_saving_twice_changes_nothing(self, call):
        made = call("package_create", **records.survey(3), owner_org=call.opd)
        stored = model.Package.get(made["id"]).metadata_modified
        call("package_update", **call("package_show", id=made["id"]))
        model.Session.expire_all()
        assert model.Package.get(made["id"]).metadata_modified == stored


class TestRefused:
    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("tahun_kegiatan", "20255", "not a year"),
            ("cara_pengumpulan_data", "2", "not one of the choices"),
            ("iv_wilayah_kegiatan", ["99.99"], "99.99"),
            ("vi_jumlah_petugas_enumerator", "-1", "whole number"),
            ("v_metode_yang_digunakan", "QUOTA_SAMPLING", "5.2"),
            ("berkas_rekomendasi", "javascript:alert(1)", "web address"),
            ("iii_jadwal_desain", [{"awal": "2025-03-01", "akhir": "2025-02-01"}], "before"),
            ("iii_jadwal_desain", [{"awal": "1999-03-01", "akhir": "1999-03-02"}], "years"),
            ("iii_jadwal_desain", [{"awal": "2025-02-30"}], "2025-02-30"),
            ("variabel", [{"nama": "a", "kode": "x"}, {"nama": "b", "kode": "x"}], "code"),
            ("variabel", [{"nama": "a", "bukan": "x"}], "not a column"),
            ("variabel", [{"nama": "a"}] * 501, "too many rows"),
            ("variabel", "{", "JSON"),
        ],
    )
    def test_wrong_values_are_refused_also_in_a_draft(self, call, field, value, words):
        sent = records.survey(1) | {field: value, "owner_org": call.opd, "private": True}
        errors = _refused(call, "package_create", **sent)
        assert words in " ".join(errors[field])

    def test_all_wrong_cells_are_named(self, call):
        rows = [{"nama": "a" * 400}, {"nama": "b", "apakah_variabel_bisa_diakses_umum": "mungkin"}]
        errors = _refused(
            call, "package_create", type="kegiatan", owner_org=call.opd, private=True, variabel=rows
        )
        first, second = errors["variabel"]
        assert "1, MS-Var 1" in first
        assert "2, MS-Var 13" in second

    @pytest.mark.parametrize(
        ("parent", "value", "closed"),
        [
            ("cara_pengumpulan_data", "PENCACAHAN_LENGKAP", "v_unit_sampel"),
            ("iv_kegiatan_ini_dilakukan", "HANYA_SEKALI", "iv_frekuensi_penyelanggara"),
            (
                "iv_cakupan_wilayah_pengumpulan_data",
                "SELURUH_WILAYAH_INDONESIA",
                "iv_wilayah_kegiatan",
            ),
            (
                "v_metode_pemilihan_sampel_tahap_terakhir",
                "SAMPEL_NONPROBABILITAS",
                "v_kerangka_sampel_tahap_terakhir",
            ),
            ("iv_sarana_pengumpulan_data", ["cawi"], "vi_jumlah_petugas_enumerator"),
            ("iv_metode_pengumpulan_data", ["wawancara"], "iv_metode_pengumpulan_lainnya"),
            (
                "viii_ketersediaan_produk_digital",
                "TIDAK",
                "viii_rencana_jadwal_rilis_produk_digital",
            ),
            ("mendapat_rekomendasi", "TIDAK", "identitas_rekomendasi"),
        ],
    )
    def test_an_answer_to_what_is_not_asked_is_refused_by_patch_too(
        self, call, parent, value, closed
    ):
        made = call("package_create", **records.survey(1), owner_org=call.opd)
        errors = _refused(call, "package_patch", id=made["id"], **{parent: value})
        assert "asked only when" in errors[closed][0]
        assert call("package_show", id=made["id"])[closed]


class TestCompleteness:
    @pytest.mark.parametrize(
        "name", ["iii_jadwal_evaluasi", "v_unit_sampel", "variabel", "i_email"]
    )
    def test_a_public_activity_has_every_item_that_is_asked(self, call, name):
        sent = {k: v for k, v in records.survey(1).items() if k != name}
        if name == "i_email":
            helpers.call_action("organization_patch", id=call.opd, kontak_email="")
        errors = _refused(call, "package_create", **sent, owner_org=call.opd, private=False)
        assert list(errors) == [name]

    def test_the_message_names_the_item_as_on_the_form(self, call):
        sent = {k: v for k, v in records.survey(1).items() if k != "iv_frekuensi_penyelanggara"}
        errors = _refused(call, "package_create", **sent, owner_org=call.opd)
        assert errors["iv_frekuensi_penyelanggara"][0].startswith("4.2 ")

    def test_each_row_has_what_the_form_asks(self, call):
        sent = records.survey(2)
        del sent["variabel"][1]["definisi"]
        errors = _refused(call, "package_create", **sent, owner_org=call.opd)
        assert "MS-Var 4" in errors["variabel"][0]
        assert " 2, " in errors["variabel"][0]

    @pytest.mark.parametrize("way", ["private", "draft"])
    def test_a_draft_may_lack_anything(self, call, way):
        extra = {"private": True} if way == "private" else {"state": "draft"}
        made = call("package_create", type="kegiatan", owner_org=call.opd, **extra)
        assert made["state"] == ("active" if way == "private" else "draft")

    @pytest.mark.parametrize("record_type", ["dataset", "kegiatan", "indikator"])
    def test_an_editors_draft_stays_a_draft(self, call, record_type):
        made = call(
            "package_create", type=record_type, name="d-1", owner_org=call.opd, state="draft"
        )
        assert made["state"] == "draft"

    @pytest.mark.parametrize("state", ["deleted", "active"])
    def test_no_other_state_is_taken_from_an_editor(self, call, state):
        made = call(
            "package_create", type="kegiatan", owner_org=call.opd, state=state, private=True
        )
        assert made["state"] == "active"

    def test_publishing_a_draft_by_patch_tells_what_is_missing(self, call):
        made = call("package_create", type="kegiatan", owner_org=call.opd, state="draft")
        errors = _refused(call, "package_patch", id=made["id"], state="active")
        assert "judul_kegiatan" in errors
        assert "v_unit_sampel" not in errors

    def test_publishing_by_revise_tells_what_is_missing(self, call):
        made = call("package_create", type="kegiatan", owner_org=call.opd, private=True)
        errors = _refused(
            call, "package_revise", match={"id": made["id"]}, update={"private": False}
        )
        assert "judul_kegiatan" in errors

    def test_publishing_in_bulk_tells_which_are_incomplete(self, call):
        made = call(
            "package_create", type="kegiatan", owner_org=call.opd, private=True, judul_kegiatan="Y"
        )
        with pytest.raises(tk.ValidationError, match="Y"):
            tk.get_action("bulk_update_public")(
                {"user": call.admin}, {"datasets": [made["id"]], "org_id": call.opd}
            )
        assert call("package_show", id=made["id"])["private"] is True

    def test_a_removed_variable_does_not_give_its_code_to_another(self, call):
        made = call("package_create", **records.survey(3), owner_org=call.opd)
        kept = made["variabel"][:2]
        added = call("package_patch", id=made["id"], variabel=[*kept, {**records.variable(9)}])
        assert [row["kode"] for row in added["variabel"]] == ["V001", "V002", "V004"]


class TestSearch:
    def test_long_texts_do_not_break_the_index_and_are_found(self, call):
        sent = records.survey(60)
        sent["variabel"][59]["definisi"] = "kata " * 1900 + "adiluhung"
        made = call("package_create", **sent, owner_org=call.opd)
        found = call("package_search", q="adiluhung", fq="dataset_type:kegiatan")
        assert [row["id"] for row in found["results"]] == [made["id"]]
        assert found["results"][0]["variabel"][9]["alias"] == "U10"


class TestActions:
    def test_code_lists(self, call):
        listed = call("tangerang_codelist_list")
        assert "ya_tidak" in [row["name"] for row in listed]
        shown = call("tangerang_codelist_show", name="ya_tidak")
        assert shown["items"][0] == {"key": "YA", "code": 1, "id": "Ya", "en": "Yes"}
        with pytest.raises(tk.ObjectNotFound):
            call("tangerang_codelist_show", name="../secret")

    def test_conditions_of_a_record_in_progress(self, call):
        shown = call(
            "tangerang_condition_show",
            type="kegiatan",
            data={"cara_pengumpulan_data": "SURVEI", "iv_frekuensi_penyelanggara": "TAHUNAN"},
        )
        assert "v_unit_sampel" in shown["open"]
        assert "v_kerangka_sampel_tahap_terakhir" not in shown["open"]
        assert "v_unit_sampel" in shown["required"]
        assert shown["closed_but_filled"] == ["iv_frekuensi_penyelanggara"]
        assert json.dumps(shown)

    def test_what_the_kamus_of_a_file_says_is_not_missing(self, call):
        file = {"kamus": [{"kolom": "a", "definisi": "Banyaknya"}]}
        data = {"jenis_data": "statistik", "resources": [file, "bukan berkas"]}
        shown = call("tangerang_condition_show", type="dataset", data=data)
        missing = [entry["field"] for entry in shown["missing"]]
        assert "satuan" in missing
        assert "definisi" not in missing

    def test_unknown_types_are_refused(self, call):
        assert "type" in _refused(call, "tangerang_condition_show", type="berita", data={})
