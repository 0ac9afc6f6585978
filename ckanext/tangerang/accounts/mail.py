"""Sends one-time links by e-mail, where the site has a mail server and an address is known."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan.lib import mailer

from ..config import mail_is_set

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .links import NewLink

log = logging.getLogger(__name__)


def _body(account: Any, link: NewLink) -> str:
    """Return the text of the message, in the language of who makes the account."""
    portal = tk.config["ckan.site_title"]
    lines = (
        tk._("Dear {name},").format(name=account.display_name),
        tk._("an account on {portal} waits for you. Your user name: {name}").format(
            portal=portal, name=account.name
        ),
        tk._("Open this link and set your password. It can be used once, until {time}:").format(
            time=tk.h.tangerang_accounts_time(link.expires)
        ),
        link.url,
        tk._("If you do not know what this is about, throw this message away."),
    )
    return "\n\n".join(lines)


def send(made: Iterable[tuple[Any, NewLink]]) -> set[str]:
    """Send links to the people whose accounts they are for.

    After the first that can not be sent no other is tried: the server is away, and each try may
    take its time.

    :param made: accounts with their links
    :returns: ids of the accounts whose link was sent
    """
    sent: set[str] = set()
    if not mail_is_set():
        return sent
    for account, link in made:
        if not account.email:
            continue
        body = _body(account, link)
        subject = tk._("Your account on {portal}").format(portal=tk.config["ckan.site_title"])
        try:
            mailer.mail_user(account, subject, body)
        except (mailer.MailerException, OSError):
            log.warning("The link for the account %s could not be sent by e-mail.", account.name)
            break
        sent.add(account.id)
    return sent
