"""``ckanapi`` dumps a portal and loads it into an empty one, by the commands of the docs."""

from __future__ import annotations

import json
import re
import shlex
import subprocess

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories

from stack.bootstrap import program_environment
from stack.layout import REPOSITORY

from . import records
from .conftest import PLUGINS

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index"),
    pytest.mark.slow,
]

#: What a new portal writes anew: when, and by whom.
_OF_THE_PORTAL = {
    "created",
    "creator_user_id",
    "metadata_created",
    "metadata_modified",
    "package_count",
    "users",
}

#: Logs go to the standard error: the workers of ckanapi answer by the standard output.
_INI = """
[DEFAULT]
[app:main]
use = config:{test_ini}
ckan.plugins = {plugins}

[loggers]
keys = root

[handlers]
keys = console

[formatters]
keys = generic

[logger_root]
level = ERROR
handlers = console

[handler_console]
class = StreamHandler
args = (sys.stderr,)
formatter = generic

[formatter_generic]
format = %(message)s
"""


def commands(page):
    """Return the commands of the docs in their order, as lists of words."""
    text = (REPOSITORY / "docs" / page).read_text(encoding="utf-8")
    (block,) = re.findall(r"<!-- dump-and-load -->\n```console\n(.*?)```", text, re.DOTALL)
    lines = block.replace("\\\n", " ").splitlines()
    return [shlex.split(line, comments=True) for line in lines if line.strip()]


@pytest.fixture
def run(tmp_path):
    """Return what runs a command of the docs against the test services."""
    ini = tmp_path / "ckan.ini"
    ini.write_text(_INI.format(test_ini=REPOSITORY / "test.ini", plugins=PLUGINS), encoding="utf-8")

    def running(words):
        done = subprocess.run(
            words,
            cwd=tmp_path,
            env=program_environment() | {"CKAN_INI": str(ini)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    return running


def plain(value):
    """Return a record without what each portal writes itself."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items() if key not in _OF_THE_PORTAL}
    return [plain(part) for part in value] if isinstance(value, list) else value


def everything(ids):
    """Return all records and organizations by id, as a sysadmin sees them."""
    model.Session.remove()
    context = {"ignore_auth": True}
    names = tk.get_action("organization_list")(dict(context), {})
    return {
        "organizations": {
            name: plain(tk.get_action("organization_show")(dict(context), {"id": name}))
            for name in names
        },
        "records": {
            record_id: plain(tk.get_action("package_show")(dict(context), {"id": record_id}))
            for record_id in ids
        },
    }


@pytest.fixture
def portal(people, complete):
    """Make records of each type and state that name each other in both directions."""

    def create(**data):
        data = {"owner_org": people.opd["id"], **data}
        return tk.get_action("package_create")({"user": people.editor["name"]}, data)

    # Loaded before those that they name.
    factories.Organization(name="a-unit", title="A", groups=[{"name": "dinkes"}])
    factories.Organization(
        name="a-lama",
        title="AA",
        berlaku_sampai="2016",
        cara_berakhir="digabung",
        pengganti=["dinkes"],
    )
    before = create(**records.compilation(), private=False)
    # Loaded first, because of its name: it names one that is not there yet.
    survey = create(
        **records.survey(60), name="a-survei", kegiatan_sebelumnya=before["id"], private=False
    )
    indicator = records.indicator() | {"kegiatan": survey["id"], "private": False}
    indicator["variabel_pembangun"] = [{"variabel": f"{survey['id']}#V007"}]
    made = create(**indicator)
    full = create(
        **complete,
        kegiatan=survey["id"],
        indikator=[made["id"]],
        resources=[
            {
                "url": "https://example.go.id/a.csv",
                "name": "Tabel",
                "kamus": [{"kolom": "nilai", "variabel": f"{survey['id']}#V001"}],
            }
        ],
    )
    hidden = create(type="kegiatan", judul_kegiatan="Rahasia", private=True)
    draft = create(type="indikator", title="Draf indikator", state="draft")
    return [record["id"] for record in (before, survey, made, full, hidden, draft)]


def test_a_portal_is_loaded_as_it_was_dumped(portal, run, reset_db, reset_index, tmp_path):
    dump, load = commands("pindah.md"), commands("en/metadata-api.md")
    assert dump == load
    first_load = next(n for n, words in enumerate(dump) if "load" in words)
    before = everything(portal)

    for words in dump[:first_load]:
        run(words)
    dumped = [
        json.loads(line)
        for path in sorted(tmp_path.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    assert {record["id"] for record in dumped} >= set(portal)

    reset_db()
    reset_index()
    outputs = [run(words) for words in dump[first_load:]]

    assert everything(portal) == before
    assert "6 records checked, 0 links need attention" in outputs[-1]
    links = tk.get_action("tangerang_link_list")({"ignore_auth": True}, {"id": portal[1]})
    assert {row["id"] for row in links["used_by"]} == {portal[2], portal[3]}
