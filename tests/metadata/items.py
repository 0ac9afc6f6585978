"""The items of MS-Keg, MS-Var and MS-Ind, written down from the forms of Perka BPS 5/2020.

Written independently of the schema files, which are compared with it: number and label of the
item, the name that other national systems use for it, its place in the JSON of INDAH v2, what it
holds, when it is asked, and whether the form wants an answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

_YES = ["YA"]
_SURVEY = {"cara_pengumpulan_data": ["SURVEI"]}
_LAST_STAGE = "v_metode_pemilihan_sampel_tahap_terakhir"
_PROBABILITY = {_LAST_STAGE: ["SAMPEL_PROBABILITAS"]}
_INTERVIEWED = {"iv_sarana_pengumpulan_data": ["papi", "capi", "cati"]}
_OTHER = ["lainnya"]


@dataclass(frozen=True)
class FormItem:
    """One item of a form."""

    form: str
    #: Number as on the form; the cover of MS-Keg has none, so its items are counted.
    number: str
    name: str
    kind: str
    #: Code list, where the form prints one.
    codes: str | None = None
    #: Path in the JSON of INDAH v2; None where INDAH has no such item.
    indah: str | None = None
    #: Other items and their values without which the item is not asked.
    when: dict[str, list[str]] = field(default_factory=dict)
    needed: bool = True
    #: "-" is an answer.
    nil: bool = False
    #: The item is a column of this one, which has rows.
    of: str | None = None

    @property
    def id(self) -> str:
        """Return how a test names the item."""
        return f"{self.form}-{self.number}-{self.name}"


def _keg(number: str, name: str, kind: str, **more: Any) -> FormItem:
    return FormItem("kegiatan", number, name, kind, **more)


def _var(number: int, name: str, kind: str, *, needed: bool = False, **more: Any) -> FormItem:
    return FormItem(
        "kegiatan",
        f"MS-Var {number}",
        name,
        kind,
        indah=name,
        needed=needed,
        of="variabel",
        **more,
    )


def _ind(number: str, name: str, kind: str, **more: Any) -> FormItem:
    return FormItem("indikator", number, name, kind, **more)


_ADDRESS = "blok_i.alamat_instansi_penyelenggara"
_PERSON = "blok_ii.penanggung_jawab_teknis"
_SCHEDULE = "blok_iii.rencana_jadwal_kegiatan"

MS_KEG = (
    # Cover.
    _keg("sampul 1", "judul_kegiatan", "text", indah="judul_kegiatan"),
    _keg("sampul 2", "tahun_kegiatan", "year", indah="tahun"),
    _keg("sampul 3", "kode_kegiatan", "text", needed=False),
    _keg(
        "sampul 4",
        "cara_pengumpulan_data",
        "choice",
        codes="cara_pengumpulan_data",
        indah="cara_pengumpulan_data",
    ),
    _keg(
        "sampul 5",
        "sektor_kegiatan",
        "choice",
        codes="sektor_kegiatan",
        indah="sektor_kegiatan",
    ),
    _keg(
        "sampul 6",
        "jenis_statistik",
        "choice",
        codes="jenis_statistik",
        indah="jenis_statistik",
    ),
    _keg(
        "sampul 7",
        "mendapat_rekomendasi",
        "yes_no",
        codes="ya_tidak",
        when={"jenis_statistik": ["STATISTIK_SEKTORAL"]},
    ),
    _keg(
        "sampul 8",
        "identitas_rekomendasi",
        "text",
        indah="identitas_rekomendasi",
        when={"mendapat_rekomendasi": _YES},
    ),
    # Blok I.
    _keg("1.1", "i_instansi_penyelanggara", "text", indah="blok_i.instansi_penyelanggara"),
    _keg("1.2", "i_alamat", "longtext", indah=f"{_ADDRESS}.alamat"),
    _keg("1.2 Telepon", "i_telepon", "phone", indah=f"{_ADDRESS}.telepon", nil=True),
    _keg("1.2 Faksimile", "i_faksimile", "phone", indah=f"{_ADDRESS}.faksimile", nil=True),
    _keg("1.2 Email", "i_email", "email", indah=f"{_ADDRESS}.email"),
    # Blok II.
    _keg(
        "2.1 Eselon 1",
        "ii_unit_eselon1",
        "text",
        indah="blok_ii.unit_penanggung_jawab.eselon1",
        nil=True,
    ),
    _keg("2.1 Eselon 2", "ii_unit_eselon2", "text", indah="blok_ii.unit_penanggung_jawab.eselon2"),
    _keg("2.2 Nama", "ii_pj_nama", "text", indah=f"{_PERSON}.nama"),
    _keg("2.2 Jabatan", "ii_pj_jabatan", "text", indah=f"{_PERSON}.jabatan"),
    _keg("2.2 Alamat", "ii_pj_alamat", "longtext", indah=f"{_PERSON}.alamat"),
    _keg("2.2 Telepon", "ii_pj_telepon", "phone", indah=f"{_PERSON}.telepon", nil=True),
    _keg("2.2 Faksimile", "ii_pj_faksimile", "phone", indah=f"{_PERSON}.faksimile", nil=True),
    _keg("2.2 Email", "ii_pj_email", "email", indah=f"{_PERSON}.email"),
    # Blok III.
    _keg(
        "3.1",
        "iii_latar_belakang_kegiatan",
        "longtext",
        indah="blok_iii.latar_belakang_kegiatan",
    ),
    _keg("3.2", "iii_tujuan_kegiatan", "longtext", indah="blok_iii.tujuan_kegiatan"),
    *(
        _keg(f"3.3 {place}", f"iii_jadwal_{stage}", "periods", indah=f"{_SCHEDULE}.{stage}")
        for place, stage in (
            ("A.1", "perencanaan_kegiatan"),
            ("A.2", "desain"),
            ("B.3", "pengumpulan_data"),
            ("C.4", "pengolahan_data"),
            ("D.5", "analisis"),
            ("D.6", "diseminasi_hasil"),
            ("D.7", "evaluasi"),
        )
    ),
    _keg("3.4", "variabel", "rows", indah="blok_iii.variabel_yang_dikumpulkan"),
    # Blok IV.
    _keg(
        "4.1",
        "iv_kegiatan_ini_dilakukan",
        "choice",
        codes="kegiatan_ini_dilakukan",
        indah="blok_iv.kegiatan_ini_dilakukan",
    ),
    _keg(
        "4.2",
        "iv_frekuensi_penyelanggara",
        "choice",
        codes="frekuensi_penyelenggaraan",
        indah="blok_iv.frekuensi_penyelanggara",
        when={"iv_kegiatan_ini_dilakukan": ["BERULANG"]},
    ),
    _keg(
        "4.3",
        "iv_tipe_pengumpulan_data",
        "choice",
        codes="tipe_pengumpulan_data",
        indah="blok_iv.tipe_pengumpulan_data",
    ),
    _keg(
        "4.4",
        "iv_cakupan_wilayah_pengumpulan_data",
        "choice",
        codes="cakupan_wilayah_pengumpulan_data",
        indah="blok_iv.cakupan_wilayah_pengumpulan_data",
    ),
    _keg(
        "4.5",
        "iv_wilayah_kegiatan",
        "regions",
        indah="blok_iv.sebagian_cakupan_wilayah_pengumpulan_data",
        when={"iv_cakupan_wilayah_pengumpulan_data": ["SEBAGIAN_WILAYAH_INDONESIA"]},
    ),
    _keg(
        "4.6",
        "iv_metode_pengumpulan_data",
        "choices",
        codes="metode_pengumpulan_data",
        indah="blok_iv.metode_pengumpulan_data",
    ),
    _keg(
        "4.6 Lainnya",
        "iv_metode_pengumpulan_lainnya",
        "text",
        indah="blok_iv.metode_pengumpulan_data.metode_pengumpulan_lainnya",
        when={"iv_metode_pengumpulan_data": _OTHER},
    ),
    _keg(
        "4.7",
        "iv_sarana_pengumpulan_data",
        "choices",
        codes="sarana_pengumpulan_data",
        indah="blok_iv.sarana_pengumpulan_data",
    ),
    _keg(
        "4.7 Lainnya",
        "iv_sarana_pengumpulan_lainnya",
        "text",
        indah="blok_iv.sarana_pengumpulan_data.sarana_pengumpulan_lainnya",
        when={"iv_sarana_pengumpulan_data": _OTHER},
    ),
    _keg(
        "4.8",
        "iv_unit_pengumpulan_data",
        "choices",
        codes="unit_pengumpulan_data",
        indah="blok_iv.unit_pengumpulan_data",
    ),
    _keg(
        "4.8 Lainnya",
        "iv_unit_pengumpulan_data_lainnya",
        "text",
        indah="blok_iv.unit_pengumpulan_data.unit_pengumpulan_data_lainnya",
        when={"iv_unit_pengumpulan_data": _OTHER},
    ),
    # Blok V.
    _keg(
        "5.1",
        "v_jenis_rancangan_sampel",
        "choice",
        codes="jenis_rancangan_sampel",
        indah="blok_v.jenis_rancangan_sampel",
        when=_SURVEY,
    ),
    _keg(
        "5.2",
        _LAST_STAGE,
        "choice",
        codes="metode_pemilihan_sampel_tahap_terakhir",
        indah="blok_v.metode_pemilihan_sampel_tahap_terakhir",
        when=_SURVEY,
    ),
    # 5.3a and 5.3b are one value in INDAH; 5.2 says which five of the ten may be chosen.
    _keg(
        "5.3",
        "v_metode_yang_digunakan",
        "choice",
        codes="metode_yang_digunakan",
        indah="blok_v.metode_yang_digunakan",
        when={_LAST_STAGE: ["SAMPEL_PROBABILITAS", "SAMPEL_NONPROBABILITAS"]},
    ),
    _keg(
        "5.4",
        "v_kerangka_sampel_tahap_terakhir",
        "choice",
        codes="kerangka_sampel_tahap_terakhir",
        indah="blok_v.kerangka_sampel_tahap_terakhir",
        when=_PROBABILITY,
    ),
    _keg(
        "5.5",
        "v_fraksi_sampel_keseluruhan",
        "text",
        indah="blok_v.fraksi_sampel_keseluruhan",
        when=_PROBABILITY,
    ),
    _keg(
        "5.6",
        "v_nilai_perkiraan_sampling_error_variabel_utama",
        "text",
        indah="blok_v.nilai_perkiraan_sampling_error_variabel_utama",
        when=_PROBABILITY,
    ),
    _keg("5.7", "v_unit_sampel", "text", indah="blok_v.unit_sampel", when=_SURVEY),
    _keg("5.8", "v_unit_observasi", "text", indah="blok_v.unit_observasi", when=_SURVEY),
    # Blok VI.
    _keg(
        "6.1",
        "vi_apakah_melakukan_uji_coba",
        "yes_no",
        codes="ya_tidak",
        indah="blok_vi.apakah_melakukan_uji_coba",
    ),
    _keg(
        "6.2",
        "vi_metode_pemeriksaan_kualitas_pengumpulan_data",
        "choices",
        codes="metode_pemeriksaan_kualitas_pengumpulan_data",
        indah="blok_vi.metode_pemeriksaan_kualitas_pengumpulan_data",
    ),
    _keg(
        "6.2 Lainnya",
        "vi_metode_pemeriksaan_kualitas_pengumpulan_data_lainnya",
        "text",
        # The key of the text is not known.
        indah="blok_vi.metode_pemeriksaan_kualitas_pengumpulan_data.*",
        when={"vi_metode_pemeriksaan_kualitas_pengumpulan_data": _OTHER},
    ),
    _keg(
        "6.3",
        "vi_apakah_melakukan_penyesuaian_nonrespon",
        "yes_no",
        codes="ya_tidak",
        indah="blok_vi.apakah_melakukan_penyesuaian_nonrespon",
    ),
    _keg(
        "6.4",
        "vi_petugas_pengumpulan_data",
        "choice",
        codes="petugas_pengumpulan_data",
        indah="blok_vi.petugas_pengumpulan_data",
        when=_INTERVIEWED,
    ),
    _keg(
        "6.5",
        "vi_persyaratan_pendidikan_terendah_petugas_pengumpulan_data",
        "choice",
        codes="pendidikan_terendah_petugas",
        indah="blok_vi.persyaratan_pendidikan_terendah_petugas_pengumpulan_data",
        when=_INTERVIEWED,
    ),
    _keg(
        "6.6 Supervisor",
        "vi_jumlah_petugas_supervisor",
        "integer",
        indah="blok_vi.jumlah_petugas_supervisor",
        when=_INTERVIEWED,
    ),
    _keg(
        "6.6 Enumerator",
        "vi_jumlah_petugas_enumerator",
        "integer",
        indah="blok_vi.jumlah_petugas_enumerator",
        when=_INTERVIEWED,
    ),
    _keg(
        "6.7",
        "vi_apakah_melakukan_pelatihan_petugas",
        "yes_no",
        codes="ya_tidak",
        indah="blok_vi.apakah_melakukan_pelatihan_petugas",
        when=_INTERVIEWED,
    ),
    # Blok VII.
    *(
        _keg(
            f"7.1 {place}",
            f"vii_tahapan_pengolahan_data_{stage}",
            "yes_no",
            codes="ya_tidak",
            indah=f"blok_vii.tahapan_pengolahan_data.{stage}",
        )
        for place, stage in (
            ("Editing", "editing"),
            ("Coding", "coding"),
            ("Data Entry", "data_entry"),
            ("Validasi", "validasi"),
        )
    ),
    _keg(
        "7.2",
        "vii_metode_analisis",
        "choice",
        codes="metode_analisis",
        indah="blok_vii.metode_analisis",
    ),
    # INDAH misspells its key, the national flat name does not.
    _keg(
        "7.3", "vii_unit_analisis", "choices", codes="unit_analisis", indah="blok_vii.unit_analsis"
    ),
    _keg(
        "7.3 Lainnya",
        "vii_unit_analisis_lainnya",
        "text",
        indah="blok_vii.unit_analsis.unit_analisis_lainnya",
        when={"vii_unit_analisis": _OTHER},
    ),
    _keg(
        "7.4",
        "vii_tingkat_penyajian_hasil_analisis",
        "choices",
        codes="tingkat_penyajian",
        indah="blok_vii.tingkat_penyajian_hasil_analisis",
    ),
    _keg(
        "7.4 Lainnya",
        "vii_tingkat_penyajian_hasil_analisis_lainnya",
        "text",
        # The key of the text is not known.
        indah="blok_vii.tingkat_penyajian_hasil_analisis.*",
        when={"vii_tingkat_penyajian_hasil_analisis": _OTHER},
    ),
    # Blok VIII.
    *(
        _keg(
            f"8.1 {place}",
            f"viii_ketersediaan_produk_{product}",
            "yes_no",
            codes="ya_tidak",
            indah=f"blok_viii.ketersediaan_produk_{product}",
        )
        for place, product in (
            ("Tercetak", "tercetak"),
            ("Digital", "digital"),
            ("Data Mikro", "mikrodata"),
        )
    ),
    *(
        _keg(
            f"8.2 {place}",
            f"viii_rencana_jadwal_rilis_produk_{product}",
            "releases",
            indah=f"blok_viii.rencana_jadwal_rilis_produk_{product}",
            when={f"viii_ketersediaan_produk_{product}": _YES},
        )
        for place, product in (
            ("Tercetak", "tercetak"),
            ("Digital", "digital"),
            ("Data Mikro", "mikrodata"),
        )
    ),
)

MS_VAR = (
    _var(1, "nama", "text", needed=True),
    _var(2, "alias", "text"),
    _var(3, "konsep", "list", needed=True),
    _var(4, "definisi", "longtext", needed=True),
    _var(5, "referensi_pemilihan", "list"),
    _var(6, "referensi_waktu", "text"),
    _var(7, "ukuran", "text"),
    _var(8, "satuan", "text"),
    _var(9, "tipe_data", "text", needed=True),
    _var(10, "value_domain", "pairs"),
    _var(11, "aturan_validasi", "list"),
    _var(12, "kalimat_pertanyaan", "longtext"),
    _var(13, "apakah_variabel_bisa_diakses_umum", "choice", codes="ya_tidak"),
)

_COMPOSITE = {"apakah_indikator_komposit": ["YA"]}
_SINGLE = {"apakah_indikator_komposit": ["TIDAK"]}

#: Item 1 is the number of the row on paper; here each indicator is a record.
MS_IND = (
    _ind("Nama Kegiatan", "kegiatan", "link", needed=False),
    _ind("2", "title", "text", indah="nama"),
    _ind("3", "konsep", "list", indah="konsep"),
    _ind("4", "definisi", "longtext", indah="definisi"),
    _ind("5", "interpretasi", "longtext", indah="interpretasi"),
    _ind("6", "metode_perhitungan", "longtext", indah="metode_perhitungan"),
    # INDAH splits item 6 in two; a method that is no formula has none.
    _ind("6 Rumus", "rumus", "longtext", indah="rumus", needed=False),
    _ind("7", "ukuran", "text", indah="ukuran", needed=False),
    _ind("8", "satuan", "text", indah="satuan", needed=False),
    _ind("9", "variabel_disaggregasi", "rows", indah="variabel_disaggregasi", needed=False),
    # Not starred on the form, but 11 to 15 can not be judged without it.
    _ind(
        "10",
        "apakah_indikator_komposit",
        "yes_no",
        codes="ya_tidak",
        indah="apakah_indikator_komposit",
    ),
    _ind("11-12", "indikator_pembangun", "rows", indah="indikator_pembangun", when=_COMPOSITE),
    _ind("11", "publikasi", "list", indah="sumber_publikasi", of="indikator_pembangun"),
    _ind("12", "nama", "text", indah="nama", of="indikator_pembangun"),
    _ind("13-15", "variabel_pembangun", "rows", indah="variabel_pembangun", when=_SINGLE),
    _ind("13", "kegiatan_penghasil", "list", indah="kegiatan_penghasil", of="variabel_pembangun"),
    # Given by BPS, often later.
    _ind("14", "kode_kegiatan", "text", of="variabel_pembangun", needed=False),
    _ind("15", "nama", "text", indah="nama", of="variabel_pembangun"),
    _ind("16", "level_estimasi", "text", indah="level_estimasi", needed=False),
    _ind(
        "17",
        "apakah_indikator_bisa_diakses_umum",
        "yes_no",
        codes="ya_tidak",
        indah="apakah_indikator_bisa_diakses_umum",
        needed=False,
    ),
)

ITEMS = (*MS_KEG, *MS_VAR, *MS_IND)

#: What the schemas hold besides the items of the forms: (type, item with rows, name).
BESIDES = {
    "kegiatan": {
        # CKAN's own.
        "owner_org",
        "title",
        "name",
        # Where the activity stands with BPS, and which one it follows.
        "status_indah",
        "id_mskeg",
        "tanggal_rekomendasi",
        "berkas_rekomendasi",
        "kegiatan_sebelumnya",
        # Of a variable.
        "variabel.kode",
        "variabel.id_sds",
        "variabel.id_variabel_mms",
    },
    "indikator": {
        "owner_org",
        "name",
        "status_indah",
        "id_msind",
        "id_sds",
        "kode_indikator_sipd",
        # Where its values are on this portal.
        "nilai_resource",
        "nilai_kolom",
        "tahun_kolom",
        "saringan",
        "saringan.kolom",
        "saringan.nilai",
        "arah",
        "target",
        "target.tahun",
        "target.nilai",
        "target.sumber",
        # Columns without a number on the form: links instead of names, and a source.
        "variabel_disaggregasi.nama",
        "variabel_disaggregasi.sumber",
        "indikator_pembangun.indikator",
        "variabel_pembangun.variabel",
    },
}

#: Of the person who signs the paper form; personal data, so they are nowhere in a schema.
SIGNATURE = ("nip", "penandatangan", "tanda_tangan")
