"""Jobs of the plugin; they take nothing along, and look at everything again."""

from __future__ import annotations

import logging
from contextlib import nullcontext
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.config import middleware
from flask import has_request_context
from redis.exceptions import RedisError

from . import config, mail

log = logging.getLogger(__name__)


def mail_soon() -> None:
    """Let the job worker send what waits to be sent by e-mail, where that goes anywhere.

    What it misses, ``ckan tangerang notifications sweep`` sends.
    """
    if not config.mail_is_set():
        return
    try:
        tk.enqueue_job(send, title="Send notifications by e-mail")
    except RedisError:
        log.exception("The queue of jobs does not answer; notifications are sent by the sweep")


def _application() -> Any:
    """Return a context in which texts have the language of the portal and pages an address."""
    if has_request_context():
        return nullcontext()
    # CKAN's own url_for finds the application of the process here, and jobs no other way.
    made = middleware._internal_test_request_context
    return made.app.test_request_context() if made else nullcontext()


def send() -> None:
    """Send what waits."""
    with _application():
        mail.send_waiting()
