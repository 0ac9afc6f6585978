"""What loads many records: workbooks, ``ckanapi load``, commands; jobs and harvesters.

Where the walidata publishes, each of them either makes drafts, or says who publishes and why.
"""

from __future__ import annotations

import configparser
import json
import os
import subprocess
import sys

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.cli.cli import ckan

from ckanext.tangerang.interfaces import PAST_REVIEW
from ckanext.tangerang.workbook import writer
from stack.layout import REPOSITORY
from tests.metadata import records
from tests.workbook.schemas import schemas

from .conftest import PLUGINS, ask, fresh, review

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", f"tangerang_workbook {PLUGINS}"),
    pytest.mark.usefixtures("staff", "with_extended_cli"),
]


def public_names():
    """Return the names of public records."""
    model.Session.rollback()
    table = model.Package.__table__
    query = sa.select(table.c.name).where(table.c.state == "active", table.c.private.is_(False))
    return sorted(model.Session.scalars(query))


def history():
    """Return what happened in the review: verb, name of the user, reason."""
    model.Session.rollback()
    query = sa.text(
        'SELECT verb, "user".name, reason FROM tangerang_review_transition '
        'LEFT JOIN "user" ON "user".id = user_id ORDER BY position'
    )
    return [tuple(row) for row in model.Session.execute(query)]


class TestWorkbooks:
    @pytest.fixture
    def run(self, cli, tmp_path):
        """Return what imports a workbook of an activity, public or not."""

        def running(*arguments, private=False, title="Kompilasi"):
            record = records.compilation() | {
                "judul_kegiatan": title, "owner_org": "dinkes", "private": private
            }  # fmt: skip
            path = tmp_path / "form.xlsx"
            path.write_bytes(writer.write(schemas(), record))
            command = ["tangerang", "workbook", "import", "--apply", *arguments, str(path)]
            return cli.invoke(ckan, command)

        return running

    def test_an_editor_makes_drafts_only(self, staff, run):
        refused = run("--user", staff.editor["name"])
        assert refused.exit_code == 1
        assert "hand it in to the walidata" in refused.output
        done = run("--user", staff.editor["name"], private=True)
        assert done.exit_code == 0, done.output
        assert public_names() == []
        assert history() == []

    def test_the_operator_says_why(self, run):
        site_user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        assert run().exit_code == 1
        done = run("--direct", "Pemuatan awal")
        assert done.exit_code == 0, done.output
        assert len(public_names()) == 1
        assert history() == [("terbit_langsung", site_user, "Pemuatan awal")]

    def test_a_sysadmin_publishes_in_their_own_name(self, staff, run):
        done = run("--user", staff.sysadmin["name"])
        assert done.exit_code == 0, done.output
        assert history() == [("terbit_langsung", staff.sysadmin["name"], "")]

    def test_what_is_public_is_not_changed_by_the_back_door(self, staff, run, cli, tmp_path):
        assert run("--user", staff.sysadmin["name"]).exit_code == 0
        [name] = public_names()
        record = tk.get_action("package_show")({"user": staff.sysadmin["name"]}, {"id": name})
        path = tmp_path / "form.xlsx"
        record["iii_tujuan_kegiatan"] = "Lain."
        path.write_bytes(writer.write(schemas(), record))
        command = ["tangerang", "workbook", "import", "--apply", str(path)]
        # The site user may change everything by CKAN's rights, but acts for nobody.
        refused = cli.invoke(ckan, command)
        assert refused.exit_code == 1
        assert "only through the walidata" in refused.output
        assert fresh(record)["iii_tujuan_kegiatan"] != "Lain."
        done = cli.invoke(ckan, [*command, "--direct", "Perbaikan massal"])
        assert done.exit_code == 0, done.output
        assert history()[-1][::2] == ("diubah_langsung", "Perbaikan massal")


def test_checking_links_changes_no_record(staff, handed_in, cli):
    before, told = fresh(handed_in), history()
    assert cli.invoke(ckan, ["tangerang", "metadata", "check-links"]).exit_code == 0
    assert fresh(handed_in) == before
    assert history() == told


class TestCkanapi:
    """``ckanapi load datasets``, in processes of its own."""

    def load(self, tmp_path, record, *arguments):
        """Load a record and return what the tool says."""
        parser = configparser.RawConfigParser()
        parser.optionxform = str
        parser.read(REPOSITORY / "test.ini")
        parser["app:main"].update(
            {
                "ckan.plugins": PLUGINS,
                "ckan.storage_path": str(tmp_path),
                "ckanext.tangerang.review.enabled": "true",
            }
        )
        # The tool's processes talk to each other by their output.
        parser["handler_console"]["args"] = "(sys.stderr,)"
        ini, lines = tmp_path / "ckan.ini", tmp_path / "records.jsonl"
        with ini.open("w", encoding="utf-8") as file:
            parser.write(file)
        lines.write_text(json.dumps(record) + "\n", encoding="utf-8")
        command = "import sys; from ckanapi.cli.main import main; sys.exit(main())"
        run = subprocess.run(
            [sys.executable, "-c", command, "load", "datasets", "-p", "1", "-c", str(ini),
             "-I", str(lines), *arguments],
            env=os.environ, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return run.stdout + run.stderr

    def test_a_sysadmin_publishes_and_the_site_user_does_not(self, staff, complete, tmp_path):
        said = self.load(tmp_path, complete)
        assert "hand it in to the walidata" in said
        assert public_names() == []
        self.load(tmp_path, complete, "-u", staff.sysadmin["name"])
        assert public_names() == ["puskesmas"]
        assert history() == [("terbit_langsung", staff.sysadmin["name"], "")]


class TestJobs:
    """Who acts for nobody, such as a harvester, leaves the content of public records alone."""

    def contexts(self):
        site_user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        return ({"ignore_auth": True, "user": site_user}, {"user": site_user})

    @pytest.fixture
    def public(self, staff, complete):
        files = [{"name": "Data", "url": "https://example.go.id/a.csv", "format": "CSV"}]
        made = ask("package_create", staff.sysadmin, **{**complete, "resources": files})
        return fresh(made)

    def test_what_a_harvester_would_change_is_refused(self, public):
        one, rid = {"id": public["id"]}, public["resources"][0]["id"]
        for context in self.contexts():
            for name, data in (
                ("package_patch", {**one, "title": "Lain"}),
                ("package_update", {**public, "tags": [{"name": "baru"}]}),
                ("package_revise", {"match": one, "update": {"notes": "Lain"}}),
                ("resource_create", {"package_id": public["id"], "url": "https://example.go.id/b"}),
                ("resource_patch", {"id": rid, "url": "https://example.go.id/b.csv"}),
                ("resource_delete", {"id": rid}),
            ):
                refused = False
                try:
                    tk.get_action(name)({**context}, {**data})
                except tk.ValidationError as error:
                    refused = "only through the walidata" in str(error.error_dict)
                assert refused, (name, data)
        model.Session.rollback()
        assert fresh(public) == public

    def test_facts_about_a_file_are_written(self, public):
        rid = public["resources"][0]["id"]
        for context in self.contexts()[:1]:
            tk.get_action("resource_patch")(
                context, {"id": rid, "hash": "abc", "datastore_active": True}
            )
        assert fresh(public)["resources"][0]["hash"] == "abc"

    def test_code_of_the_portal_says_why(self, public):
        context = {**self.contexts()[0], PAST_REVIEW: "Pemutakhiran tahunan"}
        tk.get_action("package_patch")(context, {"id": public["id"], "title": "Lain"})
        assert history()[-1][::2] == ("diubah_langsung", "Pemutakhiran tahunan")

    def test_what_is_not_public_is_theirs(self, staff, handed_in):
        review("withdraw", staff.editor, handed_in)
        tk.get_action("package_patch")(self.contexts()[0], {"id": handed_in["id"], "title": "Lain"})
        assert fresh(handed_in)["title"] == "Lain"
