"""Who makes a record public: an approval, or somebody who may do so past the review.

``ignore_auth`` and the site user are no permission: code that acts with them acts for somebody
who may not.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy import event

from .. import working_copy
from ..metadata.fields import RECORD_TYPES
from . import config, states, store
from .model import new_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ckan.types import Context

#: Key of a context by which code of this portal, such as a loader of sample content, publishes
#: past the review; its value says in the history why. No caller of the API can set it.
DIRECT = "tangerang_review_direct"

#: The record that an approval is publishing.
_publishing: ContextVar[str] = ContextVar("tangerang_review_publishing", default="")
#: The record whose file or table is being changed, where the portal allows that to the OPD.
_file_of: ContextVar[str] = ContextVar("tangerang_review_file_of", default="")


@contextmanager
def _holding(variable: ContextVar[Any], value: Any) -> Iterator[None]:
    """Let a variable have a value inside."""
    token = variable.set(value)
    try:
        yield
    finally:
        variable.reset(token)


def publishing(package_id: str) -> Any:
    """Let the approval save a record inside."""
    return _holding(_publishing, package_id)


def is_publishing(package_id: str) -> bool:
    """Tell whether an approval is saving this record."""
    return _publishing.get() == package_id


def changing_file(package_id: str) -> Any:
    """Let a change of a file or table save its record inside."""
    return _holding(_file_of, package_id)


def is_changing_file(package_id: str) -> bool:
    """Tell whether a change of a file or table is saving this record."""
    return _file_of.get() == package_id


def is_person(context: Context) -> bool:
    """Tell whether somebody acts with their own rights."""
    user = context.get("user")
    site_user = tk.config["ckan.site_id"]
    return bool(user) and user != site_user and not context.get("ignore_auth")


def user_id(context: Context) -> str | None:
    """Return the id of the user of a context; None for nobody."""
    user = model.User.get(context.get("user"))
    return user.id if user else None


def may_publish_directly(context: Context) -> bool:
    """Tell whether the user makes records public past the review.

    A sysadmin who acts by name may, and the OPD where the portal lets it publish; that they may
    change the record has been asked before.
    """
    if context.get(DIRECT):
        return True
    if not is_person(context):
        return False
    if config.rules().opd_publishes:
        return True
    user = model.User.get(context.get("user"))
    return bool(user and user.sysadmin)


class Recorder:
    """Writes into the review what a save does to the visibility of records, before it does it."""

    def __init__(self, context: Context) -> None:
        self.context = context
        #: Records whose visibility this save changed.
        self.seen: set[str] = set()

    def before_flush(self, session: Any, _flush: Any, _instances: Any) -> None:
        """Look at the records that are about to be written."""
        if _recorder.get() is not self:
            return
        for package in (*session.new, *session.dirty):
            if isinstance(package, model.Package) and package.type in RECORD_TYPES:
                self._follow(session, package)

    def _follow(self, session: Any, package: Any) -> None:
        """Write what becomes of one record."""
        if package.id is None:
            package.id = new_id()
        if working_copy.original_of(package):
            return  # can not become public; the trigger sees to that
        public = store.is_public(package)
        was = package not in session.new and _was_public(package)
        if public == was or is_publishing(package.id):
            return
        self.seen.add(package.id)
        actor = user_id(self.context)
        if not public:
            store.put(package.id, states.HIDE, states.RETRACTED, user_id=actor)
        elif not store.is_granted(package.id) and may_publish_directly(self.context):
            reason = str(self.context.get(DIRECT) or "")
            store.put(package.id, states.DIRECT, states.PUBLISHED, user_id=actor, reason=reason)
        # What is not granted is refused by the trigger, should no validator have refused it.


_recorder: ContextVar[Recorder | None] = ContextVar("tangerang_review_recorder", default=None)


def _was_public(package: Any) -> bool:
    """Tell whether a record is public in the database."""
    changed = sa.inspect(package).attrs
    if not (changed.state.history.has_changes() or changed.private.history.has_changes()):
        return store.is_public(package)
    table: Any = model.Package.__table__  # pyright: ignore[reportAttributeAccessIssue]
    row = model.Session.execute(
        sa.select(table.c.state, table.c.private).where(table.c.id == package.id)
    ).first()
    return row is not None and store.is_public(row)


@contextmanager
def recording(context: Context) -> Iterator[None]:
    """Write into the review what the saves inside do to the visibility of records."""
    session = model.Session()
    recorder = Recorder(context)
    event.listen(session, "before_flush", recorder.before_flush)
    token = _recorder.set(recorder)
    try:
        yield
    finally:
        _recorder.reset(token)
        event.remove(session, "before_flush", recorder.before_flush)


def is_recorded(package_id: str) -> bool:
    """Tell whether the save in progress is in the history already, as a change of visibility."""
    recorder = _recorder.get()
    return recorder is not None and package_id in recorder.seen
