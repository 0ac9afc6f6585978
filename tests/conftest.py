"""Fixtures that the tests of several plugins use."""

from __future__ import annotations

import inspect
import os
from typing import TYPE_CHECKING, Any

import ckan.plugins as p
import pytest
import yaml
from ckan.cli.db import _get_pending_plugins
from ckan.common import config
from hypothesis import HealthCheck, settings
from hypothesis.database import DirectoryBasedExampleDatabase

from stack.layout import LOCAL
from tests.core.plugin import PRODUCTION_PLUGINS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# No deadline, and no complaint about slow data: a shared machine may stop for longer than any
# example takes. In CI the examples are the same each time, so that a change is judged by what it
# changes; everybody else looks for new ones.
settings.register_profile(
    "house",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    database=None if "CI" in os.environ else DirectoryBasedExampleDatabase(LOCAL / "hypothesis"),
)
settings.load_profile("house")

# Most tests load all plugins anew. A fifth of that was the reading of schemas, which the same
# library does many times as fast in C. Another was CKAN looking for the file that calls it, for
# each folder of templates: without the lines of source, which it does not ask for, that is quick.
yaml.SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_frames = inspect.stack
# Without the frame of this function itself.
inspect.stack = lambda context=0: _frames(context)[1:]


@pytest.fixture(scope="session")
def migrate_loaded(
    reset_db: Callable[[], None],
    reset_index: Callable[[], None],
    migrate_db_for: Callable[[str], None],
) -> Callable[[], None]:
    """Return what makes the tables of all loaded plugins, in an empty database at its first call.

    CKAN's ``clean_db`` drops every table the first time that a session uses it, those of plugins
    too; afterwards it empties CKAN's and leaves the others.
    """
    done: set[str] = set()

    def migrate() -> None:
        loaded = set(config["ckan.plugins"])
        if not done:
            reset_db()
            reset_index()
        if not loaded <= done:
            for plugin in _get_pending_plugins():
                migrate_db_for(plugin)
            done.update(loaded)

    return migrate


@pytest.fixture
def with_portal(
    ckan_config: Any,
    monkeypatch: pytest.MonkeyPatch,
    migrate_loaded: Callable[[], None],
) -> Iterator[None]:
    """Load all plugins of a production portal, with their tables.

    List it before ``app``, ``clean_db`` and ``clean_index``.
    """
    monkeypatch.setitem(config, "ckan.plugins", list(PRODUCTION_PLUGINS))
    p.load_all()
    migrate_loaded()
    yield
    p.unload_all()


@pytest.fixture
def with_plugins(with_plugins: None, migrate_loaded: Callable[[], None]) -> None:
    """Load the plugins of a test as CKAN does, with their tables."""
    migrate_loaded()
