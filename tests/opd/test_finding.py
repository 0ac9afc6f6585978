"""Search among OPD for people, without a portal."""

from __future__ import annotations

import pytest

from ckanext.tangerang.opd import finding
from ckanext.tangerang.opd.registry import FormerName, Unit, registry_of

REGISTRY = registry_of(
    [
        Unit(
            id="1",
            name="disporabudpar",
            title="Dinas Pemuda, Olahraga, Kebudayaan dan Pariwisata",
            singkatan="Disporabudpar",
            kode_opd="2.19.2.22.3.26.01.0000",
            alias=("Dinas Porabudpar",),
            nama_lama=(FormerName("disbudpar", "Dinas Kebudayaan dan Pariwisata", "Disbudpar"),),
        ),
        Unit(id="2", name="teluknaga", title="Kecamatan Teluknaga", kode_wilayah="36.03.11"),
    ]
)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("olahraga pemuda", ("disporabudpar", finding.TITLE)),
        ("Kec. Teluk Naga", ("teluknaga", finding.TITLE)),
        ("disbudpar", ("disporabudpar", finding.FORMER)),
        ("porabudpar", ("disporabudpar", finding.SHORT)),
        ("dinas porabudpar", ("disporabudpar", finding.ALIAS)),
        ("2.19", ("disporabudpar", finding.CODE)),
        ("36.03", ("teluknaga", finding.CODE)),
    ],
)
def test_found_by(query, found):
    [hit] = finding.find(REGISTRY, query)
    assert (hit.unit.name, hit.how) == found


@pytest.mark.parametrize("query", ["", "   ", "dan", "...", "3.26", "perikanan"])
def test_finds_nothing(query):
    assert finding.find(REGISTRY, query) == []
