"""A storm: people of all roles at several server processes, which are killed now and then.

``STORM_OPERATIONS`` (2,000), ``STORM_SEED`` and ``STORM_KILLS`` (one in so many calls, 150) can be
set. Afterwards database, search index, files and DataStore have to agree, nothing may be public
that was not approved as it is, and every state has to follow from its history.

Run it with ``make storm``: another storm each time, it is no part of ``make test``.
"""

from __future__ import annotations

import json
import os
import random
import secrets
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from http.client import HTTPException
from pathlib import Path

import pytest

from ckanext.tangerang.review import check
from stack import bootstrap
from stack.bootstrap import PYTHON
from stack.layout import REPOSITORY, Profile
from stack.portal import Portal

pytestmark = [pytest.mark.slow]

OPERATIONS = int(os.environ.get("STORM_OPERATIONS", "2000"))
SEED = int(os.environ.get("STORM_SEED", secrets.randbelow(10**9)))
KILL_EVERY = int(os.environ.get("STORM_KILLS", "150"))
WORKERS = 4
CLIENTS = 8

#: Answers that are part of the game: done, no right, not there, refused.
EXPECTED = {200, 403, 404, 409}
LOST = 0


class Server:
    """A portal with gunicorn workers that can be killed."""

    def __init__(self) -> None:
        bootstrap.install("dev")
        self.portal = Portal(Profile("storm"))
        self.portal.wipe()
        self.portal.choose_port(None)
        addresses = self.portal.start_services()
        self.portal.write_ini(addresses)
        self.portal.prepare(addresses)
        self.url = self.portal.site_url
        self.process = subprocess.Popen(
            [
                PYTHON, "-m", "gunicorn", "--bind", self.url.removeprefix("http://"),
                "--workers", str(WORKERS), "--no-control-socket", "--config",
                Path(__file__).with_name("storm_server.py"), "stack.wsgi:application",
            ],
            env=self.portal.environment() | {"PYTHONPATH": str(REPOSITORY)},
            cwd=self.portal.profile.root,
            stdout=subprocess.DEVNULL,
            stderr=self.log.open("w"),
        )  # fmt: skip
        for _ in range(180):
            if self.portal.healthy():
                return
            time.sleep(1)
        raise AssertionError(self.log.read_text()[-3000:])

    @property
    def log(self) -> Path:
        """Return the file that the server writes its log to."""
        return self.portal.profile.root / "storm.log"

    def tracebacks(self) -> str:
        """Return the ends of the errors in the server's log."""
        found = self.log.read_text(errors="replace").split("Traceback (most recent call last):")
        return "\n".join(part[:6_000] for part in found[1:])[-20_000:]

    def workers(self) -> list[int]:
        """Return the processes that answer requests."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def kill(self, chance: random.Random) -> None:
        """Kill one of them, in whatever it is doing."""
        workers = self.workers()
        if len(workers) >= WORKERS:
            os.kill(chance.choice(workers), signal.SIGKILL)

    def command(self, *arguments: str) -> str:
        """Run a command of ``ckan`` and return what it says, whatever its exit code."""
        run = subprocess.run(
            [str(PYTHON), str(bootstrap.VENV / "bin" / "ckan"), "-c",
             str(self.portal.profile.ini), *arguments],
            env=self.portal.environment(), cwd=self.portal.profile.root,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return run.stdout or run.stderr

    def stop(self) -> None:
        """Stop everything and remove it."""
        # Workers have nothing to finish; what they hold is thrown away.
        for pid in self.workers():
            os.kill(pid, signal.SIGKILL)
        self.process.kill()
        self.process.wait(30)
        self.portal.wipe()


@dataclass
class Caller:
    """Somebody who calls actions over HTTP."""

    url: str
    token: str = ""
    name: str = ""
    role: str = ""

    def __call__(self, action: str, data=None, file: bytes | None = None):
        """Return the status of the answer (:data:`LOST` for none) and its result."""
        headers = {"Authorization": self.token} if self.token else {}
        if file is None:
            body = json.dumps(data or {}).encode()
            headers["Content-Type"] = "application/json"
        else:
            edge = uuid.uuid4().hex
            headers["Content-Type"] = f"multipart/form-data; boundary={edge}"
            parts = [
                f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
                for key, value in (data or {}).items()
            ]
            head = (
                f'--{edge}\r\nContent-Disposition: form-data; name="upload"; '
                'filename="data.csv"\r\nContent-Type: text/csv\r\n\r\n'
            )
            body = "".join(parts).encode() + head.encode() + file + f"\r\n--{edge}--\r\n".encode()
        request = urllib.request.Request(
            f"{self.url}/api/3/action/{action}", data=body, headers=headers
        )
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return answer.status, json.load(answer)["result"]
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode("utf-8", "replace")
        except (OSError, HTTPException, ValueError):
            return LOST, None


@dataclass
class World:
    """What the clients share."""

    people: dict[str, list[Caller]]
    organizations: list[str]
    records: list[str] = field(default_factory=list)
    #: record → what it may say in public: titles that were approved, or written by a sysadmin.
    approved: dict[str, set[str]] = field(default_factory=dict)
    #: record → values that may stand in its public tables.
    cells: dict[str, set[str]] = field(default_factory=dict)
    counts: Counter[tuple[str, int]] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    with_revisions: bool = False

    def approve(self, record: str, title: str, cells=()) -> None:
        """Note what may be public."""
        with self.lock:
            self.approved.setdefault(record, set()).add(title)
            self.cells.setdefault(record, set()).update(cells)


COMPLETE = {
    "notes": "Badai.",
    "definisi": "Unit yang terdaftar.",
    "satuan": "unit",
    "bidang_urusan": "1.02",
    "kategori": ["kesehatan"],
    "jenis_data": "statistik",
    "periode_awal": "2020",
    "tingkat_penyajian": ["kecamatan"],
    "kontak_email": "opd@example.go.id",
}


#: How often a step is taken; others once.
WEIGHTS = {
    "do_create": 3,
    "do_edit": 4,
    "do_upload": 5,
    "do_table": 8,
    "do_submit": 6,
    "do_answer": 2,
    "do_bypass": 4,
    "do_claim": 2,
    "do_return": 2,
    "do_publish": 8,
    "do_retract": 2,
    "do_direct": 2,
    "do_revise": 2,
}


class Client:
    """Does what comes to its mind, in a sequence that its seed decides."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.chance = world, random.Random(seed)  # noqa: S311
        self.number = 0
        self.seed = seed

    def say(self) -> str:
        """Return a text that nobody else writes."""
        self.number += 1
        return f"{self.seed}-{self.number}"

    def call(self, who: Caller, action: str, data=None, file=None):
        status, result = who(action, data, file)
        with self.world.lock:
            self.world.counts[action, status] += 1
            if status not in (*EXPECTED, LOST):
                self.world.faults.append(f"{who.role} {action} {data}: {status} {result}"[:600])
        return status, result

    def some(self, role: str) -> Caller:
        return self.chance.choice(self.world.people[role])

    def record(self) -> str:
        """Return a record, rather a young one: people work on what they have at hand."""
        records = self.world.records
        return records[-1 - min(int(self.chance.expovariate(0.15)), len(records) - 1)]

    def step(self) -> None:
        names = [name for name in dir(self) if name.startswith("do_")]
        weights = [WEIGHTS.get(name, 1) for name in names]
        if len(self.world.records) < CLIENTS:
            return self.do_create()
        return getattr(self, self.chance.choices(names, weights)[0])()

    # The produsen

    def do_create(self) -> None:
        """Make a record, sometimes as if it were public."""
        who = self.some("opd")
        title = self.say()
        data = {**COMPLETE, "title": title, "name": f"badai-{title}",
                "owner_org": self.chance.choice(self.world.organizations)}  # fmt: skip
        if self.chance.random() < 0.2:
            data["private"] = False
        else:
            data["private"] = True
        self.call(who, "package_create", data)
        with self.world.lock:
            self.world.records.append(data["name"])

    def do_edit(self) -> None:
        """Change a record."""
        title = self.say()
        self.call(self.some("opd"), "package_patch", {"id": self.record(), "title": title})

    def do_upload(self) -> None:
        """Add a file, or replace one."""
        who, name = self.some("opd"), self.record()
        content = f"a,b\n1,{self.say()}\n".encode() * self.chance.randint(1, 200)
        status, shown = self.call(who, "package_show", {"id": name})
        files = shown["resources"] if status == 200 else []
        if files and self.chance.random() < 0.4:
            self.call(who, "resource_patch", {"id": files[0]["id"]}, content)
        else:
            data = {"package_id": name, "name": "Data", "format": "TXT", "url": ""}
            self.call(who, "resource_create", data, content)

    def file(self, who: Caller, name: str) -> dict | None:
        status, shown = self.call(who, "package_show", {"id": name})
        files = shown["resources"] if status == 200 else []
        return self.chance.choice(files) if files else None

    def do_table(self) -> None:
        """Make a table, or change one, or remove rows."""
        who, name = self.some("opd"), self.record()
        file = self.file(who, name)
        if file is None:
            return
        base = {"resource_id": file["id"], "force": True}
        kind = self.chance.random()
        rows = [{"a": self.chance.randint(1, 5), "b": self.say()}]
        if kind < (0.1 if file.get("datastore_active") else 0.9):
            fields = [{"id": "a", "type": "int"}, {"id": "b", "type": "text"}]
            more = {"fields": fields, "primary_key": ["a"], "records": rows}
            self.call(who, "datastore_create", {**base, **more})
        elif kind < 0.8:
            self.call(who, "datastore_upsert", {**base, "records": rows})
        elif kind < 0.9:
            self.call(who, "datastore_records_delete", {**base, "filters": {"a": 1}})
        else:
            self.call(who, "datastore_delete", base)

    def do_submit(self) -> None:
        """Hand in."""
        self.call(self.some("opd"), "tangerang_review_submit", {"id": self.record()})

    def do_withdraw(self) -> None:
        """Take a hand-in back."""
        self.call(self.some("opd"), "tangerang_review_withdraw", {"id": self.record()})

    def do_answer(self) -> None:
        """Answer the notes, and settle one."""
        who, name = self.some("opd"), self.record()
        status, shown = self.call(who, "tangerang_review_show", {"id": name})
        for note in shown["notes"] if status == 200 else []:
            if note["status"] == "open":
                data = {"id": note["id"], "text": self.say()}
                self.call(who, "tangerang_review_note_answer", data)
                if self.chance.random() < 0.2:
                    data = {"id": note["id"]}
                    self.call(self.some("walidata"), "tangerang_review_note_settle", data)

    def do_delete(self) -> None:
        """Delete a record, or bring it back."""
        who, name = self.some("opd"), self.record()
        if self.chance.random() < 0.5:
            self.call(who, "package_delete", {"id": name})
        else:
            self.call(who, "package_patch", {"id": name, "state": "active"})

    def do_bypass(self) -> None:
        """Try to get past the review."""
        who, name = self.some(self.chance.choice(["opd", "pembina"])), self.record()
        org = self.chance.choice(self.world.organizations)
        one = {"id": name}
        action, data = self.chance.choice(
            [
                ("package_patch", {**one, "private": False}),
                ("package_patch", {**one, "private": False, "state": "active"}),
                ("package_revise", {"match": one, "update": {"private": False}}),
                ("package_revise", {"match": {"name": name}, "update": {"title": self.say()}}),
                ("bulk_update_public", {"datasets": [name], "org_id": org}),
                ("bulk_update_private", {"datasets": [name], "org_id": org}),
                ("bulk_update_delete", {"datasets": [name], "org_id": org}),
                ("package_owner_org_update", {**one, "organization_id": org}),
                ("member_create", {"id": org, "object": name, "object_type": "package",
                                   "capacity": "organization"}),
                ("package_resource_reorder", {**one, "order": []}),
                ("tangerang_review_publish", {**one, "version": "x"}),
                ("tangerang_review_retract", {**one, "reason": "x"}),
                ("dataset_purge", one),
            ]
        )  # fmt: skip
        self.call(who, action, data)

    # The walidata

    def do_claim(self) -> None:
        """Take a record for checking."""
        self.call(self.some("walidata"), "tangerang_review_claim", {"id": self.record()})

    def do_return(self) -> None:
        """Return a record with a note."""
        notes = [{"field": "definisi", "text": self.say()}]
        data = {"id": self.record(), "notes": notes}
        self.call(self.some("walidata"), "tangerang_review_return", data)

    def seen(self, who: Caller, name: str):
        """Return version, title and cells of what lies there, as somebody sees it."""
        status, review = self.call(who, "tangerang_review_show", {"id": name})
        known, shown = self.call(who, "package_show", {"id": name})
        if status != 200 or known != 200:
            return None
        return review["version"], shown["title"], self.cells(who, shown)

    def cells(self, who: Caller, shown) -> set[str]:
        found = set()
        for file in shown["resources"]:
            if file.get("datastore_active"):
                data = {"resource_id": file["id"], "limit": 100}
                status, table = self.call(who, "datastore_search", data)
                if status == 200:
                    found |= {row.get("b") for row in table["records"]}
        return found

    def do_publish(self) -> None:
        """Publish what is seen, now or at a time."""
        who, name = self.some("walidata"), self.record()
        seen = self.seen(who, name)
        if seen is None:
            return
        version, title, cells = seen
        data = {"id": name, "version": version}
        if self.chance.random() < 0.15:
            moment = datetime.now(timezone.utc) + timedelta(seconds=self.chance.randint(2, 60))
            data["at"] = moment.isoformat()
        status, _ = self.call(who, "tangerang_review_publish", data)
        if status in (200, LOST):
            self.world.approve(name, title, cells)

    def do_cancel(self) -> None:
        """Cancel a time of publication."""
        self.call(self.some("walidata"), "tangerang_review_schedule_cancel", {"id": self.record()})

    def do_retract(self) -> None:
        """Withdraw a published record."""
        data = {"id": self.record(), "reason": self.say()}
        self.call(self.some("walidata"), "tangerang_review_retract", data)

    # The pembina data

    def do_advise(self) -> None:
        """Remark something."""
        name, who = self.record(), self.some("pembina")
        self.call(who, "tangerang_review_comment", {"id": name, "text": self.say()})
        data = {"id": name, "verdict": "layak", "text": self.say()}
        self.call(who, "tangerang_review_recommend", data)

    # A sysadmin

    def do_direct(self) -> None:
        """Publish, hide, change or purge a record past the review."""
        who, name = self.some("sysadmin"), self.record()
        kind = self.chance.random()
        if kind < 0.4:
            seen = self.seen(who, name)
            status, shown = self.call(who, "package_patch", {"id": name, "private": False})
            if seen and status == LOST:
                self.world.approve(name, seen[1], seen[2])
            elif status == 200:
                self.world.approve(name, shown["title"], self.cells(who, shown))
        elif kind < 0.6:
            self.call(who, "package_patch", {"id": name, "private": True})
        elif kind < 0.9:
            title = self.say()
            self.world.approve(name, title)
            self.call(who, "package_patch", {"id": name, "title": title})
        else:
            self.call(who, "dataset_purge", {"id": name})

    def do_revise(self) -> None:
        """Open a revision of a published record, change it, hand it in, publish it."""
        if not self.world.with_revisions:
            return
        who, name = self.some("opd"), self.record()
        status, shadow = self.call(who, "tangerang_review_revise", {"id": name})
        if status != 200 or "id" not in shadow:
            return
        title = self.say()
        status, _ = self.call(who, "package_patch", {"id": shadow["id"], "title": title})
        self.call(who, "tangerang_review_submit", {"id": shadow["id"]})
        if self.chance.random() < 0.7:
            walidata = self.some("walidata")
            seen = self.seen(walidata, shadow["id"])
            if seen:
                self.world.approve(name, seen[1], seen[2])
                data = {"id": shadow["id"], "version": seen[0]}
                self.call(walidata, "tangerang_review_publish", data)


def settled(server: Server) -> World:
    """Make organizations and people of all roles."""
    operator = Caller(server.url, server.portal.profile.state()["xloader_token"])

    def must(action, **data):
        status, result = operator(action, data)
        assert status == 200, (action, result)
        return result

    def person(role: str, number: int) -> Caller:
        name = f"{role}-{number}"
        must("user_create", name=name, email=f"{name}@example.org", password=uuid.uuid4().hex)
        token = must("api_token_create", user=name, name="badai")["token"]
        return Caller(server.url, token, name, role)

    people = {role: [person(role, n) for n in (1, 2)] for role in ("opd", "walidata", "pembina")}
    people["sysadmin"] = [person("sysadmin", 1)]
    must("user_patch", id="sysadmin-1", sysadmin=True)
    for name, role, extras in (
        ("dinkes", "opd", {"urusan": ["1.02"]}),
        ("dinsos", "opd", {"urusan": ["1.06"]}),
        ("diskominfo", "walidata", {"urusan": ["2.20"], "peran_sdi": "walidata"}),
        ("bps", "pembina", {"urusan": ["2.20"], "peran_sdi": "pembina_data"}),
    ):
        users = [
            {"name": one.name, "capacity": ("editor" if role != "opd" else ("admin", "editor")[n])}
            for n, one in enumerate(people[role])
        ]
        must("organization_create", name=name, title=name, users=users,
             kontak_email=f"{name}@example.go.id", **extras)  # fmt: skip
    world = World(people, ["dinkes", "dinsos"])
    world.with_revisions = operator("help_show", {"name": "tangerang_review_revise"})[0] == 200
    return world


@pytest.fixture(scope="module")
def server():
    """Run the portal of the storm."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TANGERANG_REVIEW", "on")
        running = Server()
        yield running
        running.stop()


@pytest.fixture(scope="module")
def storm(server) -> World:
    """Let the storm pass."""
    world = settled(server)
    chance = random.Random(SEED)  # noqa: S311
    print(f"\nSTORM_SEED={SEED} STORM_OPERATIONS={OPERATIONS} STORM_KILLS={KILL_EVERY}")
    began, kills = time.monotonic(), 0
    clients = [Client(world, chance.randrange(10**6)) for _ in range(CLIENTS)]
    print("seeds of the clients:", [client.seed for client in clients])
    share = -(-OPERATIONS // CLIENTS)

    def work(client: Client) -> None:
        for _ in range(share):
            client.step()

    with ThreadPoolExecutor(CLIENTS) as pool:
        working = [pool.submit(work, client) for client in clients]
        done = 0
        while not all(one.done() for one in working):
            time.sleep(chance.uniform(0.1, 0.5))
            total = sum(world.counts.values())
            if total - done >= KILL_EVERY:
                done = total
                server.kill(chance)
                kills += 1
        for one in working:
            one.result()
    seconds = time.monotonic() - began
    by_status = Counter()
    for (_, status), count in world.counts.items():
        by_status[status] += count
    print(f"{sum(world.counts.values())} calls in {seconds:.0f} s, {kills} kills, {by_status}")
    for action in sorted({action for action, _ in world.counts}):
        print(" ", action, {s: n for (a, s), n in sorted(world.counts.items()) if a == action})
    # What was to be published at a time is due by now, or soon.
    time.sleep(max(0, 61 - seconds / 10))
    print(server.command("tangerang", "review", "sweep"))
    # Nobody is at work any more: what is in the index alone was left there by a kill.
    said = server.command("tangerang", "review", "check", "--mend", "--alone")
    print(said)
    return world


def rows(server: Server, statement: str) -> list[list[str]]:
    """Return what the database answers, as text."""
    text = server.portal.postgres.sql(statement, server.portal.profile.database_name("ckan"))
    return [line.split("|") for line in text.splitlines() if line]


class TestAfterwards:
    def test_no_answer_was_a_failure(self, server, storm):
        assert storm.faults == [], server.tracebacks()

    @pytest.mark.skipif(OPERATIONS < 2000, reason="a short storm does not reach every step")
    def test_every_kind_of_step_was_taken(self, storm):
        done = {action for (action, status), count in storm.counts.items() if status == 200}
        assert done >= {
            "package_create", "package_patch", "resource_create", "datastore_create",
            "datastore_upsert", "tangerang_review_submit", "tangerang_review_publish",
            "tangerang_review_return", "tangerang_review_retract",
        }  # fmt: skip

    def test_everything_agrees(self, server, storm):
        said = server.command("tangerang", "review", "check")
        *faults, _summary = said.strip().splitlines()
        # CKAN leaves the tables of purged records where they are, for `ckan datastore purge`.
        assert [line for line in faults if not line.endswith(check.STRAY_TABLE)] == []

    def test_what_is_public_is_what_everybody_finds(self, server, storm):
        public = {
            name
            for [name] in rows(
                server,
                "SELECT name FROM package WHERE state = 'active' AND NOT private "
                "AND type = 'dataset'",
            )
        }
        anybody = Caller(server.url)
        found, start = set(), 0
        while True:
            status, page = anybody("package_search", {"rows": 500, "start": start})
            assert status == 200
            found |= {record["name"] for record in page["results"]}
            start += 500
            if start >= page["count"]:
                break
        assert found == public
        assert public

    def test_nothing_is_public_that_was_not_approved(self, server, storm):
        anybody = Caller(server.url)
        _, page = anybody("package_search", {"rows": 1000})
        for record in page["results"]:
            [[verb, state]] = rows(
                server,
                "SELECT verb, to_state FROM tangerang_review_transition "  # noqa: S608
                # The steps of a revisi that has ended stand among those of its record.
                f"WHERE package_id = '{record['id']}' AND from_state <> to_state "
                "AND revision_id IS NULL "
                "ORDER BY position DESC LIMIT 1",
            )
            assert state == "terbit"
            assert verb in ("terbitkan", "terbit_langsung")
            assert record["title"] in storm.approved[record["name"]], record["name"]
            for file in record["resources"]:
                if file.get("datastore_active"):
                    status, table = anybody("datastore_search", {"resource_id": file["id"]})
                    assert status == 200
                    cells = {row.get("b") for row in table["records"]}
                    assert cells <= storm.cells[record["name"]], record["name"]

    def test_every_file_is_there_with_its_size(self, server, storm):
        operator = server.portal.profile.state()["xloader_token"]
        files = rows(
            server,
            "SELECT r.id, r.package_id, r.size FROM resource r JOIN package p "
            "ON p.id = r.package_id WHERE r.state = 'active' AND p.state = 'active' "
            "AND r.url_type = 'upload'",
        )
        assert files
        wrong = []
        for rid, package, size in files:
            request = urllib.request.Request(
                f"{server.url}/dataset/{package}/resource/{rid}/download/data.csv",
                headers={"Authorization": operator},
            )
            with urllib.request.urlopen(request, timeout=60) as answer:
                length = len(answer.read())
            if str(length) != size:
                wrong.append((rid, size, length))
        assert wrong == []
