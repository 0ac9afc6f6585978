"""``ckan tangerang usage``: write what was counted."""

from __future__ import annotations

import click
from redis.exceptions import RedisError

from ..cli import tangerang
from . import flush

#: What CKAN's blanket registers: the shared group, which ``usage`` hangs on.
__all__ = ["tangerang"]


@tangerang.group("usage", short_help="Figures of use.")
def usage() -> None:
    """How often data is looked at and downloaded."""


@usage.command("flush", short_help="Write what was counted.")
@click.pass_context
def flush_command(context: click.Context) -> None:
    """Write what was counted since the last time; for cron, each ten minutes or so.

    A worker does the same by itself while people read. Running both counts nothing twice.
    """
    with context.meta["flask_app"].test_request_context():
        try:
            written = flush.run()
        except RedisError as error:
            raise click.ClickException(
                f"Redis does not answer ({error}). Nothing is lost: run this again when it does."
            ) from None
    click.echo(f"{written} rows written")
