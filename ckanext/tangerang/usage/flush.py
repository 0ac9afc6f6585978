"""Brings what was counted in Redis into the table: by command, by job, and by itself."""

from __future__ import annotations

import logging
import time
from typing import Final

import ckan.plugins.toolkit as tk
from ckan import model
from redis.exceptions import RedisError

from . import counter, store

log = logging.getLogger(__name__)

#: How many seconds apart counts are written while people read.
_EVERY: Final = 600


class _Asked:
    """When this process last thought of a flush, on the clock of :func:`time.monotonic`."""

    at = 0.0


def run() -> int:
    """Write all that was counted, and how much the portal holds today; return the rows written.

    May run twice at a time, and break at any place: each batch is written once.

    :raises RedisError: when Redis does not answer
    """
    written = 0
    for batch in counter.take():
        written += store.write(batch, counter.read(batch))
        counter.drop(batch)
    store.note_portal()
    return written


def job() -> None:
    """Write all that was counted, in the worker."""
    try:
        run()
    finally:
        model.Session.remove()


def ask() -> None:
    """Have a job write what was counted, ten minutes after the last time or later.

    Costs nothing in between: each process remembers when it last asked.
    """
    moment = time.monotonic()
    if moment < _Asked.at + _EVERY and _Asked.at:
        return
    _Asked.at = moment
    try:
        if counter.may_ask(_EVERY):
            tk.enqueue_job(job, title="Write counts of use")
    except RedisError:
        log.warning("Redis does not answer: counts of use are written later.")
