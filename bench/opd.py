"""Compare ``/opd`` with the list of organizations of a stock CKAN: ``python -m bench.opd``.

Three portals hold the same organizations in four levels, written straight into the tables, and the
same datasets. ``/opd`` shows all organizations on one page, with counts of three types of records.
The stock list shows twenty of them on a page, and never more than 25
(``ckan.group_and_organization_list_all_fields_max``). How it measures is said in :mod:`.compare`.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from stack import bootstrap
from stack.terminal import step
from tests.opd.offices import group_row, member_row, offices

from .compare import Site, add_options, counts, in_turns, report, rounds, start, three_sites
from .data import dataset
from .score import copy_statement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .compare import Call

#: Pages of ours by label; the stock sites show their list for each.
_PAGES = {
    "tree": "/opd",
    "tree with units": "/opd?unit=1&buka=1",
    "by kind": "/opd?tampilan=kelompok",
    "by affair": "/opd?tampilan=urusan",
    "search": "/opd?q=nomor+4",
}


def _rows(table: str, rows: Iterable[dict[str, object]]) -> str:
    """Return the statement that writes rows into a table."""
    rows = list(rows)
    values = (
        [json.dumps(value) if isinstance(value, dict) else value for value in row.values()]
        for row in rows
    )
    return copy_statement(table, rows[0], values)


def statements(count: int) -> str:
    """Return the SQL that writes ``count`` organizations in four levels."""
    made = list(offices(count))
    groups = _rows('"group"', map(group_row, made))
    members = _rows("member", (member_row(office) for office in made if office.parent))
    return f"{groups}{members}ANALYZE;\n"


def _list(site: Site, path: str) -> bytes:
    """Show our page, or the stock list of organizations."""
    return site.request(path if site.ours else "/organization/")


def _fill(site: Site, count: int, datasets: int) -> None:
    """Write the organizations; make datasets of those that have not ended."""
    site.portal.postgres.sql(statements(count), site.portal.profile.database_name("ckan"))
    open_ones = [office.name for office in offices(count) if "berlaku_sampai" not in office.extras]
    for number in range(datasets):
        owner = {"owner_org": open_ones[number % len(open_ones)]}
        site.action("package_create", dataset(number, sdi=site.ours) | owner)


def main() -> int:
    """Run the benchmark and print the ratios; the figures also go to ``--output``."""
    parser = argparse.ArgumentParser(prog="python -m bench.opd", description=__doc__)
    parser.add_argument("--organizations", type=int, default=500)
    parser.add_argument("--datasets", type=int, default=300)
    add_options(parser)
    options = parser.parse_args()

    bootstrap.install("run")
    sites = three_sites("-opd")
    calls: dict[str, Call] = {
        label: lambda site, path=path: _list(site, path) for label, path in _PAGES.items()
    }

    def measure() -> None:
        in_turns(sites, calls, options.visits, warm_up=True)

    try:
        for site in sites:
            with step(f"Starting {site.name} with {options.organizations} organizations"):
                site.portal.wipe()
                start(site, sites, options.port)
                _fill(site, options.organizations, options.datasets)
        figures = rounds(sites, options.rounds, measure)
        counted = counts(sites, calls)
    finally:
        for site in sites:
            site.portal.down()
    report(sites, figures, counted, options.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
