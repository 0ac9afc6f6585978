"""``ckan tangerang review``: publish what is due, and mend what a crash left behind."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import click

from ..cli import tangerang
from . import check, jobs, publication

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

    Running it again, or twice at once, does nothing more.
    """
    if job:
        tk.enqueue_job(jobs.sweep, title="Publish what is due")
        click.echo("Left to the job worker.")
        return
    with context.meta["flask_app"].test_request_context():
        published, failed = publication.sweep()
        mended = check.mend_recent()
    click.echo(f"{published} published, {failed} could not be, {mended} mended in the search index")


@review.command("check", short_help="Compare database, search index and tables.")
@click.option("--mend", is_flag=True, help="Bring the search index into line with the database.")
@click.pass_context
def check_command(context: click.Context, *, mend: bool) -> None:
    """Say where database, search index, reviews and tables of the DataStore contradict each other.

    Run it after a crash. Ends with 1 while something is wrong.
    """
    left = 0
    with context.meta["flask_app"].test_request_context():
        found = [*check.index_faults(), *check.review_faults(), *check.table_faults()]
        for fault in found:
            mended = mend and fault.what in check.MENDABLE and check.mend(fault)
            left += not mended
            click.echo(f"{fault.name} ({fault.id}): {fault.what}{'; mended' if mended else ''}")
    click.echo(f"{len(found)} found, {len(found) - left} mended")
    if left:
        raise click.exceptions.Exit(1)
