"""A switch of a published record to its next version: all of it, or nothing."""

from __future__ import annotations

import threading

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckanext.datastore.backend.postgres import get_read_engine, get_write_engine

from ckanext.tangerang.review import store
from ckanext.tangerang.review.revision import switch
from ckanext.tangerang.review.revision.switch import FileChange, Switch

from ..conftest import PLUGINS
from . import scenario

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("staff"),
]


def in_thread(work, *arguments):
    """Run something with a session of its own; return what waits for it and raises its error."""
    outcome = {}

    def run():
        try:
            work(*arguments)
        except BaseException as error:  # noqa: BLE001 - given to who waits
            outcome["error"] = error
        finally:
            model.Session.remove()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()

    def result(*, raising=True):
        thread.join(60)
        assert not thread.is_alive()
        if raising and "error" in outcome:
            raise outcome["error"]
        return outcome.get("error")

    return result


def unlocked_look(revised):
    """Return what every place says, and that nothing of a switch is left."""
    seen = scenario.look(revised.id, revised.all)
    assert scenario.remains() == []
    assert switch.recover() == switch.RecoveryReport()
    return seen


class TestApproved:
    def test_everything_is_new_and_ids_stay(self, revised):
        views = scenario.look(revised.id, revised.all)["views"]
        added_view = model.Session.scalar(
            sa.select(model.ResourceView.id).where(model.ResourceView.resource_id == revised.added)
        )
        scenario.approve(revised.user, revised.id, revised.shadow, revised.changes)
        after = unlocked_look(revised)
        assert after["title"] == "Puskesmas baru"
        assert after["index"] == ("Puskesmas baru", ["Tabel baru", "Tabel baru"])
        assert [key for key, _ in after["files"]] == [revised.first, revised.final]
        assert after["active"] == [True, True]
        assert after["content"] == {
            revised.first: "versi\nbaru\n",
            revised.second: None,
            revised.final: "versi\nbaru\n",
        }
        assert after["tables"] == {
            revised.first: [{"versi": "baru", "tambahan": "baru"}] * 3,
            revised.second: None,
            revised.final: [{"versi": "baru"}] * 3,
        }
        # A replaced file keeps its views, a new one brings them along, a removed one loses them.
        kept = [view for view in views if view[1] == revised.first]
        assert after["views"] == sorted([*kept, (added_view, revised.final, "baru")])
        # The alias still answers, with the new columns.
        assert scenario.table(revised.alias) == after["tables"][revised.first]

    def test_the_shadow_may_be_purged_by_the_save(self, revised):
        save = scenario.saver(revised.user, revised.id, revised.changes)

        def save_and_purge():
            save()
            model.Package.get(revised.shadow).purge()

        made = Switch.prepare(revised.id, revised.shadow, revised.changes, None)
        store.lock(revised.id)
        made.commit(save_and_purge)
        after = unlocked_look(revised)
        assert after["content"][revised.final] == "versi\nbaru\n"
        assert [view[1] for view in after["views"]].count(revised.final) == 1
        assert scenario.table(revised.added) is None
        found = tk.get_action("package_search")(
            {"ignore_auth": True}, {"fq": f"id:{revised.shadow}", "include_private": True}
        )
        assert found["count"] == 0

    def test_a_file_becomes_a_link(self, revised):
        scenario.call(
            "resource_patch",
            revised.user,
            id=revised.replaced,
            url="https://example.go.id/tabel.csv",
            url_type="",
            clear_upload="true",
        )
        tk.get_action("datastore_delete")(
            {"ignore_auth": True, "user": revised.user},
            {"resource_id": revised.replaced, "force": True},
        )
        change = FileChange(revised.first, revised.replaced, "replaced")

        def save():
            current = tk.get_action("package_show")({"ignore_auth": True}, {"id": revised.id})
            current["resources"][0].update(url="https://example.go.id/tabel.csv", url_type="")
            tk.get_action("package_update")(
                {"user": revised.user, "defer_commit": True, "return_id_only": True}, current
            )

        made = Switch.prepare(revised.id, revised.shadow, [change], None)
        store.lock(revised.id)
        made.commit(save)
        after = unlocked_look(revised)
        assert after["content"][revised.first] is None
        assert after["tables"][revised.first] is None
        assert after["active"][0] is False


class TestNothingHappens:
    def test_abandoned(self, revised):
        before = scenario.look(revised.id, revised.all)
        made = Switch.prepare(revised.id, revised.shadow, revised.changes, None)
        assert scenario.remains()
        made.abandon()
        made.abandon()
        assert unlocked_look(revised) == before

    def test_the_save_is_refused(self, revised):
        before = scenario.look(revised.id, revised.all)
        save = scenario.saver(revised.user, revised.id, revised.changes)

        def refusing():
            save()
            raise tk.ValidationError({"title": ["no"]})

        made = Switch.prepare(revised.id, revised.shadow, revised.changes, None)
        store.lock(revised.id)
        with pytest.raises(tk.ValidationError, match="no"):
            made.commit(refusing)
        assert unlocked_look(revised) == before

    def test_a_file_of_the_next_version_is_missing(self, revised):
        before = scenario.look(revised.id, revised.all)
        switch.staging.stored().remove(revised.added)
        with pytest.raises(tk.ValidationError) as refused:
            Switch.prepare(revised.id, revised.shadow, revised.changes, None)
        assert "is missing" in str(refused.value.error_dict)
        assert unlocked_look(revised) == before

    def test_a_table_is_read_for_too_long(self, revised):
        before = scenario.look(revised.id, revised.all)
        with get_read_engine().connect() as reader:
            reader.execute(sa.select(sa.text("*")).select_from(sa.table(revised.first)))
            with pytest.raises(tk.ValidationError) as refused:
                scenario.approve(revised.user, revised.id, revised.shadow, revised.changes)
        assert "reading or writing" in str(refused.value.error_dict)
        assert unlocked_look(revised) == before

    def test_a_view_of_the_database_stands_on_a_table(self, revised):
        before = scenario.look(revised.id, revised.all)
        with get_write_engine().begin() as connection:
            both = f'"{revised.first}" a, "{revised.second}" b'
            connection.execute(sa.text(f"CREATE VIEW gabungan AS SELECT a.versi FROM {both}"))  # noqa: S608
        with pytest.raises(tk.ValidationError) as refused:
            scenario.approve(revised.user, revised.id, revised.shadow, revised.changes)
        assert "gabungan" in str(refused.value.error_dict)
        assert unlocked_look(revised) == before


class TestTwoAtOnce:
    def test_of_two_approvals_one_is_told(self, revised):
        made = Switch.prepare(revised.id, revised.shadow, revised.changes, None)
        with pytest.raises(tk.ValidationError) as refused:
            Switch.prepare(revised.id, revised.shadow, revised.changes, None)
        assert "under way" in str(refused.value.error_dict)
        store.lock(revised.id)
        made.commit(scenario.saver(revised.user, revised.id, revised.changes))
        assert unlocked_look(revised)["title"] == "Puskesmas baru"

    def test_of_two_that_begin_together_one_wins(self, revised):
        start = threading.Barrier(2)

        def approve():
            start.wait()
            scenario.approve(revised.user, revised.id, revised.shadow, revised.changes)

        results = [in_thread(approve), in_thread(approve)]
        outcomes = [result(raising=False) for result in results]
        assert sorted(map(type, outcomes), key=str) == [type(None), tk.ValidationError], outcomes
        assert unlocked_look(revised)["title"] == "Puskesmas baru"

    @pytest.mark.parametrize("of", ["first", "replaced"])
    def test_a_write_into_a_table_during_an_approval_is_told(self, of, revised):
        made = Switch.prepare(revised.id, revised.shadow, revised.changes, None)
        with pytest.raises(tk.ValidationError) as refused:
            tk.get_action("datastore_upsert")(
                {"ignore_auth": True, "user": revised.user},
                {
                    "resource_id": getattr(revised, of),
                    "force": True,
                    "method": "insert",
                    "records": [{"versi": "sisipan"}],
                },
            )
        assert "under way" in str(refused.value.error_dict)
        store.lock(revised.id)
        made.commit(scenario.saver(revised.user, revised.id, revised.changes))
        assert scenario.table(revised.first)[0]["versi"] == "baru"

    def test_an_approval_waits_for_a_write_into_a_table(self, revised):
        writing, written = threading.Event(), threading.Event()

        def write():
            store.lock(revised.shadow)
            writing.set()
            tk.get_action("datastore_upsert")(
                {"ignore_auth": True, "user": revised.user},
                {
                    "resource_id": revised.replaced,
                    "force": True,
                    "method": "insert",
                    "records": [{"versi": "sisipan", "tambahan": "sisipan"}] * 500,
                },
            )
            written.set()

        result = in_thread(write)
        assert writing.wait(20)
        scenario.approve(revised.user, revised.id, revised.shadow, revised.changes)
        assert written.is_set()
        result()
        # Nobody's work is lost: what was written is what was approved.
        assert len(scenario.table(revised.first)) == 503

    def test_a_save_while_it_is_prepared_goes_through(self, revised):
        made = Switch.prepare(revised.id, revised.shadow, revised.changes, None)
        scenario.call("package_patch", revised.user, id=revised.id, notes="Diperbaiki.")
        store.lock(revised.id)
        made.commit(scenario.saver(revised.user, revised.id, revised.changes))
        shown = scenario.call("package_show", revised.user, id=revised.id)
        assert (shown["notes"], shown["title"]) == ("Diperbaiki.", "Puskesmas baru")
