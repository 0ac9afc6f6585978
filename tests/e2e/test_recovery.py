"""A part that is killed comes back by ``make up``, with all data."""

from __future__ import annotations

import json
import os
import signal
import urllib.request
import uuid
from typing import Any

import pytest

from stack.layout import Profile
from stack.portal import Portal
from stack.process import wait_until

pytestmark = [pytest.mark.stack, pytest.mark.slow]


def call(portal: dict[str, Any], action: str, account: str, **data: Any) -> Any:
    request = urllib.request.Request(
        f"{portal['url']}/api/3/action/{action}",
        data=json.dumps(data).encode(),
        headers={
            "Content-Type": "application/json",
            "Authorization": portal["accounts"][account]["token"],
        },
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)["result"]


@pytest.fixture(autouse=True)
def as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start the portal again as it was started: its people publish what they make."""
    monkeypatch.setenv("TANGERANG_REVIEW", "off")


@pytest.fixture
def stored(portal: dict[str, Any]):
    """Store a dataset of our own; remove it afterwards."""
    owner = call(portal, "organization_list_for_user", "produsen")[0]["id"]
    record = call(
        portal,
        "package_create",
        "produsen",
        name=f"tetap-ada-{uuid.uuid4().hex[:8]}",
        title="Tetap ada",
        owner_org=owner,
        private=True,
    )
    yield record
    call(portal, "dataset_purge", "admin", id=record["id"])


@pytest.mark.parametrize("part", ["postgres", "redis", "solr", "worker", "web"])
def test_killed_part_comes_back_without_loss(portal, stored, part):
    running = Portal(Profile("e2e"))
    process = next(process for process in running.processes if process.name == part)
    pid = process.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: process.pid() is None, 10)

    running.up()

    assert process.pid() not in (None, pid)
    assert call(portal, "package_show", "produsen", id=stored["id"])["title"] == "Tetap ada"
    query = f"name:{stored['name']}"
    found = call(portal, "package_search", "produsen", q=query, include_private=True)
    assert found["count"] == 1


def test_second_start_changes_nothing(portal):
    running = Portal(Profile("e2e"))
    before = {process.name: process.pid() for process in running.processes}

    running.up()

    assert {process.name: process.pid() for process in running.processes} == before
