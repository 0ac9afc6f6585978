"""Which record an activity is about."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan import plugins as p


def package_of(activity_id: object) -> Any:
    """Return the record that an activity is about; None where it is about none."""
    if not isinstance(activity_id, str) or not p.plugin_loaded("activity"):
        return None
    from ckanext.activity.model import Activity  # noqa: PLC0415 - its table may be missing

    row: Any = Activity
    found = model.Session.execute(sa.select(row.object_id).where(row.id == activity_id)).scalar()
    return model.Package.get(found) if found else None
