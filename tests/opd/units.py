"""The registry of Kabupaten Tangerang as plain values: seed list, kecamatan, some history."""

from __future__ import annotations

import dataclasses
from functools import cache
from pathlib import Path

from ckanext.tangerang import demo
from ckanext.tangerang.demo.offices import read_offices
from ckanext.tangerang.opd.region import Region
from ckanext.tangerang.opd.registry import FormerName, Registry, Unit, registry_of

KABUPATEN_TANGERANG = Region("36.03", "Kabupaten Tangerang")

#: Web addresses and short names of the seed list, as a walidata would have confirmed them.
ALIASES = {
    "disporabudpar": ("Disbudpar",),
    "dbmsda": ("Binamarga",),
    "dtrb": ("Tataruang",),
    "dlhk": ("lingkunganhidup",),
    "dp3a": ("DPPPA",),
    "bkpsdm": ("kepegawaian",),
}
#: What two OPD were called before.
FORMER = {
    "kesbangpol": FormerName(
        name="kantor-kesbangpol",
        title="Kantor Kesatuan Bangsa dan Politik",
        berlaku_sampai="2016",
    ),
    "disporabudpar": FormerName(
        name="dinas-kebudayaan-dan-pariwisata",
        title="Dinas Kebudayaan dan Pariwisata",
        berlaku_sampai="2016",
    ),
}


@cache
def registry() -> Registry:
    """Return the registry that the lists of spellings are about."""
    region = KABUPATEN_TANGERANG
    path = Path(str(demo.__file__)).with_name("opd.yaml")
    names = {f.name for f in dataclasses.fields(Unit)}
    units = []
    for office in read_offices(path, region.code, region.name).all:
        plain = {k: v for k, v in dataclasses.asdict(office).items() if k in names}
        former = FORMER.get(office.slug)
        units.append(
            Unit(
                **plain,
                id=f"id-{office.slug}",
                name=office.slug,
                alias=ALIASES.get(office.slug, ()),
                nama_lama=(former,) if former else (),
            )
        )
    return registry_of(units)
