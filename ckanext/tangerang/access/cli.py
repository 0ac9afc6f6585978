"""``ckan tangerang access``: take in what was there before, forget who asked."""

from __future__ import annotations

from typing import Any, cast

import ckan.plugins.toolkit as tk
import click
import sqlalchemy as sa
from ckan import model
from ckan.lib import search

from ..cli import tangerang
from . import config, levels, links, store
from .model import now

#: What CKAN's blanket registers: the shared group, which ``access`` hangs on.
__all__ = ["tangerang"]


@tangerang.group("access", short_help="Access to restricted files.")
def access() -> None:
    """Access levels and requests for access."""


@access.command("adopt", short_help="Keep the links of restricted records that were there before.")
@click.pass_context
def adopt(context: click.Context) -> None:
    """Take the links of restricted records out of the records, once, when the plugin is new.

    Running it again does nothing more.
    """
    package: Any = model.Package
    with context.meta["flask_app"].test_request_context():
        user = tk.get_action("get_site_user")(cast("Any", {"ignore_auth": True}), {})["name"]
        query = sa.select(package).where(
            package.extras["accesslevel"].astext.in_((levels.RESTRICTED, levels.CLOSED))
        )
        records = model.Session.execute(query).scalars().all()
        for record in records:
            links.settle(cast("Any", {"user": user}), record, None)
            if record.state == model.State.ACTIVE and not record.private:
                links.note_public(record)
        model.Session.commit()
        for record in records:
            if record.state == model.State.ACTIVE:
                search.rebuild(record.id)
    click.echo(f"{len(records)} restricted records looked at")


@access.command("forget", short_help="Erase who asked from requests that are long over.")
def forget() -> None:
    """Erase who asked from requests that are over for long (UU 27/2022); for cron."""
    erased = store.forget_contacts(now() - config.contact_life())
    model.Session.commit()
    click.echo(f"{erased} contacts erased")
