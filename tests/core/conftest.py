"""Fixtures of CKAN's own tests; see :mod:`tests.core.plugin`."""

from __future__ import annotations

import functools
import sys
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

import ckan.plugins as p
import ckan.tests.plugins
import pytest
import yaml
from ckan.common import aslist, config
from ckan.config.environment import CONFIG_FROM_ENV_VARS
from ckan.tests import factories
from ckan.tests.plugins import ckantestplugins

from tests.core.plugin import ADDED, core_module, forced_plugins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

#: What the partners need when ours, which name the schemas, are not there.
PARTNER_SETTINGS = {"scheming.dataset_schemas": "ckanext.scheming:ckan_dataset.yaml"}


def _named_plugins(
    request: pytest.FixtureRequest, provide_plugin: Callable[[str, type], Any]
) -> Iterable[str]:
    """Return the plugins that the test asks for, by configuration or by mark."""
    yield from aslist(config["ckan.plugins"])
    for mark in request.node.iter_markers("with_plugins"):
        for argument in mark.args:
            if isinstance(argument, str):
                yield argument
            else:
                for name, implementation in argument.items():
                    provide_plugin(name, implementation)
                    yield name


#: Each test loads all plugins anew. These two change nothing but the time that it takes: CKAN looks
#: through every installed distribution for each plugin, and reads YAML with the slow reader.
_FASTER = {
    "ckan.plugins.core.entry_points": functools.cache(entry_points),
    "yaml.SafeLoader": yaml.CSafeLoader,
}

# The wheel's entry points name CKAN's test plugins by the path that they have in its sources.
sys.modules.setdefault("tests.plugins", ckan.tests.plugins)
sys.modules.setdefault("tests.plugins.ckantestplugins", ckantestplugins)


@pytest.fixture
def with_plugins(
    ckan_config: Any,
    provide_plugin: Callable[[str, type], Any],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Iterator[None]:
    """Load the portal's plugins, then those of the test that are not among them.

    Overrides CKAN's fixture for the tests below this folder, so that also a test that asks for
    plugins of its own meets ours.
    """
    module = core_module(request.node)
    forced = forced_plugins(request.node)
    wanted = [*(module.entry.plugins if module else ()), *_named_plugins(request, provide_plugin)]
    added = tuple(name for name in dict.fromkeys(wanted) if name not in forced)
    request.node.stash[ADDED] = added
    monkeypatch.setitem(config, "ckan.plugins", [*forced, *added])
    p.load_all()
    yield
    p.unload_all()


def _complete_factory(monkeypatch: pytest.MonkeyPatch, values: Mapping[str, Any]) -> None:
    """Let CKAN's dataset factory add ``values`` where a test gives none.

    :param values: ``context`` among them is added to that of the factory
    """
    prepare = factories.Dataset._api_prepare_args
    more = {name: value for name, value in values.items() if name != "context"}

    def prepare_complete(data_dict: dict[str, Any]) -> dict[str, Any]:
        prepared = prepare({**more, **data_dict})
        if "context" in values:
            prepared["context"] = {**prepared.get("context", {}), **values["context"]}
        return prepared

    monkeypatch.setattr(factories.Dataset, "_api_prepare_args", prepare_complete)


@pytest.fixture(autouse=True)
def portal(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give every core test the run's settings, the plugins and their tables; return Solr's address.

    The addresses of the services are in the configuration by now. Their environment variables
    would win over a test that sets another one there, such as a Solr that does not answer.
    """
    solr_url = str(config["solr_url"])
    module = core_module(request.node)
    if module is None:
        return solr_url
    for name, value in _FASTER.items():
        monkeypatch.setattr(name, value)
    for variable in CONFIG_FROM_ENV_VARS.values():
        monkeypatch.delenv(variable, raising=False)
    if request.config.getoption("core_plugins") == "partners":
        config.update(PARTNER_SETTINGS)
    config.update({**module.run.settings, **module.entry.settings})
    if module.run.dataset:
        _complete_factory(monkeypatch, module.run.dataset)
    if forced_plugins(request.node):
        request.getfixturevalue("with_plugins")
        request.getfixturevalue("migrate_loaded")()
    else:
        request.node.stash[ADDED] = ()
    return solr_url


@pytest.fixture
def clean_index(
    portal: str, reset_index: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Empty the search index, also for a test that names a Solr that does not answer.

    With CKAN's fixtures alone the index is emptied before a test's configuration applies; here
    that comes first, because the plugins are loaded by it.
    """
    with monkeypatch.context() as patch:
        patch.setitem(config, "solr_url", portal)
        reset_index()
