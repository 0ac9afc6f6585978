"""Former names of OPD: written whenever a name changes, so that the old one stays known."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from ckan import model

from .model import OpdName

if TYPE_CHECKING:
    from .registry import FormerName


def record_change(organization_id: str, former: FormerName) -> OpdName:
    """Remember the name that an organization had; its address stays reserved for it.

    Does not commit: the name belongs to the transaction that changes it.
    """
    row = OpdName(organization_id=organization_id, **dataclasses.asdict(former))
    model.Session.add(row)
    model.Session.flush()
    return row
