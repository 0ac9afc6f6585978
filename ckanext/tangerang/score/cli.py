"""``ckan tangerang score``: judge all records again, show one score."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk
import click
from ckan import model

from ..cli import tangerang
from . import rebuild, store, texts

if TYPE_CHECKING:
    from collections.abc import Iterable

#: What CKAN's blanket registers: the shared group, which ``score`` hangs on.
__all__ = ["tangerang"]


@tangerang.group("score", short_help="Completeness and SDI score.")
def score() -> None:
    """Completeness and the automatic SDI score of records."""


def _show_progress(batches: Iterable[rebuild.Batch], total: int) -> tuple[int, list[str]]:
    """Work through batches behind a progress bar; return how many were judged, and the changed."""
    judged, changed = 0, []
    with click.progressbar(length=total, label="Judging") as bar:
        for batch in batches:
            judged += len(batch.ids)
            changed += batch.changed
            bar.update(len(batch.ids))
    return judged, changed


@score.command("rebuild", short_help="Judge records again.")
@click.option(
    "--outdated",
    is_flag=True,
    help="Only records without a score, or judged by an older version of the checks.",
)
@click.option(
    "--no-index",
    is_flag=True,
    help="Leave the search index to a later `ckan search-index rebuild`.",
)
def rebuild_command(*, outdated: bool, no_index: bool) -> None:
    """Judge records again and write the scores that differ.

    The search index follows for those whose score is another there; as long as nothing differs,
    running this again writes nothing.
    """
    started = time.monotonic()
    total = rebuild.count(outdated=outdated)
    judged, changed = _show_progress(rebuild.run(outdated=outdated), total)
    click.echo(
        f"{judged} judged, {len(changed)} scores changed ({time.monotonic() - started:.1f} s)"
    )
    if no_index or not changed:
        return
    started = time.monotonic()
    with click.progressbar(changed, label="Indexing") as bar:
        failed = rebuild.index(bar)
    click.echo(f"{len(changed) - failed} indexed ({time.monotonic() - started:.1f} s)")
    if failed:
        raise click.ClickException(
            f"{failed} records could not be indexed; the log says why. "
            "Run `ckan search-index rebuild` when that is settled."
        )


@score.command("show", short_help="Show the score of one record.")
@click.argument("name")
@click.pass_context
def show_command(context: click.Context, name: str) -> None:
    """Show the score of one record, by id or name, and what would improve it."""
    package = model.Package.get(name)
    found = store.get(package.id) if package else None
    if package is None or found is None:
        raise click.ClickException(
            f"There is no score of {name}: no such record, or one that was never judged "
            "(`ckan tangerang score rebuild`)."
        )
    with context.meta["flask_app"].test_request_context():
        click.echo(f"{package.type} {package.name}")
        click.echo(f"{tk._('Completeness')}: {found.completeness} %")
        if found.score is not None:
            click.echo(f"{tk._('Score')}: {found.score}")
        for part in texts.parts(found.parts):
            click.echo(f"  {part['label']}: {part['value']}")
        for task in texts.tasks(package.type, found.todo):
            click.echo(f"- [{task['points']}] {task['message']}")
