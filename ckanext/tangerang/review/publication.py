"""Makes a record public: for the action, and for the sweep at the time that was set."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import search

from .. import working_copy
from . import grants, notes, readiness, roles, states, store
from .model import Review, now
from .revision import approval, planning, shadow
from .texts import messages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ckan.types import Context

log = logging.getLogger(__name__)


@contextmanager
def undoing() -> Iterator[None]:
    """Undo the state as well where the record itself can not be saved."""
    try:
        yield
    except BaseException:
        model.Session.rollback()
        raise


def problems(context: Context, package: Any) -> dict[str, Any]:
    """Return what stands in the way of a record, or of a revisi, by field; write nothing.

    :param package: the record, or the working copy of one
    """
    revision = shadow.of_shadow(package)
    if revision is not None:
        return planning.errors(context, revision)
    return readiness.errors(context, package)


def publish(context: Context, package: Any, row: Review, user_id: str | None, seen: str) -> Any:
    """Publish a locked record, or a revisi of one; commit, and let the index know.

    :param context: of the one who has decided
    :param package: the record, or the working copy of one
    :param row: of the review, locked
    :param seen: the version that was approved
    :returns: the record that is published
    :raises ValidationError: when the record may not be public as it is
    """
    if working_copy.original_of(package):
        return approval.approve(context, package, row, user_id, seen)
    closed = (package.extras or {}).get("accesslevel") == "tertutup"
    with undoing():
        notes.settle(note for note in notes.of_record(package.id) if note.status != notes.SETTLED)
        store.move(
            row,
            states.PUBLISH,
            states.CLOSED if closed else states.PUBLISHED,
            user_id=user_id,
            seen=seen,
        )
        if closed:
            model.Session.commit()
            search.rebuild(package.id)
            return package
        with grants.publishing(package.id):
            tk.get_action("package_patch")(
                cast("Context", {"user": context.get("user")}),
                {"id": package.id, "private": False, "state": model.State.ACTIVE},
            )
    return package


def forget_time(row: Review, verb: str, user_id: str | None, reason: str) -> None:
    """Forget the time of publication of a locked row, and write into the history why."""
    store.record(
        row.package_id,
        verb,
        user_id=user_id,
        from_state=row.state,
        to_state=row.state,
        reason=reason,
        seen=row.publish_version,
    )
    row.publish_at = row.publish_by = row.publish_version = None
    model.Session.flush()


def _hindrance(context: Context, package: Any, row: Review) -> str:
    """Return why a record is not to be published at its time after all; empty for nothing."""
    if row.state not in states.WALIDATA_WAITING:
        return "the record is no longer being checked"
    if row.publish_version != store.version(package):
        return "the record has changed since"
    user = model.User.get(row.publish_by)
    if user is None or user.state != model.State.ACTIVE:
        return "who decided has no account any more"
    if not roles.acts_as(context, states.WALIDATA):
        return "who decided is no longer walidata"
    return ""


def _publish_due(package_id: str) -> bool | None:
    """Publish one record whose time has come; tell whether that went well, None for nothing to do.

    Everything is looked at again under the lock: another process may have done it, and what has
    changed since the decision is not published.
    """
    try:
        package, row = shadow.lock(package_id)
    except tk.ObjectNotFound:
        return None
    if row.publish_at is None or row.publish_at > now():
        model.Session.rollback()
        return None
    user = model.User.get(row.publish_by)
    context = cast("Context", {"user": user.name if user else ""})
    problem = _hindrance(context, package, row)
    if not problem:
        try:
            publish(context, package, row, row.publish_by, row.publish_version or "")
        except tk.ValidationError as error:
            problem = "; ".join(messages(error.error_dict))
        except tk.NotAuthorized as error:
            problem = str(error)
        else:
            return True
        package, row = shadow.lock(package_id)
    forget_time(row, states.UNSCHEDULE_FAILED, None, problem)
    model.Session.commit()
    log.warning("Not published at its time: %s (%s)", package_id, problem)
    return False


def sweep() -> tuple[int, int]:
    """Publish what is due. Running it again, or twice at once, does nothing more.

    :returns: how many were published, and how many could not be
    """
    for package_id in shadow.orphans():
        approval.forget(package_id)
    results = [_publish_due(package_id) for package_id in store.due(now())]
    return results.count(True), results.count(False)
