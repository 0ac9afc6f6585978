"""Template helpers of the plugin ``tangerang_access``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
from ckan import model

from ..metadata.language import moment_label
from . import levels, links, rights, texts

if TYPE_CHECKING:
    from ckan.types import Context


def _context() -> Context:
    """Return a context of the user of the request."""
    return cast("Context", {"user": tk.current_user.name or ""})


def tangerang_access_panel(
    pkg: dict[str, Any], resource: dict[str, Any] | None = None
) -> dict[str, Any] | None:
    """Return what the page of a record, or of a file of it, says of access to its data.

    :param pkg: the record as it is shown
    :param resource: the file as it is shown
    :returns: None for an open record, for which nothing is looked up; else ``{"may_read",
        "may_decide", "restricted", "link"}``
    """
    if not pkg.get("accesslevel") or pkg["accesslevel"] == levels.OPEN:
        return None
    package = model.Package.get(pkg["id"])
    if package is None:
        return None
    context = _context()
    insider = rights.is_insider(context, package)
    key = resource["id"] if resource else None
    found: Any = model.Resource.get(key) if key and insider else None
    return {
        "may_read": insider or rights.reading(context, package, key) is not None,
        "may_decide": rights.may_decide(context, package),
        "restricted": levels.of_package(package) == levels.RESTRICTED,
        "link": links.target(found) if found is not None else None,
    }


def tangerang_access_state(state: str) -> str:
    """Return the state of a request in words."""
    return texts.state_label(state)


def tangerang_access_way(way: str) -> str:
    """Return in words how data were read."""
    return texts.way_label(way)


def tangerang_access_time(value: str) -> str:
    """Return day, time and zone of a moment."""
    return moment_label(value)
