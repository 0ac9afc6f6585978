"""The rows of the sample tables, one function for each builder named in ``data/datasets.yaml``.

Each takes a :class:`.tables.Subject` and returns rows in the order of the columns there; no rows
mean that there is nothing to say about that region.
"""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .. import wilayah
from ..metadata.codelists import CodeList, Item, codelist
from .offices import NOT_OPD
from .tables import Row, Subject, read_data

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: How the certainty of a fact is written in a table.
CONFIRMED = "dikonfirmasi"
UNCERTAIN = "perlu diperiksa"

#: The remark on a figure that a release does not print, but that follows from it.
DERIVED = "diturunkan dari angka dalam rilis yang sama"

#: Separates several values in one cell.
SEPARATOR = "; "


def _code(value: int | str | None) -> str | None:
    """Return the code of an item as text: codes are never numbers."""
    return None if value is None else str(value)


def districts(subject: Subject) -> list[Row]:
    """Return the kecamatan of the region with their codes."""
    region = wilayah.regency(subject.region_code)
    return [(d.code, d.name, region.code, region.name) for d in region.districts]


def bps_map(subject: Subject) -> list[Row]:
    """Return the kecamatan that have a BPS code, with both codes."""
    codes = wilayah.bps_districts(subject.region_code)
    return [
        (district.code, codes[district.code], district.name)
        for district in wilayah.regency(subject.region_code).districts
        if district.code in codes
    ]


def villages(subject: Subject) -> list[Row]:
    """Return the desa and kelurahan of the region."""
    return [
        (v.code, v.name, v.kind, v.district_code, v.district_name)
        for v in wilayah.villages(subject.region_code)
    ]


def village_counts(subject: Subject) -> list[Row]:
    """Return the numbers of desa, of kelurahan and of both for each kecamatan."""
    return [
        (d.code, d.name, d.count("desa"), d.count("kelurahan"), len(d.villages))
        for d in wilayah.regency(subject.region_code).districts
    ]


def postal_codes(subject: Subject) -> list[Row]:
    """Return the postal code of each village that has one, by postal code."""
    return sorted(
        (v.postal_code, v.code, v.name, v.kind, v.district_name)
        for v in wilayah.villages(subject.region_code)
        if v.postal_code
    )


def shared_names(subject: Subject) -> list[Row]:
    """Return the villages that share their name with another one of the region, by name."""
    return [
        (v.code, v.name, v.kind, v.district_code, v.district_name, len(group))
        for group in wilayah.duplicate_village_names(subject.region_code).values()
        for v in group
    ]


def regencies(subject: Subject) -> list[Row]:
    """Return the regencies of the province with the numbers of their parts."""
    return [
        (r.code, r.name, r.kind, len(r.districts), r.count("desa"), r.count("kelurahan"))
        for r in wilayah.province_regencies(subject.region_code)
    ]


def _affairs(name: str) -> list[Row]:
    """Return the items of a list of government affairs with their certainty."""
    return [
        (
            item.key,
            item.id,
            item.en,
            item.extra["group"],
            UNCERTAIN if "certainty" in item.extra else CONFIRMED,
        )
        for item in codelist(name).items
    ]


def government_affairs(_subject: Subject) -> list[Row]:
    """Return the bidang urusan."""
    return _affairs("urusan")


def supporting_units(_subject: Subject) -> list[Row]:
    """Return the unsur beside the bidang urusan."""
    return _affairs("unsur_penunjang")


def sectors(_subject: Subject) -> list[Row]:
    """Return the sectors of statistical activities."""
    return [(_code(i.code), i.key, i.id, i.en) for i in codelist("sektor_kegiatan").items]


def _form(*forms: str) -> list[Row]:
    """Return the items of the given BPS forms, numbered from 1 in each."""
    return [
        (
            order,
            form,
            item.get("blok"),
            item.get("nomor"),
            item["butir"],
            item["tipe"],
            item["wajib"],
            item.get("daftar_kode"),
            item.get("syarat"),
        )
        for form in forms
        for order, item in enumerate(read_data("formulir")[form], start=1)
    ]


def form_activity(_subject: Subject) -> list[Row]:
    """Return the items of MS-Keg."""
    return _form("MS-Keg")


def form_variable_indicator(_subject: Subject) -> list[Row]:
    """Return the items of MS-Var, then those of MS-Ind."""
    return _form("MS-Var", "MS-Ind")


def _uses() -> dict[str, list[str]]:
    """Return the code lists, in the order of the forms, with the items that use them."""
    uses: dict[str, list[str]] = {}
    for form, items in read_data("formulir").items():
        for item in items:
            if "daftar_kode" in item:
                place = item.get("nomor") or item["blok"].lower()
                uses.setdefault(item["daftar_kode"], []).append(f"{form} {place}")
    return {name: list(dict.fromkeys(places)) for name, places in uses.items()}


def form_code_lists(_subject: Subject) -> list[Row]:
    """Return the choices of all code lists of the forms."""

    def row(found: CodeList, places: list[str], order: int, item: Item) -> Row:
        summed = "ya" if found.bit_values else "tidak"
        used = SEPARATOR.join(places)
        return (found.name, used, order, item.key, _code(item.code), item.id, item.en, summed)

    return [
        row(codelist(name), places, order, item)
        for name, places in _uses().items()
        for order, item in enumerate(codelist(name).items, start=1)
    ]


def epss(_subject: Subject) -> list[Row]:
    """Return the EPSS indicators with their aspects, domains and weights."""
    domains = {item.key: item for item in codelist("epss_domain").items}
    aspects = {item.key: item for item in codelist("epss_aspek").items}
    rows: list[Row] = []
    for item in codelist("epss_indikator").items:
        aspect = aspects[item.extra["parent"]]
        domain = domains[aspect.extra["parent"]]
        rows.append(
            (
                *(domain.key, domain.id, domain.extra["weight"]),
                *(aspect.key, aspect.id, aspect.extra["weight"]),
                *(item.key, item.id, item.en, item.extra["weight"]),
            )
        )
    return rows


def legal_basis(_subject: Subject) -> list[Row]:
    """Return the laws and regulations on SDI and statistics."""
    keys = ("jenis", "nomor", "tahun", "tentang", "lingkup", "keyakinan")
    return [tuple(entry[key] for key in keys) for entry in read_data("dasar_hukum")]


def region_decrees(_subject: Subject) -> list[Row]:
    """Return the decrees on region codes, oldest first."""
    return [
        (order, e["jenis"], e["nomor"], e["tahun"], e.get("tanggal"), e["status"])
        for order, e in enumerate(read_data("keputusan_kode_wilayah"), start=1)
    ]


def offices(subject: Subject) -> list[Row]:
    """Return the perangkat daerah of the OPD file, without the suppliers that are none."""
    kinds = {item.key: item.id for item in codelist("kelompok_opd").items}
    source = read_data("datasets")["sources"]
    return [
        (
            office.name,
            office.title,
            office.singkatan or None,
            kinds.get(office.jenis_opd),
            SEPARATOR.join(office.urusan) or None,
            office.kode_opd or None,
            office.kode_wilayah or None,
            office.catatan_verifikasi,
            source["region"] if office.kode_wilayah else source["offices"],
        )
        for office in subject.offices.all
        if office.jenis_opd != NOT_OPD
    ]


def human_development(subject: Subject) -> list[Row]:
    """Return the human development index of the region and its parts, each with its source."""
    found: dict[str, Any] = read_data("ipm").get(subject.region_code, {})
    return [
        (
            subject.region_code,
            subject.region_name,
            part["nama"],
            year,
            Decimal(value),
            part["satuan"],
            "diturunkan dari angka dalam rilis yang sama"
            if year in part.get("turunan", ())
            else None,
            found["sumber"],
        )
        for part in found.get("indikator", ())
        for year, value in part["nilai"].items()
    ]


#: Years of the invented figures.
_SAMPLE_YEARS = range(2019, 2026)


def _invented(key: str, low: int, high: int) -> int:
    """Return an invented whole number between two others, the same for the same key."""
    digest = hashlib.sha256(key.encode()).digest()
    return low + int.from_bytes(digest[:4], "big") % (high - low + 1)


def sample_visits(subject: Subject) -> list[Row]:
    """Return invented numbers of visits to health centres for each kecamatan and year."""
    return [
        (
            d.code,
            d.name,
            year,
            _invented(d.code, 18_000, 92_000)
            + (year - 2019) * _invented(f"{d.code}+", -900, 2_400),
        )
        for d in wilayah.regency(subject.region_code).districts
        for year in _SAMPLE_YEARS
    ]


def sample_satisfaction(subject: Subject) -> list[Row]:
    """Return an invented index of satisfaction for each year."""
    return [
        (
            subject.region_code,
            subject.region_name,
            year,
            Decimal(7_850 + (year - 2019) * 95 + _invented(str(year), -60, 60)) / 100,
        )
        for year in _SAMPLE_YEARS
    ]


BUILDERS: Mapping[str, Callable[[Subject], list[Row]]] = {
    builder.__name__: builder
    for builder in (
        districts,
        bps_map,
        villages,
        village_counts,
        postal_codes,
        shared_names,
        regencies,
        government_affairs,
        supporting_units,
        sectors,
        form_activity,
        form_variable_indicator,
        form_code_lists,
        epss,
        legal_basis,
        region_decrees,
        offices,
        human_development,
        sample_visits,
        sample_satisfaction,
    )
}
