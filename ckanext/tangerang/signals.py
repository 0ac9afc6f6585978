"""Signals by which the features of this distribution meet.

A plugin subscribes as CKAN's ``ISignal`` says; who sends and who listens need not know each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True)
class Moved:
    """One thing that happened to a record in the review, as its history has it."""

    #: Id of the entry of the history: no two have the same.
    id: str
    package_id: str
    #: What happened, and between which states, in the words of ``review/states.py``.
    verb: str
    from_state: str
    to_state: str
    #: Id of who did it; None for the portal itself.
    user_id: str | None
    reason: str
    #: UTC, without a zone.
    created: datetime
    #: Ids of all who have done something with the record in the review, the doer included.
    people: frozenset[str]


#: Sent once the transaction in which records moved is committed, by the plugin
#: ``tangerang_review``; the sender is its name, ``moves`` the list of :class:`Moved` in the order
#: in which they happened. What a receiver raises is logged and undoes nothing.
record_moved = tk.signals.ckanext.signal("tangerang:record_moved")
