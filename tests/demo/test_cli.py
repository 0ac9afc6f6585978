"""``ckan tangerang demo``: what the operator sees."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from ckan.cli.cli import ckan
from ckan.tests import factories

from .conftest import PLUGINS

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.ckan_config("ckan.plugins", PLUGINS)
@pytest.mark.usefixtures("portal", "few", "with_extended_cli")
class TestCommands:
    """The three commands on a portal that has what they need."""

    def test_load_remove_and_accounts(self, cli, tmp_path: Path) -> None:
        first = cli.invoke(ckan, ["tangerang", "demo", "load"])
        assert first.exit_code == 0, first.output
        assert "+ Kode dan Nama Kecamatan di Kabupaten Tangerang (29 rows)" in first.output
        assert "7 made (" in first.output

        second = cli.invoke(ckan, ["tangerang", "demo", "load"])
        assert "7 unchanged (" in second.output

        path = tmp_path / "demo.json"
        accounts = cli.invoke(ckan, ["tangerang", "demo", "accounts", "--output", str(path)])
        assert accounts.exit_code == 0, accounts.output
        entries = json.loads(path.read_text(encoding="utf-8"))["accounts"]
        for entry in entries.values():
            assert entry["password"] not in accounts.output
            assert entry["token"] not in accounts.output

        removed = cli.invoke(ckan, ["tangerang", "demo", "remove"])
        assert removed.exit_code == 0, removed.output
        assert "7 removed (" in removed.output
        assert "nothing to do" in cli.invoke(ckan, ["tangerang", "demo", "remove"]).output

    def test_what_needs_the_operator_ends_with_1(self, cli) -> None:
        factories.Dataset(
            name="kode-dan-nama-kecamatan", private=True, owner_org=factories.Organization()["id"]
        )
        result = cli.invoke(ckan, ["tangerang", "demo", "load"])
        assert result.exit_code == 1
        assert "6 made (" in result.output
        assert "Rename the other one" in result.output

    def test_accounts_before_load(self, cli, tmp_path: Path) -> None:
        path = tmp_path / "demo.json"
        result = cli.invoke(ckan, ["tangerang", "demo", "accounts", "--output", str(path)])
        assert result.exit_code == 1
        assert "Run first: ckan tangerang demo load" in result.output
        assert "Traceback" not in result.output

    def test_a_taken_email_says_what_to_do(self, cli, tmp_path: Path) -> None:
        cli.invoke(ckan, ["tangerang", "demo", "load"])
        factories.User(email="admin@example.org")
        path = tmp_path / "demo.json"
        result = cli.invoke(ckan, ["tangerang", "demo", "accounts", "--output", str(path)])
        assert result.exit_code == 1
        assert "use another database" in result.output

    def test_a_missing_opd_file_says_what_to_do(self, cli, ckan_config, monkeypatch) -> None:
        monkeypatch.setitem(ckan_config, "ckanext.tangerang.demo.opd_file", "/nowhere/opd.yaml")
        result = cli.invoke(ckan, ["tangerang", "demo", "load"])
        assert result.exit_code == 1
        assert "there is no such file" in result.output

    def test_records_in_the_review_need_its_plugin(self, cli) -> None:
        result = cli.invoke(ckan, ["tangerang", "demo", "review"])
        assert result.exit_code == 1
        assert "Add to ckan.plugins, and switch on: tangerang_review" in result.output

    def test_an_unknown_region_says_what_to_do(self, cli, ckan_config, monkeypatch) -> None:
        monkeypatch.setitem(ckan_config, "ckanext.tangerang.region.code", "3603")
        result = cli.invoke(ckan, ["tangerang", "demo", "load"])
        assert result.exit_code == 1
        assert "such as 36.03" in result.output


@pytest.mark.ckan_config("ckan.plugins", "tangerang_demo datastore")
@pytest.mark.usefixtures("with_plugins", "with_extended_cli")
def test_missing_plugins_are_named(cli) -> None:
    result = cli.invoke(ckan, ["tangerang", "demo", "load"])
    assert result.exit_code == 1
    assert "Add to ckan.plugins: tangerang_metadata tangerang_opd" in result.output
