"""``ckan tangerang charts``: look at all tables again."""

from __future__ import annotations

import click

from ..cli import tangerang
from . import index

#: What CKAN's blanket registers: the shared group, which ``charts`` hangs on.
__all__ = ["tangerang"]


@tangerang.group("charts", short_help="Charts of tables.")
def charts() -> None:
    """Charts of tables, and which kecamatan the tables have figures for."""


@charts.command("index", short_help="Look at all tables again.")
def index_command() -> None:
    """Read every table once and write which charts it allows.

    Needed after an update of this extension, after Redis was emptied, and for tables that were
    loaded before the plugin was switched on.
    """
    count = found = 0
    for resource_id in index.all_tables():
        count += 1
        found += index.refresh(resource_id)
    click.echo(f"{count} tables, {found} with charts")
