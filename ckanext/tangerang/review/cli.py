"""``ckan tangerang review``: publish what is due."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import click

from ..cli import tangerang
from . import jobs, publication

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
    click.echo(f"{published} published, {failed} could not be")
