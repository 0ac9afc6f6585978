"""Starting, finding and stopping the processes of the stack.

Each part runs in a session of its own and is recorded in a file with its process id and start
time, so that a recycled id is never mistaken for ours and whatever a killed part left behind
(PostgreSQL's or gunicorn's children) can be found by its session.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import pwd
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import explain
from .layout import write_private

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .layout import Profile

_PR_SET_KEEPCAPS = 8
_PR_SET_SECUREBITS = 28
_SECBIT_NO_SETUID_FIXUP = 1 << 2
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAP_DAC_OVERRIDE = 1
_CAP_DAC_READ_SEARCH = 2
_CAP_VERSION_3 = 0x20080522


class _CapHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _CapData(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def unprivileged_user() -> pwd.struct_passwd | None:
    """Return the account for parts that refuse to run as root; None when we are not root."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def demotion(user: pwd.struct_passwd) -> Callable[[], None]:
    """Return a function that turns a forked child of root into ``user``.

    The child keeps the right to pass and read folders that ``user`` may not enter, because a
    clone below ``/root`` would be out of its reach otherwise. What it may write stays what
    ``user`` may write, except where the machine (a container) grants root nothing milder than
    CAP_DAC_OVERRIDE.
    """
    libc = ctypes.CDLL(None, use_errno=True)

    def demote() -> None:
        libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
        # Otherwise access(2), by which PostgreSQL looks for its programs, ignores the right.
        libc.prctl(_PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)
        for capability in (_CAP_DAC_READ_SEARCH, _CAP_DAC_OVERRIDE):
            mask = 1 << capability
            data = (_CapData * 2)(_CapData(mask, mask, mask))
            if libc.capset(ctypes.byref(_CapHeader(_CAP_VERSION_3, 0)), data) == 0:
                libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability, 0, 0)
                break

    return demote


def _stat(pid: int) -> tuple[str, int, str] | None:
    """Return state, session and start time of the process ``pid``; None when there is none."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    # The command name, in brackets, may itself hold spaces and brackets.
    fields = text.rpartition(")")[2].split()
    return fields[0], int(fields[3]), fields[19]


def session_members(session: int) -> list[int]:
    """Return the ids of all living processes of ``session``."""
    members = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            found = _stat(int(entry.name))
            if found and found[1] == session and found[0] != "Z":
                members.append(int(entry.name))
    return members


def wait_until(condition: Callable[[], bool], seconds: float, interval: float = 0.1) -> bool:
    """Wait for ``condition`` for up to ``seconds``; return whether it came true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(interval)
    return condition()


@dataclass(frozen=True)
class Process:
    """One part of the stack as an operating system process."""

    profile: Profile
    name: str
    stop_signal: signal.Signals = signal.SIGTERM

    @property
    def record(self) -> Path:
        """Return the file that remembers the process."""
        return self.profile.run / f"{self.name}.json"

    @property
    def log(self) -> Path:
        """Return the log file."""
        return self.profile.logs / f"{self.name}.log"

    def pid(self) -> int | None:
        """Return the id of the running process, or None."""
        # A dead child of ours keeps its id until it is reaped; PostgreSQL would see it as alive.
        reap()
        try:
            stored = json.loads(self.record.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        found = _stat(stored["pid"])
        if found and found[0] != "Z" and found[2] == stored["started"]:
            return int(stored["pid"])
        return None

    def start(
        self,
        command: Sequence[str | Path],
        environment: Mapping[str, str] | None = None,
        user: pwd.struct_passwd | None = None,
        folder: Path | None = None,
    ) -> None:
        """Start the process in a session of its own, after removing what an earlier one left.

        :param command: program and arguments
        :param environment: its whole environment (default: ours)
        :param user: the account to run as, when we are root
        :param folder: its working folder
        """
        self.clear_remains()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            log.write(f"--- {time.strftime('%Y-%m-%dT%H:%M:%S')} start\n".encode())
            log.flush()
            child = subprocess.Popen(  # noqa: S603 - the stack's own programs
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=dict(environment) if environment is not None else None,
                cwd=folder or self.profile.root,
                start_new_session=True,
                preexec_fn=demotion(user) if user else None,  # noqa: PLW1509 - single thread
            )
        found = _stat(child.pid)
        try:
            write_private(
                self.record, json.dumps({"pid": child.pid, "started": found[2] if found else ""})
            )
        except OSError:
            # Without its record (a full disk) nobody could find the process again.
            child.kill()
            child.wait()
            raise
        _CHILDREN.append(child)

    def clear_remains(self) -> None:
        """End what is left of the session of an earlier, killed process."""
        try:
            session = json.loads(self.record.read_text(encoding="utf-8"))["pid"]
        except (OSError, ValueError):
            return
        leader = _stat(session)
        if leader is not None and self.pid() is None and leader[0] != "Z":
            return  # the id belongs to somebody else's process now
        # PostgreSQL's and gunicorn's children notice the loss of their parent by themselves.
        if not wait_until(lambda: not session_members(session), 5):
            for member in session_members(session):
                _kill(member, signal.SIGKILL)
            wait_until(lambda: not session_members(session), 5)
        self.record.unlink(missing_ok=True)

    def stop(self, seconds: float = 30) -> None:
        """Stop the process: politely first, after ``seconds`` by force."""
        pid = self.pid()
        if pid is not None:
            _kill(pid, self.stop_signal)
            if not wait_until(lambda: self.pid() is None, seconds):
                for member in session_members(pid):
                    _kill(member, signal.SIGKILL)
                wait_until(lambda: self.pid() is None, 5)
        self.clear_remains()

    def wait_ready(self, ready: Callable[[], bool], seconds: float) -> None:
        """Wait until ``ready()``; fail when the process dies first or takes too long.

        :raises StackError: with the end of the log
        """
        if wait_until(lambda: self.pid() is None or ready(), seconds) and self.pid() is not None:
            return
        raise explain(
            f"{self.name} did not start.",
            self.log_tail(),
            f"read the whole log in {self.log}, then run the command again.",
        )

    def log_tail(self, lines: int = 12) -> str:
        """Return the last lines of the log."""
        if not self.log.exists():
            return ""
        return "\n".join(
            self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
        )


#: Children of this very command: reaped so that a dead one is not seen as a zombie for ever.
_CHILDREN: list[subprocess.Popen[bytes]] = []


def reap() -> None:
    """Collect the exit states of children that have ended."""
    for child in _CHILDREN:
        child.poll()


def _kill(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def port_is_free(port: int) -> bool:
    """Tell whether nothing on this machine listens on ``port`` of the loopback address."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: an address that is merely cooling down counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_answers(port: int) -> bool:
    """Tell whether something accepts connections on ``port`` of the loopback address."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False
