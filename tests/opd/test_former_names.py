"""After a rename the old address works everywhere, and is nobody else's."""

from __future__ import annotations

from datetime import datetime

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.lib import jobs, redis
from ckan.tests import factories
from ckan.tests.helpers import call_action
from redis import ConnectionPool

from ckanext.tangerang.opd import names, store
from ckanext.tangerang.opd.clock import today
from ckanext.tangerang.opd.registry import FormerName

from .people import PLUGINS

pytestmark = pytest.mark.ckan_config("ckan.plugins", PLUGINS)


@pytest.fixture(autouse=True)
def empty_queue(with_plugins):
    """Let no job of another test run in this one."""
    jobs.get_queue().empty()


def work():
    """Run the jobs that wait."""
    jobs.Worker().work(burst=True)


def waiting():
    return [job.func_name for job in jobs.get_queue().jobs]


@pytest.fixture
def renamed(portal):
    """Return a portal whose Dinkes is called Dinas Kesehatan dan Sosial now."""
    dataset = factories.Dataset(owner_org=portal.dinkes["id"], name="puskesmas")
    portal.dataset = dataset
    portal.act("walidata", "organization_patch", id="dinkes", name="dinkessos", title="Dinas Baru")
    return portal


class TestHistory:
    def test_a_rename_writes_the_old_name_with_its_period(self, renamed):
        (former,) = store.load().by_name["dinkessos"].nama_lama
        assert former == FormerName("dinkes", "Dinas Kesehatan", "Dinkes", "2001", today())

    def test_a_second_one_begins_where_the_first_ended(self, renamed):
        renamed.act("walidata", "organization_patch", id="dinkessos", singkatan="DKS")
        first, second = store.load().by_name["dinkessos"].nama_lama
        assert (second.title, second.singkatan) == ("Dinas Baru", "Dinkes")
        assert second.berlaku_dari == first.berlaku_sampai == today()

    @pytest.mark.parametrize("action", ["organization_update", "group_update"])
    def test_every_action_that_can_rename_writes_it(self, portal, action):
        shown = portal.act("sysadmin", "organization_show", id="dinkes")
        portal.act("sysadmin", action, **{**shown, "title": "Dinas Baru"})
        assert store.load().by_name["dinkes"].nama_lama[0].title == "Dinas Kesehatan"

    def test_nothing_is_written_for_anything_else(self, portal):
        portal.act("admin", "organization_patch", id="dinkes", alamat="Jalan Baru 1")
        portal.act("walidata", "organization_patch", id="dinkes", kode_wilayah="36.03.01")
        assert not store.load().by_name["dinkes"].nama_lama
        assert not waiting()

    def test_nor_when_the_rename_is_refused(self, portal):
        portal.refused("walidata", "organization_patch", id="dinkes", name="disdik")
        portal.refused("walidata", "organization_patch", id="dinkes", title="X", situs_web="x")
        model.Session.rollback()
        assert not store.load().by_name["dinkes"].nama_lama

    def test_a_caller_may_keep_it_in_a_transaction(self, portal):
        context = {**portal.context("walidata"), "defer_commit": True}
        tk.get_action("organization_patch")(context, {"id": "dinkes", "title": "Dinas Baru"})
        assert store.load().by_name["dinkes"].nama_lama
        model.Session.rollback()
        assert not store.load().by_name["dinkes"].nama_lama
        assert not waiting()

    def test_the_answer_is_what_ckan_alone_answers(self, portal):
        """With what was just changed, also where that is asked of the database."""
        answer = portal.act("sysadmin", "organization_update", id="dinkes", title="X", users=[])
        assert (answer["title"], answer["users"]) == ("X", [])

    def test_an_apply_that_wrote_it_already_is_left_alone(self, portal):
        former = FormerName("dinkes", "Dinas Kesehatan", "Dinkes", "2001", "2016", "Perda 11/2016")
        names.record_change(portal.dinkes["id"], former)
        portal.act("walidata", "organization_patch", id="dinkes", title="Dinas Baru")
        assert store.load().by_name["dinkes"].nama_lama == (former,)

    def test_the_form_renames_too(self, portal, app):
        answer = app.post(
            "/organization/edit/dinkes",
            headers=portal.headers("walidata"),
            data={"title": "Dinas Baru", "name": "dinasbaru", "save": ""},
            follow_redirects=False,
        )
        assert answer.status_code == 302
        assert store.load().by_name["dinasbaru"].nama_lama[0].name == "dinkes"

    def test_the_activity_stream_tells_it(self, renamed):
        (latest, *_) = call_action("organization_activity_list", id="dinkessos")
        assert latest["activity_type"] == "changed organization"
        assert latest["user_id"] == renamed.users["walidata"]["id"]
        assert latest["data"]["group"]["title"] == "Dinas Baru"


class TestRecords:
    def test_they_follow_by_a_job(self, renamed):
        before = renamed.dataset["metadata_modified"]
        assert not call_action("package_search", fq="organization:dinkessos")["count"]
        assert waiting() == ["ckanext.tangerang.opd.reindex.touch_and_reindex"]
        work()
        (found,) = call_action("package_search", fq="organization:dinkessos")["results"]
        assert found["organization"]["title"] == "Dinas Baru"
        assert datetime.fromisoformat(found["metadata_modified"]) > datetime.fromisoformat(before)

    def test_not_for_another_abbreviation(self, portal):
        portal.act("walidata", "organization_patch", id="dinkes", singkatan="DK")
        assert store.load().by_name["dinkes"].nama_lama
        assert not waiting()

    def test_a_rename_stands_without_a_queue(self, portal, monkeypatch):
        nowhere = ConnectionPool.from_url("redis://127.0.0.1:1/0")
        monkeypatch.setattr(redis, "_connection_pool", nowhere)
        monkeypatch.setattr(jobs, "_queues", {})
        portal.act("walidata", "organization_patch", id="dinkes", title="Dinas Baru")
        assert call_action("organization_show", id="dinkes")["title"] == "Dinas Baru"


class TestReserved:
    @pytest.mark.parametrize(
        ("action", "data"),
        [
            ("organization_create", {"name": "dinkes"}),
            ("organization_patch", {"id": "disdik", "name": "dinkes"}),
            ("group_create", {"name": "dinkes"}),
        ],
    )
    def test_nobody_else_gets_an_old_address(self, renamed, action, data):
        errors = renamed.refused("sysadmin", action, **data)
        assert errors == {
            "name": ['"dinkes" is a former address of Dinas Baru and leads there. Choose another.']
        }

    def test_the_opd_itself_may_go_back(self, renamed):
        renamed.act("walidata", "organization_patch", id="dinkes", name="dinkes")
        shown = call_action("organization_show", id="dinkes")
        assert (shown["name"], shown["title"]) == ("dinkes", "Dinas Baru")
        assert call_action("organization_show", id="dinkessos")["id"] == shown["id"]

    def test_an_address_that_is_in_use_wins(self, renamed):
        """A plan may swap the addresses of two OPD; then each leads to who has it now."""
        names.record_change(renamed.disdik["id"], FormerName("dinkessos", "Dinas Lama"))
        model.Session.commit()
        assert call_action("organization_show", id="dinkessos")["id"] == renamed.dinkes["id"]


class TestApi:
    def test_an_organization_is_shown_and_changed(self, renamed):
        assert call_action("organization_show", id="dinkes")["name"] == "dinkessos"
        renamed.act("walidata", "organization_patch", id="dinkes", alamat="Jalan Baru")
        shown = call_action("organization_show", id="dinkes")
        renamed.act("walidata", "organization_update", **{**shown, "id": "dinkes"})
        assert call_action("organization_show", id="dinkes")["alamat"] == "Jalan Baru"

    def test_what_never_was_is_not_found(self, renamed):
        for wrong in ("tidakada", "", "puskesmas"):
            with pytest.raises((tk.ObjectNotFound, tk.ValidationError)):
                call_action("organization_show", id=wrong)

    def test_nor_what_is_deleted(self, renamed):
        renamed.act("sysadmin", "package_delete", id="puskesmas")
        renamed.act("sysadmin", "organization_delete", id=renamed.dinkes["id"])
        with pytest.raises(tk.ObjectNotFound):
            call_action("organization_show", id="dinkes")

    def test_datasets_are_created_and_moved(self, renamed):
        made = renamed.act("editor", "package_create", name="data", owner_org="dinkes")
        assert made["owner_org"] == renamed.dinkes["id"]
        renamed.act("sysadmin", "package_patch", id="data", owner_org="disdik")
        moved = renamed.act("sysadmin", "package_patch", id="data", owner_org="dinkes")
        assert moved["organization"]["name"] == "dinkessos"
        renamed.act("sysadmin", "package_patch", id="data", owner_org="disdik")
        renamed.act("sysadmin", "package_owner_org_update", id="data", organization_id="dinkes")
        model.Session.expire_all()
        assert model.Package.get("data").owner_org == renamed.dinkes["id"]

    def test_who_may_not_still_may_not(self, renamed):
        with pytest.raises(tk.NotAuthorized):
            renamed.act("other_admin", "package_create", name="data", owner_org="dinkes")

    @pytest.mark.parametrize(
        "search",
        [
            {"fq": "organization:dinkes"},
            {"fq": '+organization:"dinkes" -title:x'},
            {"fq_list": ["organization:(disdik OR dinkes)"]},
        ],
    )
    def test_filters_find_the_records(self, renamed, search):
        work()
        found = call_action("package_search", **search)
        assert [row["name"] for row in found["results"]] == ["puskesmas"]


class TestPages:
    PAGES = (
        *("", "about/", "activity/", "members/", "edit/", "bulk_process/", "manage_members/"),
        *("member_new/", "member_dump/", "followers/", "admins/"),
    )

    @pytest.mark.parametrize("role", ["sysadmin", "admin"])
    def test_lead_to_the_new_address_for_good(self, renamed, app, role):
        headers = renamed.headers(role)
        for page in self.PAGES:
            address = f"/organization/{page}dinkes?q=a&page=2"
            answer = app.get(address, headers=headers, follow_redirects=False)
            assert answer.status_code == 301, page
            assert answer.headers["Location"].endswith(f"/organization/{page}dinkessos?q=a&page=2")

    def test_in_the_language_of_the_page(self, renamed, app):
        answer = app.get("/en/organization/dinkes", follow_redirects=False)
        assert answer.status_code == 301
        assert answer.headers["Location"].endswith("/en/organization/dinkessos")
        assert app.get("/organization/dinkes").status_code == 200

    def test_the_feed_too(self, renamed, app):
        answer = app.get("/feeds/organization/dinkes.atom", follow_redirects=False)
        assert answer.status_code == 301
        assert answer.headers["Location"].endswith("/feeds/organization/dinkessos.atom")

    def test_the_api_answers_itself(self, renamed, app):
        answer = app.get("/api/3/action/organization_show?id=dinkes", follow_redirects=False)
        assert answer.status_code == 200
        assert answer.json["result"]["name"] == "dinkessos"

    def test_what_never_was_is_not_found(self, renamed, app):
        assert app.get("/organization/tidakada").status_code == 404
