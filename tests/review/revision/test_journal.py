"""An approval killed with SIGKILL at any step is finished or undone by recovery, wholly."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import astuple
from pathlib import Path

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.cli.cli import ckan

from ckanext.tangerang.review import store
from ckanext.tangerang.review.revision import journal, staging, switch
from ckanext.tangerang.review.revision.switch import Switch
from stack.layout import REPOSITORY

from ..conftest import PLUGINS
from . import scenario
from .killed import STEPS

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("with_extended_cli", "staff"),
]

#: From here on the switch counts.
COUNTS = list(STEPS)[list(STEPS).index("record committed") :]


@pytest.fixture
def killed(portal_ini):
    """Return what approves in another process, which is killed at a step."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.review.revision.killed", str(portal_ini)],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout

    def answer():
        while line := process.stdout.readline():
            if line.strip() == "ready" or line.strip().lstrip("-").isdigit():
                return line.strip()
        raise AssertionError("the process has ended")

    def approve(step, revised):
        model.Session.rollback()
        order = {
            "step": step,
            "user": revised.user,
            "id": revised.id,
            "shadow": revised.shadow,
            "word": revised.word,
            "changes": [astuple(one) for one in revised.changes],
        }
        process.stdin.write(json.dumps(order) + "\n")
        process.stdin.flush()
        code = int(answer())
        # PostgreSQL may notice a moment later that its client is dead: until then it has the lock.
        for entry_id, _package_id in journal.open_rows():
            hold = journal.Hold.take(entry_id, wait=30)
            assert hold, "the lock of the dead process is still held"
            hold.release()
        model.Session.rollback()
        return code

    assert answer() == "ready"
    yield approve
    process.stdin.close()
    process.wait(60)


def staged(disk):
    """Return what is left of staged files."""
    return [path.name for path in disk.rglob("*.new")]


def states():
    """Return the states of the journal, in its order."""
    model.Session.rollback()
    rows = sa.select(journal.Journal.state).order_by(journal.Journal.created)
    return list(model.Session.scalars(rows))


def test_killed_before_it_counts_nothing_has_happened(revised, killed, disk):
    before = scenario.look(revised.id, revised.all)
    for step in STEPS:
        if step in COUNTS:
            break
        assert killed(step, revised) == -signal.SIGKILL, step
        assert switch.recover() == switch.RecoveryReport(undone=(revised.id,)), step
        assert states()[-1] == journal.UNDONE, step
        assert scenario.look(revised.id, revised.all) == before, step
        assert scenario.table(revised.replaced), step
        assert scenario.content(revised.added), step
        assert (scenario.remains(), staged(disk)) == ([], []), step
        assert switch.recover() == switch.RecoveryReport(), step


def test_killed_when_it_counts_everything_is_new(revised, killed, disk):
    for step in COUNTS:
        assert killed(step, revised) == -signal.SIGKILL, step
        finished = () if step == "row closed" else (revised.id,)
        assert switch.recover() == switch.RecoveryReport(finished=finished), step
        assert states()[-1] == journal.DONE, step
        after = scenario.look(revised.id, revised.all)
        assert after["title"] == f"Puskesmas {revised.word}", step
        assert after["index"] == (f"Puskesmas {revised.word}", [f"Tabel {revised.word}"] * 2), step
        assert after["files"] == [
            (key, f"Tabel {revised.word}") for key in (revised.first, revised.final)
        ], step
        text = f"versi\n{revised.word}\n"
        assert after["content"] == {
            revised.first: text,
            revised.second: None,
            revised.final: text,
        }, step
        one = {"versi": revised.word}
        assert after["tables"] == {
            revised.first: [{**one, "tambahan": revised.word}] * 3,
            revised.second: None,
            revised.final: [one] * 3,
        }, step
        assert {view[1:] for view in after["views"]} == {
            (revised.first, scenario.OLD),
            (revised.final, revised.word),
        }, step
        # What was of the shadow is gone.
        assert scenario.table(revised.replaced) is None, step
        assert scenario.content(revised.added) is None, step
        assert (scenario.remains(), staged(disk)) == ([], []), step
        assert switch.recover() == switch.RecoveryReport(), step
        scenario.prepare_next(revised)


def test_the_command_recovers(revised, killed, cli):
    killed("record committed", revised)
    result = cli.invoke(ckan, ["tangerang", "review", "recover"])
    assert result.exit_code == 0, result.output
    assert f"1 finished: {revised.id}" in result.output
    assert scenario.look(revised.id, revised.all)["title"] == "Puskesmas baru"
    killed_again = cli.invoke(ckan, ["tangerang", "review", "recover"])
    assert "0 finished\n0 undone" in killed_again.output


def test_the_sweep_recovers(revised, killed, cli):
    killed("all staged", revised)
    assert cli.invoke(ckan, ["tangerang", "review", "sweep"]).exit_code == 0
    assert states() == [journal.UNDONE]
    assert scenario.remains() == []


def test_a_save_finishes_first_what_counts(revised, killed):
    killed("record committed", revised)
    scenario.call(
        "resource_patch",
        revised.user,
        id=revised.first,
        upload=scenario.upload("versi\nlebih baru\n"),
    )
    # The files of the approval are no longer put over a newer one.
    assert states() == [journal.DONE]
    assert switch.recover() == switch.RecoveryReport()
    assert scenario.content(revised.first) == "versi\nlebih baru\n"


def test_the_next_approval_settles_what_died(revised, killed):
    killed("all staged", revised)
    scenario.approve(revised.user, revised.id, revised.shadow, revised.changes)
    assert states() == [journal.UNDONE, journal.DONE]
    assert scenario.look(revised.id, revised.all)["title"] == "Puskesmas baru"


def test_what_is_under_way_is_left_alone(revised):
    made = Switch.prepare(revised.id, revised.shadow, revised.changes, None)
    assert switch.recover() == switch.RecoveryReport(alive=(revised.id,))
    store.lock(revised.id)
    made.commit(scenario.saver(revised.user, revised.id, revised.changes))
    assert states() == [journal.DONE]
    assert switch.recover() == switch.RecoveryReport()


def test_recovery_waits_for_what_can_not_be_done_now(revised, killed, disk):
    killed("tables committed", revised)
    place = Path(staging.stored()._path(revised.first))
    place.unlink()
    (place / "in the way").mkdir(parents=True)
    assert switch.recover() == switch.RecoveryReport(failed=(revised.id,))
    assert states() == [journal.COMMITTED]
    (place / "in the way").rmdir()
    place.rmdir()
    assert switch.recover() == switch.RecoveryReport(finished=(revised.id,))
    assert scenario.content(revised.first) == "versi\nbaru\n"
