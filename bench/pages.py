"""Compare the pages that everybody reads with those of a stock CKAN: ``python -m bench.pages``.

Three portals (two stock ones with scheming and dcat, and ours) hold the same datasets of thirty
organizations; one of the datasets has more files than the others. An anonymous reader opens each
page. ``--only`` measures some of them; ``--bulk`` writes the datasets straight into the tables and
builds the search index by CKAN's command, for thousands of them. How it measures is said in
:mod:`.compare`.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from stack import bootstrap
from stack.terminal import step

from .compare import Site, add_options, counts, in_turns, report, rounds, start, three_sites
from .data import dataset, organizations
from .score import statements

if TYPE_CHECKING:
    from .compare import Call

#: The dataset whose page is measured, and the one with many files.
_PLAIN, _LARGE = dataset(1, sdi=False)["name"], "bench-many-files"
_PAGES = {
    "home": "/",
    "home, English": "/en/",
    "organization list": "/organization/",
    "organization list, searched": "/organization/?q=opd+1&sort=title+desc",
    "dataset list": "/dataset/",
    "search": "/dataset/?q=dataset",
    "search with a filter": "/dataset/?q=generated&res_format=PDF&sort=title_string+asc",
    "dataset page": f"/dataset/{_PLAIN}",
    "dataset page, many files": f"/dataset/{_LARGE}",
}
#: Datasets get the owners that the API gives them; the ids of what is written so are names.
_OWNERS = """
UPDATE package SET owner_org = (
  SELECT id FROM "group" WHERE name = 'bench-opd-' || (right(package.name, 5)::int % 30)
) WHERE owner_org IS NULL;
ANALYZE;
"""


def _fill(site: Site, options: argparse.Namespace) -> None:
    """Make organizations and datasets."""
    for organization in organizations():
        site.action("organization_create", organization)
    large = dataset(options.datasets, sdi=site.ours) | {"name": _LARGE}
    files = large["resources"]
    large["resources"] = [files[index % len(files)] for index in range(options.files)]
    site.action("package_create", large)
    if not options.bulk:
        for number in range(options.datasets):
            site.action("package_create", dataset(number, sdi=site.ours))
        return
    portal = site.portal
    portal.postgres.sql(
        statements(options.datasets) + _OWNERS, portal.profile.database_name("ckan")
    )
    portal.ckan("search-index", "rebuild", "--force", "-q", failed="Not indexed.")


def _calls(only: list[str] | None) -> dict[str, Call]:
    """Return the pages to measure, by label.

    :param only: beginnings of the labels that are wanted; None for all
    """
    wanted = tuple(only or ("",))
    return {
        label: lambda site, path=path: site.request(path)
        for label, path in _PAGES.items()
        if label.startswith(wanted)
    }


def main() -> int:
    """Run the benchmark and print the ratios; the figures also go to ``--output``."""
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__)
    parser.add_argument("--datasets", type=int, default=300)
    parser.add_argument("--files", type=int, default=30, help="of the dataset with many")
    parser.add_argument("--bulk", action="store_true", help="write past the API, then index")
    parser.add_argument(
        "--only", action="append", metavar="LABEL", help="pages whose label begins so; repeatable"
    )
    add_options(parser)
    options = parser.parse_args()
    calls = _calls(options.only)
    if not calls:
        parser.error(f"--only: no page is called so. There are: {', '.join(_PAGES)}.")

    bootstrap.install("run")
    sites = three_sites("-pages")

    def measure() -> None:
        in_turns(sites, calls, options.visits, warm_up=True)

    try:
        for site in sites:
            with step(f"Starting {site.name} with {options.datasets} datasets"):
                site.portal.wipe()
                start(site, sites, options.port)
                _fill(site, options)
        figures = rounds(sites, options.rounds, measure)
        counted = counts(sites, calls)
    finally:
        for site in sites:
            site.portal.down()
    report(sites, figures, counted, options.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
