"""What was made of a table, kept in Redis under all that it was made of.

Nothing is ever taken out: the key names the versions of the table, its file and its record, so that
a change of any asks under another key. A table can change without its record (CKAN's DataStore
actions); a counter in Redis counts these changes.
"""

from __future__ import annotations

import hashlib
import json
import logging
import zlib
from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
from ckan.lib.redis import connect_to_redis
from redis.exceptions import RedisError

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)

#: Raise it when what is kept has another form, or is made in another way.
FORMAT = 1
#: Seconds that something is kept at most: a table that was changed past CKAN's actions is read
#: again after that.
KEPT = 600
#: Larger things (bytes, compressed) are made anew each time.
_LARGEST = 2_000_000


def _prefix() -> str:
    """Return how all our keys in Redis begin."""
    return f"{tk.config['ckan.site_id']}:tangerang:charts"


def _counter(resource_id: str) -> str:
    """Return the key of the number of changes of a table."""
    return f"{_prefix()}:table:{resource_id}"


def table_version(resource: Any) -> str:
    """Return what changes whenever a table, its file or its record does.

    :param resource: a resource object
    """
    try:
        count = cast("Any", connect_to_redis()).get(_counter(resource.id))
    except RedisError:
        count = None
    package = resource.package
    parts = [
        resource.id,
        resource.hash,
        resource.last_modified,
        resource.metadata_modified,
        resource.extras,
        package.metadata_modified if package is not None else None,
        count.decode() if count else "0",
    ]
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()


def note_change(resource_id: str) -> None:
    """Count a change of a table: what was made of it is asked for no more."""
    try:
        connect_to_redis().incr(_counter(resource_id))
    except RedisError:
        # What is kept is in the same Redis, and ends by itself soon after it is back.
        log.warning("The change of table %s could not be noted", resource_id)


def _page(resource_id: str) -> str:
    """Return the key of what pages need of a table that everybody may read."""
    return f"{_prefix()}:page:{resource_id}"


def note_page(resource_id: str, page: dict[str, Any] | None) -> None:
    """Keep what pages need of a table; None for one that has nothing to show to everybody."""
    try:
        cast("Any", connect_to_redis()).set(_page(resource_id), json.dumps(page))
    except RedisError:
        log.warning("What pages need of table %s could not be kept", resource_id)


def page(resource_id: str) -> dict[str, Any] | None:
    """Return what is kept of a table for pages; one question to Redis.

    :raises LookupError: when it is not known, because nobody has looked yet or Redis was emptied
    """
    try:
        found = cast("Any", connect_to_redis()).get(_page(resource_id))
    except RedisError:
        return None
    if found is None:
        raise LookupError(resource_id)
    return json.loads(found)


def claim(resource_id: str) -> bool:
    """Tell whether a job for a table is to be asked for: none waits already."""
    key = f"{_prefix()}:waiting:{resource_id}"
    return bool(cast("Any", connect_to_redis()).set(key, "1", nx=True, ex=KEPT))


def release(resource_id: str) -> None:
    """Say that a job for a table has begun: what changes from now on asks for another."""
    connect_to_redis().delete(f"{_prefix()}:waiting:{resource_id}")


def remembered(name: str, version: list[Any], make: Callable[[], Any]) -> Any:
    """Return what ``make`` returns, from Redis where it was made of the same before.

    Rights must have been asked before: what is kept is the same for everybody.

    :param name: of the kind of thing
    :param version: all that it is made of, as JSON takes it
    :param make: returns what JSON can hold
    """
    digest = hashlib.sha256(json.dumps([FORMAT, *version], default=str).encode()).hexdigest()
    key = f"{_prefix()}:{name}:{digest}"
    try:
        redis: Any = connect_to_redis()
        found = redis.get(key)
        if found is not None:
            return json.loads(zlib.decompress(found))
    except (RedisError, ValueError, zlib.error):
        return make()
    made = make()
    packed = zlib.compress(json.dumps(made).encode(), 1)
    if len(packed) <= _LARGEST:
        try:
            redis.set(key, packed, ex=KEPT)
        except RedisError:
            log.warning("%s could not be kept", name)
    return made
