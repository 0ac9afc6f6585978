"""The commands of ``python -m stack``."""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from . import bootstrap
from .errors import StackError, explain_os_error
from .layout import LOCAL, REPOSITORY, REQUIREMENTS, TEST, Profile
from .portal import Portal, migrations_fingerprint
from .terminal import say, step

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_RESTARTS_PER_MINUTE = 3


@contextmanager
def locked(profile: Profile) -> Iterator[None]:
    """Keep two commands from changing one profile at the same time."""
    LOCAL.mkdir(exist_ok=True)
    with (LOCAL / f".{profile.name}.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StackError(
                "Another command is starting or stopping this portal.",
                "wait until it has ended.",
            ) from None
        yield


def _announce(portal: Portal) -> None:
    accounts_file = portal.profile.accounts_file
    say()
    say(f"The portal is running: {portal.site_url}")
    if accounts_file.exists():
        accounts = json.loads(accounts_file.read_text(encoding="utf-8"))["accounts"]
        say("Accounts:")
        for role, account in accounts.items():
            say(f"  {role:<10} {account['name']:<12} {account['password']}")
        say(f"(also in {accounts_file.relative_to(REPOSITORY)}, with API tokens)")


def up(arguments: argparse.Namespace) -> int:
    """Start the portal in the background."""
    profile = Profile(arguments.profile)
    portal = Portal(profile)
    with locked(profile):
        bootstrap.install("run")
        portal.up(arguments.port)
    _announce(portal)
    say("Stop it with `make down`.")
    return 0


def demo(arguments: argparse.Namespace) -> int:
    """Run the portal until Ctrl-C, restarting a part that dies."""
    profile = Profile(arguments.profile)
    portal = Portal(profile)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    with locked(profile):
        bootstrap.install("run")
        try:
            portal.up(arguments.port)
            _announce(portal)
            say("Press Ctrl-C to stop.")
            _watch(portal)
        except KeyboardInterrupt:
            say()
        finally:
            with step("Stopping"):
                portal.down()
    return 0


def _watch(portal: Portal) -> None:
    """Restart parts that die; give up when they die too often."""
    deaths: list[float] = []
    while True:
        time.sleep(1)
        dead = [process for process in portal.processes if process.pid() is None]
        if not dead:
            continue
        now = time.monotonic()
        deaths = [moment for moment in deaths if now - moment < 60] + [now]  # noqa: PLR2004
        names = ", ".join(process.name for process in dead)
        if len(deaths) > _RESTARTS_PER_MINUTE:
            raise StackError(
                f"{names} stops again and again.", f"read {dead[0].log}.", dead[0].log_tail()
            )
        say(f"{names} has stopped unexpectedly; starting it again.")
        portal.up()


def down(arguments: argparse.Namespace) -> int:
    """Stop the portal."""
    profile = Profile(arguments.profile)
    with locked(profile):
        Portal(profile).down()
    return 0


def status(arguments: argparse.Namespace) -> int:
    """Print what is running; the exit code is 0 when all of it is."""
    profile = Profile(arguments.profile)
    if not profile.root.exists():
        say("Not set up yet: `make demo` or `make up`.")
        return 1
    portal = Portal(profile)
    running = True
    for process in portal.processes:
        pid = process.pid()
        running = running and pid is not None
        say(f"{process.name:<10} {f'running, process {pid}' if pid else 'stopped'}")
    if running:
        healthy = portal.healthy()
        say(f"{'portal':<10} {portal.site_url} {'is healthy' if healthy else 'does not answer'}")
        return 0 if healthy else 1
    return 1


def logs(arguments: argparse.Namespace) -> int:
    """Follow all logs."""
    files = sorted(Profile(arguments.profile).logs.glob("*.log"))
    if not files:
        raise StackError("There are no logs yet.", "start the portal: `make up`.")
    try:
        return subprocess.call(["tail", "-n", "20", "-F", *map(str, files)])  # noqa: S603, S607
    except KeyboardInterrupt:
        return 0


def clean(_: argparse.Namespace) -> int:
    """Stop everything and remove all state."""
    for folder in sorted(LOCAL.glob("*/run")):
        Portal(Profile(folder.parent.name)).down()
    if LOCAL.exists():
        shutil.rmtree(LOCAL)
    return 0


def prepare_tests(_: argparse.Namespace | None = None) -> int:
    """Install the test tools, start the test services and make the test databases."""
    bootstrap.install("dev")
    portal = Portal(TEST)
    with locked(TEST):
        addresses = portal.start_services()
        TEST.remember(ports=TEST.state().get("ports", {}) | {"web": 0})
        portal.write_ini(addresses)
        fingerprint = migrations_fingerprint(sorted(addresses.values()))
        if TEST.state().get("prepared") != fingerprint:
            portal.prepare_database()
            TEST.remember(prepared=fingerprint)
    return 0


#: Folders of tests that take about half the time of all. Of what starts portals only tests/clients
#: is among them, which chooses ports of its own.
_SECOND_HALF = (
    *("access", "accounts", "charts", "clients", "exchange", "interop", "leaks", "notifications"),
    *("review", "score", "search", "tables", "workbook"),
)


def _can_halve() -> bool:
    """Tell whether two runs of tests can stand side by side: each needs services of its own."""
    portal = Portal(TEST)
    shared = any(part.external for part in portal.services)
    return not shared and TEST.name == "test" and (os.cpu_count() or 1) > 1


def _test_halves() -> int:
    """Run all tests in two processes, each with services of its own; print one after the other."""
    bootstrap.install("dev")
    second = [f"tests/{name}" for name in _SECOND_HALF]
    first = [f"--ignore={folder}" for folder in second]
    output = LOCAL / "test-2.log"
    command = [sys.executable, "-m", "stack", "test"]
    environment = os.environ | {"TANGERANG_TEST_PROFILE": "test-2"}
    with output.open("w", encoding="utf-8") as log:
        beside = subprocess.Popen(  # noqa: S603
            [*command, *second], cwd=REPOSITORY, env=environment, stdout=log, stderr=log
        )
        try:
            code = subprocess.call([*command, *first], cwd=REPOSITORY)  # noqa: S603
            beside_code = beside.wait()
        except BaseException:
            beside.terminate()
            beside.wait()
            raise
    say()
    say(output.read_text(encoding="utf-8", errors="replace"))
    return code or beside_code


def test(arguments: argparse.Namespace) -> int:
    """Run the tests against services of their own, and stop those afterwards.

    All of them take two processes, where the machine has them.
    """
    if not arguments.pytest_arguments and not arguments.keep and _can_halve():
        return _test_halves()
    prepare_tests()
    command = [
        str(bootstrap.PYTHON), "-m", "pytest", "--ckan-ini=test.ini", *arguments.pytest_arguments
    ]  # fmt: skip
    try:
        return subprocess.call(command, cwd=REPOSITORY, env=bootstrap.program_environment())  # noqa: S603
    finally:
        if not arguments.keep:
            with locked(TEST):
                Portal(TEST).down()


def lock(_: argparse.Namespace) -> int:
    """Renew the lock files of all requirements, within what the ``.in`` files allow."""
    uv = bootstrap.get_uv()
    common = [
        "--quiet", "--universal", "--generate-hashes", "--upgrade",
        "--no-emit-index-url", "--no-annotate", "--no-header",
    ]  # fmt: skip
    lowest = ["--python-version", "3.10"]
    for source, target, extra in (
        ("uv.in", "uv.txt", lowest),
        ("run.in", "run.lock", [*lowest, "--override", "overrides.in"]),
        ("dev.in", "dev.lock", [*lowest, "--override", "overrides.in"]),
        # udata wants 3.11.
        ("clients.in", "clients.lock", ["--python-version", "3.11"]),
    ):
        with step(f"Locking {source}"):
            subprocess.run(  # noqa: S603
                [str(uv), "pip", "compile", *common, *extra, source, "-o", target],
                cwd=REQUIREMENTS,
                stdout=subprocess.DEVNULL,
                check=True,
            )
    bootstrap.install("dev")
    with step("Locking Solr's jars"):
        subprocess.run(  # noqa: S603
            [str(bootstrap.PYTHON), "-m", "stack.solr_jars", "lock"],
            cwd=REPOSITORY,
            env=bootstrap.program_environment() | bootstrap.certificates(),
            check=True,
        )
    return 0


def install(arguments: argparse.Namespace) -> int:
    """Make or update the virtual environment only."""
    bootstrap.install(arguments.level)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m stack", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")

    def add(name: str, function: object) -> argparse.ArgumentParser:
        command = commands.add_parser(
            name, help=function.__doc__, description=function.__doc__, allow_abbrev=False
        )
        command.set_defaults(function=function)
        command.add_argument("--profile", default="demo", help="name of the instance")
        return command

    for name, function in (("up", up), ("demo", demo)):
        add(name, function).add_argument("--port", type=int, help="port of the web server")
    for name, function in (
        ("down", down),
        ("status", status),
        ("logs", logs),
        ("clean", clean),
        ("prepare-tests", prepare_tests),
        ("lock", lock),
    ):
        add(name, function)
    command = add("install", install)
    command.add_argument("--level", choices=("run", "dev"), default="dev")
    command = add("test", test)
    command.add_argument("--keep", action="store_true", help="leave the test services running")
    command.epilog = "All other arguments go to pytest."
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; failures are explained, not dumped."""
    parser = _parser()
    arguments, others = parser.parse_known_args(argv)
    if others and arguments.function is not test:
        parser.error(f"unknown arguments: {' '.join(others)}")
    arguments.pytest_arguments = others
    try:
        return arguments.function(arguments)
    except StackError as error:
        sys.stderr.write(f"\nError: {error}\n")
    except OSError as error:
        sys.stderr.write(f"\nError: {explain_os_error(error)}\n")
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted; what was half-made has been removed.\n")
    return 1
