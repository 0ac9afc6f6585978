"""The records that the clients look for: one with every field filled in, and some that change.

An operator of the OPD makes them, private; the walidata publishes them, as in a real portal.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import requests

from ckanext.tangerang.metadata import codelists
from stack.process import wait_until

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .portals import Site

#: How long the loader may take for their tables.
_LOADING_SECONDS = 300
#: Beginning of their names; what is left of an earlier run is removed by it.
MARK = "klien-"
WHOLE, CHANGING = f"{MARK}lengkap", f"{MARK}berubah"
LEAVING, LEAVING_TOO = f"{MARK}ditarik", f"{MARK}ditarik-juga"

#: A table of decimals, codes with a leading zero, a comma in a text, and an empty cell.
TABLE = (
    "kode_kecamatan,kecamatan,puskesmas,rasio\n"
    "36.03.01,Balaraja,3,1.25\n"
    '36.03.02,"Jayanti, Barat",4,\n'
    "36.03.03,Tigaraksa,5,0.5\n"
)
COLUMNS = (
    {
        "kolom": "kode_kecamatan",
        "label": "Kode kecamatan",
        "definisi": "Kode Kemendagri",
        "tipe": "string",
    },
    {"kolom": "kecamatan", "label": "Nama kecamatan", "tipe": "string"},
    {"kolom": "puskesmas", "label": "Banyaknya puskesmas", "tipe": "integer", "satuan": "unit"},
    {"kolom": "rasio", "label": "Rasio per desa", "tipe": "number"},
)
#: What a file says of itself.
FILE = {
    "name": "Tabel puskesmas 2024",
    "description": "Satu baris untuk setiap kecamatan",
    "format": "CSV",
    "periode_data": "2020/2024",
    "tingkat_wilayah": "kecamatan",
    "status_angka": "tetap",
    "kamus": COLUMNS,
}

#: Every field that an operator may fill in, each with a value that no other field has.
FIELDS: Mapping[str, Any] = {
    "notes": "Jumlah puskesmas di tiap kecamatan, menurut laporan bulanan.",
    "bidang_urusan": "1.02",
    "kategori": ["sosial_kemiskinan"],
    "jenis_data": "statistik",
    "jenis_statistik": "STATISTIK_SEKTORAL",
    "tags": [{"name": "fasyankes-primer"}, {"name": "pelayanan-dasar"}],
    "konsep": "Fasilitas tingkat pertama",
    "definisi": "Puskesmas yang terdaftar pada dinas",
    "klasifikasi": "Menurut wilayah administrasi",
    "ukuran": "Cacah bangunan",
    "satuan": "gedung",
    "metodologi": "Kompilasi laporan puskesmas",
    "sumber_data": "Laporan bulanan LB1",
    "kodereferensi": ["kemendagri", "fasyankes"],
    "periode_awal": "2020",
    "periode_akhir": "2024-06",
    "frekuensi": "SEMESTERAN",
    "jadwal_rilis": "2031-02",
    "tingkat_penyajian": ["kabupaten_kota", "kecamatan"],
    "cakupan_wilayah": ["36.03"],
    "accesslevel": "terbuka",
    "alasan_pembatasan": "Tidak dibatasi sama sekali",
    "license_id": "cc-by",
    "penanggung_jawab": "Kepala Bidang Pelayanan",
    "kontak_email": "pelayanan@example.go.id",
    "kontak_telepon": "(021) 5990123",
    "dasar_kebutuhan": [codelists.codelist("dasar_kebutuhan").keys[0]],
    "kode_indikator_sipd": ["1.02.000474"],
    "id_sds": ["SDS-0417"],
    "id_dds": ["DDS-0932"],
    "url": "https://dinkes.example.go.id/laporan",
    "version": "1.2.7",
    "author": "Seksi Data",
    "author_email": "seksi@example.go.id",
    "maintainer": "Bidang Pengelola",
    "maintainer_email": "pengelola@example.go.id",
}
#: What the operator of the OPD may not fill in.
WALIDATA_FIELDS: Mapping[str, Any] = {
    "prioritas_tahun": ["2029"],
    "Hasil_Pemeriksaan_SKDN": "1",
}
TITLES = {
    WHOLE: "Puskesmas Menurut Kecamatan (contoh untuk klien)",
    CHANGING: "Posyandu Menurut Kecamatan (contoh yang berubah)",
    LEAVING: "Poskesdes Menurut Kecamatan (contoh yang ditarik)",
    LEAVING_TOO: "Klinik Menurut Kecamatan (contoh yang ditarik juga)",
}


class Office:
    """The people who work on the records, with their tokens."""

    def __init__(self, site: Site, accounts: Mapping[str, Mapping[str, str]]) -> None:
        self.site = site
        self._tokens = {role: account["token"] for role, account in accounts.items()}
        user = site.call("user_show", id=accounts["produsen"]["name"])
        [self.organization] = site.call("organization_list_for_user", id=user["id"])

    def does(self, role: str, action: str, **data: Any) -> Any:
        """Return the result of an action that somebody asks for."""
        return self.site.call(action, token=self._tokens[role], **data)

    def publish(self, name: str) -> None:
        """Hand in a record, or a revision of one, and publish it."""
        self.does("produsen", "tangerang_review_submit", id=name, reason="Mohon diterbitkan.")
        version = self.does("walidata", "tangerang_review_show", id=name)["version"]
        self.does("walidata", "tangerang_review_publish", id=name, version=version)

    def add_file(self, dataset: str) -> None:
        """Upload the table to a dataset."""
        answer = requests.post(
            f"{self.site.url}/api/3/action/resource_create",
            data={**FILE, "kamus": json.dumps(FILE["kamus"]), "package_id": dataset},
            files={"upload": ("puskesmas 2024.csv", TABLE.encode(), "text/csv")},
            headers={"Authorization": self._tokens["produsen"]},
            timeout=60,
        )
        assert answer.ok, answer.text

    def make(self, name: str, **more: Any) -> None:
        """Make, check and publish a dataset with a file."""
        made = self.does(
            "produsen",
            "package_create",
            **{**FIELDS, **more},
            name=name,
            title=TITLES[name],
            owner_org=self.organization["id"],
            private=True,
        )
        self.add_file(made["id"])
        self.does("admin", "package_patch", id=made["id"], **WALIDATA_FIELDS)
        self.publish(made["id"])

    def links(self) -> dict[str, Any]:
        """Return a public activity and a public indicator, as a dataset names them."""
        found = {}
        for kind in ("kegiatan", "indikator"):
            search = self.site.public("package_search", fq=f"dataset_type:{kind}", rows=1)
            found[kind] = search["results"][0]["id"]
        return {"kegiatan": found["kegiatan"], "indikator": [found["indikator"]]}

    def make_all(self) -> dict[str, dict[str, Any]]:
        """Make the records, after removing those of an earlier run; return them by name."""
        search = self.site.call(
            "package_search", q=f"name:{MARK}*", rows=100, include_private=True, include_drafts=True
        )
        for record in search["results"]:
            self.site.call("dataset_purge", id=record["id"])
        for name in TITLES:
            self.make(name, **(self.links() if name == WHOLE else {}))
        # The loader fills their tables meanwhile, and that changes what a client reads.
        assert wait_until(lambda: all(map(self._has_table, TITLES)), _LOADING_SECONDS, 0.5)
        return {name: self.site.public("package_show", id=name) for name in TITLES}

    def _has_table(self, name: str) -> bool:
        """Tell whether the loader has made a table of the file of a record."""
        [file] = self.site.public("package_show", id=name)["resources"]
        return bool(file["datastore_active"])

    def change(self, name: str, **fields: Any) -> None:
        """Change a published record by a revision."""
        revision = self.does("produsen", "tangerang_review_revise", id=name)
        self.does("produsen", "package_patch", id=revision["id"], **fields)
        self.publish(revision["id"])

    def retract(self, name: str) -> None:
        """Take a record out of public."""
        reason = "Angkanya keliru."
        self.does("walidata", "tangerang_review_retract", id=name, reason=reason)
