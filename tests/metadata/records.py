"""Two activities described in full, as an officer would send them by the API."""

from __future__ import annotations

from typing import Any

_PERIOD = [{"awal": "2025-01-06", "akhir": "2025-01-31"}]

_COMMON: dict[str, Any] = {
    "type": "kegiatan",
    "tahun_kegiatan": "2025",
    "sektor_kegiatan": "KESEHATAN",
    "jenis_statistik": "STATISTIK_SEKTORAL",
    "mendapat_rekomendasi": "YA",
    "identitas_rekomendasi": "V-25.3603.001",
    "i_alamat": "Jalan Kantor 1, Tigaraksa",
    "i_telepon": "(021) 5990001",
    "i_faksimile": "-",
    "i_email": "kantor@example.go.id",
    "ii_pj_nama": "Kepala Bidang Data",
    "ii_pj_jabatan": "Kepala Bidang Data",
    "ii_pj_alamat": "Jalan Kantor 1, Tigaraksa",
    "ii_pj_telepon": "(021) 5990002",
    "ii_pj_faksimile": "Tidak ada",
    "ii_pj_email": "bidang@example.go.id",
    "iii_latar_belakang_kegiatan": "Layanan dinilai setiap tahun.",
    "iii_tujuan_kegiatan": "Mengetahui mutu layanan.",
    "iii_jadwal_perencanaan_kegiatan": _PERIOD,
    "iii_jadwal_desain": _PERIOD,
    "iii_jadwal_pengumpulan_data": [
        {"awal": "2025-02-03", "akhir": "2025-02-28"},
        {"awal": "2025-08-04", "akhir": "2025-08-29"},
    ],
    "iii_jadwal_pengolahan_data": _PERIOD,
    "iii_jadwal_analisis": _PERIOD,
    "iii_jadwal_diseminasi_hasil": _PERIOD,
    "iii_jadwal_evaluasi": _PERIOD,
    "iv_kegiatan_ini_dilakukan": "BERULANG",
    "iv_frekuensi_penyelanggara": "TAHUNAN",
    "iv_tipe_pengumpulan_data": "CROSS_SECTIONAL",
    "iv_cakupan_wilayah_pengumpulan_data": "SEBAGIAN_WILAYAH_INDONESIA",
    "iv_wilayah_kegiatan": ["36.03"],
    "vi_apakah_melakukan_uji_coba": "TIDAK",
    "vi_metode_pemeriksaan_kualitas_pengumpulan_data": ["supervisi"],
    "vi_apakah_melakukan_penyesuaian_nonrespon": "TIDAK",
    "vii_tahapan_pengolahan_data_editing": "YA",
    "vii_tahapan_pengolahan_data_coding": "TIDAK",
    "vii_tahapan_pengolahan_data_data_entry": "YA",
    "vii_tahapan_pengolahan_data_validasi": "YA",
    "vii_metode_analisis": "DESKRIPTIF",
    "vii_unit_analisis": ["individu"],
    "vii_tingkat_penyajian_hasil_analisis": ["kabupaten_atau_kota", "lainnya"],
    "vii_tingkat_penyajian_hasil_analisis_lainnya": "Puskesmas",
    "viii_ketersediaan_produk_tercetak": "TIDAK",
    "viii_ketersediaan_produk_digital": "YA",
    "viii_ketersediaan_produk_mikrodata": "TIDAK",
    "viii_rencana_jadwal_rilis_produk_digital": [
        {"judul": "Laporan 2025", "tanggal": "2025-12-15"}
    ],
}


def variable(number: int) -> dict[str, Any]:
    """Return a variable with all thirteen items of MS-Var."""
    return {
        "nama": f"Unsur pelayanan {number}",
        "alias": f"U{number}",
        "konsep": ["Kepuasan", "Pelayanan publik"],
        "definisi": f"Penilaian responden atas unsur ke-{number}, dari satu sampai empat. " * 12,
        "referensi_pemilihan": ["Permenpan RB 14/2017"],
        "referensi_waktu": "Saat pencacahan",
        "ukuran": "Indeks",
        "satuan": "poin",
        "tipe_data": "integer",
        "value_domain": [
            {"kode": "1", "nilai": "Tidak baik"},
            {"kode": "2", "nilai": "Kurang baik"},
            {"kode": "3", "nilai": "Baik"},
            {"kode": "4", "nilai": "Sangat baik"},
        ],
        "aturan_validasi": ["Harus terisi", "Antara 1 dan 4"],
        "kalimat_pertanyaan": f"Bagaimana pendapat Saudara tentang unsur {number}?",
        "apakah_variabel_bisa_diakses_umum": "YA",
    }


def survey(variables: int = 60) -> dict[str, Any]:
    """Return a survey with every item of MS-Keg that its conditions open."""
    return {
        **_COMMON,
        "judul_kegiatan": "Survei Kepuasan Masyarakat Dinas Kesehatan",
        "cara_pengumpulan_data": "SURVEI",
        "variabel": [variable(number) for number in range(1, variables + 1)],
        "iv_metode_pengumpulan_data": ["wawancara", "lainnya"],
        "iv_metode_pengumpulan_lainnya": "Kotak saran",
        "iv_sarana_pengumpulan_data": ["papi", "cawi"],
        "iv_unit_pengumpulan_data": ["individu"],
        "v_jenis_rancangan_sampel": "SINGLE_STAGE_ATAU_PHASE",
        "v_metode_pemilihan_sampel_tahap_terakhir": "SAMPEL_PROBABILITAS",
        "v_metode_yang_digunakan": "SYSTEMATIC_RANDOM_SAMPLING",
        "v_kerangka_sampel_tahap_terakhir": "LIST_FRAME",
        "v_fraksi_sampel_keseluruhan": "0,05",
        "v_nilai_perkiraan_sampling_error_variabel_utama": "3 persen",
        "v_unit_sampel": "Pengunjung puskesmas",
        "v_unit_observasi": "Pengunjung puskesmas",
        "vi_petugas_pengumpulan_data": "STAF_INSTANSI_PENYELENGGARA",
        "vi_persyaratan_pendidikan_terendah_petugas_pengumpulan_data": "SMA_ATAU_SMK",
        "vi_jumlah_petugas_supervisor": "4",
        "vi_jumlah_petugas_enumerator": "44",
        "vi_apakah_melakukan_pelatihan_petugas": "YA",
    }


def compilation() -> dict[str, Any]:
    """Return a compilation of administrative records: Blok V and 6.4 to 6.7 are not asked."""
    return {
        **_COMMON,
        "judul_kegiatan": "Kompilasi Data Puskesmas",
        "cara_pengumpulan_data": "KOMPILASI_PRODUK_ADMINISTRASI",
        "variabel": [variable(1), variable(2)],
        "iv_metode_pengumpulan_data": ["pengumpulan_data_sekunder"],
        "iv_sarana_pengumpulan_data": ["lainnya"],
        "iv_sarana_pengumpulan_lainnya": "Laporan bulanan",
        "iv_unit_pengumpulan_data": ["lainnya"],
        "iv_unit_pengumpulan_data_lainnya": "Puskesmas",
    }


def indicator() -> dict[str, Any]:
    """Return an indicator with every item of MS-Ind that its conditions open."""
    return {
        "type": "indikator",
        "title": "Indeks Kepuasan Masyarakat",
        "konsep": ["Kepuasan"],
        "definisi": "Rata-rata tertimbang nilai unsur pelayanan.",
        "interpretasi": "Makin tinggi makin puas.",
        "metode_perhitungan": "Rata-rata tertimbang dikali 25.",
        "rumus": "IKM = jumlah(nilai * bobot) * 25",
        "ukuran": "Indeks",
        "satuan": "poin",
        "variabel_disaggregasi": [{"nama": "Jenis kelamin", "sumber": "Kuesioner"}],
        "apakah_indikator_komposit": "TIDAK",
        "variabel_pembangun": [
            {"kegiatan_penghasil": ["Survei Kepuasan Masyarakat"], "nama": "Unsur pelayanan 1"}
        ],
        "level_estimasi": "kabupaten",
        "apakah_indikator_bisa_diakses_umum": "YA",
        "arah": "naik_baik",
        "target": [{"tahun": "2026", "nilai": "88,5"}],
    }
