"""Compare the whole catalogue with ckanext-dcat's: ``python -m bench.catalogue``.

Two portals hold as many generated datasets, written straight into the tables: a stock one with
ckanext-dcat, whose datasets have fields of DCAT-AP that it writes, and ours with as many fields of
our schema. ckanext-dcat is asked for all pages of the stock portal, in its three forms, before ours
was measured, and again after it; once also with our datasets, by a filter that all pass
(``q=*:*``), with which ours hands the request to it: then it writes few of the fields. Ours is
built by the command, five times of nothing, and read whole. The first byte, the whole time, and
what the memory of the workers grows by are measured.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import time
import urllib.request
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from stack import bootstrap
from stack.layout import Profile
from stack.portal import Portal
from stack.terminal import say, step

from .score import statements

if TYPE_CHECKING:
    from collections.abc import Callable

_PAGE = 100
_TIMES = 5
#: First builds, each of nothing: one alone differs from the next by a tenth.
_BUILDS = 5
OWNER = """
INSERT INTO "group" (id, name, title, type, state, is_organization, approval_status, created)
VALUES ('bench', 'bench', 'Bench OPD', 'organization', 'active', true, 'approved', now());
UPDATE package SET owner_org = 'bench';
ANALYZE;
"""


def _read(portal: Portal, path: str) -> dict[str, float]:
    """Read an answer to its end; return seconds to the first byte, to the end, and bytes."""
    began = time.perf_counter()
    with urllib.request.urlopen(f"{portal.site_url}{path}", timeout=600) as answer:  # noqa: S310
        size = len(answer.read(1))
        first = time.perf_counter() - began
        while block := answer.read(1 << 20):
            size += len(block)
    return {"first": first, "whole": time.perf_counter() - began, "bytes": size}


def _memory(portal: Portal) -> int:
    """Return the resident memory of the web server's processes, in KiB."""
    parent = portal.web.pid()
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text(encoding="utf-8")
        except OSError:
            continue
        if re.search(rf"^(PPid|Pid):\t{parent}$", text, re.MULTILINE):
            found = re.search(r"^VmRSS:\s+(\d+)", text, re.MULTILINE)
            total += int(found[1]) if found else 0
    return total


def _median(portal: Portal, path: str) -> dict[str, float]:
    """Read an answer several times; return the medians."""
    found = [_read(portal, path) for _ in range(_TIMES)]
    return {name: median(row[name] for row in found) for name in found[0]}


def _pages(portal: Portal, count: int, query: str, form: str = "ttl") -> dict[str, float]:
    """Read all pages of the catalogue one after the other."""
    rows = [
        _read(portal, f"/catalog.{form}?{query}page={number}")
        for number in range(1, -(-count // _PAGE) + 1)
    ]
    return {
        "first": rows[0]["first"],
        "whole": sum(row["whole"] for row in rows),
        "bytes": sum(row["bytes"] for row in rows),
    }


def _first_build(portal: Portal) -> dict[str, float]:
    """Build the catalogue of nothing by the command, its start and the files included."""
    portal.postgres.sql(
        "TRUNCATE tangerang_catalogue_fragment", portal.profile.database_name("ckan")
    )
    shutil.rmtree(portal.profile.root / "storage" / "tangerang" / "catalogue", ignore_errors=True)
    began = time.perf_counter()
    output = portal.ckan("tangerang", "catalog", "build", failed="The catalogue was not built.")
    found = re.search(r"rendered \(([\d.]+) s\)", output)
    return {
        "first": float(found[1]) if found else 0,
        "whole": time.perf_counter() - began,
        "bytes": 0,
    }


def _build(portal: Portal) -> dict[str, float]:
    """Build the catalogue several times; say how long each took, and return the medians."""
    found = [_first_build(portal) for _ in range(_BUILDS)]
    seconds = ", ".join(f"{row['whole']:.1f}" for row in found)
    say(f"    first builds: {seconds} s")
    return {name: median(row[name] for row in found) for name in found[0]}


def _measure(stock: Portal, portal: Portal, count: int) -> dict[str, dict[str, float]]:
    """Return all figures by what was measured, in the order of measuring."""
    theirs = "q=*:*&profiles=euro_dcat_ap_3&"
    for one, query in ((stock, ""), (portal, theirs)):
        _read(one, f"/catalog.ttl?{query}page=1")
    calls: dict[str, Callable[[], dict[str, float]]] = {
        "ckanext-dcat, all pages": lambda: _pages(stock, count, ""),
        "ckanext-dcat, all pages, xml": lambda: _pages(stock, count, "", "xml"),
        "ckanext-dcat, all pages, jsonld": lambda: _pages(stock, count, "", "jsonld"),
        "ours, first build by the command": lambda: _build(portal),
        "ours, all pages": lambda: _pages(portal, count, ""),
        "ckanext-dcat, one page": lambda: _median(stock, "/catalog.ttl?page=2"),
        "ours, one page": lambda: _median(portal, "/catalog.ttl?page=2"),
        "ours, whole, ttl": lambda: _median(portal, "/catalog-all.ttl"),
        "ours, whole, xml": lambda: _median(portal, "/catalog-all.xml"),
        "ours, whole, jsonld": lambda: _median(portal, "/catalog-all.jsonld"),
        "ours, /data.json": lambda: _median(portal, "/data.json"),
        "ckanext-dcat with our datasets, all pages": lambda: _pages(portal, count, theirs),
        "ckanext-dcat again, all pages": lambda: _pages(stock, count, ""),
    }
    out = {}
    for label, call in calls.items():
        with step(label):
            before = _memory(portal) + _memory(stock)
            found = call()
            after = _memory(portal) + _memory(stock)
            out[label] = found | {"memory": (after - before) / 1024}
    return out


def _start(portal: Portal, count: int, port: int | None) -> None:
    """Start a portal with ``count`` indexed datasets.

    :param port: of the stock one; ours follows
    """
    stock = portal.profile.name.startswith("stock")
    portal.wipe()
    addresses = portal.start_services()
    portal.choose_port(port if port is None or stock else port + 1)
    portal.write_ini(addresses)
    portal.prepare_database()
    sql = statements(count, sdi=not stock) + OWNER
    portal.postgres.sql(sql, portal.profile.database_name("ckan"))
    portal.ckan("search-index", "rebuild", "--force", "-q", failed="Not indexed.")
    portal.start_web()


def main() -> int:
    """Run the benchmark and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m bench.catalogue", description=__doc__)
    parser.add_argument("--datasets", type=int, default=10_000)
    parser.add_argument("--port", type=int, default=None)
    options = parser.parse_args()

    bootstrap.install("run")
    stock, portal = (Portal(Profile(f"{name}-catalogue")) for name in ("stock", "bench"))
    try:
        for one in (stock, portal):
            with step(f"Making {one.profile.name} with {options.datasets} datasets"):
                _start(one, options.datasets, options.port)
        found = _measure(stock, portal, options.datasets)
    finally:
        for one in (stock, portal):
            one.down()
    _print(found)
    return 0


def _print(found: dict[str, dict[str, Any]]) -> None:
    """Print the table; ratios are against the mean of ckanext-dcat before and after.

    Our command makes all documents; so a second ratio is against all that ckanext-dcat makes.
    """
    theirs = [found[f"ckanext-dcat{again}, all pages"]["whole"] for again in ("", " again")]
    mean = sum(theirs) / 2
    say()
    say("| | first byte ms | whole s | times as fast | MB | memory of the workers + MB |")
    say("|---|---|---|---|---|---|")
    for label, row in found.items():
        of = found["ckanext-dcat, one page"]["whole"] if "one page" in label else mean
        say(
            f"| {label} | {row['first'] * 1000:.0f} | {row['whole']:.2f} "
            f"| {of / row['whole']:.1f} | {row['bytes'] / 1e6:.1f} | {row['memory']:.0f} |"
        )
    others = [found[f"ckanext-dcat, all pages, {form}"]["whole"] for form in ("xml", "jsonld")]
    build = found["ours, first build by the command"]["whole"]
    say()
    say(
        f"The first build (Turtle, RDF/XML, JSON-LD, data.json) is {mean / build:.1f} × as fast as "
        f"ckanext-dcat's Turtle, and {(mean + sum(others)) / build:.1f} × as fast as its Turtle, "
        "RDF/XML and JSON-LD together."
    )


if __name__ == "__main__":
    sys.exit(main())
