"""What happens to tables and records that charts are made of."""

from __future__ import annotations

from typing import Any, cast

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy import event

from . import index, keeping

#: Actions that change a table without saving its record, by the name of the file in their data.
TABLE_ACTIONS = (
    "datastore_create",
    "datastore_upsert",
    "datastore_delete",
    "datastore_records_delete",
    "xloader_hook",
)
#: Sent by the plugin ``tangerang_access`` when the level of a record has changed.
LEVEL_CHANGED = tk.signals.ckanext.signal("tangerang:access_level_changed")


def on_table_action(sender: str, **data: Any) -> None:  # noqa: ARG001
    """Count a change of a table by an action of CKAN, and look at it again."""
    asked = data.get("data_dict")
    # XLoader names the file in the metadata of its job, a new file stands in the result.
    places = [asked, asked.get("metadata") if isinstance(asked, dict) else None, data.get("result")]
    found = (place.get("resource_id") for place in places if isinstance(place, dict))
    resource_id = next((name for name in found if isinstance(name, str)), None)
    if resource_id:
        keeping.note_change(resource_id)
        index.enqueue([resource_id])


def _files_of(package_ids: set[str]) -> list[str]:
    """Return the ids of the files of records."""
    resource: Any = model.Resource
    query = sa.select(resource.id).where(
        resource.package_id.in_(package_ids), resource.state == model.State.ACTIVE
    )
    return list(cast("Any", model.Session).scalars(query))


def on_moves(sender: Any, moves: list[Any]) -> None:  # noqa: ARG001
    """Follow records that moved in the review: a publication may switch their tables."""
    ids = _files_of({move.package_id for move in moves})
    for resource_id in ids:
        keeping.note_change(resource_id)
    index.enqueue(ids)


def on_level(sender: str, **_data: Any) -> None:
    """Forget at once what pages say of the tables of a record whose level has changed."""
    ids = _files_of({sender})
    for resource_id in ids:
        keeping.note_page(resource_id, None)
    index.enqueue(ids)


def on_record(package: dict[str, Any]) -> None:
    """Look again at the tables of a record that was saved, once that is committed.

    Its kamus may be another, or it may have become public.
    """
    ids = [
        entry["id"]
        for entry in package.get("resources") or ()
        if entry.get("id") and tk.asbool(entry.get("datastore_active"))
    ]
    if not ids:
        return
    session: Any = model.Session()

    def committed(_session: Any) -> None:
        index.enqueue(ids)

    event.listen(session, "after_commit", committed, once=True)
