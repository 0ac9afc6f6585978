"""What follows a change of the registry outside its transaction: a job that may be repeated.

First ``metadata_modified`` and the search index (:mod:`.reindex`), which may run twice without
harm; then the activities and the mark in the journal, in one transaction, so that an activity is
never written twice. What is not marked is done again by ``ckan tangerang opd settle``.
"""

from __future__ import annotations

import logging
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan import plugins as p
from ckan.lib import dictization
from ckan.lib.plugins import get_permission_labels
from redis.exceptions import RedisError

from . import reindex, store
from .model import OpdJournal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

log = logging.getLogger(__name__)

_group: Any = model.Group
_package: Any = model.Package

#: Operations after which records are found, or shown, otherwise than before.
_SEEN = ("rename", "merge", "split", "close", "move")
#: More records than this get no activity each: the organization's own says it.
_MAX_ACTIVITIES = 1_000


def enqueue(journal_id: str) -> None:
    """Ask a worker to settle a change; without Redis the command ``settle`` does it later."""
    try:
        tk.enqueue_job(settle, [journal_id], title="Registry of OPD: index and activities")
    except RedisError:
        log.exception("No job for %s; run: ckan tangerang opd settle", journal_id)


def unsettled() -> list[str]:
    """Return the ids of the changes that index and activities have not followed."""
    query = sa.select(OpdJournal.id).where(OpdJournal.settled.is_(None))
    return list(model.Session.scalars(query.order_by(OpdJournal.position)))


def _public_renames(entries: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the ids of organizations that got another address or name."""
    return sorted(
        {
            entry["id"]
            for entry in entries
            if entry["op"] == "rename" and {"name", "title"} & set(entry["changes"])
        }
    )


def _moved(entries: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the ids of records that got another organization."""
    return sorted(
        {
            key
            for entry in entries
            for row in entry["rows"]
            if row["table"] == "package"
            for key in row["keys"]
        }
    )


def _with_below(ids: Iterable[str]) -> list[str]:
    """Return organizations and all below them: their records are found by those above too."""
    registry = store.load()
    found = set(ids)
    for id_ in list(found):
        unit = registry.by_id.get(id_)
        if unit:
            found |= {below.id for below in registry.below(unit.name)}
    return sorted(found)


def _follow(row: OpdJournal) -> None:
    """Let records and the search index follow a change."""
    entries, moment = row.entries, row.created.isoformat()
    renamed, moved = _public_renames(entries), _moved(entries)
    if renamed:
        reindex.touch_and_reindex(renamed, moment)
    if moved:
        reindex.touch_and_reindex_packages(moved, moment)
    seen = {entry["id"] for entry in entries if entry["op"] in _SEEN}
    others = set(_with_below(seen)) - set(renamed)
    if others:
        reindex.reindex(sorted(others))


def _activity(kind: str, user_id: str, object_id: str, data: Any, row: OpdJournal) -> Any:
    """Return an activity of the moment of the change."""
    from ckanext.activity.model import Activity  # noqa: PLC0415 - only where the plugin is on

    activity = Activity(user_id, object_id, kind, data)
    activity.timestamp = row.created
    return activity


def _activities(row: OpdJournal) -> None:
    """Write the activities of a change: of each organization, and of each record that moved."""
    user = model.User.get(row.user_id)
    if user is None:
        return
    created = {e["id"] for e in row.entries if e["op"] == "create" and row.kind == "apply"}
    ids = {entry["id"] for entry in row.entries}
    context: Any = {"model": model, "session": model.Session, "ignore_auth": True}
    for group in model.Session.scalars(sa.select(_group).where(_group.id.in_(ids))):
        kind = "new organization" if group.id in created else "changed organization"
        data = {"group": dictization.table_dictize(group, context)}
        model.Session.add(_activity(kind, user.id, group.id, data, row))
    moved = _moved(row.entries)[:_MAX_ACTIVITIES]
    query = sa.select(_package).where(_package.id.in_(moved), _package.state == model.State.ACTIVE)
    labels = get_permission_labels()
    for package in model.Session.scalars(query).all():
        shown = tk.get_action("package_show")(
            {"ignore_auth": True, "for_view": False},
            {"id": package.id},  # pyright: ignore[reportArgumentType]
        )
        data = {"package": shown, "actor": user.name}
        activity = _activity("changed package", user.id, package.id, data, row)
        activity.permission_labels = labels.get_dataset_labels(package)
        model.Session.add(activity)


def settle(journal_id: str) -> None:
    """Let index, ``metadata_modified`` and activities follow a change; body of the job.

    :raises .reindex.IncompleteError: when a record could not be indexed: nothing is marked then
    """
    row: Any = model.Session.get(OpdJournal, journal_id)
    if row is None or row.settled:
        return
    _follow(row)
    query = sa.select(OpdJournal).where(OpdJournal.id == journal_id).with_for_update()
    row = model.Session.scalars(query.execution_options(populate_existing=True)).first()
    if row is None or row.settled:
        model.Session.rollback()
        return
    if p.plugin_loaded("activity"):
        _activities(row)
    row.settled = datetime.now(timezone.utc).replace(tzinfo=None)
    model.Session.commit()
