"""The schemas hold the forms of BPS, item by item, and nothing that the forms do not ask."""

from __future__ import annotations

import json
import re

import pytest

from ckanext.tangerang.metadata import codelists
from ckanext.tangerang.metadata.fields import item_label
from stack import forms

from .items import BESIDES, ITEMS, SIGNATURE, FormItem

FORMS = ("kegiatan", "indikator")
#: What a telephone number or an e-mail address is to the form, the workbook and the page.
STORED_AS = {"phone": "text", "email": "text"}
VALIDATED_BY = {
    "phone": "tangerang_phone_or_nil",
    "email": "email_validator",
    "regions": "tangerang_known_regions",
}

#: Keys of the code lists that the forms print, in the order of the form.
PRINTED = """
cara_pengumpulan_data: PENCACAHAN_LENGKAP SURVEI KOMPILASI_PRODUK_ADMINISTRASI
    CARA_LAIN_SESUAI_DENGAN_PERKEMBANGAN_TI
jenis_statistik: STATISTIK_DASAR STATISTIK_SEKTORAL STATISTIK_KHUSUS
kegiatan_ini_dilakukan: HANYA_SEKALI BERULANG
frekuensi_penyelenggaraan: HARIAN MINGGUAN BULANAN TRIWULANAN EMPAT_BULANAN SEMESTERAN TAHUNAN
    LEBIH_DARI_DUA_TAHUNAN
tipe_pengumpulan_data: LONGITUDINAL_PANEL CROSS_SECTIONAL LONGITUDINAL_CROSS_SECTIONAL
cakupan_wilayah_pengumpulan_data: SELURUH_WILAYAH_INDONESIA SEBAGIAN_WILAYAH_INDONESIA
metode_pengumpulan_data: wawancara mengisi_kuesioner_sendiri pengamatan pengumpulan_data_sekunder
    lainnya
sarana_pengumpulan_data: papi capi cati cawi mail lainnya
unit_pengumpulan_data: individu rumah_tangga usaha_atau_perusahaan lainnya
jenis_rancangan_sampel: SINGLE_STAGE_ATAU_PHASE MULTI_STAGE_ATAU_PHASE
metode_pemilihan_sampel_tahap_terakhir: SAMPEL_PROBABILITAS SAMPEL_NONPROBABILITAS
metode_yang_digunakan: SIMPLE_RANDOM_SAMPLING SYSTEMATIC_RANDOM_SAMPLING
    STRATIFIED_RANDOM_SAMPLING CLUSTER_SAMPLING MULTI_STAGE_SAMPLING QUOTA_SAMPLING
    ACCIDENTAL_SAMPLING PURPOSIVE_SAMPLING SNOWBALL_SAMPLING SATURATION_SAMPLING
kerangka_sampel_tahap_terakhir: LIST_FRAME AREA_FRAME
metode_pemeriksaan_kualitas_pengumpulan_data: kunjungan_kembali supervisi taskforce lainnya
petugas_pengumpulan_data: STAF_INSTANSI_PENYELENGGARA MITRA_ATAU_TENAGA_KONTRAK
    STAF_INSTANSI_PENYELENGGARA_DAN_MITRA_ATAU_TENAGA_KONTRAK
pendidikan_terendah_petugas: KURANG_DARI_ATAU_SAMA_DENGAN_SMP SMA_ATAU_SMK
    DIPLOMA_I_ATAU_II_ATAU_III DIPLOMA_IV_ATAU_S1_ATAU_S2_ATAU_S3
metode_analisis: DESKRIPTIF INFERENSIA DESKRIPTIF_DAN_INFERENSIA
unit_analisis: individu rumah_tangga usaha_atau_perusahaan lainnya
tingkat_penyajian: nasional provinsi kabupaten_atau_kota kecamatan lainnya
ya_tidak: YA TIDAK
jadwal_kegiatan: perencanaan_kegiatan desain pengumpulan_data pengolahan_data analisis
    diseminasi_hasil evaluasi
tahapan_pengolahan_data: editing coding data_entry validasi
produk_tersedia: tercetak digital mikrodata
status_indah: DRAFT SUBMITTED UNDER_REVIEW CORRECTION_REQUIRED REVISED APPROVED REJECTED
"""


def by_name(form: str) -> dict[str, dict]:
    return {field["field_name"]: field for field in forms.fields(form)}


def columns(form: str) -> list[tuple[str, dict]]:
    """Return the name (with that of its item, for a column) and declaration of all fields."""
    out = []
    for field in forms.fields(form):
        out.append((field["field_name"], field))
        # The columns of periods and releases are the same wherever they stand.
        if field["kind"] == "rows":
            out += [
                (f"{field['field_name']}.{column['field_name']}", column)
                for column in field["row_fields"]
            ]
    return out


def declared(item: FormItem) -> dict:
    field = by_name(item.form)[item.of or item.name]
    if item.of is None:
        return field
    return next(column for column in field["row_fields"] if column["field_name"] == item.name)


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
class TestItem:
    def test_number_and_labels(self, item):
        field = declared(item)
        assert field["form_item"] == item.number
        assert all(field["label"][lang].strip() for lang in ("id", "en"))

    def test_what_it_holds(self, item):
        field = declared(item)
        assert field["kind"] == STORED_AS.get(item.kind, item.kind)
        assert VALIDATED_BY.get(item.kind, "") in field.get("validators", "")
        if item.codes:
            assert field["codelist"] == item.codes
        elif field["kind"] in ("choice", "choices", "yes_no"):
            pytest.fail("The form prints no code list for this item.")

    def test_when_it_is_asked(self, item):
        assert declared(item).get("open_when", {}) == item.when

    def test_whether_it_is_needed(self, item):
        field = declared(item)
        assert bool(field.get("needed_to_publish")) == item.needed
        assert bool(field.get("nil_allowed")) == item.nil

    def test_its_place_in_indah(self, item):
        path = declared(item).get("indah")
        if item.indah and item.indah.endswith("*"):
            assert path
            assert path.startswith(item.indah[:-1])
        else:
            assert path == item.indah


@pytest.mark.parametrize("form", FORMS)
class TestSchema:
    def test_nothing_but_the_items_and_what_is_known_besides(self, form):
        items = {
            f"{item.of}.{item.name}" if item.of else item.name
            for item in ITEMS
            if item.form == form
        }
        assert {name for name, _ in columns(form)} == items | BESIDES[form]

    def test_items_stand_in_the_order_of_the_form_within_their_group(self, form):
        places = {item.name: n for n, item in enumerate(ITEMS) if item.form == form}
        groups: dict[str, list[int]] = {}
        for field in forms.fields(form):
            if "form_item" in field:
                groups.setdefault(field["form_group"], []).append(places[field["field_name"]])
        assert all(found == sorted(found) for found in groups.values())

    def test_no_number_stands_twice(self, form):
        numbers = [field["form_item"] for _, field in columns(form) if "form_item" in field]
        assert len(set(numbers)) == len(numbers)

    def test_every_field_says_what_it_holds_and_is_labelled_in_two_languages(self, form):
        for name, field in columns(form):
            assert field.get("kind"), name
            assert set(field["label"]) == {"id", "en"}, name
            for text in ("help_text", "form_placeholder"):
                assert isinstance(field.get(text, ""), (str, dict)), name

    def test_groups_are_known_and_labelled_in_two_languages(self, form):
        schema = forms.schema(form)
        known = {group["name"] for group in schema["form_groups"]}
        assert {f["form_group"] for f in schema["dataset_fields"] if "form_group" in f} == known
        assert all(set(group["label"]) == {"id", "en"} for group in schema["form_groups"])

    def test_conditions_name_items_and_keys_that_exist(self, form):
        fields = by_name(form)
        for field in fields.values():
            for parent, values in field.get("open_when", {}).items():
                keys = codelists.codelist(fields[parent]["codelist"]).keys
                assert set(values) <= set(keys), field["field_name"]

    def test_what_identifies_the_person_who_signs_is_nowhere(self, form):
        text = json.dumps(forms.schema(form)).lower()
        assert not [word for word in SIGNATURE if re.search(rf"\b\w*{word}\b", text)]

    def test_a_type_without_files_says_so(self, form):
        assert forms.schema(form)["resource_fields"] == []


class TestChoices:
    def test_the_methods_of_5_3_follow_5_2(self):
        field = by_name("kegiatan")["v_metode_yang_digunakan"]
        by = field["choices_by"]
        assert by["field"] == "v_metode_pemilihan_sampel_tahap_terakhir"
        groups = {
            parent: [
                item.code
                for item in codelists.codelist("metode_yang_digunakan").items
                if item.extra["group"] == group
            ]
            for parent, group in by["groups"].items()
        }
        assert groups == {
            "SAMPEL_PROBABILITAS": [1, 2, 3, 4, 5],
            "SAMPEL_NONPROBABILITAS": [6, 7, 8, 9, 10],
        }

    @pytest.mark.parametrize(
        ("name", "keys"),
        [(name, keys.split()) for name, keys in re.findall(r"(\w+):((?:\s+\w+\b(?!:))+)", PRINTED)],
    )
    def test_keys_of_the_lists_that_the_forms_print(self, name, keys):
        assert list(codelists.codelist(name).keys) == keys

    @pytest.mark.parametrize(
        ("name", "item"),
        [
            (field["codelist"], field["field_name"])
            for field in forms.fields("kegiatan")
            if field["kind"] == "choices"
        ],
    )
    def test_lists_of_several_choices_say_so_and_end_with_another(self, name, item):
        found = codelists.codelist(name)
        assert found.multiple, item
        assert found.keys[-1] == "lainnya"


@pytest.mark.ckan_config("ckan.locale_default", "id")
@pytest.mark.parametrize(
    ("form", "name", "expected"),
    [
        ("indikator", "kegiatan", "Kegiatan statistik"),
        ("indikator", "title", "2 Nama Indikator"),
        ("kegiatan", "i_telepon", "1.2 Telepon"),
    ],
)
def test_what_people_call_an_item(form, name, expected):
    assert item_label(by_name(form)[name]) == expected
