"""An OPD that has ended takes no new data, and keeps what it has."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from .people import PLUGINS

pytestmark = pytest.mark.ckan_config("ckan.plugins", PLUGINS)

REFUSAL = (
    "Dinas Kesehatan ended in 2020 and takes no new data. "
    "Use the OPD that replaces it: Dinas Pendidikan (disdik)."
)


@pytest.fixture
def closed(portal):
    """Return a portal whose Dinkes ended in 2020, with a dataset of before."""
    factories.Dataset(owner_org=portal.dinkes["id"], name="puskesmas", title="Puskesmas")
    factories.Dataset(owner_org=portal.disdik["id"], name="sekolah")
    portal.act(
        "walidata",
        "organization_patch",
        id="dinkes",
        berlaku_sampai="2020",
        cara_berakhir="digabung",
        pengganti="disdik",
    )
    return portal


@pytest.mark.parametrize("role", ["editor", "sysadmin"])
class TestNewData:
    @pytest.mark.parametrize("how", ["name", "id"])
    def test_is_not_created(self, closed, role, how):
        errors = closed.refused(role, "package_create", name="baru", owner_org=closed.dinkes[how])
        assert errors == {"owner_org": [REFUSAL]}

    def test_is_not_created_by_a_former_name(self, closed, role):
        closed.act("walidata", "organization_patch", id="dinkes", name="dinkeslama")
        errors = closed.refused(role, "package_create", name="baru", owner_org="dinkes")
        assert list(errors) == ["owner_org"]


class TestMoving:
    @pytest.mark.parametrize("action", ["package_patch", "package_update", "package_revise"])
    def test_is_refused_on_every_path(self, closed, action):
        data = {"id": "sekolah", "owner_org": closed.dinkes["id"]}
        if action == "package_update":
            data = {**call_action("package_show", id="sekolah"), **data}
        if action == "package_revise":
            data = {"match": {"name": "sekolah"}, "update": {"owner_org": "dinkes"}}
        errors = closed.refused("sysadmin", action, **data)
        assert errors == {"owner_org": [REFUSAL]}

    @pytest.mark.parametrize("how", ["name", "id"])
    def test_also_past_the_validators(self, closed, how):
        errors = closed.refused(
            "sysadmin",
            "package_owner_org_update",
            id="sekolah",
            organization_id=closed.dinkes[how],
        )
        assert errors == {"organization_id": [REFUSAL]}
        assert model.Package.get("sekolah").owner_org == closed.disdik["id"]

    def test_rights_come_first(self, closed):
        with pytest.raises(tk.NotAuthorized):
            closed.act("editor", "package_owner_org_update", id="sekolah", organization_id="dinkes")

    def test_away_from_it_is_free(self, closed):
        closed.act("sysadmin", "package_patch", id="puskesmas", owner_org="disdik")
        assert model.Package.get("puskesmas").owner_org == closed.disdik["id"]


class TestPublishedData:
    def test_stays_visible_and_can_be_corrected(self, closed):
        for change in (
            {"title": "Puskesmas dan pustu"},
            {"title": "Lagi", "owner_org": "dinkes"},
            {"private": True},
        ):
            closed.act("editor", "package_patch", id="puskesmas", **change)
        closed.act("editor", "resource_create", package_id="puskesmas", url="https://a.go.id/a.csv")
        shown = call_action("package_show", id="puskesmas")
        assert (shown["title"], shown["private"], len(shown["resources"])) == ("Lagi", True, 1)
        call_action(
            "bulk_update_public",
            context={"user": closed.users["admin"]["name"]},
            datasets=[shown["id"]],
            org_id=closed.dinkes["id"],
        )
        found = call_action("package_search", fq="organization:dinkes")
        assert found["count"] == 1

    def test_the_organization_itself_can_be_edited(self, closed):
        closed.act("admin", "organization_patch", id="dinkes", alamat="Gedung lama")


class TestWhen:
    @pytest.mark.parametrize("end", ["", "2099", "2099-01"])
    def test_not_before_the_end(self, portal, end):
        portal.act("walidata", "organization_patch", id="dinkes", berlaku_sampai=end)
        assert portal.act("editor", "package_create", name="baru", owner_org="dinkes")

    def test_the_last_successor_is_named(self, closed):
        factories.Organization(name="dindikbud", title="Dinas Pendidikan dan Kebudayaan")
        closed.act(
            "walidata",
            "organization_patch",
            id="disdik",
            berlaku_sampai="2021-06",
            cara_berakhir="digabung",
            pengganti=["dindikbud"],
        )
        errors = closed.refused("editor", "package_create", name="baru", owner_org="dinkes")
        assert "Dinas Pendidikan dan Kebudayaan (dindikbud)" in errors["owner_org"][0]

    def test_without_one_it_says_when_it_ended(self, portal):
        portal.act(
            "walidata",
            "organization_patch",
            id="dinkes",
            berlaku_sampai="2020",
            cara_berakhir="ditutup",
        )
        errors = portal.refused("editor", "package_create", name="baru", owner_org="dinkes")
        assert errors["owner_org"] == ["Dinas Kesehatan ended in 2020 and takes no new data."]

    @pytest.mark.ckan_config("ckanext.tangerang.opd.closed_refuse_data", "false")
    def test_not_while_a_portal_is_moved(self, closed):
        assert closed.act("editor", "package_create", name="baru", owner_org="dinkes")
