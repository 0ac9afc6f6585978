"""``ckan tangerang workbook import``: many files, one transaction, an exit code."""

from __future__ import annotations

import pytest
from ckan import model
from ckan.cli.cli import ckan

from ckanext.tangerang.workbook import writer
from tests.metadata import records

from .conftest import PLUGINS
from .schemas import schemas

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "with_extended_cli"),
]


@pytest.fixture
def run(cli, people):
    """Return what runs the command as the editor of the OPD."""

    def running(*arguments):
        command = ["tangerang", "workbook", "import", "--user", people.editor["name"]]
        return cli.invoke(ckan, [*command, *map(str, arguments)])

    return running


@pytest.fixture
def folder(tmp_path):
    """Make a folder of workbooks of different activities."""

    def making(count):
        for number in range(count):
            record = records.compilation() | {
                "judul_kegiatan": f"Kompilasi {number}",
                "owner_org": "dinkes",
                "private": False,
            }
            (tmp_path / f"{number:03}.xlsx").write_bytes(writer.write(schemas(), record))
        return tmp_path

    return making


def _count():
    return model.Session.query(model.Package).count()


def test_a_dry_run_is_what_happens_without_apply(run, folder):
    result = run(folder(2))
    assert result.exit_code == 0, result.output
    assert "2 files: 2 to create, 0 to update, 0 unchanged, 0 errors; nothing was" in result.output
    assert _count() == 0


def test_a_folder_is_applied_once(run, folder):
    """With so many files that other processes read them."""
    path = folder(21)
    first = run(path, "--apply")
    assert first.exit_code == 0, first.output
    assert "21 to create" in first.output
    assert _count() == 21
    again = run(path, "--apply")
    assert "0 to create, 0 to update, 21 unchanged" in again.output
    assert _count() == 21


def test_one_bad_file_stops_all(run, folder):
    path = folder(2)
    (path / "rusak.xlsx").write_bytes(b"PK\x03\x04 not really")
    result = run(path, "--apply")
    assert result.exit_code == 1
    assert "rusak.xlsx" in result.output
    assert "not a workbook" in result.output
    assert "1 errors; nothing was stored" in result.output
    assert _count() == 0


def test_errors_name_sheet_and_cell(run, folder, workbook):
    path = folder(1)
    sheets = workbook(records.compilation())
    cell = sheets.answer("tahun_kegiatan", "dua ribu")
    (path / "salah.xlsx").write_bytes(sheets.content())
    result = run(path, "--apply", "--owner-org", "dinkes")
    assert result.exit_code == 1
    assert f"MS-Keg!{cell} tahun_kegiatan" in result.output


def test_two_files_of_one_record_are_refused(run, folder, tmp_path):
    path = folder(1)
    (path / "lagi.xlsx").write_bytes((path / "000.xlsx").read_bytes())
    result = run(path, "--apply")
    assert result.exit_code == 1
    assert "a second time" in result.output


@pytest.mark.parametrize(
    ("options", "words"),
    [(["--user", "nobody-here"], "no user"), (["--form-version", "1999"], "2020 or INDAH")],
)
def test_wrong_options_are_named(run, folder, options, words):
    result = run(folder(1), *options)
    assert result.exit_code != 0
    assert words in result.output
