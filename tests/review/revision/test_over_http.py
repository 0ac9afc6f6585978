"""What somebody sees over HTTP while versions are switched: the old one or the new one."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import time

import pytest
import sqlalchemy as sa
from ckanext.datastore.backend.postgres import get_write_engine

from stack.layout import REPOSITORY

from ..conftest import PLUGINS
from . import scenario

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("staff"),
]

SWITCHES = 5
ROWS = 20_000


def start(script, *arguments, **options):
    """Start one of the scripts."""
    return subprocess.Popen(
        [sys.executable, "-m", f"tests.review.revision.{script}", *arguments],
        cwd=REPOSITORY,
        text=True,
        **options,
    )


@pytest.fixture
def log(tmp_path):
    """Return where the portal that is served writes what it can not answer."""
    return tmp_path / "log"


@pytest.fixture
def address(portal_ini, log):
    """Serve the portal of the tests in another process; return its address."""
    with log.open("w") as errors:
        process = start("serve", str(portal_ini), stdout=subprocess.PIPE, stderr=errors)
    port = next(line.split()[1] for line in process.stdout if line.startswith("port "))
    yield f"http://127.0.0.1:{port}"
    process.kill()
    process.wait()


def make_large(table):
    """Fill a table with many rows of the word that it has."""
    with get_write_engine().begin() as connection:
        columns = sorted(set(scenario.table(table)[0]))
        names = ", ".join(columns)
        connection.execute(
            sa.text(
                f'INSERT INTO "{table}" ({names}) SELECT {names} FROM "{table}",'  # noqa: S608
                f" generate_series(1, {ROWS // 3})"
            )
        )


def longest_mix(seen, words):
    """Return for each switch how long both versions could be seen, in seconds."""
    mixes = []
    for old, new in itertools.pairwise(words):
        first_new = min(end for _, _, end, word in seen if word == new)
        last_old = max(begin for _, begin, _, word in seen if word == old)
        mixes.append(max(0.0, last_old - first_new))
    return mixes


def test_readers_see_the_old_or_the_new_version(address, log, revised, capsys, tmp_path):
    words = [scenario.OLD]
    with (tmp_path / "seen").open("w+") as output:
        reader = start(
            *("reader", address, revised.id, revised.first),
            stdin=subprocess.PIPE,
            stdout=output,
        )
        took = []
        for _ in range(SWITCHES):
            make_large(revised.replaced)
            time.sleep(1)
            begin = time.monotonic()
            scenario.approve(
                revised.user, revised.id, revised.shadow, revised.changes, revised.word
            )
            took.append(time.monotonic() - begin)
            words.append(revised.word)
            time.sleep(1)
            scenario.prepare_next(revised)
        reader.communicate("", timeout=120)
        output.seek(0)
        seen = [json.loads(line) for line in output]
    wrong = [entry for entry in seen if entry[3] not in words]
    assert wrong == [], f"...{log.read_text()[-4_000:]}"
    for kind in ("file", "table", "record"):
        read = [entry[3] for entry in seen if entry[0] == kind]
        assert list(dict.fromkeys(read)) == words, kind
    mixes = longest_mix(seen, words)
    with capsys.disabled():
        print(
            f"\n{len(seen)} answers, {SWITCHES} switches of {ROWS} rows: longest mix of versions "
            f"{max(mixes) * 1000:.0f} ms (each: {[round(mix * 1000) for mix in mixes]}), "
            f"an approval took {max(took):.1f} s at most"
        )
    assert max(mixes) < 2
