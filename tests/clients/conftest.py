"""A portal with sample content that clients read, and two CKANs that harvest it."""

from __future__ import annotations

import json
import os
import subprocess
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from stack import bootstrap
from stack.layout import Profile
from stack.portal import Portal
from stack.process import free_port, port_is_free
from tests.interop.conftest import shapes, violations

from .portals import Site
from .samples import Office
from .story import Story, tell

if TYPE_CHECKING:
    from collections.abc import Iterator


#: Fixture → profile. `stock` is CKAN as it comes, `twin` has this extension.
_PROFILES = {"portal": "clients", "stock": "stock-harvester", "twin": "harvester"}

__all__ = [
    "office",
    "portal",
    "records",
    "shapes",
    "started",
    "stock",
    "story",
    "twin",
    "udata",
    "violations",
]

_PROGRAMS = Path(__file__).with_name("programs")


@pytest.fixture(scope="session")
def started(request: pytest.FixtureRequest) -> Iterator[dict[str, Future[Portal]]]:
    """Start the portals that the chosen tests use, side by side; stop them afterwards."""
    wanted = {name for item in request.session.items for name in getattr(item, "fixturenames", ())}

    def start(profile: str) -> Portal:
        running = Portal(Profile(profile))
        if running.profile.harvests:
            # What was harvested before would hide what a first harvest does.
            running.wipe()
        # Each says which: they look for a free one at the same time, and so do other tests.
        port = running.profile.state().get("ports", {}).get("web", 0)
        running.up(port if port and port_is_free(port) else free_port())
        return running

    bootstrap.install("dev")
    profiles = {name: profile for name, profile in _PROFILES.items() if name in wanted}
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor() as pool:
        patch.setenv("TANGERANG_REVIEW", "on")
        try:
            yield {name: pool.submit(start, profile) for name, profile in profiles.items()}
        finally:
            pool.shutdown()
            for profile in profiles.values():
                Portal(Profile(profile)).down()


@pytest.fixture(scope="session")
def portal(started: dict[str, Future[Portal]]) -> Site:
    """Return the portal that is read, with sample content and the review on."""
    return Site(started["portal"].result())


@pytest.fixture(scope="session")
def stock(started: dict[str, Future[Portal]]) -> Site:
    """Return a CKAN without this extension that harvests."""
    return Site(started["stock"].result())


@pytest.fixture(scope="session")
def twin(started: dict[str, Future[Portal]]) -> Site:
    """Return a CKAN with this extension that harvests."""
    return Site(started["twin"].result())


@pytest.fixture(scope="session")
def office(started: dict[str, Future[Portal]], portal: Site) -> Office:
    """Return the people of the portal that is read."""
    accounts = json.loads(
        started["portal"].result().profile.accounts_file.read_text(encoding="utf-8")
    )
    return Office(portal, accounts["accounts"])


@pytest.fixture(scope="session")
def records(office: Office) -> dict[str, dict[str, Any]]:
    """Return the published records that the tests are about, by name, as they were at first."""
    return office.make_all()


@pytest.fixture(scope="session")
def story(office: Office, records: dict[str, dict[str, Any]], stock: Site, twin: Site) -> Story:
    """Return what the harvesters did, and had, in each chapter of the portal's story."""
    return tell(office, records, stock, twin)


@pytest.fixture(scope="session")
def udata(portal: Site, records: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return what udata's harvester did in two jobs, and the datasets that it has then."""
    python = bootstrap.install_apart("clients")
    done = subprocess.run(
        [str(python), str(_PROGRAMS / "udata_harvest.py"), portal.url],
        env=os.environ | {"UDATA_SETTINGS": str(_PROGRAMS / "udata.cfg")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
