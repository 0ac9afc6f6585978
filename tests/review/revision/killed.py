"""Approves in a process of its own that is killed at a named step: a script for the tests.

Reads one JSON object a line: ``{"step", "user", "id", "shadow", "changes", "word"}``; forks,
approves in the child, which kills itself with SIGKILL at the step, and writes how the child ended.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback

from ckan import model
from ckan.cli import load_config
from ckan.config.middleware import make_app
from ckanext.datastore.backend.postgres import _dispose_engines

from ckanext.tangerang.review.revision import journal, staging, switch, tables
from ckanext.tangerang.review.revision.switch import FileChange
from tests.review.revision import scenario

#: Where a step is: what is wrapped, and whether the process dies before or after it.
STEPS = {
    "row written": (journal, "begin", "after"),
    "one file staged": (staging.LocalFiles, "stage", "after"),
    "tables loaded": (tables, "_copy_rows", "after"),
    "all staged": (tables, "stage", "after"),
    "journal marked": (journal, "commit_with_session", "after"),
    "record saved": (switch, "_carry_views", "before"),
    "views carried": (switch, "_mark_tables", "after"),
    "one table renamed": (tables, "_rename", "after"),
    "record not committed": (model.Session, "commit", "before"),
    "record committed": (model.Session, "commit", "after"),
    "tables committed": (switch, "_put_files", "before"),
    "before a rename": (os, "replace", "before"),
    "one file renamed": (os, "replace", "after"),
    "files renamed": (switch, "_reindex", "before"),
    "indexed": (switch, "_reindex", "after"),
    "shadow's tables gone": (tables, "drop", "after"),
    "row closed": (journal.Hold, "finish", "after"),
}


def die_at(step):
    """Let the process be killed at a step."""
    owner, name, when = STEPS[step]
    original = getattr(owner, name)

    def dying(*arguments, **named):
        if when == "after":
            original(*arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, name, dying)


def approve(app, order):
    """Approve, in a child."""
    model.meta.engine.dispose(close=False)
    changes = [FileChange(*one) for one in order["changes"]]
    with app.test_request_context():
        die_at(order["step"])
        scenario.approve(order["user"], order["id"], order["shadow"], changes, order["word"])


def main():
    """Read orders and write how each ended, as ``os.waitstatus_to_exitcode`` has it."""
    app = make_app(load_config(sys.argv[1]))._wsgi_app
    model.Session.remove()
    model.meta.engine.dispose()
    _dispose_engines()
    print("ready", flush=True)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                approve(app, json.loads(line))
            except BaseException:  # noqa: BLE001 - the process ends in any case
                traceback.print_exc()
            os._exit(1)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
