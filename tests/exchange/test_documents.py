"""Documents of INDAH: its spellings, its shapes, and all the ways in which it gives them."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.tangerang.exchange import documents, indah
from ckanext.tangerang.metadata.values import Problem
from tests.metadata.records import indicator, survey
from tests.workbook.schemas import schemas

SCHEMAS = {name: indah.with_paths(schema) for name, schema in schemas().items()}
REGIONS = indah.Regions("36.03", "3603")
READER = documents.Reader(SCHEMAS, REGIONS)
RECORD = survey(2) | {"organization": {"title": "Dinas Kesehatan"}}


def _written(record: dict[str, Any] | None = None, *, personal: bool = True) -> dict[str, Any]:
    about = {"bps_domain": "3603", "regions": REGIONS, "personal": personal}
    return documents.activity_document(SCHEMAS["kegiatan"], record or RECORD, [], **about)


def _read(raw: Any) -> list[documents.Incoming]:
    return [READER.book(d) for d in documents.together(list(documents.found(raw)))]


def _values(raw: Any) -> dict[str, Any]:
    (book,) = _read(raw)
    assert book.troubles == []
    return book.records[0].values


def _troubles(raw: Any) -> list[tuple[str, str, str]]:
    return [
        (t.cell, t.field, t.problem.msgid.format(**t.problem.params))
        for book in _read(raw)
        for t in book.troubles
    ]


#: Every key of an activity that the clients of INDAH use, by block.
KEYS = {
    "": "judul_kegiatan tahun jenis_statistik cara_pengumpulan_data sektor_kegiatan "
    "identitas_rekomendasi blok_i blok_ii blok_iii blok_iv blok_v blok_vi blok_vii blok_viii",
    "blok_i": "instansi_penyelanggara alamat_instansi_penyelenggara",
    "blok_i.alamat_instansi_penyelenggara": "alamat telepon email faksimile",
    "blok_ii": "unit_penanggung_jawab penanggung_jawab_teknis",
    "blok_ii.unit_penanggung_jawab": "eselon1 eselon2",
    "blok_ii.penanggung_jawab_teknis": "nama jabatan alamat telepon email faksimile",
    "blok_iii": "latar_belakang_kegiatan tujuan_kegiatan rencana_jadwal_kegiatan "
    "variabel_yang_dikumpulkan",
    "blok_iii.rencana_jadwal_kegiatan": "perencanaan_kegiatan desain pengumpulan_data "
    "pengolahan_data analisis diseminasi_hasil evaluasi",
    "blok_iv": "kegiatan_ini_dilakukan frekuensi_penyelanggara tipe_pengumpulan_data "
    "cakupan_wilayah_pengumpulan_data sebagian_cakupan_wilayah_pengumpulan_data "
    "metode_pengumpulan_data sarana_pengumpulan_data unit_pengumpulan_data",
    "blok_iv.metode_pengumpulan_data": "wawancara mengisi_kuesioner_sendiri pengamatan "
    "pengumpulan_data_sekunder lainnya metode_pengumpulan_lainnya",
    "blok_iv.sarana_pengumpulan_data": "papi capi cati cawi mail lainnya "
    "sarana_pengumpulan_lainnya",
    "blok_iv.unit_pengumpulan_data": "individu rumah_tangga usaha_atau_perusahaan lainnya "
    "unit_pengumpulan_data_lainnya",
    "blok_v": "jenis_rancangan_sampel metode_pemilihan_sampel_tahap_terakhir "
    "metode_yang_digunakan kerangka_sampel_tahap_terakhir fraksi_sampel_keseluruhan "
    "nilai_perkiraan_sampling_error_variabel_utama unit_sampel unit_observasi",
    "blok_vi": "apakah_melakukan_uji_coba metode_pemeriksaan_kualitas_pengumpulan_data "
    "apakah_melakukan_penyesuaian_nonrespon petugas_pengumpulan_data "
    "persyaratan_pendidikan_terendah_petugas_pengumpulan_data jumlah_petugas_supervisor "
    "jumlah_petugas_enumerator apakah_melakukan_pelatihan_petugas",
    "blok_vii": "tahapan_pengolahan_data metode_analisis unit_analsis "
    "tingkat_penyajian_hasil_analisis",
    "blok_vii.tahapan_pengolahan_data": "editing coding data_entry validasi",
    "blok_vii.unit_analsis": "individu rumah_tangga usaha_atau_perusahaan lainnya "
    "unit_analisis_lainnya",
    "blok_viii": "ketersediaan_produk_tercetak ketersediaan_produk_digital "
    "ketersediaan_produk_mikrodata rencana_jadwal_rilis_produk_tercetak "
    "rencana_jadwal_rilis_produk_digital rencana_jadwal_rilis_produk_mikrodata",
}


#: The same of a variable and of an indicator.
VARIABLE_KEYS = frozenset(
    {
        *("nama", "alias", "definisi", "konsep", "referensi_pemilihan", "referensi_waktu"),
        *("ukuran", "satuan", "tipe_data", "value_domain", "aturan_validasi"),
        *("kalimat_pertanyaan", "apakah_variabel_bisa_diakses_umum", "id_sds"),
        "id_variabel_mms",
    }
)
INDICATOR_KEYS = frozenset(
    {
        *("nama", "definisi", "interpretasi", "konsep", "metode_perhitungan", "rumus", "ukuran"),
        *("satuan", "variabel_disaggregasi", "apakah_indikator_komposit", "indikator_pembangun"),
        *("variabel_pembangun", "level_estimasi", "apakah_indikator_bisa_diakses_umum"),
        *("id_sds", "id_indikator_mms"),
    }
)


class TestSpellings:
    @pytest.mark.parametrize("block", KEYS)
    def test_of_activities(self, block):
        place = _written()["data"]
        for key in filter(None, block.split(".")):
            place = place[key]
        assert set(place) == set(KEYS[block].split())

    def test_of_variables(self):
        form = _written()[indah.VARIABLES_KEY][0]["data"]
        assert set(form) == VARIABLE_KEYS

    def test_of_indicators(self):
        about = {"names": {}, "bps_domain": "3603", "regions": REGIONS}
        made = documents.indicator_document(SCHEMAS["indikator"], indicator(), {}, **about)
        assert set(made["data"]) == INDICATOR_KEYS


class TestShapes:
    def test_of_each_kind_of_item(self):
        form = _written()["data"]
        assert form["tahun"] == 2025
        assert form["blok_vi"]["apakah_melakukan_uji_coba"] is False
        assert form["blok_viii"]["ketersediaan_produk_digital"] is True
        assert form["blok_viii"]["rencana_jadwal_rilis_produk_digital"] == ["2025-12-15"]
        assert form["blok_vi"]["jumlah_petugas_enumerator"] == 44
        assert form["blok_iv"]["sarana_pengumpulan_data"]["papi"] is True
        assert form["blok_iv"]["sarana_pengumpulan_data"]["capi"] is False
        periods = form["blok_iii"]["rencana_jadwal_kegiatan"]["pengumpulan_data"]
        assert periods[0] == {"awal": "2025-02-03", "akhir": "2025-02-28"}
        assert form["blok_iv"]["sebagian_cakupan_wilayah_pengumpulan_data"] == [
            {
                "kode_provinsi": "36",
                "nama_provinsi": "Banten",
                "kode_kabupaten_kota": "3603",
                "nama_kabupaten_kota": "Kabupaten Tangerang",
            }
        ]
        summary = form["blok_iii"]["variabel_yang_dikumpulkan"][0]
        assert list(summary) == ["nama", "konsep", "definisi", "referensi_waktu"]

    def test_of_the_envelope(self):
        made = _written(RECORD | {"id_mskeg": "b-1", "status_indah": "APPROVED"})
        assert {k: v for k, v in made.items() if k not in ("data", indah.VARIABLES_KEY)} == {
            "base_id": "b-1",
            "submission_period": 2025,
            "version": "v2",
            "status": "APPROVED",
            "produsen_data": {
                "name": "Dinas Kesehatan",
                "province_code": "36",
                "city_code": "03",
            },
            indah.INDICATORS_KEY: [],
        }

    def test_empty_items_are_null(self):
        form = _written({"organization": {}})["data"]
        assert form["judul_kegiatan"] is None
        assert form["blok_vi"]["apakah_melakukan_uji_coba"] is None
        assert form["blok_iii"]["rencana_jadwal_kegiatan"]["desain"] == []

    def test_the_person_in_charge_is_left_out(self):
        person = _written(personal=False)["data"]["blok_ii"]["penanggung_jawab_teknis"]
        assert set(person) == {"jabatan", "alamat"}


class TestReading:
    def test_one_document_with_or_without_its_envelope(self):
        made = _written()
        for raw in (
            made,
            made["data"],
            [made],
            {"data": [made]},
            {"result": [{"content": [made]}]},
        ):
            assert _values(raw)["judul_kegiatan"] == RECORD["judul_kegiatan"]

    def test_what_indah_gives_one_by_one_comes_together(self):
        made = _written(RECORD | {"id_mskeg": "b-1"})
        variables = made.pop(indah.VARIABLES_KEY)
        made["data"]["blok_iii"]["variabel_yang_dikumpulkan"].append({"nama": "Hanya di MS-Keg"})
        about = {"names": {}, "bps_domain": "3603", "regions": REGIONS}
        own = documents.indicator_document(
            SCHEMAS["indikator"], indicator(), {"id_mskeg": "b-1"}, **about
        )
        (book,) = _read([*variables, own, made])
        assert [record.type for record in book.records] == ["kegiatan", "indikator"]
        rows = book.records[0].values["variabel"]
        assert [row["nama"] for row in rows] == [
            "Unsur pelayanan 1",
            "Unsur pelayanan 2",
            "Hanya di MS-Keg",
        ]
        assert rows[0]["tipe_data"] == "integer"

    def test_a_variable_alone_has_no_place(self):
        variable = _written()[indah.VARIABLES_KEY][0]
        assert "No activity" in _troubles(variable)[0][2]

    def test_what_is_not_said_stays(self):
        values = _values({"judul_kegiatan": "A", "blok_v": None})
        assert values == {"judul_kegiatan": "A"}
        assert _values({"judul_kegiatan": "A", "tahun": None})["tahun_kegiatan"] is None

    def test_other_spellings(self):
        values = _values(
            {
                "judul_kegiatan": "A",
                "cara_pengumpulan_data": "CARA_LAIN_SESUAI_PERKEMBANGAN_TEKNOLOGI_DAN_INFORMASI",
                "blok_vi": {
                    "apakah_melakukan_uji_coba": "Ya",
                    "metode_pemeriksaan_kualitas_pengumpulan_data": {
                        "lainnya": True,
                        "metode_pemeriksaan_kualitas_lainnya": "Telepon",
                    },
                },
                "blok_iii": {
                    "rencana_jadwal_kegiatan": {
                        "desain": [{"awal": "06/01/2025", "akhir": "2025-01-30T17:00:00.000Z"}]
                    }
                },
                "blok_viii": {"rencana_jadwal_rilis_produk_digital": ["2025-12-14T17:00:00Z"]},
            }
        )
        assert values["cara_pengumpulan_data"] == "CARA_LAIN_SESUAI_DENGAN_PERKEMBANGAN_TI"
        assert values["vi_apakah_melakukan_uji_coba"] == "YA"
        other = "vi_metode_pemeriksaan_kualitas_pengumpulan_data_lainnya"
        assert values[other] == "Telepon"
        assert values["iii_jadwal_desain"] == [{"awal": "2025-01-06", "akhir": "2025-01-31"}]
        releases = values["viii_rencana_jadwal_rilis_produk_digital"]
        assert releases == [{"tanggal": "2025-12-15"}]

    def test_older_keys_of_variables_and_publications(self):
        raw = {
            "judul_kegiatan": "A",
            indah.VARIABLES_KEY: [
                {"nama": "N", "klasifikasi_rujukan_value_domain": [{"kode": 1, "nilai": "Ya"}]}
            ],
            indah.INDICATORS_KEY: [
                {
                    "nama": "I",
                    "id_sls": "S-1",
                    "indikator_pembangun": [
                        {"nama": "P", "ketersediaan_publikasi": [{"nama": "BRS", "file": None}]}
                    ],
                }
            ],
        }
        (book,) = _read(raw)
        assert book.troubles == []
        activity, own = book.records
        assert activity.values["variabel"][0]["value_domain"] == [{"kode": "1", "nilai": "Ya"}]
        assert own.values["id_sds"] == ["S-1"]
        assert own.values["indikator_pembangun"] == [{"nama": "P", "publikasi": ["BRS"]}]

    def test_nothing_is_dropped_unseen(self):
        made = _written()
        made["data"]["blok_ix"] = {"catatan": "baru"}
        made["data"]["blok_iv"]["sarana_pengumpulan_data"]["drone"] = True
        made[indah.VARIABLES_KEY][0]["data"]["warna"] = "merah"
        (book,) = _read(made)
        assert {entry["path"] for entry in book.unplaced} == {
            "data.blok_ix",
            "data.blok_iv.sarana_pengumpulan_data.drone",
            f"{indah.VARIABLES_KEY}[0].data.warna",
        }

    @pytest.mark.parametrize(
        ("raw", "code"),
        [
            ("36.71", "36.71"),
            ({"kode_provinsi": "36"}, "36"),
            ({"kode_provinsi": "36", "kode_kabupaten_kota": "03"}, "36.03"),
            ({"kode_kabupaten_kota": "3603"}, "36.03"),
            ({"kode_kabupaten_kota": "36.71"}, "36.71"),
            ({"kode_kabupaten_kota": "3671", "nama_kabupaten_kota": "KOTA TANGERANG"}, "36.71"),
            # Without its name it may be another region: the portal says what to write.
            ({"kode_kabupaten_kota": "3671"}, "3671"),
            ({"kode_kabupaten_kota": "3671", "nama_kabupaten_kota": "Kota Serang"}, "3671"),
        ],
    )
    def test_regions(self, raw, code):
        assert REGIONS.read(raw) == code

    @pytest.mark.parametrize(
        ("path", "value", "said"),
        [
            ("judul_kegiatan", {"a": 1}, "plain text"),
            ("judul_kegiatan", ["a"], "plain text"),
            ("judul_kegiatan", True, "plain text"),
            ("tahun", [2025], "plain text"),
            ("blok_i", "Dinas", "is an object"),
            ("blok_i", ["Dinas"], "is an object"),
            ("blok_iv.sarana_pengumpulan_data", "papi", "object of true and false"),
            ("blok_iv.sarana_pengumpulan_data", {"papi": "ya"}, "true or false"),
            ("blok_iv.sebagian_cakupan_wilayah_pengumpulan_data", [7], "not a region"),
            ("blok_vi.apakah_melakukan_uji_coba", 1, "true or false"),
            ("blok_iii.rencana_jadwal_kegiatan.desain", {"awal": "x"}, "list of rows"),
            ("blok_iii.rencana_jadwal_kegiatan.desain", [1], "not a row"),
            ("blok_iii.variabel_yang_dikumpulkan", [{"nama": {}, "konsep": {"a": 1}}], "text"),
        ],
    )
    def test_wrong_types_are_named_with_their_place(self, path, value, said):
        made = _written()["data"]
        *blocks, key = path.split(".")
        place = made
        for block in blocks:
            place = place[block]
        place[key] = value
        found = _troubles(made)
        assert found
        assert all(cell.startswith(path) for cell, _, _ in found)
        assert any(said in text for _, _, text in found)

    @pytest.mark.parametrize("raw", [None, 1, "x", {}, {"a": 1}, [1], {"data": "x"}, [[{}]]])
    def test_other_json_is_refused(self, raw):
        with pytest.raises(Problem, match="no document"):
            list(documents.found(raw))

    @pytest.mark.parametrize("value", [5, {"a": 1}, [1], ["x"]])
    def test_lists_of_variables_are_lists_of_documents(self, value):
        with pytest.raises(Problem, match="list of documents"):
            list(documents.found({"judul_kegiatan": "A", indah.VARIABLES_KEY: value}))

    def test_days_at_the_end_of_time(self):
        assert indah.day("9999-12-31T23:59:59Z") == "9999-12-31T23:59:59Z"
        assert indah.day("31/02/2025") == "2025-02-31"  # the portal says what is wrong with it
        assert indah.day("Tbd") == "Tbd"
