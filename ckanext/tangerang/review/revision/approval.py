"""Puts an approved revisi into the place of the published version: for the action and the sweep."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan import plugins as p
from ckan.lib import search

from .. import grants, notes, states, store
from . import planning, shadow
from .switch import FileChange, Switch, recover, remove_data

if TYPE_CHECKING:
    from ckan.types import Context

    from .model import Revision

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Decision:
    """What was decided about which working copy."""

    record_id: str
    shadow_id: str
    user_id: str | None
    #: ``metadata_modified`` of the working copy that was seen.
    seen: str
    #: Of the working copy, when the decision was taken.
    state: str
    submitted: Any


def _changed() -> tk.ValidationError:
    """Return the error for what is not any more what was decided about."""
    return tk.ValidationError(
        {
            "version": [
                tk._(
                    "The record has changed since you looked at it. "
                    "Load the page again and look at what is different."
                )
            ]
        }
    )


def _plan(context: Context, decision: _Decision) -> planning.Plan:
    """Return what is to be done now.

    :raises ValidationError: when something stands in the way
    """
    revision = shadow.of_record(decision.record_id)
    if revision is None or revision.shadow_id != decision.shadow_id:
        raise _changed()
    record: Any = model.Package.get(decision.record_id)
    reason = planning.hindrance(record, store.get(decision.record_id))
    if reason:
        raise tk.ValidationError({"id": [reason]})
    plan = planning.of(context, revision)
    found = planning.refusals(plan)
    if found:
        raise tk.ValidationError(found)
    return plan


def _agreed(context: Context, decision: _Decision, staged: planning.Plan) -> planning.Plan:
    """Lock record and working copy, and return what is to be done now.

    :param staged: what files and tables have been staged for
    :raises ValidationError: when it is not any more what was decided about, or staged
    """
    # What the session has read while files were staged may be old by now.
    model.Session.rollback()
    copy, row = shadow.lock(decision.shadow_id)
    now = (store.version(copy), row.state, row.submitted)
    if now != (decision.seen, decision.state, decision.submitted):
        raise _changed()
    plan = _plan(context, decision)
    if plan.merged.changes != staged.merged.changes:
        raise _changed()
    return plan


def _save(context: Context, decision: _Decision, plan: planning.Plan) -> None:
    """Save the record with all that belongs to it, and remove the working copy; commit nothing."""
    session: Any = model.Session
    revision = cast("Revision", shadow.of_record(decision.record_id))
    open_notes = notes.of_record(decision.shadow_id)
    notes.settle(note for note in open_notes if note.status != notes.SETTLED)
    shadow.hand_over(revision)
    _move(store.get(decision.record_id), decision, closed=plan.closed)
    tk.get_action("package_update")(
        cast(
            "Context",
            {"user": context.get("user"), "defer_commit": True, "return_id_only": True},
        ),
        plan.values,
    )
    # CKAN leaves its savepoint open, and would undo it if it were asked for the whole record.
    savepoint = session().get_nested_transaction()
    if savepoint is not None:
        savepoint.commit()
    shadow.remove(model.Package.get(decision.shadow_id))


def _move(row: Any, decision: _Decision, *, closed: bool) -> None:
    """Write into the review of a locked record what became of it."""
    target = states.CLOSED if closed else states.PUBLISHED
    if target != row.state:
        # Grants publication to this transaction where a closed record is opened.
        store.move(row, states.REVISED, target, user_id=decision.user_id, seen=decision.seen)
        return
    store.record(
        decision.record_id,
        states.REVISED,
        user_id=decision.user_id,
        from_state=row.state,
        to_state=target,
        seen=decision.seen,
    )


def _write_activity(record_id: str, user_id: str | None) -> None:
    """Put the change into the activity stream, as CKAN does for a save that it commits itself."""
    user = model.User.get(user_id)
    if user is None or not p.plugin_loaded("activity"):
        return
    try:
        record = tk.get_action("package_show")(
            cast("Context", {"user": user.name, "for_view": False}), {"id": record_id}
        )
        # As CKAN's own subscription does it: nobody may write activities but the portal.
        tk.get_action("activity_create")(
            cast("Context", {"user": user.name, "ignore_auth": True}),
            {
                "user_id": user.id,
                "object_id": record_id,
                "activity_type": "changed package",
                "data": {"package": record, "actor": user.name},
            },
        )
    except (tk.ValidationError, tk.NotAuthorized, tk.ObjectNotFound):
        # The revisi is published; a line in the stream is not worth an error.
        log.exception("No activity was written about %s", record_id)
        model.Session.rollback()


def approve(context: Context, package: Any, row: Any, user_id: str | None, seen: str) -> Any:
    """Publish the revisi that a locked working copy holds; commit, and let the index know.

    The locks are given back while files and tables are staged, which may take long. Under new ones
    everything is looked at again.

    :param context: of the one who has decided
    :param package: the working copy
    :param row: of its review
    :param user_id: who has decided
    :param seen: the version of the working copy that was approved
    :returns: the record
    :raises ValidationError: for conflicts, or when something changed meanwhile; then nothing has
        happened
    """
    revision = shadow.of_shadow(package)
    if revision is None:
        raise _changed()
    decision = _Decision(revision.package_id, package.id, user_id, seen, row.state, row.submitted)
    model.Session.rollback()
    recover()
    staged = _plan(context, decision)
    changes = [
        FileChange(change.id, change.source, cast("Any", change.kind))
        for change in staged.merged.changes
    ]
    switch = Switch.prepare(decision.record_id, decision.shadow_id, changes, user_id)
    try:
        plan = _agreed(context, decision, staged)
        with grants.publishing(decision.record_id):
            switch.commit(lambda: _save(context, decision, plan))
    except BaseException:
        model.Session.rollback()
        switch.abandon()
        raise
    search.rebuild(decision.record_id)
    search.clear(decision.shadow_id)
    _write_activity(decision.record_id, user_id)
    return model.Package.get(decision.record_id)


def discard(context: Context, package: Any, reason: str) -> None:
    """Give up the revisi that a locked working copy holds, and commit.

    Its history goes over to the record.
    """
    revision = shadow.of_shadow(package)
    if revision is not None:
        record: Any = model.Package.get(revision.package_id)
        shadow.hand_over(revision)
        state = store.state(record)
        store.record(
            record.id,
            states.DISCARD,
            user_id=grants.user_id(context),
            from_state=state,
            to_state=state,
            reason=reason,
        )
    _remove(package)


def forget(package_id: str) -> None:
    """Remove a working copy whose record is gone, and commit."""
    _remove(store.lock(package_id)[0])


def _remove(package: Any) -> None:
    """Remove a locked working copy, commit, then remove its files and tables."""
    package_id = package.id
    files = shadow.remove(package)
    model.Session.commit()
    search.clear(package_id)
    remove_data(files)
