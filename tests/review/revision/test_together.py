"""Two at once, each with a connection of its own: one wins, nobody's work is lost."""

from __future__ import annotations

from threading import Barrier, Thread

import ckan.plugins.toolkit as tk
import pytest
from ckan import model

from ckanext.tangerang.review.revision.model import Revision

from ..conftest import PLUGINS, ask, fresh, review
from . import scenario
from .test_way import history, opened, record, replace_file, version

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    # The application first: it reads the configuration anew, which ``disk`` changes.
    pytest.mark.usefixtures("app", "staff", "disk"),
]

__all__ = ["record"]


def together(app, *calls):
    """Make calls at the same time; return what each returned or raised."""
    start = Barrier(len(calls))
    found = [None] * len(calls)

    def run(number, call):
        with app.flask_app.test_request_context():
            try:
                start.wait()
                found[number] = call()
            except Exception as error:  # noqa: BLE001 - the test looks at it
                found[number] = error
            finally:
                model.Session.remove()

    model.Session.rollback()
    threads = [Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    model.Session.rollback()
    model.Session.expire_all()
    return found


REFUSALS = (tk.ValidationError, tk.ObjectNotFound, tk.NotAuthorized)


@pytest.mark.parametrize("turn", range(3))
def test_two_open_one(turn, app, staff, record):
    found = together(
        app,
        lambda: review("revise", staff.editor, record),
        lambda: review("revise", staff.admin, record),
    )
    assert found[0]["id"] == found[1]["id"]
    assert model.Session.query(Revision).count() == 1
    assert history(staff, record).count("buka_revisi") == 1


@pytest.mark.parametrize("turn", range(3))
def test_two_approvals(turn, app, staff, record):
    copy = opened(staff, record)
    ask("package_patch", staff.editor, id=copy["id"], definisi="Baru.")
    replace_file(staff, copy)
    review("submit", staff.editor, copy)
    seen = version(copy)
    found = together(
        app,
        lambda: review("publish", staff.walidata_editor, copy, version=seen),
        lambda: review("publish", staff.second, copy, version=seen),
    )
    refused = [entry for entry in found if isinstance(entry, Exception)]
    assert len(refused) == 1, found
    assert isinstance(refused[0], REFUSALS), refused
    assert history(staff, record).count("revisi_terbit") == 1
    done = fresh(record)
    assert done["definisi"] == "Baru."
    first = record["resources"][0]["id"]
    assert scenario.content(first) == "versi\nbaru\n"
    assert [row["versi"] for row in scenario.table(first)] == ["baru"] * 5
    assert scenario.remains() == []


@pytest.mark.parametrize("turn", range(3))
def test_an_edit_and_an_approval(turn, app, staff, record):
    copy = opened(staff, record)
    ask("package_patch", staff.editor, id=copy["id"], definisi="Baru.")
    review("submit", staff.editor, copy)
    seen = version(copy)
    found = together(
        app,
        lambda: review("publish", staff.walidata_editor, copy, version=seen),
        lambda: ask("package_patch", staff.sysadmin, id=record["id"], notes="Dari walidata."),
    )
    refused = [entry for entry in found if isinstance(entry, Exception)]
    assert all(isinstance(entry, REFUSALS) for entry in refused), refused
    done = fresh(record)
    # Who was not refused is found in the record.
    if not isinstance(found[0], Exception):
        assert done["definisi"] == "Baru."
    if not isinstance(found[1], Exception):
        assert done["notes"] == "Dari walidata."
    assert len(refused) < len(found)


def test_a_withdrawal_of_the_record_and_an_approval(app, staff, record):
    copy = opened(staff, record)
    ask("package_patch", staff.editor, id=copy["id"], definisi="Baru.")
    review("submit", staff.editor, copy)
    seen = version(copy)
    published, withdrawn = together(
        app,
        lambda: review("publish", staff.walidata_editor, copy, version=seen),
        lambda: review("retract", staff.second, record, reason="Salah."),
    )
    assert not isinstance(withdrawn, Exception), withdrawn
    done = fresh(record)
    assert done["private"] is True
    if isinstance(published, Exception):
        assert isinstance(published, tk.ValidationError), published
        assert model.Package.get(copy["id"]) is not None
    else:
        assert done["definisi"] == "Baru."


def test_a_discard_and_an_approval(app, staff, record):
    copy = opened(staff, record)
    ask("package_patch", staff.editor, id=copy["id"], definisi="Baru.")
    review("submit", staff.editor, copy)
    seen = version(copy)
    found = together(
        app,
        lambda: review("publish", staff.walidata_editor, copy, version=seen),
        lambda: review("withdraw", staff.editor, copy),
    )
    refused = [entry for entry in found if isinstance(entry, Exception)]
    assert len(refused) == 1, found
    assert isinstance(refused[0], REFUSALS), refused
