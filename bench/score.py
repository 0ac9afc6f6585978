"""Time ``ckan tangerang score rebuild``: ``python -m bench.score``.

Datasets, each with three files, a kamus and two keywords, are written straight into the tables of
a portal of their own, as CKAN would have stored them. Then the command judges them all: once when
no score exists, once when every score is up to date, and once with ``--outdated``, when there is
nothing to do. What is timed is judging and writing, and the start of ``ckan`` beside it; the search
index is CKAN's own work and left out (``--no-index``).
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from typing import TYPE_CHECKING, Any

from stack import bootstrap
from stack.layout import Profile
from stack.portal import Portal
from stack.terminal import say, step

from .data import dataset

if TYPE_CHECKING:
    from collections.abc import Iterable

_COLUMNS = ("title", "name", "notes", "url", "version", "license_id")
_NOT_EXTRAS = (*_COLUMNS, "owner_org", "tags", "resources")
_KAMUS = [
    {"kolom": "kecamatan", "label": "Kecamatan", "tipe": "string"},
    {"kolom": "tahun", "label": "Tahun", "tipe": "integer"},
    {"kolom": "jumlah", "label": "Jumlah", "definisi": "Generated.", "tipe": "integer"},
]


def _cell(value: Any) -> str:
    """Return a value as COPY reads it."""
    if value is None:
        return r"\N"
    text = str(value).replace("\\", "\\\\")
    return text.replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def copy_statement(table: str, columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """Return a COPY statement with its rows."""
    lines = "".join("\t".join(map(_cell, row)) + "\n" for row in rows)
    return f"COPY {table} ({', '.join(columns)}) FROM stdin;\n{lines}\\.\n"


def _extras(record: dict[str, Any]) -> str:
    """Return the extras of a dataset as CKAN stores them: texts, lists as JSON."""
    return json.dumps(
        {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in record.items()
            if name not in _NOT_EXTRAS
        }
    )


def statements(count: int, *, sdi: bool = True) -> str:
    """Return the SQL that fills the tables with ``count`` datasets.

    :param sdi: with the fields of our schema; else with those of DCAT-AP
    """
    records = [dataset(number, sdi=sdi) for number in range(count)]
    names = sorted({tag["name"] for record in records for tag in record["tags"]})
    moment = "2026-01-01 00:00:00"
    packages = (
        (
            *(record["name"], "dataset", "active", "f", moment, moment),
            *(record[name] for name in _COLUMNS),
            _extras(record),
        )
        for record in records
    )
    files = (
        (
            *(f"{record['name']}-{position}", record["name"], position, "active"),
            *(file[name] for name in ("url", "name", "format", "description")),
            json.dumps({"kamus": json.dumps(_KAMUS)}),
        )
        for record in records
        for position, file in enumerate(record["resources"])
    )
    keywords = (
        (f"{record['name']}-{tag['name']}", record["name"], tag["name"], "active")
        for record in records
        for tag in record["tags"]
    )
    return "".join(
        (
            copy_statement(
                "package",
                (
                    *("id", "type", "state", "private", "metadata_created", "metadata_modified"),
                    *_COLUMNS,
                    "extras",
                ),
                packages,
            ),
            copy_statement(
                "resource",
                (
                    *("id", "package_id", "position", "state"),
                    *("url", "name", "format", "description", "extras"),
                ),
                files,
            ),
            copy_statement("tag", ("id", "name"), ((name, name) for name in names)),
            copy_statement("package_tag", ("id", "package_id", "tag_id", "state"), keywords),
            "ANALYZE;\n",
        )
    )


def _timed(portal: Portal, *options: str) -> dict[str, Any]:
    """Run the command; return what it says and how long it took."""
    began = time.perf_counter()
    output = portal.ckan(
        "tangerang", "score", "rebuild", "--no-index", *options,
        failed="The scores could not be rebuilt.",
    )  # fmt: skip
    whole = time.perf_counter() - began
    found = re.search(r"(\d+) judged, (\d+) scores changed \(([\d.]+) s\)", output)
    judged, changed, seconds = found.groups() if found else (0, 0, 0)
    return {
        "judged": int(judged),
        "changed": int(changed),
        "seconds": float(seconds),
        "with_start": round(whole, 1),
    }


def main() -> int:
    """Run the benchmark and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m bench.score", description=__doc__)
    parser.add_argument("--datasets", type=int, default=10_000)
    options = parser.parse_args()

    bootstrap.install("run")
    portal = Portal(Profile("bench-score"))
    try:
        with step(f"Making a database with {options.datasets} datasets"):
            portal.wipe()
            addresses = portal.start_services()
            portal.choose_port(None)
            portal.write_ini(addresses)
            portal.prepare_database()
            portal.postgres.sql(statements(options.datasets), portal.profile.database_name("ckan"))
        rows = {
            "no score yet": _timed(portal),
            "all up to date": _timed(portal),
            "all up to date, --outdated": _timed(portal, "--outdated"),
        }
    finally:
        portal.down()
    say()
    say("| state before | judged | scores changed | seconds | with the start of ckan |")
    say("|---|---|---|---|---|")
    for name, row in rows.items():
        say(f"| {name} | {' | '.join(str(value) for value in row.values())} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
