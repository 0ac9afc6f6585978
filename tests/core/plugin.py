"""Runs CKAN's own test modules, from the installed wheels, with all our plugins really on.

CKAN's pytest plugin unloads every plugin before the first test, and most core tests ask for none,
so run as they are they would pass without ever meeting our code. Here each of them

* is collected from the wheel as an ordinary pytest item, below a ``*.run.yaml`` file
  (:mod:`tests.core.runs`), so that it is counted and can be selected like any other test;
* gets ``with_plugins``, overridden: the portal's plugins, then those that the test itself names;
* is checked just before its body: it fails when one of our plugins is not loaded;
* is expected to fail (strictly) when the run's file of known differences lists it, or runs with
  all plugins but a partner that is known to break it.

``pytest`` runs the quick selection, ``pytest --core-full`` everything. To learn whose doing a
failure is: ``--core-plugins=partners`` leaves ours off, ``--core-plugins=none`` all of them; known
differences do not apply then.
"""

from __future__ import annotations

import importlib.util
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ckan.plugins as p
import pytest

from stack.portal import PLUGINS
from tests.core.runs import Run, TestModule, find_difference, load_run, without_test

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from _pytest.terminal import TerminalReporter

#: The demo marks every page as an example; it is no part of a production portal.
PRODUCTION_PLUGINS = tuple(name for name in PLUGINS if name != "tangerang_demo")

PLUGIN_SETS = {
    "all": PRODUCTION_PLUGINS,
    "partners": tuple(name for name in PRODUCTION_PLUGINS if not name.startswith("tangerang_")),
    "none": (),
}

#: Plugins that a test asks for by itself.
ADDED = pytest.StashKey[tuple[str, ...]]()
#: Partners that are off because of a known difference.
WITHOUT = pytest.StashKey[tuple[str, ...]]()
_tally = pytest.StashKey[Counter[str]]()


def forced_plugins(item: pytest.Item) -> tuple[str, ...]:
    """Return the plugins that ``item``, a core test, gets besides its own."""
    without = item.stash.get(WITHOUT, ())
    names = PLUGIN_SETS[item.config.getoption("core_plugins")]
    return tuple(name for name in names if name not in without)


class CoreRun(pytest.File):
    """A run file; its children are the modules that it lists."""

    run: Run

    def collect(self) -> Iterator[CoreModule]:
        """Find each module in the installed distributions."""
        self.run = load_run(self.path)
        for module in self.run.modules:
            spec = importlib.util.find_spec(module.name)
            if spec is None or spec.origin is None:
                raise self.CollectError(
                    f"{module.name} is not in the installed wheels; correct {self.path.name}."
                )
            node = CoreModule.from_parent(
                self,
                path=Path(spec.origin),
                name=module.name,
                nodeid=f"{self.nodeid}::{module.name}",
            )
            node.run = self.run
            node.entry = module
            yield node


class CoreModule(pytest.Module):
    """A test module of an installed wheel."""

    run: Run
    entry: TestModule


def core_module(node: pytest.Item) -> CoreModule | None:
    """Return the core module that ``node`` belongs to; None for a test of our own."""
    return node.getparent(CoreModule)


def test_name(item: pytest.Item) -> str:
    """Return ``module::Class::function[parameters]``, as the files of known differences write."""
    return item.nodeid.partition("::")[2]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the core tests."""
    group = parser.getgroup("core", "CKAN's own tests")
    group.addoption("--core-full", action="store_true", help="run all of them, not the selection")
    group.addoption(
        "--core-plugins",
        choices=sorted(PLUGIN_SETS),
        default="all",
        help="plugins that they get (default: all; known differences apply to that only)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marks that CKAN's pytest plugin knows, but does not declare."""
    config.addinivalue_line("markers", "provide_plugin: register a class as a plugin (CKAN)")
    config.addinivalue_line("markers", "with_plugins: load more plugins (CKAN)")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> CoreRun | None:
    """Collect run files."""
    if file_path.name.endswith(".run.yaml"):
        return CoreRun.from_parent(parent, path=file_path)
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Mark known differences, and leave out what is not in the quick selection.

    :raises pytest.UsageError: when a known difference names a test that is not there
    """
    by_run: dict[CoreRun, list[pytest.Item]] = {}
    for item in items:
        run = item.getparent(CoreRun)
        if run is not None:
            by_run.setdefault(run, []).append(item)
    for run, members in by_run.items():
        _mark(config, run, members)
    session.stash[_tally] = Counter()
    if config.getoption("core_full") or "core_full" in config.getoption("markexpr"):
        return
    left_out = [item for item in items if item.get_closest_marker("core_full")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("core_full")]


def _mark(config: pytest.Config, node: CoreRun, items: list[pytest.Item]) -> None:
    """Give the marks ``core_full`` and ``xfail`` to the tests of one run."""
    for item in items:
        module = core_module(item)
        if module is not None and not module.entry.quick:
            item.add_marker("core_full")
        difference = find_difference(node.run.differences, test_name(item))
        if difference is None or config.getoption("core_plugins") != "all":
            continue
        if difference.without:
            item.stash[WITHOUT] = difference.without
        else:
            reason = f"known difference ({difference.cause}): {difference.reason}"
            item.add_marker(pytest.mark.xfail(strict=difference.is_certain, reason=reason))
    if {module.name for module in node.run.modules} == {
        module.name for item in items if (module := core_module(item))
    }:
        gone = without_test(node.run.differences, map(test_name, items))
        if gone:
            raise pytest.UsageError(
                f"{node.nodeid}: no such test, correct the file of known differences: "
                + ", ".join(gone)
            )


class PluginsNotLoaded(AssertionError):  # noqa: N818
    """A core test would have run without our plugins."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Refuse to run a core test while one of the plugins is off."""
    module = core_module(item)
    if module is not None:
        missing = [name for name in forced_plugins(item) if not p.plugin_loaded(name)]
        if missing:
            raise PluginsNotLoaded(f"not loaded: {', '.join(missing)}")
        item.session.stash[_tally]["run"] += 1
        item.session.stash[_tally]["merged"] += bool(item.stash.get(ADDED, ()))
        item.session.stash[_tally]["without"] += bool(item.stash.get(WITHOUT, ()))
    return (yield)


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Say how many core tests ran, and with what."""
    session: Any = terminalreporter._session
    tally = session.stash.get(_tally, None) if session else None
    if tally:
        names = PLUGIN_SETS[terminalreporter.config.getoption("core_plugins")]
        terminalreporter.write_line(
            f"CKAN's own tests: {tally['run']} ran with {len(names)} plugins loaded"
            f" ({', '.join(names) or 'none'});"
            f" {tally['merged']} of them also with plugins of their own,"
            f" {tally['without']} without a partner that is known to break them."
        )
