"""What of restricted data a request of the portal shows: written down, and kept by no cache.

A check that lets somebody read notes it here; when the answer is there, it is told to be kept
nowhere, and what was read is written in a transaction of its own, before the answer leaves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from flask import has_request_context, request, stream_with_context

from ..pages import forbid_keeping
from .model import AccessRead, now

if TYPE_CHECKING:
    from flask import Response

    from .rights import Reading

_KEY = "tangerang_access_read"
#: Status codes from here on show nothing.
_ERRORS = 400


def note(reading: Reading, user: Any, package: Any, resource_id: str | None) -> None:
    """Note that the request in progress shows data of a restricted record.

    :param user: the account; None for nobody
    """
    if not has_request_context():
        return
    noted: dict[tuple[str, str | None], dict[str, Any]] = tk.g.setdefault(_KEY, {})
    noted[package.id, resource_id] = {
        "package_id": package.id,
        "resource_id": resource_id,
        "user_id": user.id if user else None,
        "request_id": reading.request_id,
    }


def after_request(response: Response) -> Response:
    """Write what was read; keep the answer out of caches."""
    noted = tk.g.pop(_KEY, None)
    if not noted:
        return response
    if response.is_streamed and request.endpoint == "datastore.dump":
        # The pages of a long table are asked for while it is sent, each judged by itself: for
        # those who read by a code that needs their session.
        body: Any = response.response
        response.response = stream_with_context(body)
    if response.status_code < _ERRORS and request.method != "HEAD":
        _write(list(noted.values()))
    return forbid_keeping(response)


def _write(rows: list[dict[str, Any]]) -> None:
    """Write what was read, whatever becomes of the transaction of the caller."""
    way = (request.view_args or {}).get("logic_function") or request.endpoint or ""
    moment = now()
    with cast("Any", model.meta.engine).begin() as connection:
        connection.execute(
            sa.insert(AccessRead), [{**row, "way": way, "created": moment} for row in rows]
        )
