"""How ten harvesters slow a visitor: ``python -m bench.readers``.

One portal with its web server of several workers holds generated datasets and their finished
catalogue. A visitor opens dataset pages one after the other, in turns with nobody else there and
while ten clients read the whole catalogue again and again (quiet, busy, busy, quiet, …; two of the
quiet turns are compared with each other too, which is the noise of the machine). Clients are
processes of their own; one that has read all waits a second, as harvesters do at least. Together
they get as much as the network of a server gives (``--mbit``): the loopback of one machine would
let them take all memory bandwidth that there is. They come without a proxy between, so that each
holds a thread of the server for as long as it reads.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import socket
import sys
import time
import urllib.request
from contextlib import contextmanager
from statistics import median, quantiles
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from stack import bootstrap
from stack.layout import Profile
from stack.portal import Portal
from stack.terminal import say, step

from .catalogue import OWNER
from .score import statements

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.synchronize import Event

#: What a dataset page may become by it (issue of the interoperability).
LIMIT = 1.5
#: What the clients ask for, by what the table calls it.
_WHAT = {
    "turtle": ("/catalog-all.ttl", "identity"),
    "turtle, gzip": ("/catalog-all.ttl", "gzip"),
    "data.json, gzip": ("/data.json", "gzip"),
}
_BLOCK = 1 << 18
_PAUSE = 1.0


def _read_all(site: str, path: str, encoding: str, stop: Event, rate: float) -> int:
    """Read one answer to its end, or until it is time to stop; return its bytes.

    By a plain socket: what the clients take of the processors themselves is to be small.

    :param rate: bytes a second at most
    """
    address = urlsplit(site)
    asked = f"GET {path} HTTP/1.0\r\nHost: {address.netloc}\r\nAccept-Encoding: {encoding}\r\n\r\n"
    size, block = 0, bytearray(_BLOCK)
    with socket.create_connection((address.hostname or "", address.port or 80), 120) as found:
        found.sendall(asked.encode())
        began = time.monotonic()
        while not stop.is_set() and (count := found.recv_into(block)):
            size += count
            stop.wait(max(0.0, began + size / rate - time.monotonic()))
    return size


def _client(site: str, what: str, rate: float, stop: Event, counts: multiprocessing.Queue) -> None:
    """Read the catalogue again and again; tell how often, and how many bytes."""
    times = size = 0
    while not stop.is_set():
        size += _read_all(site, *_WHAT[what], stop, rate)
        times += 1
        stop.wait(_PAUSE)
    counts.put((times, size))


@contextmanager
def _clients(site: str, what: str, number: int, mbit: float) -> Iterator[list[tuple[int, int]]]:
    """Let clients read inside; afterwards the list says what each of them has read.

    :param mbit: what they may take together, in megabits a second
    """
    rate = mbit * 1e6 / 8 / max(number, 1)
    context = multiprocessing.get_context("spawn")
    stop, counts = context.Event(), context.Queue()
    found: list[tuple[int, int]] = []
    started = [
        context.Process(target=_client, args=(site, what, rate, stop, counts))
        for _ in range(number)
    ]
    for one in started:
        one.start()
    # Until each has begun.
    time.sleep(5)
    try:
        yield found
    finally:
        stop.set()
        found += [counts.get(timeout=120) for _ in started]
        for one in started:
            one.join(30)


def _visit(site: str, number: int) -> float:
    """Open a dataset page; return milliseconds."""
    began = time.perf_counter()
    url = f"{site}/dataset/bench-dataset-{number:05}"
    with urllib.request.urlopen(url, timeout=120) as answer:  # noqa: S310 - loopback
        answer.read()
    return (time.perf_counter() - began) * 1000


def _measure(site: str, what: str, options: argparse.Namespace) -> tuple[list[list[float]], str]:
    """Return the times of the turns (quiet, busy, busy, quiet, …), and what the clients read."""
    turns, read = [], []
    for turn in range(4 * options.rounds):
        busy = turn % 4 in (1, 2)
        with _clients(site, what, options.clients if busy else 0, options.mbit) as found:
            turns.append([_visit(site, number) for number in range(options.visits)])
        read += found
    times, size = (sum(one[part] for one in read) for part in (0, 1))
    return turns, f"{times} × whole, {size / 1e9:.1f} GB"


def _line(what: str, turns: list[list[float]], read: str) -> tuple[str, float]:
    """Return a line of the table, and the ratio of the medians."""
    quiet = [time for turn, times in enumerate(turns) if turn % 4 in (0, 3) for time in times]
    busy = [time for turn, times in enumerate(turns) if turn % 4 in (1, 2) for time in times]
    first = [time for turn, times in enumerate(turns) if turn % 4 == 0 for time in times]
    last = [time for turn, times in enumerate(turns) if turn % 4 == 3 for time in times]  # noqa: PLR2004
    ratio = median(busy) / median(quiet)
    tails = [quantiles(times, n=20)[-1] for times in (quiet, busy)]
    return (
        f"| {what} | {median(quiet):.0f} | {median(busy):.0f} | {ratio:.2f} "
        f"| {median(last) / median(first):.2f} | {tails[0]:.0f} → {tails[1]:.0f} | {read} |"
    ), ratio


def main() -> int:
    """Run the benchmark, print the figures; the exit code says whether the limit is kept."""
    parser = argparse.ArgumentParser(prog="python -m bench.readers", description=__doc__)
    parser.add_argument("--datasets", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=10)
    parser.add_argument(
        "--mbit", type=float, default=1_000, help="of the network, in megabits a second"
    )
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--visits", type=int, default=40)
    parser.add_argument("--port", type=int, default=None)
    options = parser.parse_args()

    bootstrap.install("run")
    portal = Portal(Profile("bench-readers"))
    try:
        with step(f"Making a portal with {options.datasets} datasets"):
            portal.wipe()
            addresses = portal.start_services()
            portal.choose_port(options.port)
            portal.write_ini(addresses)
            portal.prepare_database()
            sql = statements(options.datasets) + OWNER
            portal.postgres.sql(sql, portal.profile.database_name("ckan"))
        with step("Indexing, and building the catalogue"):
            portal.ckan("search-index", "rebuild", "--force", "-q", failed="Not indexed.")
            portal.ckan("tangerang", "catalog", "build", failed="The catalogue was not built.")
            portal.start_web()
        for number in range(options.visits):
            _visit(portal.site_url, number)
        say()
        say(f"Load at the start: {os.getloadavg()[0]:.1f}, processors: {os.cpu_count()}")
        say("| clients read | page ms | busy ms | ratio | quiet ÷ quiet | 95 % | together |")
        say("|---|---|---|---|---|---|---|")
        ratios = []
        for what in _WHAT:
            line, ratio = _line(what, *_measure(portal.site_url, what, options))
            ratios.append(ratio)
            say(line)
        say(f"Load at the end: {os.getloadavg()[0]:.1f}")
    finally:
        portal.down()
    return int(max(ratios) > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
