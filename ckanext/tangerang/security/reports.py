"""Where browsers report what broke the Content-Security-Policy: a few lines in the log.

Anybody can send anything here. So a report is read up to a size, written without line ends, once
an hour for each kind, and so many an hour in all (:func:`.config.csp_reports`).
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from typing import Any
from urllib.parse import urlsplit

from ckan.lib.redis import connect_to_redis
from flask import Blueprint, request
from redis.exceptions import RedisError

from . import config

log = logging.getLogger(__name__)

REPORT_PATH = "/csp-laporan"
_LARGEST = 8192
_LONGEST = 200
_HOUR = 3600
_KEY = "tangerang:csp"

tangerang_csp = Blueprint("tangerang_csp", __name__)


def _short(value: Any) -> str:
    """Return text of a stranger for one line of the log."""
    return "".join(char if char.isprintable() else "?" for char in str(value or ""))[:_LONGEST]


def summary(body: bytes) -> dict[str, str]:
    """Return what a report says: ``directive``, ``blocked`` and the ``page``, without queries.

    :returns: empty for what is no report
    """
    try:
        report = json.loads(body)["csp-report"]
        page = urlsplit(str(report["document-uri"])).path
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}
    directive = report.get("effective-directive") or report.get("violated-directive")
    blocked = str(report.get("blocked-uri") or "")
    return {
        "directive": _short(directive),
        "blocked": _short(blocked.split("?", 1)[0]),
        "page": _short(page),
    }


def is_news(found: dict[str, str], limit: int) -> bool:
    """Tell whether a report is the first of its kind in this hour, and within the limit."""
    hour = int(time.time() // _HOUR)
    kind = hashlib.sha256(f"{found['directive']} {found['blocked']}".encode()).hexdigest()[:16]
    redis: Any = connect_to_redis()
    if redis.hincrby(f"{_KEY}:{hour}", kind, 1) > 1:
        return False
    redis.expire(f"{_KEY}:{hour}", _HOUR)
    return redis.hlen(f"{_KEY}:{hour}") <= limit


@tangerang_csp.route(REPORT_PATH, methods=["POST"])
def report() -> tuple[str, int]:
    """Take a report of a browser. The answer is always the same and empty."""
    limit = config.csp_reports()
    if limit and (request.content_length or 0) <= _LARGEST:
        found = summary(request.get_data(cache=False)[:_LARGEST])
        try:
            if found and is_news(found, limit):
                log.warning(
                    "Content-Security-Policy: %(directive)s blocked %(blocked)s on %(page)s", found
                )
        except RedisError:
            log.info("The report of a browser could not be counted.")
    return "", 204
