"""Comparing our portal with two stock ones: measuring in turns, counting, the table of ratios.

Three sites run side by side: two stock ones with one and the same configuration, and ours. What
the two stock sites differ by is the noise of the machine, printed beside every ratio. Sites take
turns in the order A B C C B A; web servers are restarted between rounds. The numbers of SQL
statements and of Solr requests do not vary and are counted by the servers themselves.
"""

from __future__ import annotations

import json
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from stack.layout import Profile
from stack.portal import Portal
from stack.services import LOOPBACK, stored_port
from stack.terminal import say, step

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping

    Call = Callable[["Site"], object]
    Figures = dict[str, tuple[float, float]]

_WARM_UP = 4
#: Seconds for PostgreSQL's log to catch up with what a request did.
_LOG_DELAY = 0.5


@dataclass
class Site:
    """One running portal and what was measured of it."""

    name: str
    portal: Portal
    #: path → milliseconds, in the order of measuring
    times: dict[str, list[float]] = field(default_factory=dict)
    #: How many records this run has made on it.
    created: int = 0

    @property
    def ours(self) -> bool:
        """Tell whether our plugins are on."""
        return not self.name.startswith("stock")

    def action(self, name: str, data: dict[str, Any]) -> dict[str, Any]:
        """Call an action as the site user and return its result."""
        return json.loads(self.request(f"/api/3/action/{name}", data))["result"]

    def page(self, path: str) -> bytes:
        """Return a page as the site user sees it."""
        return self.request(path, signed_in=True)

    def request(
        self, path: str, data: dict[str, Any] | None = None, *, signed_in: bool = False
    ) -> bytes:
        """Send a request and return the answer.

        :param data: sent as JSON, as the site user
        :param signed_in: send the request as the site user, also without data
        """
        headers = {}
        if signed_in or data is not None:
            headers["Authorization"] = self.portal.profile.state()["xloader_token"]
        if data is not None:
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(  # noqa: S310 - loopback
            f"{self.portal.site_url}{path}",
            data=None if data is None else json.dumps(data).encode(),
            headers=headers,
        )
        with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310
            return answer.read()

    def measure(self, label: str, call: Callable[[], object]) -> None:
        """Time one ``call``."""
        began = time.perf_counter()
        call()
        self.times.setdefault(label, []).append((time.perf_counter() - began) * 1000)

    def count(self, call: Callable[[], object]) -> tuple[int, int]:
        """Return the numbers of SQL statements and Solr requests that ``call`` causes."""
        postgres = self.portal.postgres
        postgres.sql("ALTER SYSTEM SET log_statement = 'all'")
        postgres.sql("SELECT pg_reload_conf()")
        time.sleep(_LOG_DELAY)
        log = postgres.process.log
        offset, solr = log.stat().st_size, self._solr_requests()
        call()
        time.sleep(_LOG_DELAY)
        text = log.read_bytes()[offset:].decode("utf-8", "replace")
        postgres.sql("ALTER SYSTEM RESET log_statement")
        postgres.sql("SELECT pg_reload_conf()")
        statements = [
            line.partition("LOG:  statement: ")[2]
            for line in text.splitlines()
            if "LOG:  statement: " in line
        ]
        real = [
            text for text in statements if text.split(" ")[0] not in ("BEGIN", "COMMIT", "ROLLBACK")
        ]
        return len(real), self._solr_requests() - solr

    def _solr_requests(self) -> int:
        port = stored_port(self.portal.profile, "solr")
        url = (
            f"http://{LOOPBACK}:{port}/solr/admin/metrics"
            "?group=core&wt=json&compact=true&prefix=QUERY./select.requests,UPDATE./update.requests"
        )
        with urllib.request.urlopen(url, timeout=10) as answer:
            metrics = json.load(answer)["metrics"]
        return sum(value for core in metrics.values() for value in core.values())


def three_sites(suffix: str = "") -> list[Site]:
    """Return two stock sites and ours.

    :param suffix: end of their names, so that two benchmarks do not share data
    """
    names = (f"stock-a{suffix}", f"stock-b{suffix}", f"bench{suffix}")
    return [Site(name, Portal(Profile(name))) for name in names]


def in_turns(sites: list[Site], calls: Mapping[str, Call], visits: int, *, warm_up: bool) -> None:
    """Measure every call on every site, ``visits`` times there and back.

    :param warm_up: call a few times before measuring; not for calls that make something
    """
    for label, call in calls.items():
        for site in sites if warm_up else ():
            for _ in range(_WARM_UP):
                call(site)
        for _ in range(visits):
            for site in (*sites, *reversed(sites)):
                site.measure(label, lambda site=site, call=call: call(site))


def rounds(sites: list[Site], number: int, measure: Callable[[], None]) -> list[Figures]:
    """Restart the web servers and measure, ``number`` times; return the figures of each round."""
    out = []
    for count in range(number):
        with step(f"Round {count + 1} of {number}"):
            for site in sites:
                site.portal.web.stop()
                site.portal.start_web()
            start = {
                site.name: {label: len(times) for label, times in site.times.items()}
                for site in sites
            }
            measure()
            out.append(_figures(sites, start))
    return out


def _figures(sites: list[Site], start: dict[str, dict[str, int]]) -> Figures:
    """Return per call ours ÷ stock and stock ÷ stock, of what was measured since ``start``."""
    figures = {}
    for label in sites[0].times:
        first, second, ours = (
            median(site.times[label][start[site.name].get(label, 0) :]) for site in sites
        )
        figures[label] = (ours / ((first + second) / 2), first / second)
    return figures


def counts(sites: list[Site], calls: Mapping[str, Call]) -> dict[str, list[tuple[int, int]]]:
    """Return SQL statements and Solr requests by call, of a stock site and of ours."""
    stock, _, ours = sites
    return {
        label: [site.count(lambda site=site, call=call: call(site)) for site in (stock, ours)]
        for label, call in calls.items()
    }


def report(
    sites: list[Site],
    figures: list[Figures],
    counted: Mapping[str, list[tuple[int, int]]],
    output: Path | None,
) -> None:
    """Print the table of all calls, and write it as JSON to ``output``."""
    first, second, ours = sites
    rows = []
    say()
    say("| call | stock ms | ours ms | ours ÷ stock (range) | stock ÷ stock | SQL | Solr |")
    say("|---|---|---|---|---|---|---|")
    for label in ours.times:
        ratios = [found[label][0] for found in figures]
        controls = [found[label][1] for found in figures]
        (sql, solr), (our_sql, our_solr) = counted[label]
        row: dict[str, Any] = {
            "path": label,
            "stock_ms": round(median(first.times[label] + second.times[label]), 1),
            "ours_ms": round(median(ours.times[label]), 1),
            "ratio": round(median(ratios), 2),
            "ratio_range": [round(min(ratios), 2), round(max(ratios), 2)],
            "control_range": [round(min(controls), 2), round(max(controls), 2)],
            "sql": [sql, our_sql],
            "solr": [solr, our_solr],
        }
        rows.append(row)
        say(
            f"| {label} | {row['stock_ms']} | {row['ours_ms']} | {row['ratio']} "
            f"({row['ratio_range'][0]}–{row['ratio_range'][1]}) | {row['control_range'][0]}–"
            f"{row['control_range'][1]} | {sql} → {our_sql} | {solr} → {our_solr} |"
        )
    if output:
        output.write_text(json.dumps(rows, indent=1), encoding="utf-8")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what every comparison takes."""
    parser.add_argument("--rounds", type=int, default=3, help="restarts of the web servers")
    parser.add_argument("--visits", type=int, default=10, help="per call, site and round, twice")
    parser.add_argument("--output", type=Path, help="write the figures as JSON")
    parser.add_argument("--port", type=int, help="of the first site; the others follow")


def start(site: Site, sites: list[Site], first_port: int | None) -> None:
    """Start a site from nothing.

    :param first_port: of the first of ``sites``; any free one when it is None
    """
    site.portal.up(first_port + sites.index(site) if first_port else None)
