"""Applies a plan: all of it in one database transaction, or nothing.

CKAN's actions do not write here, for these reasons: ``organization_create`` commits before it
makes its caller an admin of each new organization, and dictizes the whole result;
``organization_update`` replaces all extras and the upload of the logo; ``member_create`` and
``package_owner_org_update`` take a query or two, a commit and a search request for each row that a
merge moves. What CKAN asks of an organization is asked all the same: every OPD that is written
passes the schema of the form (``plugin_validate``), and plugins hear of it by
``IOrganizationController``. Rows are written by the model, through the recorder of
:mod:`.journal`, which makes them undoable.

The search index and the activity stream can not be part of a transaction: they follow from a job
(:mod:`.jobs`).
"""

from __future__ import annotations

import logging
import uuid
from typing import TYPE_CHECKING, Any, TypeVar

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan import plugins as p
from ckan.lib import plugins as lib_plugins
from sqlalchemy.exc import DBAPIError

from .. import working_copy
from ..metadata.values import N_, Problem, dump_list
from . import journal, names, store
from .clock import today
from .journal import Recorder
from .model import OpdAlias, OpdJournal, OpdName, OpdPlan
from .plan import plan
from .registry import FIELDS, FormerName, Registry, Unit
from .spelling import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from ckan.types import Context

    from .plan import Operation

log = logging.getLogger(__name__)

_T = TypeVar("_T")

#: Fields that are extras of the organization and pass the schema of the form.
_CHECKED = tuple(
    name
    for name in FIELDS
    if name not in ("name", "title", "induk", "alias", "nama_lama", "pengganti")
)
_TYPE = "organization"
#: Kinds of operations that change columns and extras.
_CHANGING = ("rename", "merge", "split", "close", "change")
#: Capacities in CKAN from the lowest to the highest.
_CAPACITIES = ("member", "editor", "admin")

_group: Any = model.Group
_package: Any = model.Package
_member: Any = model.Member
_follower: Any = model.UserFollowingGroup


class InvalidError(Exception):
    """CKAN's form would refuse an OPD.

    :param errors: messages by address of the OPD
    """

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__()
        self.errors = errors


def lock() -> None:
    """Keep other changes of the registry by a plan out until the transaction ends.

    :raises Problem: when another one is at work
    """
    query = sa.select(sa.func.pg_try_advisory_xact_lock(store.LOCK))
    if not model.Session.execute(query).scalar():
        raise Problem(
            N_("Another change of the registry is being applied right now. Try again in a minute.")
        )


# Checking


def _form_data(unit: Mapping[str, Any]) -> dict[str, Any]:
    """Return an OPD as the form of organizations sends it."""
    found = {name: unit[name] for name in _CHECKED if unit.get(name)}
    return {
        "name": unit["name"],
        "title": unit["title"],
        "type": _TYPE,
        **{name: list(v) if isinstance(v, (list, tuple)) else v for name, v in found.items()},
    }


def _form_errors(
    unit: Mapping[str, Any], group: Any, context: Any, *, with_name: bool
) -> tuple[dict[str, Any], list[str]]:
    """Return the extras of an OPD as CKAN stores them, and what its form would refuse.

    :param group: the organization that is changed; None for a new one
    :param context: says who asks
    :param with_name: judge the address too, which takes two queries
    """
    plugin: Any = lib_plugins.lookup_group_plugin(_TYPE)
    data = _form_data(unit)
    context = {"model": model, "session": model.Session, **context}
    if group is None:
        schema, action = plugin.create_group_schema(), "organization_create"
    else:
        schema, action = plugin.update_group_schema(), "organization_update"
        context["group"] = group
        data["id"] = group.id
    if not with_name:
        schema = {**schema, "name": []}
    valid, errors = lib_plugins.plugin_validate(plugin, context, data, schema, action)
    texts = [f"{key}: {text}" for key, found in errors.items() for text in found]
    return {extra["key"]: extra["value"] for extra in valid.get("extras", [])}, texts


def _taken(addresses: Collection[str], now: Registry) -> set[str]:
    """Return those of some addresses that belong to groups, or to deleted organizations."""
    known = list(now.by_id)
    present = sa.select(_group.name).where(_group.name.in_(addresses), _group.id.not_in(known))
    former = sa.select(OpdName.name).where(
        OpdName.name.in_(addresses), OpdName.organization_id.not_in(known)
    )
    return set(model.Session.scalars(present.union(former)))


def _groups(ids: Iterable[str], *, locked: bool) -> dict[str, Any]:
    """Return organizations by id, as the database has them now."""
    query = sa.select(_group).where(_group.id.in_([id_ for id_ in ids if id_]))
    if locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    return {group.id: group for group in model.Session.scalars(query)}


def _after(now: Registry, operations: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return what the OPD that some operations change are to be: fields by name, and ``id``."""
    found: dict[str, dict[str, Any]] = {}
    for operation in operations:
        known = now.by_id.get(operation["id"])
        unit = known or Unit(id=operation["id"], name=operation["name"], title="")
        fields = found.setdefault(
            operation["name"],
            {name: getattr(unit, name) for name in ("id", *FIELDS)} | {"new": known is None},
        )
        for name, (_old, new) in operation["changes"].items():
            if name not in ("alias", "nama_lama"):
                fields[name] = new
    return list(found.values())


def check(now: Registry, operations: Sequence[Operation]) -> dict[str, list[str]]:
    """Return what CKAN's form would refuse of a plan: messages by address of the OPD.

    Who may change a role is not asked here: the plan has asked, and writing asks again.
    """
    plain = [
        {"id": op.id, "name": op.name, "changes": op.changes}
        for op in operations
        if {"name", "title", *_CHECKED} & set(op.changes)
    ]
    units = _after(now, plain)
    groups = _groups((unit["id"] for unit in units), locked=False)
    taken = _taken([unit["name"] for unit in units], now)
    found: dict[str, list[str]] = {}
    for unit in units:
        group = groups.get(unit["id"])
        context = {"ignore_auth": True}
        found[unit["name"]] = _form_errors(unit, group, context, with_name=False)[1]
        if unit["name"] in taken:
            found[unit["name"]].append(
                tk._("The address {name} belongs to a group, or to a deleted organization.").format(
                    name=unit["name"]
                )
            )
    return {name: texts for name, texts in found.items() if texts}


# Writing


class _Writer:
    """Writes the operations of one plan.

    :param user: name and id of who applies it
    """

    def __init__(self, now: Registry, user: model.User) -> None:
        self.now = now
        self.user = user
        self.recorder = Recorder()
        self.groups: dict[str, Any] = {}
        #: Ids by the addresses that OPD have when all is done.
        self.ids: dict[str, str] = {}

    def run(self, operations: Sequence[Mapping[str, Any]]) -> None:
        """Write all operations, in the order in which each finds what it needs."""
        kinds: dict[str, list[Mapping[str, Any]]] = {}
        for operation in operations:
            kinds.setdefault(operation["op"], []).append(operation)
        self.groups = _groups((op["id"] for op in operations), locked=True)
        self.ids = {unit.name: unit.id for unit in self.now}
        self.ids |= {op["name"]: op["id"] for op in operations if op["id"] in self.now.by_id}
        units = {unit["name"]: unit for unit in _after(self.now, operations)}
        changed = [op for kind in _CHANGING for op in kinds.get(kind, [])]
        created = kinds.get("create", [])
        steps: tuple[tuple[Iterable[Mapping[str, Any]], Callable[[Mapping[str, Any]], None]], ...]
        steps = (
            (created, lambda op: self._create(op, units[op["name"]])),
            (kinds.get("alias_remove", []), self._remove_aliases),
            (changed, lambda op: self._change(op, units[op["name"]])),
            (created, self._complete),
            (kinds.get("history", []), self._correct_history),
            (kinds.get("alias_add", []), self._add_aliases),
            (kinds.get("move", []), self._move),
            (_sources_first(kinds.get("merge", [])), self._merge),
        )
        for step, write in steps:
            for operation in step:
                write(operation)
            model.Session.flush()

    @property
    def organization_id(self) -> str:
        """Return the id of the OPD of the present entry."""
        return self.recorder.organization_id

    def _begin(self, operation: Mapping[str, Any]) -> None:
        """Begin the entry of an operation, or go on with it."""
        self.recorder.begin(operation, self.ids[operation["name"]])

    def _validated(self, unit: Mapping[str, Any], group: Any) -> dict[str, Any]:
        """Return the extras of an OPD as CKAN stores them.

        :raises InvalidError: with what CKAN's form would refuse
        """
        context = {"user": self.user.name}
        extras, errors = _form_errors(unit, group, context, with_name=True)
        if errors:
            raise InvalidError({unit["name"]: errors})
        return extras

    def _create(self, operation: Mapping[str, Any], unit: Mapping[str, Any]) -> None:
        """Make an organization."""
        extras = self._validated(unit, None)
        group: Any = model.Group(
            name=unit["name"], title=unit["title"], type=_TYPE, is_organization=True
        )
        if operation["id"]:
            group.id = operation["id"]
        group.extras = extras
        model.Session.add(group)
        model.Session.flush()
        self.ids[unit["name"]] = group.id
        self.groups[group.id] = group
        self._begin(operation)
        after = {"name": group.name, "title": group.title}
        self.recorder.note("group", [group.id], None, after)
        for plugin in p.PluginImplementations(p.IOrganizationController):
            plugin.create(group)

    def _complete(self, operation: Mapping[str, Any]) -> None:
        """Give a new organization what refers to others, when all are there."""
        changes = operation["changes"]
        self._begin(operation)
        group = self.groups[self.organization_id]
        if "pengganti" in changes:
            journal.set_value(group, "pengganti", self._stored_successors(changes["pengganti"][1]))
        for former in changes.get("nama_lama", ((), ()))[1]:
            self._add_former(former)
        if "alias" in changes:
            self._add_aliases(operation)
        if "induk" in changes:
            self._move(operation)

    def _stored_successors(self, successors: Sequence[str]) -> str | None:
        """Return the stored form of a list of OPD: their ids."""
        return dump_list(self.ids[name] for name in successors)

    def _change(self, operation: Mapping[str, Any], unit: Mapping[str, Any]) -> None:
        """Change columns and extras of an organization."""
        self._begin(operation)
        group = self.groups[operation["id"]]
        extras = self._validated(unit, group)
        if "pengganti" in operation["changes"]:
            successors = operation["changes"]["pengganti"][1]
            extras["pengganti"] = self._stored_successors(successors)
        values = {"name": unit["name"], "title": unit["title"], **extras}
        after = {
            name: values.get(name)
            for name in operation["changes"]
            if name in ("name", "title", "pengganti", *_CHECKED)
        }
        before = {name: journal.value_of(group, name) for name in after}
        self.recorder.note("group", [group.id], before, after)
        for name, value in after.items():
            journal.set_value(group, name, value)
        if operation.get("former"):
            self._add_former(operation["former"])
        for plugin in p.PluginImplementations(p.IOrganizationController):
            plugin.edit(group)

    # Former names and aliases

    def _add_former(self, former: Mapping[str, str]) -> None:
        """Remember a former name."""
        row = names.record_change(self.organization_id, FormerName(**former))
        self.recorder.note("former", [row.id], None, {"name": row.name})

    def _correct_history(self, operation: Mapping[str, Any]) -> None:
        """Add former names, and correct their periods and legal bases."""
        self._begin(operation)
        query = sa.select(OpdName).where(OpdName.organization_id == self.organization_id)
        known = {(r.name, r.title, r.singkatan): r for r in model.Session.scalars(query)}
        for former in operation["changes"]["nama_lama"][1]:
            row = known.get((former["name"], former["title"], former["singkatan"]))
            if row is None:
                self._add_former(former)
                continue
            after = {name: text for name, text in former.items() if getattr(row, name) != text}
            if after:
                before = {name: getattr(row, name) for name in after}
                self.recorder.update("former", [row.id], before, after)

    def _add_aliases(self, operation: Mapping[str, Any]) -> None:
        """Add aliases."""
        self._begin(operation)
        for alias in operation["changes"]["alias"][1]:
            row = OpdAlias(
                organization_id=self.organization_id,
                alias=alias,
                folded=fold(alias),
                user_id=self.user.id,
            )
            model.Session.add(row)
            model.Session.flush()
            self.recorder.note("alias", [row.id], None, {"alias": alias})

    def _remove_aliases(self, operation: Mapping[str, Any]) -> None:
        """Remove aliases."""
        self._begin(operation)
        query = sa.select(OpdAlias).where(
            OpdAlias.organization_id == self.organization_id,
            OpdAlias.alias.in_(operation["changes"]["alias"][0]),
        )
        for row in model.Session.scalars(query).all():
            values = {
                name: getattr(row, name)
                for name in ("organization_id", "alias", "folded", "user_id")
            }
            model.Session.expunge(row)
            self.recorder.delete("alias", row.id, values)

    # Members of CKAN's hierarchy and of organizations

    def _members(self, table_name: str, **criteria: str) -> list[Any]:
        """Return rows of members in the order of their ids."""
        query = sa.select(_member).where(
            _member.table_name == table_name,
            *(getattr(_member, name) == value for name, value in criteria.items()),
        )
        query = query.order_by(_member.id).execution_options(populate_existing=True)
        return list(model.Session.scalars(query))

    def _set_member(self, row: Any, **after: str) -> None:
        """Change a row of members."""
        before = {name: getattr(row, name) for name in after}
        if before != after:
            self.recorder.update("member", [row.id], before, after)

    def _add_member(self, **values: str) -> None:
        """Make a row of members."""
        values |= {"id": str(uuid.uuid4()), "state": model.State.ACTIVE}
        model.Session.execute(sa.insert(_member).values(**values))
        self.recorder.note("member", [values["id"]], None, {"state": model.State.ACTIVE})

    def _move(self, operation: Mapping[str, Any]) -> None:
        """Put an OPD below another, or below none, by CKAN's own hierarchy."""
        self._begin(operation)
        child, parent = self.organization_id, operation["changes"]["induk"][1]
        wanted = self.ids[parent] if parent else ""
        rows = self._members("group", group_id=child)
        for row in rows:
            if row.table_id != wanted and row.state == model.State.ACTIVE:
                self._set_member(row, state=model.State.DELETED)
        if not wanted:
            return
        known = next((row for row in rows if row.table_id == wanted), None)
        if known:
            self._set_member(known, state=model.State.ACTIVE)
        else:
            self._add_member(table_name="group", table_id=wanted, group_id=child, capacity="public")

    # Merging

    def _merge(self, operation: Mapping[str, Any]) -> None:
        """Move records, members and followers of an organization to its successor."""
        self._begin(operation)
        source = self.organization_id
        target = self.ids[_successor(operation)]
        self._move_records(source, target)
        self._move_users(source, target)
        self._move_followers(source, target)

    def _move_records(self, source: str, target: str) -> None:
        """Move records of all types and states, deleted ones too: they may come back.

        Working copies come along with their records, and are not counted.
        """
        query = sa.select(_package.id, working_copy.is_record(_package).label("counts"))
        query = query.where(_package.owner_org == source).with_for_update()
        moved = model.Session.execute(query.order_by(_package.id)).all()
        ids = [row.id for row in moved]
        self.recorder.update("package", ids, {"owner_org": source}, {"owner_org": target})
        self.recorder.count("datasets", sum(row.counts for row in moved))
        rows = self._members("package", group_id=source)
        there = {row.table_id: row for row in self._members("package", group_id=target)}
        free = [row for row in rows if row.table_id not in there]
        self.recorder.update(
            "member", [row.id for row in free], {"group_id": source}, {"group_id": target}
        )
        for row in rows:
            known = there.get(row.table_id)
            if known and row.state == model.State.ACTIVE:
                self._set_member(known, state=row.state, capacity=row.capacity)
                self._set_member(row, state=model.State.DELETED)

    def _move_users(self, source: str, target: str) -> None:
        """Move members; one who is in both keeps the higher capacity, once."""
        there = {row.table_id: row for row in self._members("user", group_id=target)}
        for row in self._members("user", group_id=source):
            if row.state != model.State.ACTIVE:
                continue
            known = there.get(row.table_id)
            if known is None:
                self._set_member(row, group_id=target)
            else:
                if known.state != model.State.ACTIVE:
                    self._set_member(known, state=model.State.ACTIVE, capacity=row.capacity)
                else:
                    higher = max(known.capacity, row.capacity, key=_rank)
                    self._set_member(known, capacity=higher)
                self._set_member(row, state=model.State.DELETED)
            self.recorder.count("members", 1)

    def _move_followers(self, source: str, target: str) -> None:
        """Move followers; one who follows both follows once."""

        def followers(organization_id: str) -> list[str]:
            query = sa.select(_follower.follower_id).where(_follower.object_id == organization_id)
            return sorted(model.Session.scalars(query))

        here, there = followers(source), set(followers(target))
        free = [user for user in here if user not in there]
        self.recorder.update("follower", free, {"object_id": source}, {"object_id": target})
        for user in here:
            if user in there:
                self.recorder.delete("follower", user, {"object_id": source})
        self.recorder.count("followers", len(here))


def _rank(capacity: str) -> int:
    """Return how high a capacity is."""
    return _CAPACITIES.index(capacity) if capacity in _CAPACITIES else -1


def _successor(merge: Mapping[str, Any]) -> str:
    """Return the address of the OPD that another is merged into."""
    return merge["into"][0]


def _sources_first(merges: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield merges so that what is merged into an OPD is there before that one is merged too."""
    waiting = {merge["name"]: merge for merge in merges}
    while waiting:
        targets = {_successor(merge) for merge in waiting.values()}
        free = [name for name in waiting if name not in targets]
        for name in free or list(waiting):
            yield waiting.pop(name)


# The plan as a whole


def _stored_plan(token: str) -> OpdPlan:
    """Return a stored plan that was not applied yet.

    :raises Problem: when there is none, or it was
    """
    query = sa.select(OpdPlan).where(OpdPlan.token == token)
    row = model.Session.scalars(query.execution_options(populate_existing=True)).first()
    if row is None:
        raise Problem(N_("There is no such plan, or it is too old. Send the file again."))
    if row.content.get("applied"):
        raise Problem(N_("This plan has been applied already. There is nothing to do."))
    return row


def _apply(token: str, user: model.User) -> OpdJournal:
    """Write a plan and its journal."""
    _stored_plan(token)  # before the lock: the clearer message
    lock()
    row = _stored_plan(token)
    query = sa.select(_group.id).where(_group.is_organization.is_(True)).order_by(_group.id)
    model.Session.execute(query.with_for_update())
    now = store.load()
    if now.digest != row.digest:
        raise Problem(
            N_("The registry has changed since this plan was made. Send the file again and look.")
        )
    writer = _Writer(now, user)
    writer.run(row.content["operations"])
    made = OpdJournal(kind="apply", user_id=user.id, entries=writer.recorder.entries)
    model.Session.add(made)
    model.Session.flush()
    row.content = {**row.content, "applied": made.id}
    return made


def _user(context: Context) -> model.User:
    """Return who acts."""
    user = model.User.get(context.get("user"))
    assert user  # noqa: S101 - authorization has found one
    return user


def _stored(work: Callable[[], _T]) -> _T:
    """Return what some work returns when it is committed; otherwise nothing of it is stored.

    :raises Problem: when the database refuses it
    """
    try:
        result = work()
        model.Session.commit()
    except DBAPIError as error:
        model.Session.rollback()
        log.exception("The registry could not be changed")
        raise Problem(
            N_("The database refused the change; nothing was stored. Send the file again.")
        ) from error
    except BaseException:
        model.Session.rollback()
        raise
    model.Session.expire_all()
    return result


def apply(token: str, context: Context) -> OpdJournal:
    """Apply a stored plan, and commit it; return its journal.

    :raises Problem: when there is no such plan, it was applied, another one is being applied, or
        the registry has changed since
    :raises InvalidError: when CKAN's form would refuse an OPD
    """
    user = _user(context)
    return _stored(lambda: _apply(token, user))


def _contradictions(registry: Registry) -> dict[tuple[str, str, str], Problem]:
    """Return what contradicts the rules in a registry as a whole."""
    found = plan(Registry(), registry, today=today()).errors
    return {(n.code, n.field, n.name): Problem(n.msgid, **n.params) for n in found}


def _undo(journal_id: str, user: model.User) -> tuple[OpdJournal, int]:
    """Take back a change.

    What was right then may contradict what has come since: a code that another OPD has got, or a
    parent that has been moved below its child.
    """
    lock()
    row: Any = model.Session.get(OpdJournal, journal_id, populate_existing=True)
    if row is None:
        raise Problem(N_("There is no such change in the journal."))
    known = _contradictions(store.load())
    made, left = journal.undo(row, user.id)
    after = _contradictions(store.load())
    reasons = [problem for key, problem in after.items() if key not in known]
    if reasons:
        raise journal.CanNotUndoError(reasons)
    return made, left


def undo(journal_id: str, context: Context) -> tuple[OpdJournal, int]:
    """Take back a change, and commit that; return its journal, and how many rows were left.

    :raises Problem: when there is no such change, or another one is being applied
    :raises journal.CanNotUndoError: when something that it wrote has been changed since
    """
    user = _user(context)
    return _stored(lambda: _undo(journal_id, user))
