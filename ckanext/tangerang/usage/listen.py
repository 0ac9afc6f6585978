"""Sees what is read: pages of public records, files and tables.

Counted is what people without an account read, once the answer is there: staff work on their own
data all day, and would be its best readers. Nothing about the reader is kept, or even put into
Redis; programs that say what they are, are left out (:mod:`.robots`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ckan.plugins.toolkit as tk
from ckan import model
from flask import g, has_request_context, request

from ..metadata.fields import RECORD_TYPES
from . import counter, flush, robots

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

#: Pages that show a record.
_PAGES: Final = frozenset(f"{name}.read" for name in RECORD_TYPES)
#: Addresses of files and tables. Whoever gives out a table at another address sends CKAN's signal
#: ``resource_download``.
_FILES: Final = frozenset(
    {*(f"{name}_resource.download" for name in RECORD_TYPES), "datastore.dump"}
)
#: Where on flask.g the things are that this request shows.
_SEEN: Final = "tangerang_usage"

_READ: Final = frozenset({200, 206})
#: A file that is a link is given out by leading there.
_GIVEN: Final = frozenset({200, 206, 301, 302, 303, 307, 308})


def _note(thing: counter.Thing) -> None:
    """Keep until the answer is there that this request shows something, each thing once."""
    if has_request_context():
        vars(g).setdefault(_SEEN, set()).add(thing)


def record_shown(package: dict[str, Any]) -> None:
    """Note the record that a page is about.

    CKAN also tells of the records of lists, which are others than the address names.
    """
    if not has_request_context() or request.endpoint not in _PAGES:
        return
    asked = (request.view_args or {}).get("id")
    public = package.get("state") == model.State.ACTIVE and not package.get("private")
    if public and asked in (package.get("id"), package.get("name")):
        _note(counter.Thing(counter.VIEW, str(package["id"])))


def file_given(sender: Any, **_: Any) -> None:
    """Note a file or table that was given out, by CKAN's signal ``resource_download``.

    :param sender: id of the resource
    """
    if isinstance(sender, str):
        _note(counter.Thing(counter.DOWNLOAD, sender))


def _is_first_part() -> bool:
    """Tell whether the request is for a whole file or its beginning, not for the rest of one."""
    asked = request.range
    return asked is None or (asked.ranges[0][0] or 0) == 0


def _counts(thing: counter.Thing, status: int) -> bool:
    """Tell whether an answer shows a thing to somebody whom we count."""
    agent = request.user_agent.string
    if thing.kind == counter.VIEW:
        return status in _READ and robots.is_browser(agent)
    return status in _GIVEN and _is_first_part() and not robots.is_robot(agent)


def answered(response: Response) -> Response:
    """Count what a request has shown, and return its answer as it is."""
    if request.endpoint in _FILES:
        _note(counter.Thing(counter.DOWNLOAD, str((request.view_args or {})["resource_id"])))
    seen: set[counter.Thing] = vars(g).pop(_SEEN, set())
    if not seen or request.method != "GET" or tk.current_user.is_authenticated:
        return response
    if robots.is_ahead_of_time(request.headers):
        return response
    things = [thing for thing in seen if _counts(thing, response.status_code)]
    if things:
        counter.add(things)
        flush.ask()
    return response
