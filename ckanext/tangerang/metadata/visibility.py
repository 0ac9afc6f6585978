"""Whether a record is public once it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ckan import model

from .navl import field_value

if TYPE_CHECKING:
    from ckan.types import FlattenDataDict


def will_be_public(data: FlattenDataDict, stored: model.Package | None) -> bool:
    """Tell whether the record is active and public once it is saved.

    ``state`` and ``private`` may be absent: then the stored value stays, and a new record is
    active and public. A state that the user may not set has been taken out by now.
    """
    state, private = field_value(data, "state"), field_value(data, "private")
    if state is None:
        state = stored.state if stored else model.State.ACTIVE
    if private is None:
        private = bool(stored.private) if stored else False
    return state == model.State.ACTIVE and not private
