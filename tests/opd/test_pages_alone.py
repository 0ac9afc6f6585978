"""The pages of the registry in a portal that has no other plugin of ours."""

from __future__ import annotations

import pytest
from ckan.tests import factories

from tests.theme.conftest import page, text

__all__ = ["page"]

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", "tangerang_opd scheming_organizations"),
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index"),
]


def test_they_work_without_scores_topics_and_theme(page):
    opd = factories.Organization(name="dinkes", title="Dinas Kesehatan", singkatan="Dinkes")
    factories.Organization(name="puskesmas", title="Puskesmas", groups=[{"name": "dinkes"}])
    factories.Dataset(owner_org=opd["id"])
    sysadmin = factories.SysadminWithToken()["token"]
    for token in (None, sysadmin):
        [line] = page("/opd", token).select(".tangerang-opd-list > li > .tangerang-opd-line")[:1]
        cells = [text(cell) for cell in line.select(".n")]
        assert cells[0] == "1 Datasets"
        assert len(cells) == 2
        for url in (
            *("/organization/dinkes", "/organization/about/dinkes", "/organization/puskesmas"),
            *("/opd?tampilan=kelompok", "/opd?tampilan=urusan&unit=1", "/opd?q=dinkes"),
        ):
            assert page(url, token).h1, url
    assert page("/organization/edit/dinkes", sysadmin).select("fieldset.tangerang-opd-group")
