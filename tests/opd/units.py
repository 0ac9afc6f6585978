"""The packaged registry for Kabupaten Tangerang as plain values, with all 29 kecamatan."""

from __future__ import annotations

from functools import cache

from ckanext.tangerang.opd import defaults, files, rows
from ckanext.tangerang.opd.region import Region
from ckanext.tangerang.opd.registry import Registry, Unit, registry_of

KABUPATEN_TANGERANG = Region("36.03", "Kabupaten Tangerang")


@cache
def registry() -> Registry:
    """Return the registry that the lists of spellings are about."""
    region = KABUPATEN_TANGERANG
    document = files.read(defaults.PACKAGED.read_bytes(), defaults.PACKAGED.name)
    found = [rows.clean(row)[0] for row in defaults.expand(document, region.code, region.name).rows]
    return registry_of(Unit(**{**values, "id": f"id-{values['name']}"}) for values in found)
