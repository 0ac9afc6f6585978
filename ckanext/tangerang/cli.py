"""The command group ``ckan tangerang``, which the features hang their commands on."""

from __future__ import annotations

import click


@click.group(short_help="Tangerang Satu Data.")
def tangerang() -> None:
    """Commands of Tangerang Satu Data, grouped by feature."""
