"""The stack's own rules, without starting anything: failures are explained, nothing half-made."""

from __future__ import annotations

import errno
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from stack import bootstrap, commands, layout, process, services
from stack.errors import StackError, explain, explain_os_error
from stack.layout import REPOSITORY, Profile, write_private
from stack.portal import PLUGINS, Portal, plugins
from stack.services import Postgres, Redis, Solr


@pytest.fixture
def profile(tmp_path, monkeypatch):
    monkeypatch.setattr(layout, "LOCAL", tmp_path)
    return Profile("test")


def _command_line(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def copy_of_repository(target):
    for name in ("stack", "pyproject.toml", "setup.py", "Makefile"):
        source = REPOSITORY / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target / name)
    return target


def test_a_port_that_was_asked_for_and_is_taken_is_refused(profile):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(StackError, match=f"Port {port} is in use") as refused:
            Portal(profile).choose_port(port)

    assert f"PORT={port + 1}" in refused.value.remedy


def test_a_default_port_that_is_taken_gives_way(profile, capsys):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        profile.remember(ports={"web": taken})

        chosen = Portal(profile).choose_port(None)

    assert chosen != taken
    assert f"Port {taken} is in use" in capsys.readouterr().out
    assert profile.state()["ports"]["web"] == chosen


def test_an_old_python_is_told_which_one_is_needed():
    result = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; sys.version_info = (3, 9, 1, 'final', 0); import stack.__main__",
        ],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert "Python 3.10 or newer is needed, this is 3.9" in result.stderr
    assert "PYTHON=" in result.stderr


def test_without_a_network_the_remedy_is_named_and_nothing_is_left(tmp_path):
    copy = copy_of_repository(tmp_path / "a folder with spaces")
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("UV_", "PIP_", "CKAN"))
    } | {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "0", "PIP_TIMEOUT": "2"}

    result = subprocess.run(
        [sys.executable, "-m", "stack", "install"],
        cwd=copy,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 1
    assert "A package registry did not answer" in result.stderr
    assert "PIP_INDEX_URL" in result.stderr
    assert "Traceback" not in result.stderr
    assert not (copy / ".local" / "venv").exists()
    assert not (copy / ".local" / "uv").exists()


def test_a_full_disk_is_recognised_in_what_programs_print():
    error = explain("It failed.", "initdb: error: No space left on device", "anything")
    assert "The disk is full" in error.message
    assert "free some space" in error.remedy


def test_a_full_disk_is_recognised_in_our_own_failures():
    error = explain_os_error(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    assert error.message == "The disk is full."


def test_too_little_room_is_refused_before_anything_is_made(tmp_path, monkeypatch):
    monkeypatch.setattr(bootstrap, "LOCAL", tmp_path / ".local")
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".local" / "venv")
    monkeypatch.setattr(bootstrap, "_MARKER", tmp_path / ".local" / "venv" / ".complete")
    monkeypatch.setattr(bootstrap, "_FIRST_INSTALL_BYTES", 2**62)

    with pytest.raises(StackError, match="too little room"):
        bootstrap.install("run")

    assert list((tmp_path / ".local").iterdir()) == []


def test_secrets_are_written_for_their_owner_only(tmp_path):
    path = tmp_path / "deep" / "secret"
    write_private(path, "x")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["secret"]


def test_secrets_are_made_once(profile):
    first = profile.secret("ckan")
    assert len(first) >= 32
    assert profile.secret("ckan") == first
    assert profile.secret("postgres") != first


def test_existing_servers_get_databases_of_their_own_for_tests(monkeypatch, profile):
    base = "postgresql://u:p@db.example"
    monkeypatch.setattr(
        services,
        "EXTERNAL_SERVERS",
        {
            "CKAN_SQLALCHEMY_URL": f"{base}/ckan",
            "CKAN_DATASTORE_WRITE_URL": f"{base}/datastore",
            "CKAN_DATASTORE_READ_URL": f"{base}/datastore",
            "CKAN_SOLR_URL": "http://solr.example/solr/ckan",
            "CKAN_REDIS_URL": "redis://redis.example/3",
        },
    )

    addresses = Postgres(profile).urls() | Solr(profile).urls() | Redis(profile).urls()

    assert addresses == {
        "CKAN_SQLALCHEMY_URL": f"{base}/ckan_test",
        "CKAN_DATASTORE_WRITE_URL": f"{base}/datastore_test",
        "CKAN_DATASTORE_READ_URL": f"{base}/datastore_test",
        "CKAN_SOLR_URL": "http://solr.example/solr/ckan_test",
        "CKAN_REDIS_URL": "redis://redis.example/4",
    }
    assert Portal(profile).services == []


def test_a_database_server_configured_by_halves_is_refused(monkeypatch, profile):
    monkeypatch.setattr(
        services, "EXTERNAL_SERVERS", {"CKAN_SQLALCHEMY_URL": "postgresql://u:p@db.example/ckan"}
    )
    with pytest.raises(StackError, match="CKAN_DATASTORE_WRITE_URL"):
        Postgres(profile).urls()


def test_a_process_id_in_other_hands_is_left_alone(profile):
    part = process.Process(profile, "part")
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as stranger:
        write_private(part.record, f'{{"pid": {stranger.pid}, "started": "1"}}')
        assert part.pid() is None
        part.stop()
        assert stranger.poll() is None
        stranger.kill()


def test_a_process_that_cannot_be_recorded_is_not_left_running(profile, monkeypatch):
    def full_disk(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    profile.root.mkdir(parents=True)
    monkeypatch.setattr(process, "write_private", full_disk)
    with pytest.raises(OSError, match="No space left"):
        process.Process(profile, "part").start(["sleep", "61.5"])
    assert not [
        pid
        for pid in map(int, filter(str.isdigit, (entry.name for entry in Path("/proc").iterdir())))
        if b"61.5" in _command_line(pid)
    ]


def test_a_stopped_process_leaves_no_children(profile):
    part = process.Process(profile, "part")
    profile.root.mkdir(parents=True)
    part.start(["sh", "-c", "sleep 60 & sleep 60"])
    session = part.pid()
    assert session is not None
    assert process.wait_until(lambda: len(process.session_members(session)) == 3, 5)
    part.stop(seconds=1)
    assert process.session_members(session) == []


def test_every_requirement_is_pinned_by_hash():
    others = (layout.REQUIREMENTS / name for name in ("uv.txt", "clients.lock"))
    for lock in (*bootstrap.locks("dev"), *others):
        text = lock.read_text(encoding="utf-8")
        for block in re.split(r"\n(?=\S)", text.strip()):
            assert re.match(r"[a-z0-9._-]+==\S+", block), block
            assert "--hash=sha256:" in block, block
        assert "://" not in text


@pytest.mark.parametrize(("name", "ours"), [("stock-harvester", False), ("harvester", True)])
def test_a_portal_that_harvests_has_the_harvesters(name, ours):
    found = plugins(layout.Profile(name))
    assert {"harvest", "ckan_harvester", "dcat_rdf_harvester", "dcat_json_harvester"} <= set(found)
    assert ("tangerang_interop" in found, "scheming_datasets" in found) == (ours, ours)
    assert "tangerang_demo" not in found
    assert len(Portal(layout.Profile(name)).consumers) == 2


def test_our_plugins_come_first():
    ours = [index for index, name in enumerate(PLUGINS) if name.startswith("tangerang_")]
    assert max(ours) < PLUGINS.index("scheming_datasets")
    assert max(ours) < PLUGINS.index("dcat")


@pytest.mark.parametrize(
    ("given", "passed"),
    [
        (["-k", "opd"], ["-k", "opd"]),
        (["--core-full", "tests/opd", "-x"], ["--core-full", "tests/opd", "-x"]),
        (["--keep", "tests/opd"], ["tests/opd"]),
    ],
)
def test_arguments_of_make_test_reach_pytest(monkeypatch, given, passed):
    seen = []
    monkeypatch.setattr(commands, "test", lambda arguments: seen.append(arguments) or 0)
    assert commands.main(["test", *given]) == 0
    assert seen[0].pytest_arguments == passed


def test_arguments_that_no_command_knows_are_refused(capsys):
    with pytest.raises(SystemExit):
        commands.main(["status", "--fast"])
    assert "--fast" in capsys.readouterr().err
