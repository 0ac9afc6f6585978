"""Counts in Redis: one call for each page or file that was read, nothing in the database.

A hash holds how often each thing was read, by day, kind and id. :func:`take` puts it aside under
a name of its own, so that counting goes on in a new one meanwhile. When Redis is away, pages are
shown and nothing is counted; when it loses its data, what was not written yet is lost.
"""

from __future__ import annotations

import logging
import time
import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import ckan.plugins.toolkit as tk
from ckan.lib.redis import connect_to_redis
from redis.exceptions import RedisError, ResponseError

if TYPE_CHECKING:
    from collections.abc import Iterable

log = logging.getLogger(__name__)

#: A record that was looked at, and a file of one that was downloaded.
VIEW: Final = "v"
DOWNLOAD: Final = "d"

#: For how many seconds a process counts nothing after Redis did not answer: a Redis that is far
#: away and silent would make each page wait.
_PAUSE: Final = 60.0


class Thing(NamedTuple):
    """What was read."""

    kind: str
    #: Of the package for a view, of the resource for a download.
    id: str


class Count(NamedTuple):
    """How often something was read on a day."""

    day: date
    thing: Thing
    number: int


class _Pause:
    """Until when nothing is counted in this process, on the clock of :func:`time.monotonic`."""

    until = 0.0


def today() -> date:
    """Return the day where the portal is."""
    return datetime.now(tk.h.get_display_timezone()).date()


def _key(name: str) -> str:
    """Return a key of this portal."""
    return f"{tk.config['ckan.site_id']}:tangerang_usage:{name}"


def add(things: Iterable[Thing]) -> None:
    """Count that things were read now: one call for each, at most two for a request."""
    if time.monotonic() < _Pause.until:
        return
    try:
        redis: Any = connect_to_redis()
        for thing in things:
            redis.hincrby(_key("now"), f"{today().isoformat()} {thing.kind} {thing.id}", 1)
    except RedisError:
        _Pause.until = time.monotonic() + _PAUSE
        log.warning("Redis does not answer: use is not counted for %d seconds.", _PAUSE)


def take() -> list[str]:
    """Put what was counted aside, and return the names of all batches that wait to be written.

    :raises RedisError: when Redis does not answer
    """
    redis: Any = connect_to_redis()
    name = uuid.uuid4().hex
    redis.sadd(_key("batches"), name)
    try:
        redis.rename(_key("now"), _key(f"batch:{name}"))
    except ResponseError:
        # Nothing was counted since.
        redis.srem(_key("batches"), name)
    return sorted(entry.decode() for entry in redis.smembers(_key("batches")))


def read(batch: str) -> list[Count]:
    """Return what a batch holds.

    :raises RedisError: when Redis does not answer
    """
    redis: Any = connect_to_redis()
    found: list[Count] = []
    for field, number in redis.hgetall(_key(f"batch:{batch}")).items():
        day, kind, key = field.decode().split(" ", 2)
        found.append(Count(date.fromisoformat(day), Thing(kind, key), int(number)))
    return found


def drop(batch: str) -> None:
    """Forget a batch that was written.

    :raises RedisError: when Redis does not answer
    """
    redis: Any = connect_to_redis()
    redis.delete(_key(f"batch:{batch}"))
    redis.srem(_key("batches"), batch)


def may_ask(seconds: int) -> bool:
    """Tell whether nobody has asked for a flush for some seconds; whoever is told so, has.

    :raises RedisError: when Redis does not answer
    """
    redis: Any = connect_to_redis()
    return bool(redis.set(_key("asked"), 1, nx=True, ex=seconds))
