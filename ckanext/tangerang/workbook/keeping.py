"""Keeps an upload between its dry run and the moment when it is applied.

In Redis, so that any web server can go on with it, for half an hour; one a user and area, so that
nobody can fill it up. An area is what the uploads are for, such as ``workbook``.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
from ckan.lib.redis import connect_to_redis

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The area of workbooks.
WORKBOOK = "workbook"
#: Seconds.
_LIFE = 30 * 60


@dataclass(frozen=True, slots=True)
class Kept:
    """An upload and how it is to be read."""

    content: bytes
    filename: str
    options: Mapping[str, str]


def _key(user_id: str, area: str) -> str:
    """Return the key of the upload of a user."""
    return f"ckan:{tk.config['ckan.site_id']}:tangerang-{area}:{user_id}"


def keep(user_id: str, kept: Kept, area: str = WORKBOOK) -> str:
    """Keep an upload in place of the user's last one; return what it is asked for with."""
    token = secrets.token_urlsafe(16)
    about = json.dumps({"filename": kept.filename, "options": dict(kept.options), "token": token})
    redis: Any = connect_to_redis()
    pipe = redis.pipeline()
    pipe.delete(_key(user_id, area))
    pipe.hset(_key(user_id, area), mapping={"about": about, "content": kept.content})
    pipe.expire(_key(user_id, area), _LIFE)
    pipe.execute()
    return token


def take(user_id: str, token: str, area: str = WORKBOOK) -> Kept | None:
    """Return the upload of a user; None when it is too old, or another has come since."""
    redis: Any = connect_to_redis()
    stored = cast("dict[bytes, bytes]", redis.hgetall(_key(user_id, area)))
    if not stored:
        return None
    about = json.loads(stored[b"about"])
    if not secrets.compare_digest(about["token"], token):
        return None
    return Kept(stored[b"content"], about["filename"], about["options"])


def forget(user_id: str, area: str = WORKBOOK) -> None:
    """Forget the upload of a user."""
    redis: Any = connect_to_redis()
    redis.delete(_key(user_id, area))
