"""No way around: whatever is called, nothing becomes public, or changes in public, unapproved."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib.search import query_for
from sqlalchemy.exc import IntegrityError

from ckanext.tangerang.interfaces import PAST_REVIEW
from ckanext.tangerang.review import store
from ckanext.tangerang.signals import Moved, record_moved

from .conftest import PLUGINS, ask, fresh, review

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("staff"),
]


def is_public(record):
    """Tell whether database, and everybody's search, have a record as public."""
    model.Session.rollback()
    stored = model.Package.get(record["id"])
    public = stored.state == "active" and not stored.private
    found = query_for("package").run({"q": f"id:{record['id']}", "fq": "capacity:public"})
    assert (found["count"] == 1) == public
    return public


def history(record):
    rows = model.Session.execute(
        sa.text("SELECT verb, to_state FROM tangerang_review_transition ORDER BY position")
    )
    return [tuple(row) for row in rows]


class TestBecomingPublic:
    def test_a_new_record_is_private_unless_said(self, staff, complete):
        complete.pop("private")
        assert ask("package_create", staff.editor, **complete)["private"] is True

    def test_a_new_public_record_is_refused(self, staff, complete):
        with pytest.raises(tk.ValidationError) as refused:
            ask("package_create", staff.editor, **complete)
        [text] = refused.value.error_dict["private"]
        assert "hand it in to the walidata" in text

    def test_a_draft_of_the_form_ends_private(self, staff, complete):
        record = ask("package_create", staff.editor, **{**complete, "state": "draft"})
        done = ask("package_patch", staff.editor, id=record["id"], state="active", private=False)
        assert (done["state"], done["private"]) == ("active", True)

    @pytest.mark.parametrize("who", ["editor", "admin"])
    @pytest.mark.parametrize("way", ["patch", "update", "revise"])
    def test_no_save_makes_public(self, way, who, staff, draft):
        one, change = {"id": draft["id"]}, {"private": False}
        data = {
            "patch": {**one, **change},
            "update": {**fresh(draft), **change},
            "revise": {"match": one, "update": change},
        }[way]
        with pytest.raises(tk.ValidationError):
            ask(f"package_{way}", getattr(staff, who), **data)
        assert not is_public(draft)

    def test_no_bulk_action_makes_public(self, staff, draft):
        with pytest.raises(tk.ValidationError, match="hand it in"):
            ask("bulk_update_public", staff.admin, datasets=[draft["id"]], org_id=staff.opd["id"])
        assert not is_public(draft)

    def test_a_deleted_record_does_not_come_back_public(self, staff, published):
        ask("package_delete", staff.sysadmin, id=published["id"])
        assert history(published)[-1] == ("disembunyikan", "ditarik")
        with pytest.raises(tk.ValidationError):
            ask("package_patch", staff.editor, id=published["id"], state="active")
        assert not is_public(published)

    def test_ignore_auth_and_the_site_user_are_no_permission(self, staff, complete):
        site_user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        for context in (
            {"ignore_auth": True, "user": ""},
            {"ignore_auth": True, "user": site_user},
            {"user": site_user},
            {"ignore_auth": True, "user": staff.sysadmin["name"]},
        ):
            with pytest.raises(tk.ValidationError):
                tk.get_action("package_create")({**context}, {**complete})

    def test_a_sysadmin_publishes_directly_and_that_is_recorded(self, staff, complete):
        record = ask("package_create", staff.sysadmin, **complete)
        assert is_public(record)
        assert history(record) == [("terbit_langsung", "terbit")]
        assert review("show", staff.editor, record)["state"] == "terbit"
        ask("package_patch", staff.sysadmin, id=record["id"], private=True)
        assert review("show", staff.editor, record)["state"] == "ditarik"
        ask("package_patch", staff.sysadmin, id=record["id"], private=False)
        assert [verb for verb, _ in history(record)] == [
            "terbit_langsung", "disembunyikan", "terbit_langsung"
        ]  # fmt: skip

    def test_a_loader_of_the_portal_says_so(self, staff, complete):
        site_user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        context = {"ignore_auth": True, "user": site_user, PAST_REVIEW: "sample content"}
        record = tk.get_action("package_create")(context, {**complete})
        assert is_public(record)
        assert history(record) == [("terbit_langsung", "terbit")]

    def test_kegiatan_and_indikator_too(self, staff):
        from tests.metadata.records import compilation, indicator  # noqa: PLC0415

        owner = {"owner_org": staff.opd["id"], "private": False}
        for made in (compilation(), indicator()):
            with pytest.raises(tk.ValidationError):
                ask("package_create", staff.editor, **{**made, **owner})


class TestTrigger:
    """What comes past actions and validators."""

    def publish_by_sql(self, record):
        table = model.Package.__table__
        model.Session.execute(
            sa.update(table).where(table.c.id == record["id"]).values(private=False)
        )

    def test_a_statement_is_refused(self, draft):
        with pytest.raises(IntegrityError, match="may not become public without an approval"):
            self.publish_by_sql(draft)
        assert not is_public(draft)

    def test_an_approval_of_an_earlier_transaction_is_none(self, staff, published):
        ask("package_patch", staff.sysadmin, id=published["id"], private=True)
        model.Session.execute(
            sa.text("UPDATE tangerang_review SET state = 'terbit', granted_tx = txid_current()")
        )
        model.Session.commit()
        with pytest.raises(IntegrityError):
            self.publish_by_sql(published)

    def test_an_approval_of_the_same_transaction_is_one(self, draft):
        store.put(draft["id"], "terbitkan", "terbit", user_id=None)
        self.publish_by_sql(draft)
        model.Session.commit()
        assert model.Package.get(draft["id"]).private is False

    def test_a_new_row_is_refused(self, staff):
        model.Session.add(model.Package(name="langsung", type="dataset"))
        with pytest.raises(IntegrityError):
            model.Session.commit()

    def test_an_object_is_refused_and_not_indexed(self, staff, draft):
        model.Package.get(draft["id"]).private = False
        with pytest.raises(IntegrityError):
            model.Session.commit()
        assert not is_public(draft)

    def test_other_types_are_not_asked(self, staff):
        model.Session.add(model.Package(name="sumber", type="harvest"))
        model.Session.commit()

    def test_saving_what_is_public_asks_nothing(self, staff, published):
        ask("package_patch", staff.sysadmin, id=published["id"], title="Lain")
        assert is_public(published)

    def test_switched_off_it_lets_all_pass_and_takes_in_later(self, staff, draft):
        store.follow_switch(enabled=False)
        self.publish_by_sql(draft)
        model.Session.commit()
        heard: list[Moved] = []

        def hear(_sender, moves):
            heard.extend(moves)

        with record_moved.connected_to(hear):
            store.follow_switch(enabled=True)
        assert store.get(draft["id"]).state == "terbit"
        assert history(draft) == [("sudah_terbit", "terbit")]
        assert heard == []


class TestFrozen:
    """From hand-in to decision, and while it is published, the OPD changes nothing."""

    @pytest.fixture(params=["handed_in", "published"])
    def record(self, request, staff, complete):
        files = [{"name": "Data", "url": "https://example.go.id/a.csv", "format": "CSV"}]
        made = ask(
            "package_create", staff.editor, **{**complete, "private": True, "resources": files}
        )
        ask(
            "datastore_create",
            staff.editor,
            resource_id=made["resources"][0]["id"],
            force=True,
            fields=[{"id": "a", "type": "int"}],
            primary_key=["a"],
            records=[{"a": 1}],
        )
        review("submit", staff.editor, made)
        if request.param == "published":
            review("publish", staff.walidata_editor, made, version=fresh(made)["metadata_modified"])
        return fresh(made)

    def calls(self, staff, record):
        """Return calls that would change the record, its files or its tables."""
        [file] = record["resources"]
        one, rid = {"id": record["id"]}, file["id"]
        row = [{"a": 2}]
        return [
            ("package_update", {**record, "title": "x"}),
            ("package_patch", {**one, "title": "x"}),
            ("package_patch", {**one, "owner_org": staff.other["id"]}),
            ("package_patch", {**one, "private": True}),
            ("package_patch", {**one, "state": "deleted"}),
            ("package_revise", {"match": one, "update": {"title": "x"}}),
            ("package_delete", one),
            ("package_resource_reorder", {**one, "order": [rid]}),
            ("resource_create", {"package_id": record["id"], "url": "https://example.go.id/b"}),
            ("resource_update", {**file, "url": "https://example.go.id/b"}),
            ("resource_patch", {"id": rid, "name": "x"}),
            ("resource_delete", {"id": rid}),
            ("resource_view_create", {"resource_id": rid, "view_type": "text_view", "title": "x"}),
            ("datastore_create", {"resource_id": rid, "force": True, "records": row}),
            (
                "datastore_create",
                {"resource": {"package_id": record["id"]}, "fields": [{"id": "a"}]},
            ),
            ("datastore_upsert", {"resource_id": rid, "force": True, "records": row}),
            ("datastore_delete", {"resource_id": rid, "force": True}),
            ("datastore_records_delete", {"resource_id": rid, "force": True, "filters": {}}),
        ]

    def test_every_path(self, staff, record):
        for user in (staff.editor, staff.admin):
            for name, data in self.calls(staff, record):
                with pytest.raises(tk.NotAuthorized):
                    ask(name, user, **data)
        for name in ("bulk_update_private", "bulk_update_delete"):
            with pytest.raises(tk.ValidationError, match="Nothing was changed"):
                ask(name, staff.admin, datasets=[record["id"]], org_id=staff.opd["id"])
        assert fresh(record) == record
        rows = ask("datastore_search", staff.editor, resource_id=record["resources"][0]["id"])
        assert [row["a"] for row in rows["records"]] == [1]

    def test_the_message_says_what_to_do(self, staff, record):
        wanted = "Take the hand-in back" if record["private"] else "only through the walidata"
        rid = record["resources"][0]["id"]
        for name, data in (
            ("package_patch", {"id": record["id"], "title": "x"}),
            ("resource_patch", {"id": rid, "name": "x"}),
            ("datastore_upsert", {"resource_id": rid, "force": True, "records": [{"a": 2}]}),
        ):
            with pytest.raises(tk.NotAuthorized, match=wanted):
                ask(name, staff.editor, **data)

    def test_a_hand_in_meanwhile_stops_a_save_that_had_begun(self, staff, draft):
        store.get(draft["id"])  # what the session has read: a draft
        with model.meta.engine.begin() as other:
            other.execute(sa.text("UPDATE tangerang_review SET state = 'diajukan'"))
        with pytest.raises(tk.NotAuthorized, match="handed in"):
            ask("package_patch", staff.editor, id=draft["id"], title="x")

    def test_a_stranger_learns_nothing(self, staff, record):
        with pytest.raises(tk.NotAuthorized) as refused:
            ask("package_patch", staff.stranger, id=record["id"], title="x")
        assert "hand-in" not in str(refused.value)

    def test_membership_of_groups(self, staff, record):
        member = {"object": record["id"], "object_type": "package", "capacity": "organization"}
        for name in ("member_create", "member_delete"):
            with pytest.raises(tk.NotAuthorized, match=r"handed in|published"):
                ask(name, staff.admin, id=staff.opd["id"], **member)

    def test_moving_is_for_sysadmins_and_waits_for_the_decision(self, staff, record):
        move = {"id": record["id"], "organization_id": staff.other["id"]}
        with pytest.raises(tk.NotAuthorized):
            ask("package_owner_org_update", staff.editor, **move)
        if record["private"]:
            with pytest.raises(tk.ValidationError):
                ask("package_owner_org_update", staff.sysadmin, **move)


@pytest.fixture
def with_table(staff, complete):
    """Publish a dataset with a table."""
    files = [{"name": "Data", "url": "https://example.go.id/a.csv", "format": "CSV"}]
    made = ask("package_create", staff.sysadmin, **{**complete, "resources": files})
    tk.get_action("datastore_create")(
        {"ignore_auth": True, "user": staff.sysadmin["name"]},
        {
            "resource_id": made["resources"][0]["id"],
            "force": True,
            "fields": [{"id": "a", "type": "int"}],
            "primary_key": ["a"],
        },
    )
    return fresh(made)


class TestDirect:
    def upsert(self, user, record):
        ask(
            "datastore_upsert",
            user,
            resource_id=record["resources"][0]["id"],
            force=True,
            records=[{"a": 2}],
        )

    @pytest.mark.ckan_config("ckanext.tangerang.review.direct", "resource_update")
    def test_files_alone(self, staff, with_table):
        self.upsert(staff.editor, with_table)
        ask("resource_patch", staff.editor, id=with_table["resources"][0]["id"], name="Baru")
        with pytest.raises(tk.NotAuthorized):
            ask("package_patch", staff.editor, id=with_table["id"], title="x")
        with pytest.raises(tk.NotAuthorized):
            ask("resource_create", staff.editor, package_id=with_table["id"], url="https://a.id")
        assert [verb for verb, _ in history(with_table)][-2:] == ["diubah_langsung"] * 2

    @pytest.mark.ckan_config("ckanext.tangerang.review.direct", "all")
    def test_everything(self, staff, with_table):
        ask("package_patch", staff.editor, id=with_table["id"], title="Baru")
        assert history(with_table)[-1] == ("diubah_langsung", "terbit")

    def test_a_change_by_a_sysadmin_is_recorded(self, staff, with_table):
        self.upsert(staff.sysadmin, with_table)
        ask("package_patch", staff.sysadmin, id=with_table["id"], title="Baru")
        ask("package_patch", staff.sysadmin, id=with_table["id"], title="Baru")
        assert [verb for verb, _ in history(with_table)] == [
            "terbit_langsung", "diubah_langsung", "diubah_langsung"
        ]  # fmt: skip

    def test_the_walidata_may_change_its_own(self, staff, complete):
        own = {**complete, "owner_org": staff.walidata["id"]}
        record = ask("package_create", staff.sysadmin, **own)
        ask("package_patch", staff.walidata_editor, id=record["id"], title="Baru")
        assert history(record)[-1] == ("diubah_langsung", "terbit")

    def test_jobs_of_the_portal_go_on(self, staff, with_table):
        tk.get_action("resource_patch")(
            {"ignore_auth": True, "user": tk.config["ckan.site_id"]},
            {"id": with_table["resources"][0]["id"], "datastore_active": True},
        )
        assert [verb for verb, _ in history(with_table)] == ["terbit_langsung"]


@pytest.mark.ckan_config("ckanext.tangerang.review.enabled", "false")
def test_switched_off_stock_is_stock(staff, complete):
    record = ask("package_create", staff.editor, **complete)
    ask("package_patch", staff.editor, id=record["id"], title="x")
    ask("bulk_update_private", staff.admin, datasets=[record["id"]], org_id=staff.opd["id"])
    ask("bulk_update_public", staff.admin, datasets=[record["id"]], org_id=staff.opd["id"])
    assert fresh(record)["private"] is False


def test_rows_of_a_draft_are_deleted_by_its_opd(staff, draft):
    file = {"package_id": draft["id"], "url": "https://example.go.id/a"}
    table = {"resource_id": ask("resource_create", staff.editor, **file)["id"], "force": True}
    fields = [{"id": "a", "type": "int"}]
    ask("datastore_create", staff.editor, **table, fields=fields, records=[{"a": 1}, {"a": 2}])
    ask("datastore_records_delete", staff.editor, **table, filters={"a": 1})
    rows = ask("datastore_search", staff.editor, resource_id=table["resource_id"])
    assert [row["a"] for row in rows["records"]] == [2]
