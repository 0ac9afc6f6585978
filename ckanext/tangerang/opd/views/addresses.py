"""Old addresses of organizations lead to the new ones for good: pages and feeds.

A page of a present address costs nothing more: an old one is noticed where CKAN does not find it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk
from flask import Blueprint, abort, has_request_context, redirect, request

from .. import names

if TYPE_CHECKING:
    from flask import Response

tangerang_opd_addresses = Blueprint("tangerang_opd_addresses", __name__)

#: Pages that carry an organization in ``id``, besides those that say so by ``is_organization``.
_ENDPOINTS = frozenset({"feeds.organization", "activity.organization_activity"})
#: What pages that check rights before they look for the organization answer.
_REFUSALS = (403, 404)


def _asked() -> str | None:
    """Return the organization whose page the request asks for; None for anything else."""
    if not has_request_context() or request.method not in ("GET", "HEAD"):
        return None
    arguments = request.view_args or {}
    if arguments.get("is_organization") or request.endpoint in _ENDPOINTS:
        return arguments.get("id")
    return None


def _moved(name: str) -> Response:
    """Return the redirect to the same page of a present address."""
    arguments = dict(request.view_args or {})
    values = {k: v for k, v in arguments.items() if k not in ("is_organization", "group_type")}
    address = tk.h.url_for(request.endpoint, **values | {"id": name})
    query = request.query_string.decode(errors="replace")
    return redirect(f"{address}?{query}" if query else address, code=301)  # pyright: ignore[reportReturnType]


def leave(old: str, new: str) -> None:
    """End the request by a redirect, if it asks for a page of an old address.

    For :func:`~..logic.action.organizations.organization_show`, which has found out that it is
    one; some pages could not be made with it. Calls of the API go on.
    """
    if _asked() == old:
        abort(_moved(new))


@tangerang_opd_addresses.after_app_request
def lead_on(response: Response) -> Response:
    """Lead to the present address from a page that was refused because the address is old."""
    if response.status_code not in _REFUSALS:
        return response
    old = _asked()
    found = names.find(old) if old else None
    return _moved(found.name) if found and old not in found else response
