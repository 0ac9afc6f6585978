"""Where a revisi is not: lists, counts, links, scores, dumps, activities, catalogues."""

from __future__ import annotations

import json

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.lib.search import query_for
from ckan.tests.helpers import call_action

from ckanext.tangerang.metadata.model import RecordLink
from ckanext.tangerang.metadata.release_dates import dataset_releases
from tests.metadata.records import compilation, indicator

from ..conftest import PLUGINS, ask, fresh, review

EVERYTHING = PLUGINS.replace(
    "tangerang_metadata", "tangerang_score tangerang_workbook tangerang_metadata"
)

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", f"{EVERYTHING} dcat"),
    pytest.mark.usefixtures("staff", "disk"),
]

ROLES = ("editor", "admin", "walidata_editor", "pembina", "stranger", "reader", "sysadmin")


@pytest.fixture
def activity(staff):
    """Publish an activity."""
    return ask(
        "package_create",
        staff.sysadmin,
        **{**compilation(), "owner_org": staff.opd["id"], "private": False},
    )


@pytest.fixture
def copy(staff, complete, activity):
    """Open the revisi of a dataset that names the activity, and hand it in."""
    record = ask("package_create", staff.sysadmin, **{**complete, "kegiatan": activity["id"]})
    shown = review("revise", staff.editor, record)
    ask("package_patch", staff.editor, id=shown["id"], definisi="Definisi revisi.")
    review("submit", staff.editor, shown)
    return fresh(shown) | {"revision_of": record["id"]}


def texts(*found):
    return json.dumps(found, default=str)


class TestLists:
    @pytest.mark.usefixtures("with_request_context")
    @pytest.mark.parametrize("name", [*ROLES, None])
    def test_no_list_has_it(self, name, staff, copy):
        user = getattr(staff, name) if name else None
        everything = {"include_private": True, "include_drafts": True, "rows": 100}
        for data in (
            {},
            {"fq": "dataset_type:dataset"},
            {"fq": "+dataset_type:*"},
            {"fq": "type:dataset"},
            {"fq_list": ["dataset_type:(dataset OR kegiatan)"]},
            {"fq": f"owner_org:{staff.opd['id']} +dataset_type:*"},
        ):
            found = ask("package_search", user, **everything, **data)
            assert copy["id"] not in texts(found), data
        for action, data in (
            ("package_list", {"dataset_type": "all"}),
            ("package_autocomplete", {"q": "puskesmas", "dataset_type": "all"}),
            ("resource_search", {"query": "name:x"}),
            ("organization_show", {"id": "dinkes", "include_datasets": True}),
            ("current_package_list_with_resources", {}),
            ("recently_changed_packages_activity_list", {}),
            ("organization_activity_list", {"id": staff.opd["id"]}),
            ("tangerang_link_autocomplete", {"type": "dataset", "q": "puskesmas"}),
            ("tangerang_score_list", {}),
            ("tangerang_inventory_list", {}),
            ("dcat_catalog_show", {"format": "ttl"}),
        ):
            try:
                found = ask(action, user, **data)
            except (tk.NotAuthorized, tk.ObjectNotFound, tk.ValidationError):
                continue
            assert copy["id"] not in texts(found), action

    @pytest.mark.parametrize("name", ["editor", "sysadmin", "walidata_editor"])
    def test_counts(self, name, staff, copy):
        found = ask(
            "organization_list", getattr(staff, name), all_fields=True, include_dataset_count=True
        )
        counts = {row["name"]: row["package_count"] for row in found}
        assert counts["dinkes"] == 1

    def test_releases(self, staff, copy):
        assert [row.id for row, _release in dataset_releases()] == [copy["revision_of"]]

    def test_dashboards(self, staff, copy):
        found = ask("user_show", staff.editor, id=staff.editor["id"], include_datasets=True)
        assert copy["id"] not in texts(found)

    @pytest.mark.parametrize("name", ["editor", "sysadmin", "stranger"])
    def test_the_number_of_what_somebody_made(self, name, staff, complete, copy):
        ask("package_create", staff.editor, **{**complete, "name": "lain", "private": True})
        found = ask("user_show", getattr(staff, name), id=staff.editor["id"])
        assert found["number_created_packages"] == (0 if name == "stranger" else 1)

    def test_members_of_the_organization(self, staff, copy):
        found = ask("member_list", staff.editor, id="dinkes", object_type="package")
        assert copy["revision_of"] in texts(found)
        assert copy["id"] not in texts(found)

    def test_there_for_who_asks_and_may(self, staff, copy):
        def ids(user):
            found = ask("package_search", user, include_private=True, fq="+dataset_type:revisi")
            return [row["id"] for row in found["results"]]

        for user in (staff.editor, staff.walidata_editor, staff.pembina):
            assert ids(user) == [copy["id"]]
        for user in (staff.stranger, staff.reader, None):
            assert ids(user) == []
            with pytest.raises(tk.NotAuthorized):
                ask("package_show", user, id=copy["id"])

    def test_past_the_search_action_too(self, staff, copy):
        found = query_for("package").run({"q": "*:*", "fq": "+dataset_type:dataset", "rows": 50})
        assert copy["id"] not in texts(found["results"])

    def test_the_queue_has_it_with_its_record(self, staff, copy):
        [row] = ask("tangerang_review_list", staff.walidata_editor)["results"]
        assert (row["id"], row["revision_of"]) == (copy["id"], "puskesmas")

    def test_pages(self, app, staff, copy):
        for path in ("/", "/dataset/", "/organization/dinkes", "/opd", "/dashboard/datasets",
                     "/kegiatan", "/catalog.ttl", "/feeds/dataset.atom"):  # fmt: skip
            token = call_action("api_token_create", user=staff.editor["name"], name="t")["token"]
            answer = app.get(path, headers={"Authorization": token})
            assert copy["name"] not in answer.body, path


class TestLinks:
    def test_it_counts_as_no_user(self, staff, copy, activity):
        used = ask("tangerang_link_list", staff.sysadmin, id=activity["id"])
        assert [user["id"] for user in used["used_by"]] == [copy["revision_of"]]
        rows = model.Session.query(RecordLink).filter_by(source_id=copy["id"]).count()
        assert rows == 0

    def test_nothing_links_to_it(self, staff, activity):
        of_activity = review("revise", staff.editor, activity)
        made = {**indicator(), "owner_org": staff.opd["id"], "private": True}
        with pytest.raises(tk.ValidationError) as refused:
            ask("package_create", staff.editor, **{**made, "kegiatan": of_activity["id"]})
        assert "kegiatan" in refused.value.error_dict

    def test_it_is_not_copied(self, staff, copy):
        with pytest.raises(tk.ValidationError, match="can not be copied"):
            ask("tangerang_record_copy", staff.editor, id=copy["id"])


class TestScoresAndActivities:
    def test_no_score(self, staff, copy):
        with pytest.raises(tk.ObjectNotFound):
            ask("tangerang_score_show", staff.editor, id=copy["id"])
        from ckanext.tangerang.score import rebuild, store  # noqa: PLC0415

        for _batch in rebuild.run():
            pass
        assert store.get(copy["id"]) is None

    def test_no_activity_about_it_and_one_about_the_approval(self, staff, copy):
        from ckanext.activity.model import Activity  # noqa: PLC0415

        assert model.Session.query(Activity).filter_by(object_id=copy["id"]).count() == 0
        before = model.Session.query(Activity).filter_by(object_id=copy["revision_of"]).count()
        review("publish", staff.walidata_editor, copy, version=fresh(copy)["metadata_modified"])
        after = model.Session.query(Activity).filter_by(object_id=copy["revision_of"]).count()
        assert after == before + 1
        assert model.Session.query(Activity).filter_by(object_id=copy["id"]).count() == 0


class TestNeverPublic:
    @pytest.mark.parametrize("name", ["editor", "sysadmin"])
    def test_by_no_save(self, name, staff, complete):
        record = ask("package_create", staff.sysadmin, **complete)
        shown = review("revise", staff.editor, record)
        user = getattr(staff, name)
        for call, data in (
            ("package_patch", {"id": shown["id"], "private": False}),
            ("bulk_update_public", {"datasets": [shown["id"]], "org_id": staff.opd["id"]}),
            ("bulk_update_delete", {"datasets": [shown["id"]], "org_id": staff.opd["id"]}),
        ):
            with pytest.raises((tk.ValidationError, tk.NotAuthorized)):
                ask(call, user, **data)
        now = fresh(shown)
        assert (now["private"], now["state"]) == (True, "active")

    def test_an_import_of_workbooks_does_not_find_it(self, staff, activity):
        """The one record of that title and year is the published one."""
        from ckanext.tangerang import working_copy  # noqa: PLC0415

        review("revise", staff.editor, activity)
        found = model.Session.query(model.Package).filter(
            model.Package.type == "kegiatan", working_copy.is_record(model.Package)
        )
        assert [entry.id for entry in found] == [activity["id"]]


def test_pages_of_a_revisi_say_so(app, staff, copy):
    token = call_action("api_token_create", user=staff.walidata_editor["name"], name="t")["token"]
    for path in (f"/dataset/{copy['name']}", f"/pemeriksaan/{copy['name']}"):
        page = BeautifulSoup(app.get(path, headers={"Authorization": token}).body, "html.parser")
        [link] = page.select(".tangerang-revision a, .alert-info a[href$='/dataset/puskesmas']")[:1]
        assert link["href"].endswith("/dataset/puskesmas")
