"""``ckan tangerang exchange``: all public metadata as a zip, and files in."""

from __future__ import annotations

import json
import zipfile

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.cli.cli import ckan

from .conftest import PLUGINS

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("with_plugins", "app", "clean_db", "clean_index", "with_extended_cli"),
]


@pytest.fixture
def run(cli):
    def running(*arguments):
        return cli.invoke(ckan, ["tangerang", "exchange", *map(str, arguments)])

    return running


def test_a_dump_has_no_limit_and_only_what_is_public(run, make, people, tmp_path, ckan_config):
    ckan_config["ckanext.tangerang.exchange.zip_max_records"] = 1
    make.activity()
    make.activity(judul_kegiatan="Rahasia", private=True)
    make.indicator()
    path = tmp_path / "metadata.zip"
    result = run("dump", path)
    assert result.exit_code == 0, result.output
    assert "2 records" in result.output
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == 6
        assert b"Rahasia" not in b"".join(map(archive.read, archive.namelist()))
    assert [entry.name for entry in tmp_path.iterdir()] == ["metadata.zip"]
    result = run("dump", path, "--organization", "diskominfo")
    assert "0 records" in result.output
    assert run("dump", path, "--organization", "tidak-ada").exit_code == 1


def test_an_import_is_a_dry_run_until_applied(run, make, document, people, tmp_path):
    activity = make.activity()
    path = tmp_path / "kegiatan.json"
    path.write_text(json.dumps(document(activity)))
    tk.get_action("dataset_purge")({"ignore_auth": True}, {"id": activity["id"]})
    name = people.editor["name"]
    result = run("import", path, "--user", name)
    assert "create kegiatan kompilasi-data-puskesmas-2025" in result.output
    assert "nothing was stored" in result.output
    assert model.Session.query(model.Package).count() == 0
    result = run("import", path, "--user", name, "--apply")
    assert result.exit_code == 0, result.output
    assert "1 records, 0 errors; stored" in result.output
    assert model.Session.query(model.Package).count() == 1


def test_errors_end_with_1(run, make, document, people, tmp_path):
    made = document(make.activity())
    made["data"] |= {"tahun": 9999, "catatan": "x"}
    path = tmp_path / "kegiatan.json"
    path.write_text(json.dumps(made))
    result = run("import", path, "--user", people.editor["name"])
    assert result.exit_code == 1
    assert "data.tahun tahun_kegiatan" in result.stderr
    assert "data.catatan: not taken over" in result.stderr
    path.write_text("x")
    result = run("import", path, "--user", people.editor["name"])
    assert result.exit_code == 1
    assert "no JSON of INDAH" in result.stderr
    assert run("import", path, "--user", "tidak-ada").exit_code == 1
