"""Fixtures for the tests of figures of use: records, readers, and a Redis of their own."""

from __future__ import annotations

from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.lib.redis import connect_to_redis
from ckan.tests import factories
from sqlalchemy import event

from ckanext.tangerang.usage import counter, flush
from ckanext.tangerang.usage.model import PortalDay, Usage, UsageBatch

if TYPE_CHECKING:
    from collections.abc import Iterator

PLUGINS = "tangerang_usage datastore"

BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36"


@pytest.fixture
def no_counts(clean_db, clean_index, with_plugins, monkeypatch):
    """Empty the tables and keys of the plugin, and let the process count."""
    for table in (Usage, PortalDay, UsageBatch):
        model.Session.query(table).delete()
    model.Session.commit()
    redis: Any = connect_to_redis()
    for key in redis.keys(counter._key("*")):
        redis.delete(key)
    monkeypatch.setattr(counter._Pause, "until", 0.0)
    monkeypatch.setattr(flush._Asked, "at", 0.0)


@pytest.fixture
def records(no_counts):
    """Make an OPD with two public datasets and a private one."""
    dinkes = factories.Organization(name="dinkes", title="Dinas Kesehatan")

    def make(name: str, **more: Any) -> dict[str, Any]:
        files = [{"url": f"https://example.go.id/{name}.csv", "name": name, "format": "CSV"}]
        title = name.title()
        return factories.Dataset(
            name=name, title=title, owner_org=dinkes["id"], resources=files, **more
        )

    return SimpleNamespace(
        dinkes=dinkes,
        stunting=make("stunting"),
        imunisasi=make("imunisasi"),
        draft=make("rahasia", private=True),
    )


def read(app: Any, path: str, agent: str = BROWSER, **headers: str) -> Any:
    """Read a page or file as a visitor with some program."""
    return app.get(path, headers={"User-Agent": agent, **headers}, follow_redirects=False)


def download(app: Any, dataset: dict[str, Any], agent: str = BROWSER, **headers: str) -> Any:
    """Download the file of a dataset."""
    resource = dataset["resources"][0]["id"]
    return read(app, f"/dataset/{dataset['id']}/resource/{resource}/download", agent, **headers)


def counted() -> dict[tuple[str, str], int]:
    """Return what waits in Redis, by kind and id."""
    redis: Any = connect_to_redis()
    found = redis.hgetall(counter._key("now"))
    return {tuple(key.decode().split(" ")[1:]): int(number) for key, number in found.items()}


def used(**data: Any) -> dict[str, tuple[int, int]]:
    """Return views and downloads of the most used records, by name."""
    found = tk.get_action("tangerang_usage_list")({"user": ""}, data)
    return {row["name"]: (row["views"], row["downloads"]) for row in found}


@pytest.fixture
def statements():
    """Return a context in which the statements that reach the database are kept."""

    @contextmanager
    def listening() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            seen.append(statement)

        event.listen(model.meta.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(model.meta.engine, "before_cursor_execute", note)

    return listening
