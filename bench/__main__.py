"""Compare the portal with a stock CKAN (scheming and dcat, same data): ``python -m bench``.

Three sites run side by side: two stock ones with one and the same configuration, and ours. What
the two stock sites differ by is the noise of the machine, printed beside every ratio. Sites take
turns in the order A B C C B A; web servers are restarted between rounds. The numbers of SQL
statements and of Solr requests do not vary and are counted by the servers themselves.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from stack import bootstrap
from stack.layout import Profile
from stack.portal import Portal
from stack.services import LOOPBACK, stored_port
from stack.terminal import say, step

from .data import dataset, organizations

if TYPE_CHECKING:
    from collections.abc import Callable

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
    created: int = 0

    @property
    def ours(self) -> bool:
        """Tell whether our plugins are on."""
        return not self.name.startswith("stock")

    def request(self, path: str, data: dict[str, Any] | None = None) -> bytes:
        """Send a request, as the site user when ``data`` is given; return the answer."""
        headers = {}
        if data is not None:
            headers = {
                "Authorization": self.portal.profile.state()["xloader_token"],
                "Content-Type": "application/json",
            }
        request = urllib.request.Request(  # noqa: S310 - loopback
            f"{self.portal.site_url}{path}",
            data=None if data is None else json.dumps(data).encode(),
            headers=headers,
        )
        with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310
            return answer.read()

    def create(self) -> None:
        """Create one more dataset by the API."""
        self.request("/api/3/action/package_create", dataset(self.created, sdi=self.ours))
        self.created += 1

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


def _paths(number: int) -> dict[str, str]:
    name = dataset(number // 2, sdi=False)["name"]
    search = "/api/3/action/package_search?rows=20&facet.field="
    return {
        "home": "/",
        "dataset list": "/dataset/",
        "dataset page": f"/dataset/{name}",
        "organization list": "/organization/",
        "package_show": f"/api/3/action/package_show?id={name}",
        "package_search 20": search + '["organization","res_format","tags"]',
    }


def _round(sites: list[Site], paths: dict[str, str], visits: int) -> None:
    """Measure every path on every site, in turns."""
    for label, path in paths.items():
        for site in sites:
            for _ in range(_WARM_UP):
                site.request(path)
        for _ in range(visits):
            for site in (*sites, *reversed(sites)):
                site.measure(label, lambda site=site, path=path: site.request(path))
    for _ in range(visits):
        for site in (*sites, *reversed(sites)):
            site.measure("package_create", site.create)


def _table(sites: list[Site], rounds: list[dict[str, tuple[float, float]]]) -> list[dict[str, Any]]:
    first, second, ours = sites
    rows = []
    for label in ours.times:
        ratios = [figures[label][0] for figures in rounds]
        controls = [figures[label][1] for figures in rounds]
        rows.append(
            {
                "path": label,
                "stock_ms": round(median(first.times[label] + second.times[label]), 1),
                "ours_ms": round(median(ours.times[label]), 1),
                "ratio": round(median(ratios), 2),
                "ratio_range": [round(min(ratios), 2), round(max(ratios), 2)],
                "control_range": [round(min(controls), 2), round(max(controls), 2)],
            }
        )
    return rows


def _figures(sites: list[Site], start: dict[str, dict[str, int]]) -> dict[str, tuple[float, float]]:
    """Return per path ours ÷ stock and stock ÷ stock, of what was measured since ``start``."""
    figures = {}
    for label in sites[0].times:
        first, second, ours = (
            median(site.times[label][start[site.name].get(label, 0) :]) for site in sites
        )
        figures[label] = (ours / ((first + second) / 2), first / second)
    return figures


def _counts(stock: Site, ours: Site, paths: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Return SQL statements and Solr requests by path, of a stock site and of ours."""
    counts = {}
    for label, path in paths.items():
        counts[label] = {
            site.name: site.count(lambda site=site, path=path: site.request(path))
            for site in (stock, ours)
        }
    counts["package_create"] = {site.name: site.count(site.create) for site in (stock, ours)}
    return counts


def main() -> int:
    """Run the benchmark and print the ratios; the figures also go to ``--output``."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--datasets", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3, help="restarts of the web servers")
    parser.add_argument("--visits", type=int, default=10, help="per path, site and round, twice")
    parser.add_argument("--output", type=Path, help="write the figures as JSON")
    options = parser.parse_args()

    bootstrap.install("run")
    names = ("stock-a", "stock-b", "bench")
    sites = [Site(name, Portal(Profile(name))) for name in names]
    rounds = []
    try:
        for site in sites:
            with step(f"Starting {site.name} with {options.datasets} datasets"):
                site.portal.wipe()
                site.portal.up()
                for organization in organizations():
                    site.request("/api/3/action/organization_create", organization)
                for _ in range(options.datasets):
                    site.create()
        paths = _paths(options.datasets)
        for number in range(options.rounds):
            with step(f"Round {number + 1} of {options.rounds}"):
                for site in sites:
                    site.portal.web.stop()
                    site.portal.start_web()
                start = {
                    site.name: {label: len(times) for label, times in site.times.items()}
                    for site in sites
                }
                _round(sites, paths, options.visits)
                rounds.append(_figures(sites, start))
        counts = _counts(sites[0], sites[2], paths)
    finally:
        for site in sites:
            site.portal.down()

    rows = _table(sites, rounds)
    say()
    say("| path | stock ms | ours ms | ours ÷ stock (range) | stock ÷ stock | SQL | Solr |")
    say("|---|---|---|---|---|---|---|")
    for row in rows:
        (sql, solr), (our_sql, our_solr) = counts[row["path"]].values()
        row |= {"sql": [sql, our_sql], "solr": [solr, our_solr]}
        say(
            f"| {row['path']} | {row['stock_ms']} | {row['ours_ms']} | {row['ratio']} "
            f"({row['ratio_range'][0]}–{row['ratio_range'][1]}) | {row['control_range'][0]}–"
            f"{row['control_range'][1]} | {sql} → {our_sql} | {solr} → {our_solr} |"
        )
    if options.output:
        options.output.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
