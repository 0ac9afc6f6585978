"""Signals of the plugin ``tangerang_access``, for whoever keeps copies or tells people.

Others subscribe by name, as CKAN's ``ISignal`` says:
``tk.signals.ckanext.signal("tangerang:access_level_changed")``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model
from sqlalchemy import event

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Sent after the commit by which the level of a record changed. The sender is the id of the
#: record; ``before`` and ``after`` are levels. Caches forget what they hold of the record.
level_changed = tk.signals.ckanext.signal("tangerang:access_level_changed")
#: Sent after the commit by which a request for access was made or decided. The sender is its id;
#: ``request`` has ``package_id``, ``resource_id``, ``user_id``, ``state``, ``until``; no contact.
request_changed = tk.signals.ckanext.signal("tangerang:access_request_changed")

_PENDING = "tangerang_access_levels"


def level_after_commit(package_id: str, before: str, after: str) -> None:
    """Send :data:`level_changed` once the transaction in progress has ended.

    It may have been rolled back: a cache that forgets for nothing loses nothing.
    """
    session: Any = model.Session()
    if _PENDING not in session.info:
        session.info[_PENDING] = {}
        event.listen(session, "after_transaction_end", _ended)
    first, _last = session.info[_PENDING].get(package_id, (before, after))
    session.info[_PENDING][package_id] = (first, after)


def _ended(session: Any, transaction: Any) -> None:
    """Send what waits, at the end of the outermost transaction."""
    waiting: Mapping[str, tuple[str, str]] = session.info[_PENDING]
    if transaction.parent is not None or not waiting:
        return
    session.info[_PENDING] = {}
    for package_id, (before, after) in waiting.items():
        if before != after:
            level_changed.send(package_id, before=before, after=after)
