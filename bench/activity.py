"""Compare activities of sixty variables with a stock CKAN: ``python -m bench.activity``.

Every item of MS-Keg that a survey is asked is filled in. The stock sites hold the same items as
repeating subfields of ckanext-scheming (:mod:`.stock_activity`); how it measures is said in
:mod:`.compare`. The form of the activity is compared with the form of a stock dataset that has
twenty resources, which is what the budget is about, and with the stock form of the activity.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from stack import bootstrap
from stack.terminal import step
from tests.metadata.records import survey

from . import stock_activity
from .compare import Site, add_options, counts, in_turns, report, rounds, start, three_sites
from .data import dataset, organizations

if TYPE_CHECKING:
    from collections.abc import Callable

    from .compare import Call

_VARIABLES = 60
_RESOURCES = 20
_DATASET = "bench-with-resources"
_ACTIVITY = "bench-activity-0"


def _record(number: int, *, ours: bool) -> dict[str, Any]:
    """Return the activity ``number``."""
    title = f"Bench survey {number}"
    activity = survey(_VARIABLES) | {
        "name": f"bench-activity-{number}",
        "title": f"{title} 2025",
        "judul_kegiatan": title,
        "owner_org": "bench-opd-0",
    }
    return activity if ours else stock_activity.record(activity)


def _create(site: Site) -> None:
    """Create one more activity by the API."""
    site.action("package_create", _record(site.created, ours=site.ours))
    site.created += 1


def _patch(site: Site) -> None:
    """Change one text of an activity."""
    number = len(site.times.get("patch of one item", ()))
    text = {"iii_tujuan_kegiatan": f"Generated text {number}."}
    site.action("package_patch", {"id": _ACTIVITY, **text})


def _patch_nothing(site: Site) -> None:
    """Save an activity as it is."""
    site.action("package_patch", {"id": _ACTIVITY})


def _show(site: Site) -> None:
    """Read an activity."""
    site.action("package_show", {"id": _ACTIVITY})


def _form(site: Site) -> None:
    """Open the form of an activity; on a stock site that of a dataset with many resources."""
    path = f"/kegiatan/edit/{_ACTIVITY}" if site.ours else f"/dataset/edit/{_DATASET}"
    site.page(path)


def _same_form(site: Site) -> None:
    """Open the form of an activity."""
    site.page(f"/kegiatan/edit/{_ACTIVITY}")


def _fill(site: Site, up: Callable[[Site], None]) -> None:
    """Start a site with an OPD, an activity and a dataset with many resources."""
    site.portal.wipe()
    folder = site.portal.profile.root / "schemas"
    folder.mkdir(parents=True)
    (folder / "kegiatan.json").write_text(json.dumps(stock_activity.schema()), encoding="utf-8")
    up(site)
    for organization in organizations()[:3]:
        site.action("organization_create", organization)
    many = dataset(0, sdi=site.ours)
    many |= {"name": _DATASET, "resources": many["resources"][:1] * _RESOURCES}
    site.action("package_create", many)
    _create(site)


def main() -> int:
    """Run the benchmark and print the ratios; the figures also go to ``--output``."""
    parser = argparse.ArgumentParser(prog="python -m bench.activity", description=__doc__)
    add_options(parser)
    options = parser.parse_args()

    bootstrap.install("run")
    sites = three_sites("-activity")
    reads: dict[str, Call] = {
        "show": _show,
        "patch that changes nothing": _patch_nothing,
        "patch of one item": _patch,
        f"form, ÷ stock dataset form with {_RESOURCES} resources": _form,
        "form, ÷ stock form of the same activity": _same_form,
    }
    writes: dict[str, Call] = {"create": _create}

    def measure() -> None:
        in_turns(sites, reads, options.visits, warm_up=True)
        in_turns(sites, writes, options.visits, warm_up=False)

    try:
        for site in sites:
            with step(f"Starting {site.name}"):
                _fill(site, lambda site: start(site, sites, options.port))
        figures = rounds(sites, options.rounds, measure)
        counted = counts(sites, {**reads, **writes})
    finally:
        for site in sites:
            site.portal.down()
    report(sites, figures, counted, options.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
