"""Links between stored records: what may be linked, and what may then not be taken away."""

from __future__ import annotations

import json

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.cli.cli import ckan
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.tangerang.metadata import link_store
from tests.metadata.conftest import PLUGINS
from tests.metadata.records import indicator
from tests.metadata.test_dataset import act, refused

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins"),
]

NOT_THERE = "99999999-9999-4999-8999-999999999999"


@pytest.fixture
def other(people):
    """Make another OPD with an editor and a private activity that the first OPD does not see."""
    editor = factories.User()
    opd = factories.Organization(
        name="disdik", users=[{"name": editor["name"], "capacity": "editor"}]
    )
    hidden = act(
        "package_create",
        editor,
        type="kegiatan",
        title="Rahasia Kegiatan",
        owner_org=opd["id"],
        private=True,
    )
    return editor, opd, hidden


def stored_links(record_id):
    return sorted(link_store.of_package(model.Package.get(record_id)))


def table(record_id):
    row = link_store.RecordLink
    query = model.Session.query(row.field, row.target_id, row.part).filter_by(source_id=record_id)
    return sorted(map(tuple, query))


class TestNew:
    def test_links_of_all_kinds_are_kept_in_the_table(self, people, make):
        activity = make.activity()
        found = make.indicator(
            kegiatan=activity["id"],
            variabel_pembangun=[{"variabel": f"{activity['id']}#V001"}],
        )
        kamus = [{"kolom": "a", "variabel": f"{activity['id']}#V002"}]
        dataset = make.dataset(
            kegiatan=activity["id"],
            indikator=[found["id"]],
            resources=[{"url": "http://x.id/a.csv", "kamus": kamus}],
        )
        assert table(found["id"]) == [
            ("kegiatan", activity["id"], ""),
            ("variabel_pembangun.variabel", activity["id"], "V001"),
        ]
        assert table(dataset["id"]) == [
            ("indikator", found["id"], ""),
            ("kamus", activity["id"], "V002"),
            ("kegiatan", activity["id"], ""),
        ]
        assert table(dataset["id"]) == stored_links(dataset["id"])
        act("package_patch", people.editor, id=dataset["id"], kegiatan="", resources=[])
        assert table(dataset["id"]) == [("indikator", found["id"], "")]
        act("package_delete", people.editor, id=dataset["id"])
        assert table(dataset["id"]) == []

    def test_a_name_is_stored_as_the_id(self, make):
        activity = make.activity(name="kompilasi")
        dataset = make.dataset(kegiatan="kompilasi", indikator=[])
        assert dataset["kegiatan"] == activity["id"]

    @pytest.mark.parametrize("value", [NOT_THERE, "tidak-ada", "#", "a" * 150, "a\x00b"])
    def test_what_is_not_there_is_refused(self, make, people, value):
        errors = refused(
            "package_create",
            people.editor,
            name="x",
            owner_org=people.opd["id"],
            private=True,
            kegiatan=value,
        )
        assert "statistical activity" in errors["kegiatan"][0]

    def test_another_type_is_refused(self, make, people):
        found = make.indicator()
        errors = refused(
            "package_create",
            people.editor,
            name="x",
            owner_org=people.opd["id"],
            private=True,
            kegiatan=found["id"],
        )
        assert "Indeks Kepuasan Masyarakat" in errors["kegiatan"][0]

    def test_a_hidden_record_of_others_looks_as_if_it_were_not_there(self, people, other):
        _, _, hidden = other
        data = {"name": "x", "owner_org": people.opd["id"], "private": True}
        by_id = refused("package_create", people.editor, **data, kegiatan=hidden["id"])
        by_name = refused("package_create", people.editor, **data, kegiatan=hidden["name"])
        not_there = refused("package_create", people.editor, **data, kegiatan=NOT_THERE)
        text = not_there["kegiatan"][0]
        assert by_id["kegiatan"] == [text.replace(NOT_THERE, hidden["id"])]
        assert by_name["kegiatan"] == [text.replace(NOT_THERE, hidden["name"])]

    def test_a_variable_must_be_one_of_the_activity(self, make, people):
        activity = make.activity()
        data = {**indicator(), "owner_org": people.opd["id"], "private": True}
        for value in (activity["id"], f"{activity['id']}#V099"):
            rows = [{"variabel": value}]
            errors = refused(
                "package_create", people.editor, **{**data, "variabel_pembangun": rows}
            )
            assert list(errors) == ["variabel_pembangun"]

    def test_an_error_in_a_kamus_is_reported_at_the_file(self, make, people):
        files = [
            {"url": "http://x.id/a.csv"},
            {
                "url": "http://x.id/b.csv",
                "kamus": [{"kolom": "a", "variabel": f"{NOT_THERE}#V001"}],
            },
        ]
        errors = refused(
            "package_create",
            people.editor,
            name="x",
            owner_org=people.opd["id"],
            private=True,
            resources=files,
        )
        assert "kamus" in errors["resources"][1]

    def test_an_activity_does_not_follow_itself(self, make, people):
        activity = make.activity()
        errors = refused(
            "package_patch", people.editor, id=activity["id"], kegiatan_sebelumnya=activity["id"]
        )
        assert list(errors) == ["kegiatan_sebelumnya"]

    def test_links_are_checked_by_one_query(self, make, people):
        activities = [make.activity(judul_kegiatan=f"Kegiatan {n}") for n in range(3)]
        many = [make.indicator(title=f"Indikator {n}", kegiatan="") for n in range(4)]
        statements = []

        def count(_connection, _cursor, statement, *_):
            if "FROM package" in statement and "package.id IN" in statement:
                statements.append(statement)

        engine = model.Session.get_bind()
        dataset = make.dataset(private=True)
        sa.event.listen(engine, "before_cursor_execute", count)
        try:
            act(
                "package_patch",
                people.editor,
                id=dataset["id"],
                kegiatan=activities[0]["id"],
                indikator=[found["id"] for found in many],
            )
        finally:
            sa.event.remove(engine, "before_cursor_execute", count)
        # One to check, one to write the table of links.
        assert len(statements) == 2


class TestUnchanged:
    def test_a_link_to_what_was_hidden_since_does_not_block_an_edit(self, people, make, other):
        editor, opd, _ = other
        activity = make.activity(user=editor, owner_org=opd["id"])
        dataset = make.dataset(private=True, kegiatan=activity["id"])
        act("package_patch", editor, id=activity["id"], private=True)
        act("package_patch", people.editor, id=dataset["id"], notes="Diubah.")
        errors = refused("package_patch", people.editor, id=dataset["id"], private=False)
        assert "not public" in errors["kegiatan"][0]
        assert activity["title"] not in errors["kegiatan"][0]

    def test_making_public_needs_public_links(self, people, make):
        activity = make.activity(private=True)
        dataset = make.dataset(private=True, kegiatan=activity["id"])
        errors = refused("package_patch", people.editor, id=dataset["id"], private=False)
        assert activity["title"] in errors["kegiatan"][0]
        act("package_patch", people.editor, id=activity["id"], private=False)
        act("package_patch", people.editor, id=dataset["id"], private=False)

    def test_a_no_op_patch_stays_one(self, people, make):
        activity = make.activity()
        dataset = make.dataset(kegiatan=activity["id"])
        again = act("package_patch", people.editor, id=dataset["id"], kegiatan=activity["id"])
        assert again["metadata_modified"] == dataset["metadata_modified"]


class TestBulkPublic:
    def publish(self, people, *records):
        data = {"datasets": [r["id"] for r in records], "org_id": people.opd["id"]}
        return act("bulk_update_public", people.admin, **data)

    def test_records_that_name_each_other_become_public_together(self, people, make):
        activity = make.activity(private=True)
        dataset = make.dataset(private=True, kegiatan=activity["id"])
        self.publish(people, dataset, activity)
        assert not model.Package.get(activity["id"]).private
        assert not model.Package.get(dataset["id"]).private

    def test_nothing_becomes_public_before_what_it_names(self, people, make):
        activity, free = make.activity(private=True), make.activity(judul_kegiatan="Bebas")
        dataset = make.dataset(private=True, kegiatan=activity["id"])
        act("package_patch", people.editor, id=free["id"], private=True)
        with pytest.raises(tk.ValidationError) as caught:
            self.publish(people, free, dataset)
        assert activity["title"] in caught.value.error_dict["datasets"][0]
        assert model.Package.get(free["id"]).private
        assert model.Package.get(dataset["id"]).private


class TestInUse:
    @pytest.fixture
    def used(self, make):
        activity = make.activity()
        return activity, make.dataset(kegiatan=activity["id"])

    @pytest.mark.parametrize(
        ("action", "data", "field"),
        [
            ("package_delete", {}, "id"),
            ("package_patch", {"state": "deleted"}, "state"),
            ("package_patch", {"private": True}, "private"),
            ("package_patch", {"state": "draft"}, "private"),
        ],
    )
    def test_is_neither_hidden_nor_deleted(self, people, used, action, data, field):
        activity, dataset = used
        errors = refused(action, people.editor, id=activity["id"], **data)
        assert list(errors) == [field]
        assert dataset["title"] in errors[field][0]
        assert model.Package.get(activity["id"]).state == "active"

    def test_not_purged_by_a_sysadmin(self, people, used):
        activity, dataset = used
        errors = refused("dataset_purge", people.sysadmin, id=activity["name"])
        assert dataset["title"] in errors["id"][0]
        assert model.Package.get(activity["id"]) is not None

    @pytest.mark.parametrize("action", ["bulk_update_private", "bulk_update_delete"])
    def test_bulk_changes_nothing_or_everything_together(self, people, used, make, action):
        activity, dataset = used
        free = make.activity(judul_kegiatan="Bebas")
        data = {"datasets": [free["id"], activity["id"]], "org_id": people.opd["id"]}
        errors = refused(action, people.admin, **data)
        assert dataset["title"] in errors["id"][0]
        assert not model.Package.get(free["id"]).private
        data["datasets"].append(dataset["id"])
        act(action, people.admin, **data)
        left = [model.Package.get(entry) for entry in data["datasets"]]
        assert all(found.private or found.state == "deleted" for found in left)

    def test_a_draft_holds_back_deletion_only(self, people, make):
        activity = make.activity()
        make.dataset(private=True, kegiatan=activity["id"])
        act("package_patch", people.editor, id=activity["id"], private=True)
        errors = refused("package_delete", people.editor, id=activity["id"])
        assert list(errors) == ["id"]

    def test_titles_of_records_that_the_user_may_not_see_are_counted_only(
        self, people, make, other
    ):
        editor, opd, _ = other
        activity = make.activity()
        make.dataset(
            user=editor,
            owner_org=opd["id"],
            title="Rahasia Benar",
            kegiatan=activity["id"],
            private=True,
        )
        errors = refused("package_delete", people.editor, id=activity["id"])
        assert "Rahasia" not in errors["id"][0]
        assert "1 more record" in errors["id"][0]

    def test_a_variable_in_use_stays(self, people, make):
        activity = make.activity()
        found = make.indicator(variabel_pembangun=[{"variabel": f"{activity['id']}#V002"}])
        rows = activity["variabel"]
        errors = refused("package_patch", people.editor, id=activity["id"], variabel=rows[:1])
        assert "V002" in errors["variabel"][0]
        assert found["title"] in errors["variabel"][0]
        act("package_patch", people.editor, id=activity["id"], variabel=rows[1:])

    def test_a_deleted_user_does_not_count(self, people, used):
        activity, dataset = used
        act("package_delete", people.editor, id=dataset["id"])
        act("package_delete", people.editor, id=activity["id"])

    def test_deleting_without_right_is_refused_before_anything_is_told(self, people, used, other):
        editor, _, _ = other
        activity, _ = used
        with pytest.raises(tk.NotAuthorized):
            act("package_delete", editor, id=activity["id"])


@pytest.mark.usefixtures("with_extended_cli")
class TestPending:
    def test_a_sysadmin_may_load_records_in_any_order(self, people, make, cli):
        wanted = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"
        dataset = make.dataset(user=people.sysadmin, kegiatan=wanted)
        report = act("tangerang_link_report", people.sysadmin)
        assert [(r["id"], r["target"], r["reason"]) for r in report] == [
            (dataset["id"], wanted, "pending")
        ]
        result = cli.invoke(ckan, ["tangerang", "metadata", "check-links", "--json"])
        assert result.exit_code == 1
        assert json.loads(result.output)[0]["reason"] == "pending"

        make.activity(user=people.sysadmin, id=wanted)
        result = cli.invoke(ckan, ["tangerang", "metadata", "check-links"])
        assert result.exit_code == 0, result.output
        assert "0 links" in result.output

    def test_the_table_is_written_anew(self, people, make, cli):
        activity = make.activity()
        dataset = make.dataset(kegiatan=activity["id"])
        link_store.remove(dataset["id"])
        model.Session.commit()
        assert table(dataset["id"]) == []
        assert cli.invoke(ckan, ["tangerang", "metadata", "check-links"]).exit_code == 0
        assert table(dataset["id"]) == [("kegiatan", activity["id"], "")]

    def test_faults_that_came_later_are_reported(self, people, make):
        activity = make.activity()
        make.dataset(kegiatan=activity["id"])
        package = model.Package.get(activity["id"])
        package.private = True
        model.Session.commit()
        assert [r["reason"] for r in act("tangerang_link_report", people.sysadmin)] == ["hidden"]

    def test_only_sysadmins_read_the_report(self, people):
        with pytest.raises(tk.NotAuthorized):
            act("tangerang_link_report", people.admin)


class TestInherited:
    def test_a_linked_indicator_brings_definition_and_unit(self, people, make):
        found = make.indicator()
        make.dataset(definisi="", satuan="", indikator=[found["id"]])

    def test_one_without_them_does_not(self, people, make):
        found = make.indicator(satuan="", private=True)
        dataset = make.dataset(definisi="", satuan="", indikator=[found["id"]], private=True)
        act("package_patch", people.editor, id=found["id"], private=False)
        errors = refused("package_patch", people.editor, id=dataset["id"], private=False)
        assert list(errors) == ["satuan"]

    def test_bulk_publishing_knows_of_it(self, people, make):
        found = make.indicator()
        dataset = make.dataset(definisi="", satuan="", indikator=[found["id"]], private=True)
        act(
            "bulk_update_public",
            people.admin,
            datasets=[dataset["id"]],
            org_id=people.opd["id"],
        )
        assert not model.Package.get(dataset["id"]).private


class TestRead:
    def test_both_sides_for_those_who_may_see_them(self, people, make, other):
        activity = make.activity()
        public = make.dataset(kegiatan=activity["id"])
        private = make.dataset(name="lain", title="Lain", kegiatan=activity["id"], private=True)
        own = act("tangerang_link_list", people.editor, id=activity["name"])
        assert [r["id"] for r in own["used_by"]] == [public["id"], private["id"]]
        assert own["used_by"][0]["field"] == "kegiatan"
        seen = call_action(
            "tangerang_link_list", {"user": "", "ignore_auth": False}, id=activity["id"]
        )
        assert [r["id"] for r in seen["used_by"]] == [public["id"]]
        uses = act("tangerang_link_list", people.editor, id=public["id"])["uses"]
        assert [(r["id"], r["field"], r["part"]) for r in uses] == [
            (activity["id"], "kegiatan", None)
        ]

    def test_links_of_a_hidden_record_are_hidden(self, people, other):
        _, _, hidden = other
        with pytest.raises(tk.NotAuthorized):
            act("tangerang_link_list", people.editor, id=hidden["id"])
        with pytest.raises(tk.ObjectNotFound):
            act("tangerang_link_list", people.editor, id=NOT_THERE)

    def test_autocomplete_finds_by_beginnings_of_words(self, people, make, other):
        activity = make.activity()
        found = act("tangerang_link_autocomplete", people.editor, type="kegiatan", q="komp pusk")
        assert [(r["value"], r["label"]) for r in found] == [(activity["id"], activity["title"])]
        assert "Dinas Kesehatan" in found[0]["detail"]
        assert act("tangerang_link_autocomplete", people.editor, type="kegiatan", q="rahasia") == []
        assert act("tangerang_link_autocomplete", people.editor, type="indikator", q="komp") == []

    def test_autocomplete_finds_variables_by_their_name(self, people, make):
        activity = make.activity()
        found = act(
            "tangerang_link_autocomplete", people.editor, type="variabel", q="unsur pelay 2"
        )
        assert [r["value"] for r in found] == [f"{activity['id']}#V002"]
        assert found[0]["label"] == "V002 Unsur pelayanan 2"

    @pytest.mark.parametrize("q", ["", "a AND (", '"', "*:*", "title:x OR", "\\"])
    def test_autocomplete_reads_any_text(self, people, make, q):
        make.activity()
        act("tangerang_link_autocomplete", people.editor, type="kegiatan", q=q)
        act("tangerang_link_autocomplete", people.editor, type="variabel", q=q)

    def test_autocomplete_is_for_those_who_are_logged_in(self):
        with pytest.raises(tk.NotAuthorized):
            call_action(
                "tangerang_link_autocomplete", {"user": "", "ignore_auth": False}, type="kegiatan"
            )
