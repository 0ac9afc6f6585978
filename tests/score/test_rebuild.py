"""Judging everything again: by the command, batch by batch."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.cli.cli import ckan
from ckan.lib.search import rebuild as index
from ckan.tests.helpers import call_action

from ckanext.tangerang.score import checks, rebuild, store
from ckanext.tangerang.score.model import Score
from tests.metadata.records import indicator
from tests.theme.conftest import counted

from .conftest import PLUGINS
from .test_store import search

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("people", "with_extended_cli"),
]


@pytest.fixture
def records(complete, people):
    """Make three datasets and an indicator."""
    made = [call_action("package_create", **{**complete, "name": f"data-{n}"}) for n in range(3)]
    owner = {"owner_org": people.opd["id"], "private": True}
    return [*made, call_action("package_create", **indicator(), **owner)]


def spoil(**values):
    """Change all stored scores behind the portal's back."""
    model.Session.execute(sa.update(Score).values(**values))
    model.Session.commit()


def run(**options):
    return [len(batch.ids) for batch in rebuild.run(**options)]


def test_in_batches(records):
    assert run(size=3) == [3, 1]
    assert rebuild.count() == 4


def test_nothing_is_written_where_nothing_differs(records):
    def updated():
        return {row.package_id: row.updated for row in model.Session.query(Score)}

    before = updated()
    assert [batch.changed for batch in rebuild.run()] == [[]]
    assert updated() == before


def test_what_changed_is_named(records):
    model.Session.execute(sa.delete(Score).where(Score.package_id == records[0]["id"]))
    model.Session.execute(
        sa.update(Score).where(Score.package_id == records[1]["id"]).values(completeness=1)
    )
    model.Session.commit()
    [batch] = rebuild.run()
    assert set(batch.changed) == {records[0]["id"], records[1]["id"]}
    assert store.get(records[1]["id"]).completeness == 100


def test_other_tasks_alone_need_no_index(records):
    spoil(todo=[])
    [batch] = rebuild.run()
    assert batch.changed == []
    assert store.get(records[0]["id"]).todo


def test_scores_of_deleted_records_go(records):
    model.Session.execute(
        sa.update(model.Package).where(model.Package.id == records[0]["id"]).values(state="deleted")
    )
    model.Session.commit()
    [batch] = rebuild.run()
    assert batch.changed == [records[0]["id"]]
    assert rebuild.count() == 3


def test_only_the_outdated(records):
    assert rebuild.count(outdated=True) == 0
    assert run(outdated=True) == []
    model.Session.execute(
        sa.update(Score).where(Score.package_id == records[0]["id"]).values(checks_version=0)
    )
    model.Session.execute(sa.delete(Score).where(Score.package_id == records[1]["id"]))
    model.Session.commit()
    assert rebuild.count(outdated=True) == 2
    assert run(outdated=True) == [2]
    assert store.get(records[0]["id"]).checks_version == checks.load().version
    assert rebuild.count(outdated=True) == 0


def test_a_batch_asks_as_much_as_one_record(records):
    def asked(size):
        with counted() as queries:
            next(rebuild.run(size=size))
        model.Session.expunge_all()
        return len(queries.sql)

    assert asked(3) == asked(1) <= 10


def test_the_record_itself_does_not_change(records):
    before = call_action("package_show", id="data-0")
    spoil(completeness=1)
    list(rebuild.run())
    assert call_action("package_show", id="data-0") == before


class TestCommand:
    def rebuild(self, cli, *options):
        result = cli.invoke(ckan, ["tangerang", "score", "rebuild", *options])
        assert result.exit_code == 0, result.output
        return result.output

    def test_the_index_follows(self, cli, records):
        value = f"{store.get(records[0]['id']).score:03}"
        spoil(score=1)
        index()
        assert search(fq="tangerang_score:001")["count"] == 3
        assert "4 judged, 4 scores changed" in self.rebuild(cli, "--no-index")
        assert search(fq="tangerang_score:001")["count"] == 3
        spoil(score=1)
        assert "4 indexed" in self.rebuild(cli)
        assert search(fq=f"tangerang_score:{value}")["count"] == 3

    def test_nothing_to_do(self, cli, records):
        assert "4 judged, 0 scores changed" in self.rebuild(cli)
        assert "0 judged" in self.rebuild(cli, "--outdated")

    def test_show(self, cli, records):
        said = cli.invoke(ckan, ["tangerang", "score", "show", "data-0"]).output
        score = store.get(records[0]["id"])
        assert "dataset data-0" in said
        assert f"Score: {score.score}" in said
        assert f"Interoperability: {score.parts['interoperabilitas']}" in said
        assert "[3.8] Say by what the data are broken down" in said
        result = cli.invoke(ckan, ["tangerang", "score", "show", "tidak-ada"])
        assert result.exit_code == 1
        assert "There is no score of tidak-ada" in result.output
