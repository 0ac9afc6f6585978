"""Every action, route and command is classified; an unknown one fails."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

import click
import pytest
import yaml
from ckan import logic
from ckan import plugins as p
from ckan.cli.cli import ckan

import ckanext.tangerang.review as package
from tests.core.plugin import PRODUCTION_PLUGINS

FILE = Path(package.__file__).parent / "classification.yaml"
KINDS = {"harmless", "review", "guarded", "sysadmin", "closed"}

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", " ".join(PRODUCTION_PLUGINS)),
    pytest.mark.usefixtures("with_plugins"),
]


def classified(part):
    """Return the patterns of a part, each once."""
    entries = yaml.safe_load(FILE.read_text(encoding="utf-8"))[part]
    assert {entry["kind"] for entry in entries} <= KINDS
    assert all(entry["by"] for entry in entries)
    names = [
        name
        for entry in entries
        for name in (entry["names"] if isinstance(entry["names"], list) else entry["names"].split())
    ]
    assert len(names) == len(set(names)), "listed twice"
    return names


def unknown(part, found):
    patterns = classified(part)
    return sorted(n for n in found if not any(fnmatchcase(n, pattern) for pattern in patterns))


def actions():
    logic.get_action("package_show")
    return set(logic._actions)


def commands(command, path=()):
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from commands(inner, (*path, name))
    else:
        yield " ".join(path)


def test_actions():
    assert unknown("actions", actions()) == []
    assert sorted(set(classified("actions")) - actions()) == [], "no such action"


def test_what_only_reads_is_no_change():
    """An action that is listed as reading says so itself, or is known to."""
    entries = yaml.safe_load(FILE.read_text(encoding="utf-8"))["actions"]
    [reading] = [e for e in entries if e["by"].startswith("Membaca;")]
    late = {
        name
        for name in reading["names"].split()
        if not getattr(logic._actions[name], "side_effect_free", False)
    }
    assert late <= {"dcat_dataset_show"}


def test_routes(app):
    flask = app.flask_app
    assert unknown("routes", {rule.endpoint for rule in flask.url_map.iter_rules()}) == []


def test_commands():
    found = set(commands(ckan))
    for plugin in p.PluginImplementations(p.IClick):
        for command in plugin.get_commands():
            found |= set(commands(command, (command.name,)))
    assert len(found) > 50
    assert unknown("commands", found) == []


def test_an_unknown_one_is_found():
    assert unknown("actions", ["package_explode"]) == ["package_explode"]
