"""How often somebody may ask: counted in Redis, by account or network address, hour by hour."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan.lib.redis import connect_to_redis
from flask import has_request_context, request

from . import config

if TYPE_CHECKING:
    from ckan.types import Context

_HOUR = 3_600


def _who(context: Context) -> str:
    """Return what is counted: the account, or else the network address, unreadable."""
    user = context.get("user")
    if user:
        return f"user:{user}"
    peer = (request.remote_addr or "") if has_request_context() else ""
    secret = str(tk.config["SECRET_KEY"])
    return "peer:" + hashlib.sha256(f"{secret}:{peer}".encode()).hexdigest()[:32]


def count(context: Context) -> None:
    """Count one request of the user.

    :raises ValidationError: when there were too many in this hour
    """
    hour = int(time.time()) // _HOUR
    key = f"{tk.config['ckan.site_id']}:tangerang_access:{hour}:{_who(context)}"
    redis: Any = connect_to_redis()
    number = redis.incr(key)
    redis.expire(key, _HOUR)
    if number > config.requests_per_hour():
        raise tk.ValidationError(
            {
                "id": [
                    tk._(
                        "Too many requests came from you within an hour. Nothing was sent. Wait an "
                        "hour, or write to the agency."
                    )
                ]
            }
        )
