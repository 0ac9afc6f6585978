"""Sends one-time links by e-mail, where the site has a mail server and an address is known."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan.lib import mailer

from . import config

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .links import NewLink

log = logging.getLogger(__name__)


def send(made: Iterable[tuple[Any, NewLink]]) -> set[str]:
    """Send links to the people whose accounts they are for.

    After the first that can not be sent no other is tried: the server is away, and each try may
    take its time.

    :param made: accounts with their links
    :returns: ids of the accounts whose link was sent
    """
    sent: set[str] = set()
    if not config.mail_is_set():
        return sent
    for account, link in made:
        if not account.email:
            continue
        body = tk.render(
            "tangerang/akun/email.txt",
            {
                "account": account,
                "link": link,
                "portal": tk.config["ckan.site_title"],
                "expires": tk.h.render_datetime(link.expires, with_hours=True),
            },
        )
        subject = tk._("Your account on {portal}").format(portal=tk.config["ckan.site_title"])
        try:
            mailer.mail_user(account, subject, body)
        except (mailer.MailerException, OSError):
            log.warning("The link for the account %s could not be sent by e-mail.", account.name)
            break
        sent.add(account.id)
    return sent
