"""Compare the portal with a stock CKAN (scheming and dcat, same data): ``python -m bench``.

How it measures is said in :mod:`.compare`. Further benchmarks: ``python -m bench.activity`` and
``python -m bench.score``.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from stack import bootstrap
from stack.terminal import step

from .compare import Site, add_options, counts, in_turns, report, rounds, start, three_sites
from .data import dataset, organizations

if TYPE_CHECKING:
    from .compare import Call


def _create(site: Site) -> None:
    """Create one more dataset by the API."""
    site.action("package_create", dataset(site.created, sdi=site.ours))
    site.created += 1


def _reads(number: int) -> dict[str, Call]:
    """Return the calls that change nothing, by label."""
    name = dataset(number // 2, sdi=False)["name"]
    search = "/api/3/action/package_search?rows=20&facet.field="
    paths = {
        "home": "/",
        "dataset list": "/dataset/",
        "dataset page": f"/dataset/{name}",
        "organization list": "/organization/",
        "package_show": f"/api/3/action/package_show?id={name}",
        "package_search 20": search + '["organization","res_format","tags"]',
    }
    return {label: lambda site, path=path: site.request(path) for label, path in paths.items()}


def main() -> int:
    """Run the benchmark and print the ratios; the figures also go to ``--output``."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--datasets", type=int, default=300)
    add_options(parser)
    options = parser.parse_args()

    bootstrap.install("run")
    sites = three_sites()
    reads, writes = _reads(options.datasets), {"package_create": _create}

    def measure() -> None:
        in_turns(sites, reads, options.visits, warm_up=True)
        in_turns(sites, writes, options.visits, warm_up=False)

    try:
        for site in sites:
            with step(f"Starting {site.name} with {options.datasets} datasets"):
                site.portal.wipe()
                start(site, sites, options.port)
                for organization in organizations():
                    site.action("organization_create", organization)
                for _ in range(options.datasets):
                    _create(site)
        figures = rounds(sites, options.rounds, measure)
        counted = counts(sites, {**reads, **writes})
    finally:
        for site in sites:
            site.portal.down()
    report(sites, figures, counted, options.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
