"""No way around: the paths of CKAN, and of the plugins beside it, that are no save of a record.

Each guard has its control here: the same call by the same person passes where nothing stands in the
way, so that a refusal comes from where the record stands and from nothing else.
"""

from __future__ import annotations

import threading
import time

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action
from sqlalchemy.exc import IntegrityError

from .conftest import PLUGINS, ask, fresh, review
from .test_guards import history, is_public

MORE = PLUGINS.replace("text_view", "text_view tabledesigner xloader")

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", MORE),
    pytest.mark.ckan_config("ckanext.xloader.api_token", "only-for-tests"),
    pytest.mark.usefixtures("staff"),
]


def version(record):
    return fresh(record)["metadata_modified"]


def publish(staff, record):
    """Hand a record in and publish it."""
    review("submit", staff.editor, record)
    review("publish", staff.walidata_editor, record, version=version(record))
    return fresh(record)


@pytest.fixture
def with_table(staff, draft):
    """Give the draft a file with a table and a view."""
    file = {"package_id": draft["id"], "url": "https://example.go.id/a.csv", "format": "CSV"}
    made = ask("resource_create", staff.editor, **file)
    ask(
        "datastore_create",
        staff.editor,
        resource_id=made["id"],
        force=True,
        fields=[{"id": "a", "type": "text", "info": {"label": "Lama"}}],
        primary_key=["a"],
        records=[{"a": "lama"}],
    )
    for title in ("Satu", "Dua"):
        ask(
            "resource_view_create",
            staff.editor,
            resource_id=made["id"],
            view_type="text_view",
            title=title,
        )
    return fresh(draft)


@pytest.fixture
def browser(app):
    """Return what sends a form as somebody."""

    def send(user, path, **data):
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = user["id"], True
        return client.post(path, data=data, follow_redirects=False).status_code

    return send


def table(record):
    """Return rows and labels of the table of a record."""
    [file] = record["resources"]
    found = call_action("datastore_search", resource_id=file["id"])
    labels = [field.get("info", {}).get("label") for field in found["fields"][1:]]
    return [row["a"] for row in found["records"]], labels


@pytest.mark.ckan_config("ckan.auth.allow_dataset_collaborators", True)
@pytest.mark.ckan_config("ckan.auth.allow_admin_collaborators", True)
class TestCollaborators:
    def add(self, staff, record, capacity="editor"):
        ask(
            "package_collaborator_create",
            staff.sysadmin,
            id=record["id"],
            user_id=staff.stranger["id"],
            capacity=capacity,
        )

    @pytest.mark.parametrize("capacity", ["editor", "admin"])
    def test_change_what_is_a_draft_and_nothing_else(self, capacity, staff, draft):
        self.add(staff, draft, capacity)
        ask("package_patch", staff.stranger, id=draft["id"], title="Dibantu")
        with pytest.raises(tk.ValidationError):
            ask("package_patch", staff.stranger, id=draft["id"], private=False)
        publish(staff, draft)
        for name, data in (
            ("package_patch", {"id": draft["id"], "title": "x"}),
            ("package_patch", {"id": draft["id"], "private": True}),
            ("package_delete", {"id": draft["id"]}),
            ("resource_create", {"package_id": draft["id"], "url": "https://example.go.id/b"}),
        ):
            with pytest.raises(tk.NotAuthorized):
                ask(name, staff.stranger, **data)
        assert fresh(draft)["title"] == "Dibantu"
        assert is_public(draft)

    def test_decide_nothing(self, staff, handed_in):
        self.add(staff, handed_in, "admin")
        for verb, data in (
            ("publish", {"version": version(handed_in)}),
            ("return", {"reason": "x"}),
        ):
            with pytest.raises(tk.NotAuthorized):
                review(verb, staff.stranger, handed_in, **data)
        assert not is_public(handed_in)

    def test_see_a_draft_as_long_as_they_are_one(self, staff, draft):
        def seen():
            found = ask("package_search", staff.stranger, include_private=True)
            return [row["id"] for row in found["results"]]

        assert seen() == []
        self.add(staff, draft, "member")
        assert seen() == [draft["id"]]
        who = {"id": draft["id"], "user_id": staff.stranger["id"]}
        ask("package_collaborator_delete", staff.sysadmin, **who)
        assert seen() == []


class TestRelationships:
    """CKAN's index fails on a dataset that has a relationship, so here is asked who may only."""

    def test_of_drafts_alone(self, staff, draft, complete):
        other = ask(
            "package_create", staff.editor, **{**complete, "name": "data-b", "private": True}
        )
        about = {"subject": draft["id"], "object": other["id"], "type": "depends_on"}
        # What the actions would have found, which the auth function of one of them looks at.
        found = model.PackageRelationship(type="depends_on")
        context = {"user": staff.editor["name"], "relationship": found}
        names = [f"package_relationship_{verb}" for verb in ("create", "update", "delete")]
        for name in names:
            assert tk.check_access(name, {**context}, {**about})
        publish(staff, other)
        before = version(other)
        for name in names:
            with pytest.raises(tk.NotAuthorized):
                tk.check_access(name, {**context}, {**about})
        with pytest.raises(tk.NotAuthorized):
            ask("package_relationship_create", staff.editor, **about)
        assert call_action("package_relationships_list", id=draft["id"]) == []
        assert version(other) == before


class TestOrganizations:
    def test_only_sysadmins_delete_them(self, staff, published):
        for name in ("organization_delete", "organization_purge", "group_delete", "group_purge"):
            for user in (staff.admin, staff.walidata_editor):
                with pytest.raises(tk.NotAuthorized):
                    ask(name, user, id=staff.opd["id"])
        assert is_public(published)

    @pytest.mark.parametrize("name", ["organization_delete", "organization_purge"])
    @pytest.mark.parametrize("state", ["draft", "published"])
    def test_nothing_becomes_public_or_hidden_by_it(self, name, state, staff, request):
        record = request.getfixturevalue(state)
        try:
            ask(name, staff.sysadmin, id=staff.opd["id"])
        except (tk.ValidationError, tk.NotAuthorized):
            # CKAN itself: what is private has an organization.
            model.Session.rollback()
            assert model.Group.get(staff.opd["id"]).state == "active"
        assert is_public(record) == (state == "published")

    def test_what_waits_keeps_it(self, staff, handed_in):
        with pytest.raises((tk.ValidationError, tk.NotAuthorized)):
            ask("organization_delete", staff.sysadmin, id=staff.opd["id"])
        model.Session.rollback()
        assert fresh(handed_in)["owner_org"] == staff.opd["id"]


class TestMoving:
    @pytest.fixture
    def both(self, staff):
        """Return an editor of two OPD."""
        user = factories.User()
        for office in (staff.opd, staff.other):
            ask(
                "organization_member_create",
                staff.sysadmin,
                id=office["id"],
                username=user["name"],
                role="editor",
            )
        return user

    def test_an_officer_of_both_moves_a_draft_and_no_more(self, both, staff, draft):
        there, here = staff.other["id"], staff.opd["id"]
        ask("package_patch", both, id=draft["id"], owner_org=there)
        ask("package_patch", both, id=draft["id"], owner_org=here)
        publish(staff, draft)
        for name, data in (
            ("package_patch", {"id": draft["id"], "owner_org": there}),
            ("package_update", {**fresh(draft), "owner_org": there}),
            ("package_revise", {"match": {"id": draft["id"]}, "update": {"owner_org": there}}),
            ("package_owner_org_update", {"id": draft["id"], "organization_id": there}),
        ):
            with pytest.raises(tk.NotAuthorized):
                ask(name, both, **data)
        assert fresh(draft)["owner_org"] == here

    def test_a_published_record_that_a_sysadmin_moves_stays_published(self, staff, published):
        ask("package_patch", staff.sysadmin, id=published["id"], owner_org=staff.other["id"])
        assert is_public(published)
        assert history(published)[-1] == ("diubah_langsung", "terbit")
        assert "title" in ask("package_show", None, id=published["id"])

    def test_a_draft_that_is_moved_is_seen_by_the_new_office_alone(self, staff, draft):
        ask("package_patch", staff.sysadmin, id=draft["id"], owner_org=staff.other["id"])
        ask("package_show", staff.stranger, id=draft["id"])
        with pytest.raises(tk.NotAuthorized):
            ask("package_show", staff.editor, id=draft["id"])
        assert not is_public(draft)


class TestTables:
    """The pages of tables, and what loads them."""

    def test_the_dictionary_page(self, staff, with_table, browser):
        [file] = with_table["resources"]
        page = f"/dataset/{with_table['id']}/dictionary/{file['id']}"
        assert browser(staff.editor, page, info__0__label="Baru") == 302
        assert table(with_table) == (["lama"], ["Baru"])
        publish(staff, with_table)
        for user in (staff.editor, staff.admin):
            assert browser(user, page, info__0__label="Diam-diam") in (403, 404)
        assert table(with_table) == (["lama"], ["Baru"])

    def test_table_designer(self, staff, draft, browser):
        file = ask(
            "resource_create",
            staff.editor,
            package_id=draft["id"],
            url_type="tabledesigner",
            name="Tabel",
        )
        fields = [{"id": "a", "type": "text", "tdtype": "text"}]
        ask("datastore_create", staff.editor, resource_id=file["id"], fields=fields)
        place = f"/dataset/{draft['id']}/tabledesigner/{file['id']}"
        design = f"/dataset/{draft['id']}/dictionary/{file['id']}"
        column = {"fields__0__id": "a", "fields__0__tdtype": "text", "info__0__label": "Baru"}
        row = {"col__0__value": "satu"}
        assert browser(staff.editor, f"{place}/add-row", **row) == 302
        assert browser(staff.editor, design, **column) == 302
        made = fresh(draft)
        assert table(made) == (["satu"], ["Baru"])
        publish(staff, draft)
        for user in (staff.editor, staff.admin):
            for path, data in (
                (f"{place}/add-row", {"col__0__value": "dua"}),
                (f"{place}/edit-row?_id=1", {"col__0__value": "dua"}),
                (f"{place}/delete-rows?_id=1", {}),
                (design, {**column, "info__0__label": "Diam-diam"}),
            ):
                assert browser(user, path, **data) in (403, 404), path
        assert table(made) == (["satu"], ["Baru"])

    def test_xloader(self, staff, with_table):
        [file] = with_table["resources"]
        told = {"metadata": {"resource_id": file["id"]}, "status": "complete"}
        asked = {"resource_id": file["id"]}
        assert tk.check_access("xloader_submit", {"user": staff.editor["name"]}, asked)
        views = call_action("resource_view_list", id=file["id"])
        publish(staff, with_table)
        for user in (staff.editor, staff.admin):
            with pytest.raises(tk.NotAuthorized):
                ask("xloader_submit", user, resource_id=file["id"])
            with pytest.raises(tk.NotAuthorized):
                ask("xloader_hook", user, **told)
        assert call_action("resource_view_list", id=file["id"]) == views

    def test_views(self, staff, with_table):
        [file] = with_table["resources"]
        first, second = call_action("resource_view_list", id=file["id"])
        order = [second["id"], first["id"]]
        ask("resource_view_update", staff.editor, **{**first, "title": "Sebelum"})
        ask("resource_view_reorder", staff.editor, id=file["id"], order=order)
        publish(staff, with_table)
        for name, data in (
            ("resource_view_update", {**first, "title": "Diam-diam"}),
            ("resource_view_delete", {"id": first["id"]}),
            ("resource_view_reorder", {"id": file["id"], "order": order[::-1]}),
            ("resource_create_default_resource_views", {"resource": file}),
            ("package_create_default_resource_views", {"package": with_table}),
            ("resource_view_clear", {}),
        ):
            with pytest.raises(tk.NotAuthorized):
                ask(name, staff.editor, **data)
        found = call_action("resource_view_list", id=file["id"])
        assert [(view["id"], view["title"]) for view in found] == [
            (second["id"], "Dua"), (first["id"], "Sebelum")
        ]  # fmt: skip


class TestOrder:
    def test_of_files(self, staff, with_table):
        ask("resource_create", staff.editor, package_id=with_table["id"], url="https://x.go.id/b")
        order = [file["id"] for file in fresh(with_table)["resources"]][::-1]
        ask("package_resource_reorder", staff.editor, id=with_table["id"], order=order)
        publish(staff, with_table)
        with pytest.raises(tk.NotAuthorized):
            ask("package_resource_reorder", staff.editor, id=with_table["id"], order=order[::-1])
        assert [file["id"] for file in fresh(with_table)["resources"]] == order


class TestBulk:
    @pytest.mark.parametrize("name", ["bulk_update_private", "bulk_update_delete"])
    def test_one_that_is_published_keeps_all(self, name, staff, published, complete):
        other = ask(
            "package_create", staff.editor, **{**complete, "name": "data-b", "private": True}
        )
        both = [other["id"], published["id"]]
        with pytest.raises(tk.ValidationError, match=published["title"]):
            ask(name, staff.admin, datasets=both, org_id=staff.opd["id"])
        model.Session.rollback()
        assert fresh(other)["state"] == "active"
        assert is_public(published)
        ask(name, staff.admin, datasets=[other["id"]], org_id=staff.opd["id"])

    def test_the_page(self, staff, draft, browser):
        form = {"bulk_action.public": "1", f"dataset_{draft['id']}": "on"}
        browser(staff.admin, f"/organization/bulk_process/{staff.opd['name']}", **form)
        assert not is_public(draft)
        form = {"bulk_action.delete": "1", f"dataset_{draft['id']}": "on"}
        browser(staff.admin, f"/organization/bulk_process/{staff.opd['name']}", **form)
        assert fresh(draft)["state"] == "deleted"


class TestComingBack:
    """What was deleted, and drafts of the form: nothing of it comes back in public."""

    @pytest.mark.parametrize("name", ["package_patch", "package_update", "package_revise"])
    def test_a_published_record_that_was_deleted(self, name, staff, published):
        ask("package_delete", staff.sysadmin, id=published["id"])
        one, change = {"id": published["id"]}, {"state": "active"}
        data = {
            "package_patch": {**one, **change},
            "package_update": {**fresh(published), **change},
            "package_revise": {"match": one, "update": change},
        }[name]
        with pytest.raises((tk.ValidationError, tk.NotAuthorized)):
            ask(name, staff.editor, **data)
        assert not is_public(published)
        ask("package_patch", staff.editor, **one, state="active", private=True)
        assert review("show", staff.editor, published)["state"] == "ditarik"
        assert not is_public(published)

    def test_by_the_trash(self, staff, published, browser):
        ask("package_delete", staff.sysadmin, id=published["id"])
        assert browser(staff.admin, "/ckan-admin/trash", action="package") in (302, 403)
        assert model.Package.get(published["id"]).state == "deleted"
        assert browser(staff.sysadmin, "/ckan-admin/trash", action="package") == 302
        model.Session.rollback()
        assert model.Package.get(published["id"]) is None
        rows = model.Session.scalar(sa.text("SELECT count(*) FROM tangerang_review"))
        assert rows == 0

    @pytest.mark.parametrize("save", ["go-metadata", "go-metadata-publish"])
    @pytest.mark.parametrize("url", ["", "https://example.go.id/a.csv"])
    def test_the_form_of_files(self, save, url, staff, complete, browser):
        record = ask("package_create", staff.editor, **{**complete, "state": "draft"})
        # The form asks for the visibility before the files.
        model.Session.execute(sa.text("UPDATE package SET private = false"))
        model.Session.commit()
        form = {"id": "", "url": url, "name": "", "save": save}
        assert browser(staff.editor, f"/dataset/{record['id']}/resource/new", **form) == 302
        assert fresh(record)["state"] == "active"
        assert not is_public(record)


class TestHarvesters:
    """What ckanext-harvest writes past CKAN's actions."""

    def clear(self, record):
        """Do what ``harvest_source_clear`` does to the records of a source: plain statements."""
        for statement in (
            "UPDATE package SET state = 'to_delete' WHERE id = :id",
            "DELETE FROM package_tag WHERE package_id = :id",
            "DELETE FROM resource_view USING resource r WHERE resource_id=r.id AND package_id=:id",
            "DELETE FROM resource WHERE package_id = :id",
            "DELETE FROM member WHERE table_id = :id",
            "DELETE FROM package WHERE id = :id",
        ):
            model.Session.execute(sa.text(statement), {"id": record["id"]})
        model.Session.commit()

    def test_a_cleared_source_leaves_nothing_of_the_review(self, staff, with_table):
        publish(staff, with_table)
        self.clear(with_table)
        for name in ("tangerang_review", "tangerang_review_transition"):
            count = sa.text(f"SELECT count(*) FROM {name} WHERE package_id = :id")  # noqa: S608
            assert model.Session.scalar(count, {"id": with_table["id"]}) == 0

    def test_what_is_half_cleared_does_not_come_back(self, staff, published):
        change = sa.text("UPDATE package SET state = :state WHERE id = :id")
        model.Session.execute(change, {"id": published["id"], "state": "to_delete"})
        model.Session.commit()
        with pytest.raises(IntegrityError, match="may not become public without an approval"):
            model.Session.execute(change, {"id": published["id"], "state": "active"})
        model.Session.rollback()
        assert model.Package.get(published["id"]).state == "to_delete"

    def test_a_harvester_creates_nothing_public(self, staff, complete):
        # As ckanext-harvest does: the site user, without authorization, with a schema of its own.
        user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        context = {"user": user, "ignore_auth": True, "defer_commit": True}
        with pytest.raises(tk.ValidationError):
            tk.get_action("package_create")(context, {**complete, "id": "dari-panen"})
        model.Session.rollback()
        made = tk.get_action("package_create")(context, {**complete, "private": True})
        model.Session.commit()
        assert not is_public(made)
        with pytest.raises(tk.ValidationError):
            tk.get_action("package_update")(context, {**complete, "id": made["id"]})


class TestLocks:
    """The record is locked before the row of its review: two never wait for each other."""

    CALLS = ("package_delete", "dataset_purge", "package_patch", "bulk_update_delete")

    @pytest.mark.parametrize("name", CALLS)
    def test_who_waits_for_a_record_holds_nothing_of_its_review(self, name, app, staff, published):
        one = {"id": published["id"]}
        data = {
            "package_patch": {**one, "private": True},
            "bulk_update_delete": {"datasets": [published["id"]], "org_id": staff.opd["id"]},
        }.get(name, one)
        failed = []

        def change():
            with app.flask_app.test_request_context():
                try:
                    ask(name, staff.sysadmin, **data)
                except Exception as error:  # noqa: BLE001 - told by the test
                    failed.append(error)
                finally:
                    model.Session.remove()

        with model.meta.engine.connect() as other:
            other.execute(sa.text("SELECT id FROM package WHERE id = :id FOR UPDATE"), one)
            thread = threading.Thread(target=change)
            thread.start()
            self.wait_until_it_waits(other)
            free = sa.text(
                "SELECT 1 FROM tangerang_review WHERE package_id = :id FOR UPDATE NOWAIT"
            )
            assert other.scalar(free, one) == 1
            other.rollback()
        thread.join(timeout=60)
        assert not thread.is_alive()
        assert not failed
        model.Session.rollback()
        assert model.Package.get(published["id"]) is None or not is_public(published)

    def wait_until_it_waits(self, connection):
        """Return when another connection waits for a lock."""
        waiting = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        end = time.time() + 60
        while not connection.scalar(waiting):
            assert time.time() < end, "nobody waits for the record"
            time.sleep(0.05)
