"""How often database and Solr are asked, with few and with many datasets and OPD."""

from __future__ import annotations

import pytest
from ckan.tests import factories

from tests.theme.conftest import counted, dataset, office

__all__ = ["dataset", "office"]

PAGES = {
    "/dataset/?q=penduduk": (12, 1),
    "/dataset/?q=penduduk&frekuensi=TAHUNAN&ext_tahun_dari=2020": (12, 1),
    "/kategori/kesehatan?q=penduduk": (12, 2),
    "/cari/saran?q=pendud": (8, 2),
    "/cari/saran?q=xyzxyz": (8, 2),
}


def counts(app):
    found = {}
    for url in PAGES:
        app.get(url)
        with counted() as queries:
            app.get(url)
        found[url] = (len(queries.sql), len(queries.solr))
    return found


@pytest.mark.usefixtures("with_portal", "clean_db", "clean_index")
def test_counts_do_not_grow(app, dataset):
    def fill(first, last):
        for number in range(first, last):
            if number % 5 == 0:
                office = factories.Organization(name=f"opd-{number}")["id"]
            dataset(
                name=f"data-{number}",
                title=f"Jumlah Penduduk {number}",
                owner_org=office,
                kategori=["kesehatan"],
                periode_awal="2021",
                resources=[{"url": f"http://example.org/{n}.csv"} for n in range(number % 3)],
            )

    fill(0, 5)
    few = counts(app)
    for url, (sql, solr) in few.items():
        assert sql <= PAGES[url][0], (url, sql)
        assert solr <= PAGES[url][1], (url, solr)
    fill(5, 50)
    assert counts(app) == few
