"""CKAN itself as a part of a profile: configuration, database, content, web server, worker."""

from __future__ import annotations

import configparser
import hashlib
import json
import os
import shutil
import subprocess
import urllib.request
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .bootstrap import PYTHON, VENV, locks, program_environment
from .errors import StackError, explain
from .layout import REPOSITORY, write_private
from .process import Process, port_is_free
from .services import LOOPBACK, Postgres, Redis, Solr, stored_port
from .terminal import say, step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .layout import Profile

DEFAULT_PORT = 5000
_LAST_PORT = 5100

#: In the order that CKAN wants: ours first, because the first plugin's templates win. Tracking is
#: not among them: it asks the database once for each dataset and each file of every search (84
#: statements for a page of 20 datasets, against a handful).
PLUGINS = (
    "activity",
    "tangerang_security",
    "tangerang_demo",
    "tangerang_search",
    "tangerang_theme",
    "tangerang_content",
    "tangerang_usage",
    "tangerang_tables",
    "tangerang_review",
    "tangerang_score",
    "tangerang_charts",
    "tangerang_exchange",
    "tangerang_workbook",
    "tangerang_access",
    "tangerang_accounts",
    "tangerang_notifications",
    "tangerang_metadata",
    "tangerang_opd",
    "tangerang_interop",
    "datastore",
    "datatables_view",
    "text_view",
    "image_view",
    "scheming_datasets",
    "scheming_organizations",
    "dcat",
    "structured_data",
    "xloader",
)

#: What a portal that harvests others has besides: ckanext-harvest and ckanext-dcat's harvesters.
HARVESTERS = ("harvest", "ckan_harvester", "dcat_rdf_harvester", "dcat_json_harvester")
#: What such a portal does without: it has no content of its own, and loads no tables.
_NOT_HARVESTING = ("tangerang_demo", "datatables_view", "text_view", "image_view", "xloader")


def review_is_on() -> bool:
    """Tell whether the review decides: unless ``TANGERANG_REVIEW`` says ``off``."""
    return os.environ.get("TANGERANG_REVIEW", "on") == "on"


def plugins(profile: Profile) -> tuple[str, ...]:
    """Return the plugins of ``profile``: a stock site has scheming and dcat, but none of ours.

    One that harvests has no more than that takes, and as a stock site no schema: CKAN as it comes.
    """
    chosen = PLUGINS
    if profile.name.startswith("stock"):
        chosen = tuple(name for name in PLUGINS if not name.startswith("tangerang_"))
    if profile.harvests:
        chosen = tuple(name for name in chosen if name not in _NOT_HARVESTING) + HARVESTERS
        if profile.name.startswith("stock"):
            chosen = tuple(name for name in chosen if not name.startswith("scheming_"))
    return chosen


def settings(profile: Profile, addresses: Mapping[str, str], site_url: str) -> dict[str, str]:
    """Return CKAN's settings for ``profile``.

    :param addresses: databases, Redis and Solr under CKAN's variable names
    :param site_url: the portal's own address
    """
    secret = profile.secret("ckan")
    values = {
        "use": "egg:ckan",
        "SECRET_KEY": secret,
        "WTF_CSRF_SECRET_KEY": secret,
        "api_token.jwt.encode.secret": f"string:{secret}",
        "api_token.jwt.decode.secret": f"string:{secret}",
        "sqlalchemy.url": addresses["CKAN_SQLALCHEMY_URL"],
        "ckan.datastore.write_url": addresses["CKAN_DATASTORE_WRITE_URL"],
        "ckan.datastore.read_url": addresses["CKAN_DATASTORE_READ_URL"],
        "ckan.redis.url": addresses["CKAN_REDIS_URL"],
        "solr_url": addresses["CKAN_SOLR_URL"],
        "ckan.site_id": "default",
        "ckan.site_url": site_url,
        "ckan.site_title": "Tangerang Satu Data",
        "ckan.storage_path": str(profile.root / "storage"),
        "ckan.plugins": " ".join(plugins(profile)),
        "ckan.display_timezone": "Asia/Jakarta",
        "ckan.locale_default": "id",
        "ckan.locales_offered": "id en",
        "ckan.locale_order": "id en",
        "ckan.views.default_views": "datatables_view image_view text_view",
        "ckan.auth.create_user_via_web": "false",
        "ckan.auth.create_user_via_api": "false",
        "ckan.auth.user_create_organizations": "false",
        "ckan.auth.user_create_groups": "false",
        "ckan.auth.public_user_details": "false",
        "ckan.upload.admin.types": "image",
        "ckan.upload.admin.mimetypes": "image/png image/jpeg image/svg+xml",
        "ckan.upload.user.types": "image",
        "ckan.upload.user.mimetypes": "image/png image/jpeg",
        "ckan.upload.group.types": "image",
        "ckan.upload.group.mimetypes": "image/png image/jpeg",
        "ckanext.dcat.base_uri": site_url,
        "ckanext.xloader.jobs_db.uri": addresses["CKAN_SQLALCHEMY_URL"],
        "ckanext.xloader.site_url": site_url,
        "ckanext.xloader.api_token": profile.state().get("xloader_token", "not-made-yet"),
    }
    if profile.harvests:
        # redis-py 8 gives up after seconds without an answer, and with it ckanext-harvest's
        # consumers, which wait for work without end.
        values["ckan.redis.url"] += "?socket_timeout=86400"
    if profile.name.startswith("stock"):
        # Benchmarks give a stock site further types.
        more = [path.as_uri() for path in sorted(profile.root.glob("schemas/*.json"))]
        values |= {
            "scheming.dataset_schemas": " ".join(["ckanext.dcat.schemas:dcat_ap_full.yaml", *more]),
            "scheming.presets": ("ckanext.scheming:presets.json ckanext.dcat.schemas:presets.yaml"),
        }
    else:
        values["ckanext.dcat.rdf.profiles"] = "tangerang_sdi"
        # Off by the option: without the plugin, its trigger would have nobody to ask.
        # A portal that harvests publishes what it reads.
        reviewed = review_is_on() and not profile.harvests
        values["ckanext.tangerang.review.enabled"] = str(reviewed).lower()
    return values


_LOGGING = """
[loggers]
keys = root, ckan, ckanext, werkzeug

[handlers]
keys = console

[formatters]
keys = generic

[logger_root]
level = WARNING
handlers = console

[logger_werkzeug]
level = WARNING
handlers = console
qualname = werkzeug
propagate = 0

[logger_ckan]
level = INFO
handlers = console
qualname = ckan
propagate = 0

[logger_ckanext]
level = INFO
handlers = console
qualname = ckanext
propagate = 0

[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = generic

[formatter_generic]
format = %(asctime)s %(levelname)-5.5s [%(name)s] %(message)s
"""


def _content_fingerprint(profile: Profile) -> str:
    """Return a digest of all that decides what a prepared database of ``profile`` holds."""
    digest = hashlib.sha256(f"{plugins(profile)} {review_is_on()}".encode())
    for path in (*locks("run"), *sorted((REPOSITORY / "ckanext").rglob("*"))):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(REPOSITORY)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def migrations_fingerprint(addresses: list[str]) -> str:
    """Return a digest of all that decides which tables the databases at ``addresses`` need."""
    digest = hashlib.sha256(" ".join((*addresses, *PLUGINS)).encode())
    for path in (*locks("run"), *sorted((REPOSITORY / "ckanext").rglob("migration/**/*.py"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True)
class Portal:
    """CKAN with its services in one profile."""

    profile: Profile
    postgres: Postgres = field(init=False)
    redis: Redis = field(init=False)
    solr: Solr = field(init=False)
    web: Process = field(init=False)
    worker: Process = field(init=False)

    def __post_init__(self) -> None:
        for name, part in (
            ("postgres", Postgres(self.profile)),
            ("redis", Redis(self.profile)),
            ("solr", Solr(self.profile)),
            ("web", Process(self.profile, "web")),
            ("worker", Process(self.profile, "worker")),
        ):
            object.__setattr__(self, name, part)

    @property
    def services(self) -> list[Postgres | Redis | Solr]:
        """Return the services that the stack runs itself."""
        return [part for part in (self.postgres, self.redis, self.solr) if not part.external]

    @property
    def processes(self) -> list[Process]:
        """Return all processes, in the order of their start."""
        parts = [part.process for part in self.services]
        return [*parts, self.worker, *self.consumers, self.web]

    @property
    def consumers(self) -> list[Process]:
        """Return what works on the harvests, where the profile harvests: first it gathers."""
        names = ("gather-consumer", "fetch-consumer") if self.profile.harvests else ()
        return [Process(self.profile, name) for name in names]

    @property
    def site_url(self) -> str:
        """Return the portal's address."""
        return f"http://{LOOPBACK}:{stored_port(self.profile, 'web')}"

    # Services

    def start_services(self) -> dict[str, str]:
        """Start what is not running and return all addresses under CKAN's variable names."""
        if not self.solr.external:
            self.solr.fetch()
        with step("Starting PostgreSQL, Redis and Solr"):
            for part in self.services:
                part.start()
            for part in self.services:
                part.wait()
        if not self.postgres.external:
            self.postgres.create_databases()
        addresses = self.postgres.urls() | self.redis.urls() | self.solr.urls()
        write_private(
            self.profile.environment_file,
            "".join(f"{name}={value}\n" for name, value in addresses.items()),
        )
        return addresses

    # Web

    def choose_port(self, wanted: int | None) -> int:
        """Return the port for the web server and remember it.

        :param wanted: the port that was asked for, or None for last time's, else the default
        :raises StackError: when the port that was asked for is taken
        """
        ports = self.profile.state().get("ports", {})
        if self.web.pid() is not None and wanted in (None, ports.get("web")):
            return int(ports["web"])
        if wanted is not None:
            if self.web.pid() is not None:
                self.web.stop()
            self.web.clear_remains()
            if not port_is_free(wanted):
                raise StackError(
                    f"Port {wanted} is in use by another program.",
                    f"choose another one, for instance `make demo PORT={wanted + 1}`.",
                )
            port = wanted
        else:
            self.web.clear_remains()
            first = int(ports.get("web", DEFAULT_PORT))
            candidates = (first, *range(DEFAULT_PORT, _LAST_PORT))
            port = next((number for number in candidates if port_is_free(number)), 0)
            if not port:
                raise StackError(
                    f"All ports from {DEFAULT_PORT} to {_LAST_PORT} are in use.",
                    "choose a free one with PORT=…",
                )
            if port != first:
                say(f"    Port {first} is in use; the portal gets port {port}.")
        self.profile.remember(ports=ports | {"web": port})
        return port

    def write_ini(self, addresses: Mapping[str, str]) -> None:
        """Write CKAN's configuration file."""
        (self.profile.root / "storage").mkdir(parents=True, exist_ok=True)
        parser = configparser.RawConfigParser()
        parser.optionxform = str  # type: ignore[assignment,method-assign]
        parser["DEFAULT"] = {"debug": "false"}
        # ConfigParser reads % as a reference in CKAN's loader.
        parser["app:main"] = {
            key: value.replace("%", "%%")
            for key, value in settings(self.profile, addresses, self.site_url).items()
        }
        lines = []
        for section in ("DEFAULT", "app:main"):
            lines.append(f"[{section}]")
            own = parser.defaults() if section == "DEFAULT" else parser[section]
            lines += [
                f"{key} = {value}"
                for key, value in own.items()
                if section == "DEFAULT" or key not in parser.defaults()
            ]
        write_private(self.profile.ini, "\n".join(lines) + "\n" + _LOGGING)

    def environment(self) -> dict[str, str]:
        """Return the environment of CKAN's processes: the configuration file decides, alone."""
        environment = program_environment()
        for name in list(environment):
            if name.startswith("CKAN"):
                del environment[name]
        environment["CKAN_INI"] = str(self.profile.ini)
        return environment

    def ckan(self, *arguments: str, failed: str, show: bool = False) -> str:
        """Run the ``ckan`` command and return its output.

        :param failed: what to say when it fails
        :param show: whether to pass its output on to the terminal as it comes
        :raises StackError: when it fails
        """
        with subprocess.Popen(  # noqa: S603
            [str(PYTHON), str(VENV / "bin" / "ckan"), "-c", str(self.profile.ini), *arguments],
            env=self.environment(),
            cwd=self.profile.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if not show else subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as child:
            if show and child.stdout is not None:
                lines = []
                for line in child.stdout:
                    lines.append(line)
                    if " DEBUG " not in line and " INFO " not in line:
                        say(f"    {line.rstrip()}")
                output, errors = "".join(lines), ""
                child.wait()
            else:
                output, errors = child.communicate()
        if child.returncode != 0:
            raise explain(
                failed,
                output + errors,
                "read the lines below; `make clean` and a new start help when the data is at "
                "fault.",
            )
        return output

    def prepare_database(self) -> None:
        """Run all migrations and give the DataStore its permissions."""
        with step("Creating tables (CKAN's and every plugin's)"):
            self.ckan("db", "upgrade", failed="CKAN's tables could not be made.")
            self.ckan(
                "db", "pending-migrations", "--apply", failed="A plugin's tables could not be made."
            )
            permissions = self.ckan(
                "datastore", "set-permissions", failed="CKAN did not print its permissions."
            )
            if not self.postgres.external:
                statements = "\n".join(
                    line for line in permissions.splitlines() if not line.startswith("\\connect")
                )
                self.postgres.sql(statements, self.profile.database_name("datastore"))
            # CKAN's scripts read their texts from files that are made, not installed.
            self.ckan("translation", "js", failed="The texts of CKAN's scripts were not made.")

    def _make_xloader_token(self) -> bool:
        """Make the token that xloader works with, once; return whether it is new."""
        if self.profile.state().get("xloader_token"):
            return False
        output = self.ckan(
            "user", "token", "add", "default", "xloader", "-q",
            failed="The token for xloader could not be made.",
        )  # fmt: skip
        self.profile.remember(xloader_token=output.strip().splitlines()[-1])
        return True

    def prepare(self, addresses: Mapping[str, str]) -> None:
        """Bring the database and the demo content up to date; cheap when nothing has changed."""
        fingerprint = _content_fingerprint(self.profile)
        state = self.profile.state()
        if state.get("prepared") != fingerprint:
            self.prepare_database()
            with step("Making site users"):
                if self._make_xloader_token():
                    self.write_ini(addresses)
            if self.profile.has_demo_content:
                with step("Loading the demo content"):
                    self.ckan(
                        "tangerang", "demo", "load",
                        failed="The demo content could not be loaded.",
                        show=True,
                    )  # fmt: skip
            self.profile.remember(prepared=fingerprint)
        if self.profile.has_demo_content:
            self._write_accounts()
            self._load_reviews(fingerprint)
        if not self.solr.external and not self.postgres.external:
            self._repair_index(state.get("indexed_url"))
        self.profile.remember(indexed_url=self.site_url)

    def _write_accounts(self) -> None:
        """Make the accounts of the demo and their file, unless it is there and right."""
        path = self.profile.accounts_file
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            stored = {}
        if stored.get("url") != self.site_url:
            with step("Making the accounts"):
                self.ckan(
                    "tangerang", "demo", "accounts", "--output", str(path),
                    failed="The accounts could not be made.",
                )  # fmt: skip

    def _load_reviews(self, fingerprint: str) -> None:
        """Bring sample records into every state of the review, by the accounts, where it is on."""
        if not review_is_on() or self.profile.state().get("reviewed") == fingerprint:
            return
        with step("Loading records in the review"):
            self.ckan(
                "tangerang", "demo", "review",
                failed="The records in the review could not be loaded.",
                show=True,
            )  # fmt: skip
        self.profile.remember(reviewed=fingerprint)

    def _repair_index(self, indexed_url: str | None) -> None:
        """Rebuild the search index when it lacks records or holds another address."""
        stored = int(
            self.postgres.sql(
                "SELECT count(*) FROM package WHERE state <> 'deleted'",
                self.profile.database_name("ckan"),
            )
        )
        if stored != self.solr.count_datasets() or indexed_url not in (None, self.site_url):
            with step("Rebuilding the search index"):
                self.ckan(
                    "search-index", "rebuild", "--force",
                    failed="The search index could not be rebuilt.",
                )  # fmt: skip

    def start_web(self) -> None:
        """Start the web server and the job worker."""
        environment = self.environment()
        with step("Starting the web server and the job worker"):
            if self.worker.pid() is None:
                self.worker.start(
                    [PYTHON, VENV / "bin" / "ckan", "-c", self.profile.ini, "jobs", "worker"],
                    environment=environment,
                )
            for consumer in self.consumers:
                if consumer.pid() is None:
                    ckan = [PYTHON, VENV / "bin" / "ckan", "-c", self.profile.ini]
                    consumer.start([*ckan, "harvester", consumer.name], environment=environment)
            if self.web.pid() is None:
                self.web.start(
                    [
                        PYTHON, "-m", "gunicorn",
                        "--bind", f"{LOOPBACK}:{stored_port(self.profile, 'web')}",
                        "--workers", os.environ.get("TANGERANG_WEB_WORKERS", "2"),
                        # Most only wait: for the database, or for a reader who takes a long file.
                        "--threads", "12",
                        "--timeout", "120",
                        "--graceful-timeout", "10",
                        "--no-control-socket",
                        "--name", f"tangerang-{self.profile.name}",
                        "stack.wsgi:application",
                    ],
                    environment=environment | {"PYTHONPATH": str(REPOSITORY)},
                )  # fmt: skip
            self.web.wait_ready(self.healthy, 180)
            if self.worker.pid() is None:
                raise StackError(
                    "The job worker did not start.",
                    f"read {self.worker.log}.",
                    self.worker.log_tail(),
                )

    def healthy(self) -> bool:
        """Tell whether the portal answers its API."""
        try:
            with urllib.request.urlopen(  # noqa: S310 - loopback
                f"{self.site_url}/api/3/action/status_show", timeout=30
            ) as answer:
                return bool(json.load(answer)["success"])
        except (OSError, ValueError):
            return False

    # All together

    def up(self, port: int | None = None) -> None:
        """Start whatever is not running, and bring data and content up to date."""
        before = {process.name for process in self.processes if process.pid() is not None}
        try:
            self.choose_port(port)
            stopped = [part.name for part in self.services if part.process.pid() is None]
            addresses = self.start_services()
            if stopped or self.profile.state().get("indexed_url") != self.site_url:
                # They hold connections to a service that is gone, or the old address.
                for process in (self.web, *self.consumers, self.worker):
                    process.stop()
            self.write_ini(addresses)
            self.prepare(addresses)
            self.start_web()
        except BaseException:
            # Nothing half-started stays behind; what ran before goes on running.
            for process in reversed(self.processes):
                if process.name not in before:
                    process.stop()
            raise

    def wipe(self) -> None:
        """Stop everything and remove this profile's data; only for data that tests made."""
        if not self.profile.is_test:
            raise ValueError(self.profile.name)
        self.down()
        if self.profile.root.exists():
            shutil.rmtree(self.profile.root)

    def down(self) -> None:
        """Stop everything, the web server first."""
        for process in reversed(self.processes):
            process.stop()
