"""``ckan tangerang opd``: plan, apply, export, journal, undo, settle."""

from __future__ import annotations

import json

import pytest
from ckan import model
from ckan.cli.cli import ckan

from ckanext.tangerang.opd import files, jobs, store

PLUGINS = "tangerang_metadata tangerang_opd scheming_datasets scheming_organizations"

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "with_extended_cli"),
]

YAML = """
opd:
- {name: dinkes, title: Dinas Kesehatan, urusan: ["1.02"]}
- {name: pkm, title: Puskesmas Curug, induk: dinkes}
"""


@pytest.fixture
def run(cli):
    def running(*arguments, code=0):
        done = cli.invoke(ckan, ["tangerang", "opd", *map(str, arguments)])
        assert done.exit_code == code, done.output
        return done.output

    return running


@pytest.fixture
def path(tmp_path):
    found = tmp_path / "opd.yaml"
    found.write_text(YAML, encoding="utf-8")
    return found


def test_plan_apply_and_again(run, path):
    shown = run("plan", path)
    assert "dinkes: Dinas Kesehatan" in shown
    assert len(store.load()) == 0
    found = json.loads(run("plan", path, "--json"))
    assert [op["name"] for op in found["operations"]] == ["dinkes", "pkm"]
    assert found["token"]
    assert "Applied" in run("apply", path)
    model.Session.rollback()
    assert store.load().by_name["pkm"].induk == "dinkes"
    assert "Nothing to do" in run("apply", path)
    assert "Nothing to do" in run("plan", path)


def test_errors_end_with_one_and_change_nothing(run, path):
    path.write_text(YAML + "- {name: dinkes, title: Lagi}\n", encoding="utf-8")
    for verb in ("plan", "apply"):
        assert "opd[3] dinkes" in run(verb, path, code=1)
    assert json.loads(run("plan", path, "--json", code=1))["token"] is None
    assert len(store.load()) == 0


@pytest.mark.parametrize("form", sorted(files.TYPES))
def test_export_reads_back(run, path, tmp_path, form):
    run("apply", path)
    target = tmp_path / f"keluar.{form}"
    run("export", "--format", form, "--output", target)
    assert "Nothing to do" in run("plan", target)


def test_journal_undo_and_settle(run, path):
    run("apply", path)
    (journal_id,) = jobs.unsettled()
    assert f"{journal_id}\n1 settled" in run("settle")
    assert "0 settled" in run("settle")
    shown = run("journal")
    assert journal_id in shown
    assert "Puskesmas Curug" in shown
    assert "Taken back" in run("undo", journal_id)
    model.Session.rollback()
    assert len(store.load()) == 0
    assert "taken back already" in run("undo", journal_id, code=1)
    assert "undone" in run("journal")


def test_without_a_file_the_packaged_registry_is_meant(run):
    found = json.loads(run("plan", "--json"))
    assert len(found["operations"]) == 36 + 29
    assert found["errors"] == found["warnings"] == []
    run("apply")
    model.Session.rollback()
    registry = store.load()
    assert registry.by_former_name["disbudpar"].name == "disporabudpar"
    assert {unit.catatan_verifikasi for unit in registry} == {"contoh, belum diverifikasi"}
    assert registry.by_name["gunungkaler"].kode_wilayah == "36.03.32"
    assert "Nothing to do" in run("apply")


@pytest.mark.ckan_config("ckanext.tangerang.region.code", "32.04")
@pytest.mark.ckan_config("ckanext.tangerang.region.name", "Kabupaten Bandung")
def test_of_another_region(run):
    found = json.loads(run("plan", "--json"))
    assert found["errors"] == []
    titles = [operation["title"] for operation in found["operations"]]
    assert len(titles) == 36 - 4 + 31
    assert "BPS Kabupaten Bandung" in titles
    assert not [title for title in titles if "Tangerang" in title]
