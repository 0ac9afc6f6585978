"""The next version of a published record takes the place of the one before, all at once.

The record is in CKAN's database, its files are on a disk, its tables in another database and what
is searched in Solr: no transaction spans them. So everything that takes long, or can fail, is done
before, under other names (:meth:`Switch.prepare`), and what is left are renames. That the switch
counts is said in the transaction that saves the record (:mod:`.journal`); from then on it is only
finished, by this process or by :func:`recover`, never undone. In order:

1. the journal's row, files and tables under staged names;
2. in the transaction of the record: the journal, the record, its views;
3. the tables are locked and renamed, which nobody sees yet;
4. the record is committed, the tables a moment later, the files are renamed, the index follows;
5. what was of the shadow goes, and the row is closed.

Killed in 1 to 3, nothing has happened. Killed in 4 or 5, recovery does the rest.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Literal, cast

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib import search

from ..model import new_id, now
from . import journal, staging, tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

log = logging.getLogger(__name__)

#: How long a save waits for a switch that counts already, and lacks only renames, in seconds.
_FINISH_SECONDS: Final = 20.0
#: What loads tables, by the key of its status, and the states in which it is at work. One that has
#: said nothing for an hour has died; XLoader counts so itself.
_LOADERS: Final = ("xloader", "datapusher")
_LOADING: Final = ("submitting", "pending", "running", "running_but_viewable")
_STALE: Final = timedelta(hours=1)


@dataclass(frozen=True)
class FileChange:
    """What becomes of one file of the published record."""

    #: Its final id on the published record.
    resource_id: str
    #: The resource of the shadow whose file and table, and for a new one views, take its place;
    #: None for one that is removed.
    source_id: str | None
    kind: Literal["new", "replaced", "removed"]


@dataclass(frozen=True)
class _Item:
    """A change, and what is staged for it."""

    resource_id: str
    source_id: str | None
    kind: str
    #: The shadow has a stored file for it; without one, what lies there goes.
    file: bool
    #: The shadow has a table for it; without one, what is there goes.
    table: bool


@dataclass(frozen=True)
class Plan:
    """All that a switch does, as the journal keeps it."""

    entry_id: str
    package_id: str
    shadow_id: str
    items: tuple[_Item, ...]
    #: Resources of the shadow: their files and tables go when the switch is over.
    leftovers: tuple[str, ...]

    @classmethod
    def of(cls, row: Any) -> Plan:
        """Return the plan of a row of the journal."""
        return cls(
            entry_id=row.id,
            package_id=row.package_id,
            shadow_id=row.shadow_id,
            items=tuple(_Item(**item) for item in row.plan["items"]),
            leftovers=tuple(row.plan["leftovers"]),
        )

    def stored(self) -> dict[str, Any]:
        """Return what the journal keeps of it."""
        return {"items": [asdict(item) for item in self.items], "leftovers": list(self.leftovers)}

    @property
    def mark(self) -> str:
        """The part of a name that says whose staging this is."""
        return self.entry_id.replace("-", "")

    @property
    def marker(self) -> str:
        """Name of the marker of the tables."""
        return f"_tgr_{self.mark}"

    @property
    def table_changes(self) -> list[tables.Change]:
        """What becomes of the tables."""
        return [
            tables.Change(
                target_id=item.resource_id,
                source_id=item.source_id if item.table else None,
                staged=f"{self.marker}_{position}",
            )
            for position, item in enumerate(self.items)
        ]


@dataclass(frozen=True)
class RecoveryReport:
    """What became of the switches that nobody held: ids of published records."""

    finished: tuple[str, ...] = ()
    undone: tuple[str, ...] = ()
    #: Somebody is working on them.
    alive: tuple[str, ...] = ()
    #: Could not be settled now, for the reason in the log.
    failed: tuple[str, ...] = ()


_current: ContextVar[Plan | None] = ContextVar("tangerang_review_switch", default=None)


@contextmanager
def _being(plan: Plan) -> Iterator[None]:
    """Let the process know inside which switch is its own."""
    token = _current.set(plan)
    try:
        yield
    finally:
        _current.reset(token)


def brings_table(resource_id: str) -> bool:
    """Tell whether the switch under way brings the table of a resource: no job has to load it."""
    plan = _current.get()
    return plan is not None and any(
        item.resource_id == resource_id and item.table for item in plan.items
    )


def _busy() -> tk.ValidationError:
    """Return the error for who came second."""
    return tk.ValidationError(
        {
            "id": [
                tk._(
                    "Another approval of this record, or a job that writes its tables, is under "
                    "way. Nothing was changed. Try again in a moment."
                )
            ]
        }
    )


def _refused(text: str) -> tk.ValidationError:
    """Return an error about the files of a record."""
    return tk.ValidationError({"resources": [text]})


class Switch:
    """One switch of one record; see the module."""

    def __init__(self, plan: Plan, hold: journal.Hold) -> None:
        self._plan, self._hold = plan, hold
        self._open = True

    @classmethod
    def prepare(
        cls,
        record_id: str,
        shadow_id: str,
        changes: Sequence[FileChange],
        user_id: str | None,
    ) -> Switch:
        """Stage files and tables of the next version; holds no lock on the record afterwards.

        Call it before the record is locked: it waits for saves and jobs that are writing.

        :param record_id: the published record
        :param shadow_id: what holds its next version; goes with the switch, so do its files and
            tables
        :param changes: of the files; those that stay as they are, are left out
        :param user_id: who approves
        :raises ValidationError: when another switch, a save or a job has the record, a file of the
            shadow is missing, or the storage can not switch files
        """
        _refuse_loading(changes)
        items = tuple(_item(change) for change in changes)
        plan = Plan(new_id(), record_id, shadow_id, items, _resources_of(shadow_id))
        hold = _begin(plan, user_id)
        made = cls(plan, hold)
        try:
            _stage(plan)
        except Exception as error:
            made.abandon()
            raise _told(error) from error
        except BaseException:
            made.abandon()
            raise
        return made

    def commit(self, save: Callable[[], None]) -> None:
        """Save the record and switch; the record is locked in the transaction of CKAN's session.

        :param save: saves the record and all that belongs to it, without a commit
            (``context["defer_commit"]`` with ``["return_id_only"]``, or CKAN undoes the save), and
            without ``upload``: core would write the file at once
        :raises ValidationError: when a table is in use for too long, or ``save`` refuses; nothing
            has changed then, and the switch is over
        """
        try:
            with _being(self._plan):
                self._commit(save)
        except Exception as error:
            model.Session.rollback()
            if self._settle() in (journal.COMMITTED, journal.DONE):
                # The record was saved; what failed after that is done, or waits for recovery.
                log.exception("A switch went wrong after its record: %s", self._plan.package_id)
                return
            raise _told(error) from error
        except BaseException:
            model.Session.rollback()
            self._settle()
            raise
        self._settle()

    def _commit(self, save: Callable[[], None]) -> None:
        """Do what counts together."""
        journal.commit_with_session(self._plan.entry_id)
        views = _views_of(self._plan)
        save()
        model.Session.flush()
        _carry_views(self._plan, views)
        _mark_tables(self._plan)
        model.Session.flush()
        with _switching(self._plan):
            model.Session.commit()
        # At once: until then readers find new rows beside an old file.
        _put_files(self._plan)

    def abandon(self) -> None:
        """Undo what was staged, unless the switch counts already; may be called twice."""
        self._settle()

    def _settle(self) -> str:
        """Finish or undo, by what the journal says, and give the row back.

        :returns: the state that the journal has then; empty where it could not be read
        """
        if not self._open:
            return ""
        self._open = False
        state = ""
        try:
            with _being(self._plan):
                state = self._hold.state()
                state = settle(self._hold)
        except Exception:
            # The row stays open: the next recovery does it.
            log.exception("A switch waits for recovery: %s", self._plan.package_id)
        finally:
            self._hold.release()
        return state


def _told(error: Exception) -> Exception:
    """Return what to tell the user of an error."""
    if isinstance(error, journal.Busy):
        return _busy()
    if isinstance(error, tables.InUse):
        return _refused(
            tk._(
                "Somebody has been reading or writing a table of this record for some time. "
                "Nothing was changed. Try again in a moment."
            )
        )
    if isinstance(error, FileNotFoundError):
        return _refused(tk._("A file of the next version is gone. Nothing was changed."))
    if isinstance(error, tables.HasDependents):
        return _refused(
            tk._(
                "The database view {name} uses a table of this record. Ask whoever runs the "
                "portal to remove it."
            ).format(name=error)
        )
    return error


def _resources_of(package_id: str) -> tuple[str, ...]:
    """Return the ids of all resources of a record, deleted ones too."""
    resource: Any = model.Resource
    query = sa.select(resource.id).where(resource.package_id == package_id)
    return tuple(model.Session.scalars(query))


def _resource(resource_id: str | None) -> Any:
    """Return a resource as it is stored; None where there is none."""
    return model.Resource.get(resource_id) if resource_id else None


def _item(change: FileChange) -> _Item:
    """Return a change with what the shadow has for it.

    :raises ValidationError: when a file is missing, or can not be switched
    """
    source = _resource(change.source_id)
    has_file = getattr(source, "url_type", "") == "upload"
    if has_file:
        try:
            found = staging.stored().exists(source.id)
        except staging.Unsupported as error:
            raise _refused(
                tk._("The file storage of this portal can not copy and remove files.")
            ) from error
        if not found:
            raise _refused(
                tk._("The file of {name} is missing. Upload it again.").format(
                    name=source.name or source.url
                )
            )
    return _Item(
        resource_id=change.resource_id,
        source_id=change.source_id,
        kind=change.kind,
        file=has_file,
        table=bool(source) and tables.exists(source.id),
    )


def _begin(plan: Plan, user_id: str | None) -> journal.Hold:
    """Open the journal; a switch of the record that nobody holds any more is settled first.

    :raises ValidationError: when somebody holds one
    """
    for entry in journal.open_of([plan.package_id]):
        _recover_one(entry.id)
    try:
        return journal.begin(plan.entry_id, plan.package_id, plan.shadow_id, plan.stored(), user_id)
    except journal.Busy as error:
        raise _busy() from error


def _stage(plan: Plan) -> None:
    """Stage all files, then all tables."""
    for item in plan.items:
        if item.file and item.source_id:
            staging.stored().stage(item.source_id, item.resource_id, plan.mark)
    if tables.available():
        tables.stage(plan.table_changes, plan.marker)


def _views_of(plan: Plan) -> list[dict[str, Any]]:
    """Return the views of new files, as they are on the shadow."""
    view = cast("Any", model.ResourceView).__table__
    final = {item.source_id: item.resource_id for item in plan.items if item.kind == "new"}
    rows = model.Session.execute(
        sa.select(view).where(view.c.resource_id.in_(tuple(final)))
    ).mappings()
    return [{**row, "resource_id": final[row["resource_id"]]} for row in rows]


def _carry_views(plan: Plan, views: list[dict[str, Any]]) -> None:
    """Bring the views of new files to their final ids, and forget those of removed ones.

    The save may have removed them with the shadow: they are written anew, under their ids.
    """
    view = cast("Any", model.ResourceView).__table__
    removed = [item.resource_id for item in plan.items if item.kind == "removed"]
    model.Session.execute(
        sa.delete(view).where(
            sa.or_(
                view.c.id.in_([row["id"] for row in views]),
                view.c.resource_id.in_(removed),
            )
        )
    )
    if views:
        model.Session.execute(sa.insert(view), views)


def _mark_tables(plan: Plan) -> None:
    """Let the record say which of its files have a table, as CKAN's DataStore does."""
    for item in plan.items:
        resource = _resource(item.resource_id)
        if resource is None or item.kind == "removed":
            continue
        if bool((resource.extras or {}).get("datastore_active")) != item.table:
            resource.extras = {**(resource.extras or {}), "datastore_active": item.table}


@contextmanager
def _switching(plan: Plan) -> Iterator[None]:
    """Switch the tables when the block ends, if there is a DataStore."""
    if not tables.available():
        yield
        return
    with tables.switching(plan.table_changes, plan.marker):
        yield


def _put_files(plan: Plan) -> None:
    """Bring all staged files to their places; files of resources that have none any more go."""
    resource = cast("Any", model.Resource).__table__
    for item in plan.items:
        if item.file:
            staging.stored().put(item.resource_id, plan.mark)
            continue
        stored = model.Session.execute(
            sa.select(resource.c.id).where(
                resource.c.id == item.resource_id,
                resource.c.state == model.State.ACTIVE,
                resource.c.url_type == "upload",
            )
        ).first()
        if item.kind != "new" and stored is None:
            _remove_file(item.resource_id)


def _remove_file(resource_id: str) -> None:
    """Remove the file of a resource; where files can not be switched there is none of ours."""
    try:
        staging.stored().remove(resource_id)
    except staging.Unsupported:
        log.warning("The file of %s is left in its storage", resource_id)


def remove_data(resource_ids: Sequence[str]) -> None:
    """Remove files and tables of resources that are gone; what is not there is no error."""
    for resource_id in resource_ids:
        _remove_file(resource_id)
    if tables.available():
        tables.drop(resource_ids)


def _read_again(package_id: str) -> None:
    """Let CKAN's session read a record again: another process may have saved it."""
    session: Any = model.Session
    for loaded in list(session.identity_map.values()):
        ours = isinstance(loaded, (model.Package, model.Resource)) and package_id in (
            loaded.id,
            getattr(loaded, "package_id", None),
        )
        if ours and not session.is_modified(loaded):
            session.expire(loaded)


def _reindex(*package_ids: str) -> None:
    """Let the index know a record as it is; what is gone goes."""
    for package_id in package_ids:
        _read_again(package_id)
        package: Any = model.Package.get(package_id)
        if package is None:
            search.clear(package_id)
        else:
            search.rebuild(package_id)


def _finish(plan: Plan, hold: journal.Hold) -> None:
    """Do what is left of a switch that counts; may run twice."""
    with _switching(plan):
        pass
    _put_files(plan)
    _reindex(plan.package_id, plan.shadow_id)
    remove_data(plan.leftovers)
    hold.finish(journal.DONE)


def _undo(plan: Plan, hold: journal.Hold) -> None:
    """Forget what was staged for a switch that does not count; may run twice."""
    for item in plan.items:
        if item.file:
            staging.stored().drop(item.resource_id, plan.mark)
    if tables.available():
        tables.discard(plan.table_changes, plan.marker)
    hold.finish(journal.UNDONE)


def settle(hold: journal.Hold) -> str:
    """Finish or undo a switch by what the journal says.

    :returns: the state it has then
    """
    row = hold.read()
    if row is None or row.finished:
        return journal.DONE if row is None else row.state
    plan = Plan.of(row)
    if row.state == journal.COMMITTED:
        _finish(plan, hold)
        return journal.DONE
    _undo(plan, hold)
    # A save that was rolled back may have reached the index.
    _reindex(plan.package_id)
    return journal.UNDONE


def _recover_one(entry_id: str, *, wait: float = 0) -> str | None:
    """Settle a switch that nobody holds; return its state, None if somebody does."""
    hold = journal.Hold.take(entry_id, wait=wait)
    if hold is None:
        return None
    try:
        return settle(hold)
    finally:
        hold.release()


def finish_before_change(package_id: str) -> None:
    """Bring a switch of a locked record to its end before the record changes again.

    One that counts lacks only renames: they would put its files over newer ones. Of one that is
    being prepared nothing counts yet; it finds out that the record has changed.

    :raises ValidationError: when it does not end
    """
    own = _current.get()
    for entry in journal.open_of([package_id]):
        if entry.state != journal.COMMITTED or (own and own.entry_id == entry.id):
            continue
        if _recover_one(entry.id, wait=_FINISH_SECONDS) is None:
            model.Session.rollback()
            raise _busy()


def refuse_while_open(package_id: str, resource_id: str) -> None:
    """Refuse to write into a table of a locked record, or shadow, that is being switched.

    What is written now would be in neither version.

    :raises ValidationError: then
    """
    own = _current.get()
    for entry in journal.open_of([package_id]):
        plan = Plan.of(entry)
        touched = {item.resource_id for item in plan.items} | set(plan.leftovers)
        if resource_id not in touched or (own and own.entry_id == entry.id):
            continue
        if _recover_one(entry.id) is None:
            model.Session.rollback()
            raise _busy()


def _refuse_loading(changes: Sequence[FileChange]) -> None:
    """Refuse a switch while a job loads one of the tables: half of it would be staged.

    :raises ValidationError: then
    """
    ids = {key for change in changes for key in (change.resource_id, change.source_id) if key}
    task: Any = model.TaskStatus
    loading = sa.select(task.id).where(
        task.entity_id.in_(ids),
        task.key.in_(_LOADERS),
        task.state.in_(_LOADING),
        task.last_updated > now() - _STALE,
    )
    if model.Session.execute(loading).first() is not None:
        raise _refused(
            tk._("A file of this record is still being loaded into its table. Try again later.")
        )


def recover() -> RecoveryReport:
    """Finish or undo the switches that nobody holds any more; leave those under way alone."""
    found: dict[str, list[str]] = {"finished": [], "undone": [], "alive": [], "failed": []}
    outcome = {None: "alive", journal.DONE: "finished", journal.UNDONE: "undone"}
    for entry_id, package_id in journal.open_rows():
        try:
            kind = outcome[_recover_one(entry_id)]
        except Exception:
            log.exception("A switch could not be recovered: %s", package_id)
            kind = "failed"
        model.Session.rollback()
        found[kind].append(package_id)
    return RecoveryReport(**{name: tuple(ids) for name, ids in found.items()})
