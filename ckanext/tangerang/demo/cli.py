"""``ckan tangerang demo``: load and remove the sample content, make the sample accounts."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk
import click
from ckan.lib.search import SearchError
from sqlalchemy.exc import OperationalError

from ..cli import tangerang
from ..wilayah import UnknownRegionError
from .accounts import make_accounts
from .config import OpdFileError
from .loader import DemoError, load, remove
from .reviews import load_reviews

if TYPE_CHECKING:
    from collections.abc import Callable

    from .loader import Report


#: What CKAN's blanket registers: the shared group, which ``demo`` hangs on.
__all__ = ["tangerang"]


@tangerang.group("demo", short_help="A portal with sample content.")
def demo() -> None:
    """Sample content: real reference tables and unverified sample organizations."""


def _run(work: Callable[[], Report]) -> None:
    """Run ``work``, print its summary and end with 1 where something needs the operator."""
    started = time.monotonic()
    try:
        report = work()
    except (DemoError, OpdFileError, UnknownRegionError) as error:
        raise click.ClickException(str(error)) from error
    except (SearchError, OperationalError) as error:
        raise click.ClickException(
            f"PostgreSQL or Solr does not answer: {error}\nStart it, then run this again: what is "
            "done already is kept."
        ) from error
    counts = (
        (report.made, "made"),
        (report.updated, "updated"),
        (report.unchanged, "unchanged"),
        (report.removed, "removed"),
    )
    done = ", ".join(f"{len(names)} {what}" for names, what in counts if names) or "nothing to do"
    click.echo(f"{done} ({time.monotonic() - started:.1f} s)")
    for problem in report.problems:
        click.secho(problem, fg="yellow", err=True)
    if report.problems:
        raise click.exceptions.Exit(1)


@demo.command("load", short_help="Load the sample organizations and datasets.")
def load_command() -> None:
    """Load the sample organizations and datasets; what is there already is left alone."""
    _run(lambda: load(click.echo))


@demo.command("review", short_help="Bring sample records into every state of the review.")
def review_command() -> None:
    """Make sample records that are handed in, returned, published and so on, by the accounts.

    Needs the plugin tangerang_review; run it after `demo accounts`. What is there is left alone.
    """
    _run(lambda: load_reviews(click.echo))


@demo.command("remove", short_help="Remove what `demo load` has made.")
def remove_command() -> None:
    """Remove the sample datasets and organizations, with their files and tables, for good.

    Accounts stay, and organizations that are in use.
    """
    _run(lambda: remove(click.echo))


@demo.command("accounts", short_help="Make the sample accounts.")
@click.option(
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="JSON file for the names, passwords and API tokens; readable by its owner only.",
)
def accounts_command(output: Path) -> None:
    """Make or refresh the five sample accounts; passwords and tokens that work are kept."""
    try:
        make_accounts(output.absolute(), click.echo)
    except (DemoError, OpdFileError, UnknownRegionError) as error:
        raise click.ClickException(str(error)) from error
    except tk.ValidationError as error:
        raise click.ClickException(
            f"CKAN refused an account: {error.error_summary}. Sample accounts are for a portal of "
            "their own: use another database."
        ) from error
    click.echo(f"Written to {output}")
