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
from ..interfaces import PAST_REVIEW
from ..metadata.fields import RECORD_TYPES
from . import config, states, store, texts
from .model import new_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ckan.types import Context

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


def direct_reason(context: Context) -> str:
    """Return why code of this portal acts past the review; empty where it does not."""
    return str(context.get(PAST_REVIEW) or "")


def user_id(context: Context) -> str | None:
    """Return the id of the user of a context; None for nobody."""
    user = model.User.get(context.get("user"))
    return user.id if user else None


def may_publish_directly(context: Context) -> bool:
    """Tell whether the user makes records public past the review.

    A sysadmin who acts by name may, and the OPD where the portal lets it publish; that they may
    change the record has been asked before.
    """
    if direct_reason(context):
        return True
    if not is_person(context):
        return False
    if config.rules().opd_publishes:
        return True
    user = model.User.get(context.get("user"))
    return bool(user and user.sysadmin)


#: Facts about a file, which jobs of the portal find out after it was saved: columns, and keys of
#: ``extras``. All else of a file is content.
_FACTS = frozenset(
    {
        *("cache_last_modified", "cache_url", "ckan_url", "datastore_active"),
        *("datastore_contains_all_records_of_source_file", "extras", "hash", "last_modified"),
        *("metadata_modified", "mimetype", "mimetype_inner", "original_url", "resource_id"),
        *("set_url_type", "size", "task_created", "total_record_count"),
    }
)
#: Columns of a record that are not its content: when it changed, who sees it, notes of plugins.
_NO_CONTENT = frozenset({"metadata_modified", "plugin_data", "private", "state"})


def _changed(entry: Any, but: frozenset[str]) -> bool:
    """Tell whether columns of an object in the session have changed, besides some."""
    known = sa.inspect(entry)
    return any(
        known.attrs[column.key].history.has_changes()
        for column in known.mapper.column_attrs
        if column.key not in but
    )


def _extras_changed(resource: Any) -> bool:
    """Tell whether fields of a file have changed, besides facts."""
    history = sa.inspect(resource).attrs.extras.history
    if not history.has_changes():
        return False
    before, after = ((side or [{}])[0] or {} for side in (history.deleted, history.added))
    return any(before.get(key) != after.get(key) for key in (before.keys() | after) - _FACTS)


def _content_of(session: Any, entry: Any) -> str | None:
    """Return the id of the record whose content an object in the session changes, if it does."""
    if isinstance(entry, model.Package):
        return entry.id if entry not in session.new and _changed(entry, _NO_CONTENT) else None
    if isinstance(entry, model.Resource):
        # An added or deleted file, or one of which more than facts have changed.
        gone_or_new = entry in session.new or entry in session.deleted
        changed = gone_or_new or _changed(entry, _FACTS) or _extras_changed(entry)
    elif isinstance(entry, model.PackageTag):
        changed = True
    else:
        return None
    # One that is not written yet knows its record by the object alone.
    return (entry.package_id or getattr(entry.package, "id", None)) if changed else None


class Recorder:
    """Writes into the review what a save does to the visibility of records, before it does it.

    It also keeps those who act for nobody from changing the content of public records.
    """

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
                self._follow(package)
        if not (is_person(self.context) or direct_reason(self.context)):
            self._refuse_content(session)

    @staticmethod
    def _refuse_content(session: Any) -> None:
        """Refuse to change the content of a public record for nobody: a harvester, a job.

        :raises ValidationError: naming what to do instead
        """
        for entry in (*session.dirty, *session.new, *session.deleted):
            key = _content_of(session, entry)
            if key is None or is_publishing(key):
                continue
            # None: a new record, which is not written yet.
            package = session.get(model.Package, key)
            if package is not None and package.type in RECORD_TYPES and _was_public(package):
                text = {"id": [texts.frozen_text(states.PUBLISHED)]}
                # CKAN's actions for files look for what is wrong under `resources`.
                raise tk.ValidationError({**text, "resources": [text]})

    def _follow(self, package: Any) -> None:
        """Write what becomes of one record."""
        if package.id is None:
            package.id = new_id()
        if working_copy.original_of(package):
            return  # can not become public; the trigger sees to that
        public = store.is_public(package)
        was = _was_public(package)
        if public == was or is_publishing(package.id):
            return
        self.seen.add(package.id)
        actor = user_id(self.context)
        if not public:
            reason = direct_reason(self.context)
            store.put(package.id, states.HIDE, states.RETRACTED, user_id=actor, reason=reason)
        elif not store.is_granted(package.id) and may_publish_directly(self.context):
            store.put(
                package.id,
                states.DIRECT,
                states.PUBLISHED,
                user_id=actor,
                reason=direct_reason(self.context),
            )
        # What is not granted is refused by the trigger, should no validator have refused it.


_recorder: ContextVar[Recorder | None] = ContextVar("tangerang_review_recorder", default=None)


def _was_public(package: Any) -> bool:
    """Tell whether a record is public in the database."""
    if sa.inspect(package).pending:
        return False
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
    except tk.ValidationError:
        # What was refused on its way into the database is forgotten with all that came with it.
        model.Session.rollback()
        raise
    finally:
        _recorder.reset(token)
        event.remove(session, "before_flush", recorder.before_flush)


def is_recorded(package_id: str) -> bool:
    """Tell whether the save in progress is in the history already, as a change of visibility."""
    recorder = _recorder.get()
    return recorder is not None and package_id in recorder.seen
