"""Old addresses of organizations lead to the new ones: pages and feeds."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import abort, has_request_context, redirect, request

#: Pages that carry an organization in ``id``, besides those that say so by ``is_organization``.
_ENDPOINTS = frozenset({"feeds.organization", "activity.organization_activity"})


def leave(old: str, new: str) -> None:
    """End the request by a permanent redirect, if it asks for a page of an old address.

    Called where an address turns out to be an old one, so that pages of present addresses cost
    nothing. Calls of the API, and those that write, go on.

    :param old: the address that was asked for
    :param new: the present one
    """
    if not has_request_context() or request.method not in ("GET", "HEAD"):
        return
    arguments = dict(request.view_args or {})
    of_organization = arguments.get("is_organization") or request.endpoint in _ENDPOINTS
    if not of_organization or arguments.get("id") != old:
        return
    values = {k: v for k, v in arguments.items() if k not in ("is_organization", "group_type")}
    address = tk.h.url_for(request.endpoint, **values | {"id": new})
    query = request.query_string.decode()
    abort(redirect(f"{address}?{query}" if query else address, code=301))
