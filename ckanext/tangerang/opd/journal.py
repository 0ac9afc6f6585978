"""What changes of the registry did, row by row, and how they are taken back.

While a plan is applied, every row that is written passes through a :class:`Recorder`, which keeps
its values before and after. Taking back is the same in the opposite direction: a row is set to its
value before, provided that it still has the value after. Nothing here commits.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from ckan import model

from ..metadata.values import N_, Problem
from .model import OpdAlias, OpdJournal, OpdName

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy import Table

_group: Any = model.Group
_package: Any = model.Package


def _table_of(mapped: Any) -> Any:
    """Return the table of a class of the model."""
    return sa.inspect(mapped).local_table


#: Tables that are written, by the names that they have in the journal, with their keys. A
#: follower follows an organization once, so the follower is the key of the row that is moved.
_TABLES: dict[str, tuple[Any, str]] = {
    "package": (_table_of(model.Package), "id"),
    "member": (_table_of(model.Member), "id"),
    "follower": (_table_of(model.UserFollowingGroup), "follower_id"),
    "former": (_table_of(OpdName), "id"),
    "alias": (_table_of(OpdAlias), "id"),
}

#: More ids than this are not put into one statement.
_CHUNK = 1_000


def _chunks(keys: Sequence[str]) -> Iterable[Sequence[str]]:
    """Yield parts of a list that are short enough for one statement."""
    return (keys[start : start + _CHUNK] for start in range(0, len(keys), _CHUNK))


def _is(table: Table, values: Mapping[str, Any]) -> list[Any]:
    """Return the conditions that a row has some values."""
    return [table.c[name].is_not_distinct_from(value) for name, value in values.items()]


class Recorder:
    """Writes rows and remembers what it wrote, in entries of the journal."""

    def __init__(self) -> None:
        self._entries: dict[tuple[str, str], dict[str, Any]] = {}
        self._present: dict[str, Any] = {}

    @property
    def entries(self) -> list[dict[str, Any]]:
        """Return the entries of the journal, the one that was written to last at the end."""
        return list(self._entries.values())

    @property
    def organization_id(self) -> str:
        """Return the id of the OPD of the present entry."""
        return str(self._present["id"])

    def begin(self, operation: Mapping[str, Any], organization_id: str) -> None:
        """Begin the entry of an operation, or go on with it: what follows belongs to it.

        What is written later is taken back first, so the entry goes to the end.
        """
        key = operation["op"], organization_id
        entry = {**operation, "id": organization_id, "rows": [], "moved": {}}
        self._present = self._entries[key] = self._entries.pop(key, entry)

    def note(
        self,
        table: str,
        keys: Collection[str],
        before: Mapping[str, Any] | None,
        after: Mapping[str, Any] | None,
    ) -> None:
        """Remember rows that have the same values before and after; None where there is no row."""
        if keys:
            self._present["rows"].append(
                {
                    "table": table,
                    "keys": list(keys),
                    "before": dict(before) if before is not None else None,
                    "after": dict(after) if after is not None else None,
                }
            )

    def count(self, name: str, number: int) -> None:
        """Remember how many of something were moved."""
        counts = self._present["moved"]
        counts[name] = counts.get(name, 0) + number

    def update(
        self, name: str, keys: Sequence[str], before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> None:
        """Set rows that have the same values to others."""
        self.note(name, keys, before, after)
        _update(name, keys, before, after)

    def delete(self, name: str, key: str, row: Mapping[str, Any]) -> None:
        """Delete a row."""
        table, column = _TABLES[name]
        self.note(name, [key], row, None)
        model.Session.execute(sa.delete(table).where(table.c[column] == key, *_is(table, row)))


def _update(
    name: str, keys: Sequence[str], before: Mapping[str, Any], after: Mapping[str, Any]
) -> int:
    """Set rows that have some values to others; return how many there were."""
    table, column = _TABLES[name]
    done = 0
    for chunk in _chunks(keys):
        found: Any = model.Session.execute(
            sa.update(table)
            .where(table.c[column].in_(chunk), *_is(table, before))
            .values(**after)
            .execution_options(synchronize_session=False)
        )
        done += found.rowcount
    return done


# Taking back


class CanNotUndoError(Exception):
    """A change can not be taken back; ``reasons`` say why.

    :param reasons: what has changed since
    """

    def __init__(self, reasons: list[Problem]) -> None:
        super().__init__()
        self.reasons = reasons


class _Undoing:
    """Takes back the rows of one journal."""

    def __init__(self) -> None:
        self.reasons: list[Problem] = []
        self.recorder = Recorder()
        #: How many rows were left because people have changed them since.
        self.left = 0

    def run(self, entries: Sequence[Mapping[str, Any]]) -> None:
        """Take back all entries, the last first; what was made goes when all else is as it was."""
        made: list[tuple[Mapping[str, Any], Mapping[str, Any]]] = []
        for entry in reversed(entries):
            changes = {name: [new, old] for name, (old, new) in entry["changes"].items()}
            told = {name: value for name, value in entry.items() if name != "former"}
            self.recorder.begin({**told, "changes": changes}, entry["id"])
            for name, number in entry["moved"].items():
                self.recorder.count(name, number)
            for row in reversed(entry["rows"]):
                if row["table"] == "group" and row["before"] is None:
                    made.append((entry, row))
                else:
                    self._row(entry, row)
        for entry, row in made:
            self._row(entry, row)
        model.Session.flush()

    def _row(self, entry: Mapping[str, Any], row: Mapping[str, Any]) -> None:
        """Take back rows that were written together."""
        name, keys = row["table"], row["keys"]
        before, after = row["before"], row["after"]
        if name == "group":
            self._group(entry, keys[0], before, after)
            return
        if before is None:
            self._remove(name, keys)
        elif after is None:
            keys = self._free(name, keys, before)
            for key in keys:
                self._restore(name, key, before)
        else:
            keys = self._free(name, keys, before)
            missing = len(keys) - _update(name, keys, after, before)
            if missing and name == "package":
                self._explain_packages(keys, before, after)
            elif missing:
                self.left += missing
        self.recorder.note(name, keys, after, before)

    def _free(self, name: str, keys: Sequence[str], before: Mapping[str, Any]) -> Sequence[str]:
        """Return those of some rows that have not been made again by people since.

        One who became a member of the OPD again, or follows it again, is there once already.
        """
        table, column = _TABLES[name]
        if name == "follower":
            query = sa.select(table.c[column]).where(*_is(table, before), table.c[column].in_(keys))
        elif name == "member" and "group_id" in before:
            other = table.alias()
            query = sa.select(table.c.id).where(
                table.c.id.in_(keys),
                other.c.table_id == table.c.table_id,
                other.c.table_name == table.c.table_name,
                other.c.group_id == before["group_id"],
                other.c.state == model.State.ACTIVE,
            )
        else:
            return keys
        again = set(model.Session.scalars(query))
        self.left += len(again)
        return [key for key in keys if key not in again]

    def _group(
        self,
        entry: Mapping[str, Any],
        organization_id: str,
        before: Mapping[str, Any] | None,
        after: Mapping[str, Any],
    ) -> None:
        """Take back the creation or the change of an organization."""
        self.recorder.note("group", [organization_id], after, before)
        group = _stored(organization_id)
        if group is None:
            self.reasons.append(
                Problem(N_("{title} does not exist any more."), title=entry["title"])
            )
        elif before is None:
            self._remove_group(group)
        else:
            other = [name for name, value in after.items() if value_of(group, name) != value]
            if other:
                self.reasons.append(
                    Problem(
                        N_("{title} has been changed since: {fields}."),
                        title=group.title,
                        fields=", ".join(other),
                    )
                )
                return
            for name, value in before.items():
                set_value(group, name, value)
            model.Session.flush()

    def _remove_group(self, group: Any) -> None:
        """Remove an organization that the change has made, if nothing hangs on it."""
        session = model.Session
        session.flush()
        members = session.query(model.Member).filter(
            sa.or_(
                sa.and_(model.Member.group_id == group.id, model.Member.table_name != "group"),
                sa.and_(model.Member.table_id == group.id, model.Member.table_name == "group"),
            ),
            model.Member.state == model.State.ACTIVE,
        )
        owned = session.query(_package.id).filter(_package.owner_org == group.id)
        if members.first() or owned.first():
            self.reasons.append(
                Problem(
                    N_("{title} has records, members or OPD below it by now."), title=group.title
                )
            )
            return
        member, follower = _TABLES["member"][0], _TABLES["follower"][0]
        session.execute(
            sa.delete(member).where(
                sa.or_(member.c.group_id == group.id, member.c.table_id == group.id)
            )
        )
        session.execute(sa.delete(follower).where(follower.c.object_id == group.id))
        session.expunge(group)
        table = _table_of(_group)
        session.execute(sa.delete(table).where(table.c.id == group.id))

    @staticmethod
    def _remove(name: str, keys: Sequence[str]) -> None:
        """Remove rows that the change has made."""
        table, column = _TABLES[name]
        model.Session.execute(sa.delete(table).where(table.c[column].in_(keys)))

    def _restore(self, name: str, key: str, row: Mapping[str, Any]) -> None:
        """Make a row again that the change has removed."""
        table, column = _TABLES[name]
        if (
            name == "alias"
            and model.Session.execute(
                sa.select(table.c.id).where(table.c.folded == row["folded"])
            ).first()
        ):
            self.left += 1
            return
        values = {**row, column: key}
        if name == "follower":
            values["datetime"] = datetime.now(timezone.utc).replace(tzinfo=None)
        model.Session.execute(sa.insert(table).values(**values))

    def _explain_packages(
        self, keys: Sequence[str], before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> None:
        """Say which records are not where the change has moved them; purged ones do not matter."""
        for chunk in _chunks(keys):
            others = model.Session.execute(
                sa.select(_package.title, _package.name)
                .where(
                    _package.id.in_(chunk),
                    _package.owner_org.is_distinct_from(after["owner_org"]),
                    _package.owner_org.is_distinct_from(before["owner_org"]),
                )
                .limit(20)
            )
            self.reasons += [
                Problem(N_("The record {title} has been moved since."), title=title or name)
                for title, name in others
            ]


def _stored(organization_id: str) -> Any:
    """Return an organization as the database has it now."""
    query = sa.select(_group).where(_group.id == organization_id)
    return model.Session.scalars(query.execution_options(populate_existing=True)).first()


def value_of(group: Any, name: str) -> Any:
    """Return a value of an organization: a column, or one of its extras."""
    if name in ("name", "title"):
        return getattr(group, name)
    return (group.extras or {}).get(name)


def set_value(group: Any, name: str, value: Any) -> None:
    """Set a value of an organization; an extra that is None is removed."""
    if name in ("name", "title"):
        setattr(group, name, value)
        return
    extras = {key: entry for key, entry in (group.extras or {}).items() if key != name}
    if value is not None:
        extras[name] = value
    group.extras = extras


def undo(row: OpdJournal, user_id: str | None) -> tuple[OpdJournal, int]:
    """Take back a change; return the journal of that, and how many rows had to be left.

    Nothing is committed, nor rolled back.

    :raises CanNotUndoError: when something that it wrote has been changed since
    """
    if row.undone_by or row.kind == "undo":
        raise CanNotUndoError([Problem(N_("This change has been taken back already."))])
    undoing = _Undoing()
    undoing.run(row.entries)
    if undoing.reasons:
        raise CanNotUndoError(undoing.reasons)
    made = OpdJournal(kind="undo", user_id=user_id, entries=undoing.recorder.entries, undoes=row.id)
    model.Session.add(made)
    model.Session.flush()
    row.undone_by = made.id
    return made, undoing.left
