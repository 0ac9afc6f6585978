"""``ckan tangerang review``: what cron runs, and what settles and mends after a crash."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import click

from ..cli import tangerang
from . import check, jobs, publication
from .links import targets
from .revision import switch

#: What CKAN's blanket registers: the shared group, which ``review`` hangs on.
__all__ = ["tangerang"]


@tangerang.group("review", short_help="Review and publication.")
def review() -> None:
    """Review and publication by the walidata."""


@review.command("sweep", short_help="Publish what is due.")
@click.option("--job", is_flag=True, help="Leave the work to the job worker.")
@click.pass_context
def sweep(context: click.Context, *, job: bool) -> None:
    """Publish the records whose time has come; for cron, each minute or so.

    Approvals that were killed are settled first, see ``recover``.

    Running it again, or twice at once, does nothing more.
    """
    if job:
        tk.enqueue_job(jobs.sweep, title="Publish what is due")
        click.echo("Left to the job worker.")
        return
    with context.meta["flask_app"].test_request_context():
        switch.recover()
        published, failed = publication.sweep()
        mended = check.mend_recent()
    click.echo(f"{published} published, {failed} could not be, {mended} mended in the search index")


@review.command("recover", short_help="Settle approvals that were killed.")
@click.pass_context
def recover(context: click.Context) -> None:
    """Finish or undo approvals of a revision that were killed.

    Files, tables, record and index are wholly the new version afterwards, or wholly the old one.
    Approvals under way are left alone; running it again does nothing more.
    """
    with context.meta["flask_app"].test_request_context():
        report = switch.recover()
    for label, ids in (
        ("finished", report.finished),
        ("undone", report.undone),
        ("under way", report.alive),
        ("could not be settled", report.failed),
    ):
        click.echo(f"{len(ids)} {label}{': ' if ids else ''}{', '.join(ids)}")
    if report.failed:
        raise click.exceptions.Exit(1)


@review.command("links", short_help="Find out which links lead to something else.")
@click.option(
    "--limit", type=click.IntRange(1), default=500, show_default=True, help="How many at most."
)
@click.option("--job", is_flag=True, help="Leave the work to the job worker.")
@click.pass_context
def links(context: click.Context, *, limit: int, job: bool) -> None:
    """Read what the links of published records lead to, and write down what has changed.

    For cron, each hour or so: those that have waited longest come first, each once in
    ``ckanext.tangerang.review.link_hours``.
    """
    if job:
        tk.enqueue_job(jobs.links, [limit], title="Links of published records")
        click.echo("Left to the job worker.")
        return
    with context.meta["flask_app"].test_request_context():
        report = targets.check(limit)
    click.echo(
        f"{report.checked} as before, {report.changed} changed, "
        f"{report.unreachable} could not be read"
    )


@review.command("check", short_help="Compare database, search index, tables and files.")
@click.option(
    "--mend",
    is_flag=True,
    help="Bring the search index into line with the database, and sizes with the files.",
)
@click.option(
    "--alone",
    is_flag=True,
    help="Nobody is at work: mend also what may seem about to be stored (the last two minutes).",
)
@click.pass_context
def check_command(context: click.Context, *, mend: bool, alone: bool) -> None:
    """Say where database, search index, reviews, tables and uploaded files contradict each other.

    Run it after a crash. Ends with 1 while something is wrong.
    """
    left = 0
    with context.meta["flask_app"].test_request_context():
        found = [
            *(*check.index_faults(), *check.review_faults()),
            *(*check.table_faults(), *check.file_faults()),
        ]
        for fault in found:
            mended = mend and fault.what in check.MENDABLE and check.mend(fault, alone=alone)
            left += not mended
            click.echo(f"{fault.name} ({fault.id}): {fault.what}{'; mended' if mended else ''}")
    click.echo(f"{len(found)} found, {len(found) - left} mended")
    if left:
        raise click.exceptions.Exit(1)
