"""Tells those who asked without an account what was decided, where the site has a mail server."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan.lib import mailer

from ..config import mail_is_set
from ..metadata.language import moment_label

if TYPE_CHECKING:
    from .codes import NewCode
    from .model import AccessRequest

log = logging.getLogger(__name__)


def _send(request: AccessRequest, subject: str, lines: tuple[str, ...]) -> bool:
    """Send a message to who asked.

    :returns: it was handed to the mail server
    """
    if not mail_is_set() or not request.email:
        return False
    try:
        mailer.mail_recipient(request.name, request.email, subject, "\n\n".join(lines))
    except (mailer.MailerException, OSError):
        # No address in the log: whose it is, is nobody's business there.
        log.warning("The answer to the request %s could not be sent by e-mail.", request.id)
        return False
    return True


def granted(request: AccessRequest, package: Any, code: NewCode) -> bool:
    """Send the link by which the files can be read."""
    return _send(
        request,
        tk._("Access to: {title}").format(title=package.title or package.name),
        (
            tk._("Dear {name},").format(name=request.name),
            tk._("you asked to read the files of: {title}. Access is granted until {time}.").format(
                title=package.title or package.name, time=moment_label(code.expires)
            ),
            tk._("Open this link. It works {count} times, and is for you alone:").format(
                count=code.uses
            ),
            code.url,
        ),
    )


def refused(request: AccessRequest, package: Any) -> bool:
    """Send that access is not granted, or was taken back, and why."""
    return _send(
        request,
        tk._("Access to: {title}").format(title=package.title or package.name),
        (
            tk._("Dear {name},").format(name=request.name),
            tk._("you asked to read the files of: {title}. Access is not granted.").format(
                title=package.title or package.name
            ),
            tk._("The reason: {reason}").format(reason=request.reason),
        ),
    )
