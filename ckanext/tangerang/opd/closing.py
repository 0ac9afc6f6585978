"""OPD that have ended keep what they published, and take no new data."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from . import config, store
from .clock import today
from .registry import Unit


def refusal(organization: Any) -> str | None:
    """Return why an organization takes no new data; None when it does.

    An organization that has not ended is told by its own fields, without a query.

    :param organization: the ``model.Group``
    """
    end = (organization.extras or {}).get("berlaku_sampai")
    if not end or not config.closed_refuse_data():
        return None
    ended = Unit(id=organization.id, name=organization.name, title="", berlaku_sampai=str(end))
    if not ended.is_closed(today()):
        return None
    registry = store.load()
    unit = registry.by_id.get(organization.id)
    if unit is None:
        return None
    params = {"title": unit.title, "end": unit.berlaku_sampai}
    successors = registry.successors(unit)
    if not successors:
        return tk._("{title} ended in {end} and takes no new data.").format(**params)
    names = "; ".join(f"{other.title} ({other.name})" for other in successors)
    return tk._(
        "{title} ended in {end} and takes no new data. Use the OPD that replaces it: {names}."
    ).format(**params, names=names)
