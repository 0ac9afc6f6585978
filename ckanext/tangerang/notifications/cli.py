"""``ckan tangerang notifications``: tell of what nobody did, and send the digest of the day."""

from __future__ import annotations

import click

from ..cli import tangerang
from . import mail
from . import sweep as sweeping

#: What CKAN's blanket registers: the shared group, which ``notifications`` hangs on.
__all__ = ["tangerang"]


@tangerang.group("notifications", short_help="Notifications.")
def notifications() -> None:
    """Notifications in the portal and by e-mail."""


@notifications.command("sweep", short_help="Tell of what waits, is due or overdue.")
@click.pass_context
def sweep(context: click.Context) -> None:
    """Tell of records that wait too long and of releases; for cron, each hour or so.

    Also sends by e-mail what could not be sent before. Running it again tells nothing twice.
    """
    with context.meta["flask_app"].test_request_context():
        made = sweeping.run()
        sent = mail.send_waiting()
    click.echo(f"{made} new notifications, {sent} messages sent")


@notifications.command("digest", short_help="Send the digest of the day.")
@click.pass_context
def digest(context: click.Context) -> None:
    """Send those who want one message a day theirs; for cron, each morning.

    Running it again on the same day sends nothing more.
    """
    with context.meta["flask_app"].test_request_context():
        sent = mail.send_digests()
    click.echo(f"{sent} messages sent")
