"""``ckan tangerang catalog``: build the catalogue, write it to a file."""

from __future__ import annotations

import gc
import os
import time
from pathlib import Path

import click
from ckan import model

from ..cli import tangerang
from .catalogue import build, forms, store

#: What CKAN's blanket registers: the shared group, which ``catalog`` hangs on.
__all__ = ["tangerang"]


@tangerang.group("catalog", short_help="The whole catalogue: DCAT and data.json.")
def catalog() -> None:
    """Build the whole catalogue, as DCAT and as Project Open Data, or write it to a file."""
    # What CKAN has loaded stays until the end. The collector need not look through it, here nor in
    # the processes that are made of this one: that took a tenth of the time of a build.
    gc.freeze()


def _refresh(processes: int) -> int:
    """Render what is outdated behind a progress bar; return how many could not be."""
    old, missing = store.outdated(), 0
    started = time.monotonic()
    model.Session.rollback()
    with click.progressbar(length=len(old), label="Rendering") as bar:
        for report in build.refresh_by(old, processes):
            bar.update(report.rendered + report.missing)
            missing += report.missing
    seconds = time.monotonic() - started
    click.echo(f"{len(old) - missing} of {len(old)} outdated datasets rendered ({seconds:.1f} s)")
    return missing


@catalog.command("build", short_help="Render what has changed.")
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=os.cpu_count() or 1,
    show_default="all processors",
    help="How many render at once.",
)
def build_command(processes: int) -> None:
    """Render what has changed and write the documents that readers get.

    Running it again changes nothing.
    """
    missing = _refresh(processes)
    if missing:
        raise click.ClickException(
            f"{missing} datasets are not in the search index. Run `ckan search-index rebuild`, "
            "then this again."
        )
    build.run(processes)


@catalog.command("dump", short_help="Write the whole catalogue to a file.")
@click.option(
    "--format",
    "name",
    type=click.Choice(sorted(forms.FORMS)),
    default=forms.TURTLE.name,
    show_default=True,
    help="json is Project Open Data 1.1 (/data.json).",
)
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
def dump_command(name: str, path: Path) -> None:
    """Write the whole catalogue to PATH; packed where it ends in .gz."""
    _refresh(os.cpu_count() or 1)
    build.dump(forms.FORMS[name], store.edition(), path.absolute())
    click.echo(f"{path}: {path.stat().st_size:,} bytes")
