"""What the scripts in the containers do, as far as it shows without containers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace

import jwt
import pytest

from . import files
from .files import DOCKER, IMAGE

PATH = os.environ["PATH"]
GIVEN = {
    "PATH": PATH,
    "CKAN_DB_PASSWORD": "rahasia-1",
    "DATASTORE_READONLY_PASSWORD": "rahasia-2",
    "CKAN___SECRET_KEY": "kunci",
    "CKAN_JWT_SECRET": "tanda",
    "CKAN_SITE_URL": "https://data.example.go.id",
    "CKAN__PLUGINS": "activity datastore envvars",
}

SHOW = 'echo "web server ${CKANEXT__XLOADER__API_TOKEN:-} ${CKAN_SYSADMIN_PASSWORD:-gone}"'


def without(*names: str) -> dict[str, str]:
    return {name: value for name, value in GIVEN.items() if name not in names}


def environment_after(environment: dict[str, str]) -> dict[str, str]:
    """Return the environment that ``environment.sh`` makes of ``environment``."""
    shown = subprocess.run(
        ["sh", "-c", f". '{IMAGE}/environment.sh' && env -0"],
        env=environment,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return dict(line.split("=", 1) for line in shown.split("\0") if line)


def refusal(environment: dict[str, str]) -> str:
    """Return the message with which ``environment.sh`` refuses ``environment``."""
    result = subprocess.run(
        ["sh", "-c", f". '{IMAGE}/environment.sh'; echo went on"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert "went on" not in result.stdout
    assert result.stderr.startswith("tangerang: ")
    return result.stderr


class TestSyntax:
    @pytest.mark.parametrize("path", files.shell_scripts(), ids=lambda path: path.name)
    def test_shell(self, path):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        shell = "bash" if "bash" in first else "sh"
        check = subprocess.run([shell, "-n", str(path)], capture_output=True, check=False)
        assert check.returncode == 0, check.stderr

    def test_shellcheck(self):
        shellcheck = shutil.which("shellcheck", path=str(Path(sys.executable).parent))
        shellcheck = shellcheck or shutil.which("shellcheck")
        if shellcheck is None:
            pytest.skip("shellcheck is not installed")
        paths = [str(path.relative_to(DOCKER.parent)) for path in files.shell_scripts()]
        check = subprocess.run(
            [shellcheck, "-x", *paths], cwd=DOCKER.parent, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert check.returncode == 0, check.stdout

    @pytest.mark.parametrize(
        "path", [DOCKER / "make-secrets.sh", DOCKER / "postgres" / "10-ckan.sh"]
    )
    def test_can_be_run(self, path):
        assert os.access(path, os.X_OK)


class TestEnvironment:
    def test_addresses_of_the_databases(self):
        made = environment_after(GIVEN)
        assert made["CKAN_SQLALCHEMY_URL"] == "postgresql://ckan:rahasia-1@db/ckan"
        assert made["CKAN_DATASTORE_WRITE_URL"] == "postgresql://ckan:rahasia-1@db/datastore"
        assert made["CKAN_DATASTORE_READ_URL"] == "postgresql://datastore_ro:rahasia-2@db/datastore"
        assert made["CKANEXT__XLOADER__JOBS_DB__URI"] == made["CKAN_SQLALCHEMY_URL"]

    def test_roles_are_those_that_the_database_is_made_with(self):
        """The names that environment.sh falls back on are those of the compose file."""
        service = files.compose()["services"]["db"]["environment"]
        made = environment_after(GIVEN)
        owner, reader = service["CKAN_DB_USER"], service["DATASTORE_READONLY_USER"]
        assert made["CKAN_SQLALCHEMY_URL"].startswith(f"postgresql://{owner}:")
        assert made["CKAN_SQLALCHEMY_URL"].endswith(f"/{service['CKAN_DB']}")
        assert made["CKAN_DATASTORE_READ_URL"].startswith(f"postgresql://{reader}:")
        assert made["CKAN_DATASTORE_READ_URL"].endswith(f"/{service['DATASTORE_DB']}")

    def test_own_addresses_win(self):
        address = "postgresql://u:p%40ss@server:6432/satu"
        made = environment_after(GIVEN | {"CKAN_SQLALCHEMY_URL": address})
        assert made["CKAN_SQLALCHEMY_URL"] == address

    def test_parts_do_not_reach_ckan(self):
        made = environment_after(GIVEN)
        assert not {"CKAN_DB_PASSWORD", "DATASTORE_READONLY_PASSWORD", "CKAN_JWT_SECRET"} & set(
            made
        )

    def test_secrets_are_the_same_in_every_container(self):
        made = environment_after(GIVEN)
        assert made["CKAN___WTF_CSRF_SECRET_KEY"] == "kunci"
        assert made["CKAN___API_TOKEN__JWT__ENCODE__SECRET"] == "string:tanda"
        assert made["CKAN___API_TOKEN__JWT__DECODE__SECRET"] == "string:tanda"

    @pytest.mark.parametrize(
        "name", ["CKAN_DB_PASSWORD", "CKAN___SECRET_KEY", "DATASTORE_READONLY_PASSWORD"]
    )
    def test_secret_from_a_file(self, name, tmp_path):
        secret = tmp_path / "with space"
        secret.write_text("dari-berkas\n", encoding="utf-8")
        made = environment_after(without(name) | {f"{name}_FILE": str(secret)})
        assert "dari-berkas" in " ".join(made.values())
        assert f"{name}_FILE" not in made

    def test_all_secrets_of_the_compose_file_can_be_files(self, tmp_path):
        """Every ``*_FILE`` that the compose file gives to CKAN is read."""
        services = files.compose()["services"]
        given = services["ckan"]["environment"] | services["ckan-worker"]["environment"]
        names = [name for name in given if name.endswith("_FILE")]
        assert len(names) >= 5
        secret = tmp_path / "secret"
        secret.write_text("x", encoding="utf-8")
        plain = without(*(name.removesuffix("_FILE") for name in names))
        made = environment_after(plain | dict.fromkeys(names, str(secret)))
        assert not set(names) & set(made)

    def test_twice_is_once(self):
        once = environment_after(GIVEN)
        assert environment_after(once) == once

    def test_option_that_ends_in_file_is_left_alone(self):
        name = "CKANEXT__TANGERANG__DEMO__OPD_FILE"
        assert environment_after(GIVEN | {name: "/etc/opd.yaml"})[name] == "/etc/opd.yaml"

    def test_token_of_xloader_is_read_from_the_volume(self, tmp_path):
        (tmp_path / "private").mkdir()
        (tmp_path / "private" / "xloader-token").write_text("token\n", encoding="utf-8")
        given = GIVEN | {"CKAN_STORAGE_PATH": str(tmp_path)}
        assert environment_after(given)["CKANEXT__XLOADER__API_TOKEN"] == "token"
        own = given | {"CKANEXT__XLOADER__API_TOKEN": "own"}
        assert environment_after(own)["CKANEXT__XLOADER__API_TOKEN"] == "own"

    def test_missing_password(self):
        message = refusal(without("CKAN_DB_PASSWORD"))
        assert "CKAN_SQLALCHEMY_URL" in message
        assert "CKAN_DB_PASSWORD_FILE" in message

    def test_missing_key(self):
        assert "CKAN___SECRET_KEY_FILE" in refusal(without("CKAN___SECRET_KEY"))

    @pytest.mark.parametrize("password", ["a@b", "a/b", "a:b", "50%", "a b", "sandi\u00e9", "'"])
    def test_password_that_would_break_an_address(self, password):
        message = refusal(GIVEN | {"CKAN_DB_PASSWORD": password})
        assert "CKAN_DB_PASSWORD may hold letters" in message
        assert password not in message.replace(". _ ~ -", "")

    def test_value_and_file(self):
        assert "both set" in refusal(GIVEN | {"CKAN___SECRET_KEY_FILE": "/dev/null"})

    def test_file_that_is_not_there(self, tmp_path):
        given = without("CKAN___SECRET_KEY") | {"CKAN___SECRET_KEY_FILE": str(tmp_path / "x")}
        assert "can not be read" in refusal(given)

    def test_empty_file(self, tmp_path):
        (tmp_path / "x").touch()
        given = without("CKAN___SECRET_KEY") | {"CKAN___SECRET_KEY_FILE": str(tmp_path / "x")}
        assert "is empty" in refusal(given)


class TestEntrypoint:
    @pytest.fixture
    def run(self, tmp_path):
        def _run(**changes: str) -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                ["sh", str(IMAGE / "entrypoint.sh"), "sh", "-c", 'echo "$CKAN_SQLALCHEMY_URL"'],
                env=GIVEN | {"CKAN_INI": str(tmp_path / "ckan.ini")} | changes,
                capture_output=True,
                text=True,
                check=False,
            )

        return _run

    def test_runs_the_command_with_the_secrets(self, run, tmp_path):
        result = run()
        assert result.stdout == "postgresql://ckan:rahasia-1@db/ckan\n"
        ini = tmp_path / "ckan.ini"
        assert "\nckan.plugins = activity datastore envvars\n" in ini.read_text(encoding="utf-8")
        assert ini.stat().st_mode & 0o077 == 0
        # The base image's script adds its keys to the section of CKAN.
        assert "[app:main]" in ini.read_text(encoding="utf-8")

    @pytest.mark.parametrize(
        ("name", "value", "message"),
        [
            ("CKAN_SITE_URL", "", "Set CKAN_SITE_URL"),
            ("CKAN_SITE_URL", "data.example.go.id", "Set CKAN_SITE_URL"),
            ("CKAN_SITE_URL", "https://", "Set CKAN_SITE_URL"),
            ("CKAN__PLUGINS", "", "CKAN__PLUGINS is empty"),
            ("CKAN__PLUGINS", "a|b", "CKAN__PLUGINS holds more"),
            ("CKAN__PLUGINS", "a\nb", "CKAN__PLUGINS holds more"),
        ],
    )
    def test_refuses(self, run, name, value, message):
        result = run(**{name: value})
        assert result.returncode == 1
        assert message in result.stderr
        assert result.stdout == ""


class TestStartScripts:
    """The scripts that the base image's start script sources before it starts the web server."""

    @pytest.fixture
    def start(self, tmp_path):
        """Return a function that sources one script, with commands that answer as told."""

        def _start(script: str, *, ckan: str = "exit 0", python3: str = "exit 0", **more: str):
            commands = tmp_path / "bin"
            commands.mkdir(exist_ok=True)
            for name, body in (("ckan", ckan), ("python3", python3)):
                path = commands / name
                path.write_text(f'#!/bin/sh\necho "{name} $*" >>"{tmp_path}/calls"\n{body}\n')
                path.chmod(0o755)
            (tmp_path / "calls").write_text("")
            result = subprocess.run(
                [
                    "bash", "-c", f'. "$1"; {SHOW}', "start",
                    str(IMAGE / "docker-entrypoint.d" / script),
                ],
                env={
                    "PATH": f"{commands}:{PATH}",
                    "CKAN__PLUGINS": "activity xloader envvars",
                    "TANGERANG_XLOADER_TOKEN_FILE": str(tmp_path / "private" / "token"),
                    **more,
                },
                capture_output=True,
                text=True,
                check=False,
            )  # fmt: skip
            return result, (tmp_path / "calls").read_text().splitlines()

        return _start

    def test_migrations(self, start):
        result, calls = start("10-migrations.sh")
        assert result.stdout.startswith("web server")
        assert calls == [
            "ckan db upgrade",
            "ckan db pending-migrations --apply",
            "ckan translation js",
        ]

    def test_scripts_in_english_keep_no_web_server_down(self, start):
        result, _ = start("10-migrations.sh", ckan='[ "$1" = translation ] && exit 1; exit 0')
        assert result.stdout.startswith("web server")
        assert "stay in English" in result.stderr

    def test_failed_migration_keeps_the_web_server_down(self, start):
        result, _ = start("10-migrations.sh", ckan='[ "$2" = upgrade ]')
        assert result.returncode == 1
        assert "web server" not in result.stdout
        assert "could not be brought up to date" in result.stderr

    def test_failed_permissions_keep_the_web_server_down(self, start):
        result, calls = start("20-datastore-permissions.sh", python3="exit 1")
        assert calls == ["python3 /opt/tangerang/datastore_permissions.py"]
        assert result.returncode == 1
        assert "web server" not in result.stdout

    def test_new_token(self, start, tmp_path):
        result, calls = start("30-xloader-token.sh", ckan="echo noise; echo baru", python3="exit 1")
        assert "web server baru" in result.stdout
        assert calls[-1] == "ckan user token add default xloader --quiet"
        stored = tmp_path / "private" / "token"
        assert stored.read_text() == "baru\n"
        assert stored.stat().st_mode & 0o777 == 0o600
        assert stored.parent.stat().st_mode & 0o777 == 0o700

    def test_valid_token_is_kept(self, start):
        result, calls = start("30-xloader-token.sh", CKANEXT__XLOADER__API_TOKEN="lama")
        assert "web server lama" in result.stdout
        assert not [call for call in calls if call.startswith("ckan")]

    def test_stored_token_that_is_void_is_renewed(self, start, tmp_path):
        (tmp_path / "private").mkdir()
        (tmp_path / "private" / "token").write_text("lama\n")
        result, _ = start(
            "30-xloader-token.sh", ckan="echo baru", python3="exit 1",
            CKANEXT__XLOADER__API_TOKEN="lama",
        )  # fmt: skip
        assert "web server baru" in result.stdout

    def test_configured_token_that_is_void_is_not_replaced(self, start, tmp_path):
        (tmp_path / "private").mkdir()
        (tmp_path / "private" / "token").write_text("lama\n")
        result, calls = start(
            "30-xloader-token.sh", python3="exit 1", CKANEXT__XLOADER__API_TOKEN="dari-env"
        )
        assert result.returncode == 1
        assert "is not valid here" in result.stderr
        assert not [call for call in calls if call.startswith("ckan")]

    def test_token_that_can_not_be_made(self, start):
        result, _ = start("30-xloader-token.sh", ckan="exit 1", python3="exit 1")
        assert result.returncode == 1
        assert "no API token could be made" in result.stderr

    def test_no_token_without_xloader(self, start):
        result, calls = start("30-xloader-token.sh", CKAN__PLUGINS="activity envvars")
        assert result.stdout.startswith("web server")
        assert calls == []

    @pytest.mark.parametrize(
        "script", ["10-migrations.sh", "20-datastore-permissions.sh", "30-xloader-token.sh"]
    )
    def test_maintenance_mode(self, start, script):
        result, calls = start(script, ckan="exit 1", python3="exit 1", MAINTENANCE_MODE="True")
        assert result.stdout.startswith("web server")
        assert calls == []

    def test_first_password_is_forgotten(self, start):
        result, _ = start("90-forget-password.sh", CKAN_SYSADMIN_PASSWORD="awal")
        assert result.stdout.split() == ["web", "server", "gone"]


class TestCheckImage:
    check = files.script("check_image")

    def test_pins_that_must_not_change(self):
        before = "Flask==3.1.3\nidna==3.18\nzope.interface==8.5\n-e git+x#egg=ckan\n"
        assert self.check.changed(before, before) == []
        after = "Flask==3.2.0\nidna==3.20\nnew==1\n"
        assert self.check.changed(before, after) == [
            "flask: 3.1.3 became 3.2.0",
            "zope.interface: 8.5 became nothing",
        ]

    def test_plugins_that_can_not_be_loaded(self):
        assert self.check.unloadable("activity datastore") == []
        [wrong] = self.check.unloadable("activity tidak_ada")
        assert wrong.startswith("tidak_ada: ")


class TestDatastorePermissions:
    statements = staticmethod(files.script("datastore_permissions").statements)

    def test_what_psql_alone_understands_is_left_out(self):
        printed = "a warning\n\\connect \"datastore\"\n\nREVOKE x;\nSELECT '\\_%';"
        assert self.statements(printed) == "\nREVOKE x;\nSELECT '\\_%';"

    def test_something_else_was_printed(self):
        with pytest.raises(ValueError, match="no permissions"):
            self.statements("Traceback")

    def test_fits_what_ckan_prints(self):
        from ckanext.datastore.cli import permissions_sql  # noqa: PLC0415

        printed = permissions_sql("ckan", "datastore", "ckan", "ckan", "datastore_ro")
        rest = self.statements(printed)
        assert "\\connect" not in rest
        assert rest.count("GRANT") == printed.count("GRANT") > 0


class TestToken:
    token_id = staticmethod(files.script("token_is_valid").token_id)
    SECRET = "s" * 32

    def test_own_token(self):
        token = jwt.encode({"jti": "abc"}, self.SECRET, algorithm="HS256")
        assert self.token_id(token, f"string:{self.SECRET}") == "abc"

    @pytest.mark.parametrize("token", ["", "x", "a.b.c"])
    def test_no_token(self, token):
        assert self.token_id(token, f"string:{self.SECRET}") is None

    def test_token_of_another_secret(self):
        token = jwt.encode({"jti": "abc"}, "t" * 32, algorithm="HS256")
        assert self.token_id(token, f"string:{self.SECRET}") is None


class TestWorkerHealth:
    health = files.script("worker_health")
    NOW = datetime(2026, 11, 23, tzinfo=timezone.utc)

    def worker(self, hostname: str, seconds: int | None) -> SimpleNamespace:
        reported = None if seconds is None else self.NOW - timedelta(seconds=seconds)
        return SimpleNamespace(hostname=hostname, last_heartbeat=reported)

    @pytest.mark.parametrize(
        ("hostname", "seconds", "alive"),
        [("here", 0, True), ("here", 410, True), ("here", 500, False), ("here", None, False),
         ("there", 0, False)],
    )  # fmt: skip
    def test_one_worker(self, hostname, seconds, alive):
        workers = [self.worker(hostname, seconds)]
        assert self.health.is_alive(workers, "here", self.NOW) is alive

    def test_none(self):
        assert not self.health.is_alive([], "here", self.NOW)

    def test_silence_is_longer_than_rqs_reports(self):
        """An idle worker waits ``worker_ttl - 15`` seconds between two reports."""
        from rq.defaults import DEFAULT_WORKER_TTL  # noqa: PLC0415

        assert self.health.LONGEST_SILENCE.total_seconds() > DEFAULT_WORKER_TTL - 15 + 30
