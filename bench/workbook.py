"""Compare the import of workbooks with ``ckanapi load``: ``python -m bench.workbook``.

One portal with real services gets the same records twice in each round: as lines of JSON by
``ckanapi load``, one record at a time and with one process, and as workbooks by ``ckan tangerang
workbook import``, reading included. Each way goes first in turn, because the machine is noisy.
Afterwards the records of both ways are compared field by field, as the search index has them, and
so are the numbers of entries of the activity stream.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from ckanext.tangerang.workbook import writer  # pyright: ignore[reportMissingImports]
from stack import bootstrap
from stack.bootstrap import VENV
from stack.layout import Profile
from stack.portal import Portal
from stack.terminal import say, step
from tests.metadata.records import survey
from tests.workbook.schemas import schemas

from .__main__ import Site

if TYPE_CHECKING:
    from collections.abc import Callable

_BY_JSON, _BY_WORKBOOK = "bench-ckanapi", "bench-workbook"
#: What two records of equal content differ by.
_OWN = frozenset(
    {"id", "name", "owner_org", "organization", "metadata_created", "metadata_modified"}
)
_PAGE = 500


def _record(round_: int, number: int, variables: int, owner: str) -> dict[str, Any]:
    """Return a full activity; the same for both organizations but for the owner."""
    return survey(variables) | {
        "judul_kegiatan": f"Kegiatan {round_}-{number}",
        "i_instansi_penyelanggara": "Bench",
        "ii_unit_eselon1": "-",
        "ii_unit_eselon2": "Bench",
        "owner_org": owner,
        "private": False,
    }


def _run(portal: Portal, *command: str) -> None:
    """Run a program of the virtual environment in the portal's environment."""
    subprocess.run(  # noqa: S603 - our own programs
        [str(VENV / "bin" / command[0]), *command[1:]],
        env=portal.environment(),
        cwd=portal.profile.root,
        stdout=subprocess.DEVNULL,
        check=True,
    )


def _by_json(portal: Portal, folder: Path, records: list[dict[str, Any]]) -> Callable[[], None]:
    """Write the records down for ckanapi; return what loads them."""
    path = folder / "records.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    ini = str(portal.profile.ini)
    return lambda: _run(
        portal,
        *("ckanapi", "load", "datasets", "-c", ini, "-u", "default"),
        *("-I", str(path), "-p", "1", "-q"),
    )


def _by_workbook(portal: Portal, folder: Path, records: list[dict[str, Any]]) -> Callable[[], None]:
    """Write a workbook of each record; return what imports them."""
    books = folder / "books"
    books.mkdir()
    for number, record in enumerate(records):
        (books / f"{number:05}.xlsx").write_bytes(writer.write(schemas(), record))
    ini = str(portal.profile.ini)
    return lambda: _run(
        portal,
        *("ckan", "-c", ini, "tangerang", "workbook", "import", str(books), "--apply"),
    )


def _stored(site: Site, owner: str) -> dict[str, dict[str, Any]]:
    """Return the records of an organization by title, as the search index has them."""
    out: dict[str, dict[str, Any]] = {}
    while True:
        answer = json.loads(
            site.request(
                "/api/3/action/package_search",
                {
                    "fq": f"dataset_type:kegiatan organization:{owner}",
                    "rows": _PAGE,
                    "start": len(out),
                    "sort": "id asc",
                },
            )
        )["result"]["results"]
        out |= {r["title"]: {k: v for k, v in r.items() if k not in _OWN} for r in answer}
        if len(answer) < _PAGE:
            return out


def _activities(portal: Portal, owner: str) -> int:
    """Return the number of entries of the activity stream for records of an organization."""
    return int(
        portal.postgres.sql(
            "SELECT count(*) FROM activity a JOIN package p ON p.id = a.object_id "  # noqa: S608
            f"JOIN \"group\" g ON g.id = p.owner_org WHERE g.name = '{owner}'",
            portal.profile.database_name("ckan"),
        )
    )


def _compare(site: Site, expected: int) -> None:
    """Check that both ways have stored the same.

    :raises SystemExit: when they have not
    """
    first, second = _stored(site, _BY_JSON), _stored(site, _BY_WORKBOOK)
    if len(first) != expected or first != second:
        wrong = [title for title in first if first[title] != second.get(title)]
        sys.exit(f"{len(first)} and {len(second)} of {expected} records; different: {wrong[:5]}")
    counts = [_activities(site.portal, owner) for owner in (_BY_JSON, _BY_WORKBOOK)]
    if counts[0] != counts[1]:
        sys.exit(f"activities differ: {counts}")
    say(f"Both ways stored the same {expected} records and {counts[0]} activities.")


def main() -> int:
    """Run the benchmark and print the ratio; the figures also go to ``--output``."""
    parser = argparse.ArgumentParser(prog="python -m bench.workbook", description=__doc__)
    parser.add_argument("--records", type=int, default=1_000, help="of each round")
    parser.add_argument("--variables", type=int, default=10, help="of each record")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--output", type=Path, help="write the figures as JSON")
    options = parser.parse_args()

    bootstrap.install("run")
    portal = Portal(Profile("bench"))
    site = Site("bench", portal)
    times: dict[str, list[float]] = {_BY_JSON: [], _BY_WORKBOOK: []}
    makers = {_BY_JSON: _by_json, _BY_WORKBOOK: _by_workbook}
    try:
        with step("Starting the portal"):
            portal.wipe()
            portal.up()
            for name in makers:
                site.request("/api/3/action/organization_create", {"name": name, "title": name})
        for round_ in range(options.rounds):
            with tempfile.TemporaryDirectory() as folder, step(f"Round {round_ + 1}"):
                ways: dict[str, Callable[[], None]] = {}
                for name, maker in makers.items():
                    records = [
                        _record(round_, number, options.variables, name)
                        for number in range(options.records)
                    ]
                    ways[name] = maker(portal, Path(folder), records)
                for name in list(ways) if round_ % 2 == 0 else reversed(list(ways)):
                    began = time.perf_counter()
                    ways[name]()
                    times[name].append(time.perf_counter() - began)
        _compare(site, options.rounds * options.records)
    finally:
        portal.down()

    ratios = [a / b for a, b in zip(times[_BY_JSON], times[_BY_WORKBOOK], strict=True)]
    say()
    say("| way | records a second (each round) |")
    say("|---|---|")
    for name, seconds in times.items():
        say(f"| {name} | {', '.join(f'{options.records / s:.1f}' for s in seconds)} |")
    each = ", ".join(f"{ratio:.1f}" for ratio in ratios)
    say(f"Workbooks are imported {median(ratios):.1f} times as fast ({each}).")
    if options.output:
        options.output.write_text(json.dumps(times | {"ratios": ratios}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
