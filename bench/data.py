"""Generated records for the benchmark. None of this describes anything real."""

from __future__ import annotations

from typing import Any

_ORGANIZATIONS = 30
_FORMATS = ("PDF", "JSON", "ZIP")


def organizations() -> list[dict[str, Any]]:
    """Return the organizations that own the datasets."""
    return [
        {"name": f"bench-opd-{number}", "title": f"Bench OPD {number}"}
        for number in range(_ORGANIZATIONS)
    ]


def dataset(number: int, *, sdi: bool) -> dict[str, Any]:
    """Return the dataset ``number``: about 25 fields, three resources.

    :param sdi: fill the fields of our schema; else those of DCAT-AP, as many and as long
    """
    text = f"Generated text number {number} for measuring only. " * 6
    record: dict[str, Any] = {
        "name": f"bench-dataset-{number:05}",
        "title": f"Bench dataset {number}",
        "notes": text,
        "owner_org": f"bench-opd-{number % _ORGANIZATIONS}",
        "license_id": "cc-by",
        "version": "1",
        "url": "https://example.org/bench",
        "tags": [{"name": f"tag-{number % 17}"}, {"name": f"tag-{number % 5 + 20}"}],
        "resources": [
            {
                "name": f"File {index}",
                "url": f"https://example.org/bench/{number}/{index}",
                "format": _FORMATS[index],
                "description": "Generated for measuring only.",
            }
            for index in range(len(_FORMATS))
        ],
    }
    if sdi:
        record |= {
            "kategori": ["kesehatan", "kependudukan"],
            "bidang_urusan": "1.02",
            "jenis_data": "statistik",
            "jenis_statistik": "STATISTIK_SEKTORAL",
            "konsep": text,
            "definisi": text,
            "klasifikasi": "Kecamatan",
            "ukuran": "Jumlah",
            "satuan": "orang",
            "frekuensi": "TAHUNAN",
            "periode_awal": "2020",
            "periode_akhir": "2024",
            "tingkat_penyajian": ["kecamatan"],
            "cakupan_wilayah": ["36.03"],
            "metodologi": text,
            "sumber_data": "Generated",
            "accesslevel": "terbuka",
            "penanggung_jawab": "Kepala Bidang",
            "kontak_email": "bench@example.org",
        }
    else:
        record |= {
            "identifier": f"bench-{number}",
            "theme": ["http://publications.europa.eu/resource/authority/data-theme/HEAL"],
            "language": ["http://publications.europa.eu/resource/authority/language/IND"],
            "documentation": ["https://example.org/bench/documentation"],
            "conforms_to": ["https://example.org/bench/standard"],
            "frequency": "http://publications.europa.eu/resource/authority/frequency/ANNUAL",
            "temporal_coverage": [{"start": "2020-01-01", "end": "2024-12-31"}],
            "provenance": text,
            "version_notes": text,
            "spatial_resolution_in_meters": ["100"],
            "access_rights": "http://publications.europa.eu/resource/authority/access-right/PUBLIC",
            "contact": [{"name": "Kepala Bidang", "email": "bench@example.org"}],
            "publisher": [{"name": "Bench", "email": "bench@example.org"}],
        }
    return record
