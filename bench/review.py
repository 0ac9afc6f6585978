"""Compare the queue of the review with a stock list of datasets: ``python -m bench.review``.

Three portals hold the same datasets, written straight into the tables: public on the stock sites,
handed in and waiting on ours. A page of the queue shows 50 records with their state and their open
notes; the stock page shows 20 datasets. How it measures is said in :mod:`.compare`.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from stack import bootstrap
from stack.terminal import step

from .compare import Site, add_options, counts, in_turns, report, rounds, start, three_sites
from .score import statements

if TYPE_CHECKING:
    from .compare import Call

_OWNER = """
INSERT INTO "group" (id, name, title, type, state, is_organization, approval_status, created)
VALUES ('bench', 'bench', 'Bench OPD', 'organization', 'active', true, 'approved', now());
UPDATE package SET owner_org = 'bench';
"""
#: The trigger of the review would refuse public records: they are hidden before they are there.
_WAITING = """
INSERT INTO tangerang_review (package_id, state, since, submitted, submitted_by)
SELECT id, 'diajukan', now(), now() - random() * interval '30 days', NULL FROM package;
INSERT INTO tangerang_review_note
  (id, package_id, kind, field, resource_id, "column", severity, text, verdict, status, answers,
   created)
SELECT 'note-' || id, id, 'catatan', 'definisi', '', '', 'saran', 'Generated.', '', 'open', '[]',
  now() FROM package WHERE random() < 0.3;
"""
#: Our page by its label; the stock sites show their list of datasets for each.
_PAGES = {
    "first page": "/pemeriksaan",
    "page 20": "/pemeriksaan?page=20",
    "of one kind": "/pemeriksaan?type=dataset",
}


def _fill(site: Site, count: int) -> None:
    """Write the datasets; on ours they wait for the walidata."""
    sql = statements(count)
    if site.ours:
        sql = sql.replace("\tdataset\tactive\tf\t", "\tdataset\tactive\tt\t")
    sql += _OWNER + (_WAITING if site.ours else "") + "ANALYZE;\n"
    site.portal.postgres.sql(sql, site.portal.profile.database_name("ckan"))
    if not site.ours:
        site.portal.ckan("search-index", "rebuild", "--force", "-q", failed="Not indexed.")


def _page(site: Site, path: str) -> bytes:
    """Show our queue, or the stock list of datasets, to the site user."""
    return site.page(path if site.ours else "/dataset/")


def main() -> int:
    """Run the benchmark and print the ratios; the figures also go to ``--output``."""
    parser = argparse.ArgumentParser(prog="python -m bench.review", description=__doc__)
    parser.add_argument("--datasets", type=int, default=5_000)
    add_options(parser)
    options = parser.parse_args()

    os.environ["TANGERANG_REVIEW"] = "on"
    bootstrap.install("run")
    sites = three_sites("-review")
    calls: dict[str, Call] = {
        label: lambda site, path=path: _page(site, path) for label, path in _PAGES.items()
    }

    def measure() -> None:
        in_turns(sites, calls, options.visits, warm_up=True)

    try:
        for site in sites:
            with step(f"Starting {site.name} with {options.datasets} datasets"):
                site.portal.wipe()
                start(site, sites, options.port)
                _fill(site, options.datasets)
        figures = rounds(sites, options.rounds, measure)
        counted = counts(sites, calls)
    finally:
        for site in sites:
            site.portal.down()
    report(sites, figures, counted, options.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
