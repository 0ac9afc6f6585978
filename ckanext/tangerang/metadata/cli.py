"""``ckan tangerang metadata``: keep the links between records in order."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk
import click
from ckan import model

from ..cli import tangerang
from . import link_store

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What CKAN's blanket registers: the shared group, which ``metadata`` hangs on.
__all__ = ["tangerang"]

#: Records whose links are written in one transaction.
_BATCH = 500

_REASONS = {
    "pending": "the record is not there (yet)",
    "type": "the record has another type",
    "part": "the activity has no such variable",
    "hidden": "this is public, but the record that it names is not",
}


@tangerang.group("metadata", short_help="Metadata of datasets, activities and indicators.")
def metadata() -> None:
    """Metadata of datasets, activities and indicators."""


def _batches() -> Iterator[list[str]]:
    """Yield the ids of all records that may have links, some at a time."""
    ids = iter(link_store.all_ids())
    while batch := list(islice(ids, _BATCH)):
        yield batch


@metadata.command("check-links", short_help="Write the table of links anew and list faults.")
@click.option("--json", "as_json", is_flag=True, help="Print the faults as JSON.")
def check_links(*, as_json: bool) -> None:
    """Write the table of links anew from the records, and list the links that lead nowhere.

    Run it after loading records from another portal: a record may come before the one that it
    names. Ends with 1 while there are faults.
    """
    count = 0
    for batch in _batches():
        link_store.refresh(batch)
        model.Session.commit()
        count += len(batch)
    faults = tk.get_action("tangerang_link_report")({"ignore_auth": True}, {})
    if as_json:
        click.echo(json.dumps(faults, ensure_ascii=False, indent=1))
    else:
        click.echo(f"{count} records checked, {len(faults)} links need attention.")
        for fault in faults:
            part = f"#{fault['part']}" if fault["part"] else ""
            click.echo(
                f"{fault['type']} {fault['name']}, {fault['field']}: "
                f"{fault['target']}{part}: {_REASONS[fault['reason']]}"
            )
    if faults:
        raise click.exceptions.Exit(1)
