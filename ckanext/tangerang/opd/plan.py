"""What a registry file would change: a comparison of plain values, without CKAN and database.

An OPD of the file is found in the portal by its id, else by its kode_opd, else by its address,
else by a former name that the file states (``nama_lama``). Nothing is ever found by likeness:
likeness only makes warnings.

Rules, with their reasons:

* An OPD that the file lacks stays: data, links and history hang on it. It is ended by writing
  ``berlaku_sampai`` and ``cara_berakhir``.
* An address never changes hands: the old one leads to the OPD for good, so it is reserved.
* A former name is never removed by a file, for the same reason; a file adds some, and corrects
  their period and legal basis.
* Children of an OPD that was merged belong to its successor, whatever OPD the file names above
  them; so a file that was written before the merge plans nothing.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..metadata.values import N_, Problem, period_bounds, shown
from . import rules
from .finding import texts_of
from .registry import (
    CLOSED,
    FIELDS,
    MERGED,
    PRODUSEN,
    SPLIT,
    FormerName,
    Registry,
    Unit,
    registry_of,
)
from .rows import COLUMNS, Note, Row, clean
from .spelling import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

#: Kinds of operations, in the order in which people read them.
CREATE, RENAME, CHANGE, MOVE = "create", "rename", "change", "move"
MERGE, SPLIT_OP, CLOSE = "merge", "split", "close"
ALIAS_ADD, ALIAS_REMOVE, HISTORY = "alias_add", "alias_remove", "history"
KINDS = (
    CREATE, RENAME, MERGE, SPLIT_OP, CLOSE, MOVE, CHANGE, HISTORY, ALIAS_ADD, ALIAS_REMOVE,
)  # fmt: skip

NAMING = ("name", "title", "singkatan")
ENDING = ("berlaku_sampai", "cara_berakhir", "pengganti")
#: What a rename or an end is founded on, and told with it.
_BASIS = "dasar_hukum"
_ENDS = {MERGED: MERGE, SPLIT: SPLIT_OP, CLOSED: CLOSE}
#: Fields that operations of their own are about.
_OWN = (*NAMING, *ENDING, "induk", "alias", "nama_lama")
#: Fields that no two OPD may share while they exist.
_UNIQUE = ("kode_opd", "kode_wilayah")
#: Share of words that two names have in common before they are called alike.
_ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class Operation:
    """One change of one OPD.

    :param kind: one of :data:`KINDS`
    :param id: the organization in CKAN; "" for a new one, unless the file states one
    :param name: its address when all is done
    :param title: its name when all is done
    :param changes: value before and after by field
    :param former: of a rename: the name that becomes a former one
    """

    kind: str
    id: str
    name: str
    title: str
    changes: Mapping[str, tuple[Any, Any]]
    former: FormerName | None = None
    #: Of an end: addresses of the OPD that replace it.
    into: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """All changes, and what is to be looked at."""

    operations: tuple[Operation, ...] = ()
    warnings: tuple[Note, ...] = ()
    errors: tuple[Note, ...] = ()
    #: The registry when all is done; what it holds is of use only where there are no errors.
    outcome: Registry = field(default_factory=Registry)


@dataclass
class _Target:
    """An OPD of the file: what it is now, what it is to be, and where it stands."""

    row: Row
    given: dict[str, Any]
    now: Unit | None
    unit: Unit


class _Portal:
    """The present registry, by all that an OPD of a file is found by."""

    def __init__(self, now: Registry, today: str) -> None:
        self.now = now
        # Of two OPD with one code, the one that still exists is meant.
        open_first = sorted(now, key=lambda unit: unit.is_closed(today), reverse=True)
        self.by_code = {unit.kode_opd: unit for unit in open_first if unit.kode_opd}
        self.by_title = {fold(unit.title): unit for unit in open_first}
        #: Who owns an address, now or formerly.
        self.owners: dict[str, Unit] = {
            former.name: unit for unit in now for former in unit.nama_lama
        } | now.by_name

    def find(self, given: Mapping[str, Any]) -> Unit | None:
        """Return the OPD that a row is about; None for a new one."""
        return (
            self.now.by_id.get(given.get("id") or "")
            or self.by_code.get(given.get("kode_opd") or "")
            or self.now.by_name.get(given.get("name") or "")
            or next(
                (
                    self.now.by_name[former.name]
                    for former in given.get("nama_lama") or ()
                    if former.name in self.now.by_name
                ),
                None,
            )
        )


class _Planner:
    """Makes one plan."""

    def __init__(self, now: Registry, *, today: str, may_set_roles: bool) -> None:
        self.portal = _Portal(now, today)
        self.today = today
        self.may_set_roles = may_set_roles
        self.targets: list[_Target] = []
        #: Addresses that change: present → future.
        self.renamed: dict[str, str] = {}
        self.errors: list[Note] = []
        self.warnings: list[Note] = []

    # What the rows say

    def read(self, rows: Iterable[Row]) -> None:
        """Read all rows and find the OPD that they are about."""
        taken: dict[str, Row] = {}
        for row in rows:
            given, errors = clean(row)
            self.errors += errors
            now = self.portal.find(given)
            if now and now.id in taken:
                self.errors.append(
                    row.note(
                        "twice",
                        N_("This is {title} again, which stands in row {other} already."),
                        title=now.title,
                        other=taken[now.id].place,
                    )
                )
                continue
            if now:
                taken[now.id] = row
            elif not self._is_complete(row, given, {error.field for error in errors}):
                continue
            self.targets.append(self._target(row, given, now))

    def _is_complete(self, row: Row, given: Mapping[str, Any], wrong: set[str]) -> bool:
        """Tell whether a new OPD has what it needs.

        :param wrong: fields that have an error already
        """
        lacking = [name for name in ("name", "title") if not given.get(name)]
        for name in [name for name in lacking if name not in wrong]:
            self.errors.append(
                row.note(
                    "lacking", N_("A new OPD needs an address (name) and a name (title)."), name
                )
            )
        return not lacking

    def _target(self, row: Row, given: dict[str, Any], now: Unit | None) -> _Target:
        """Return what an OPD is to be."""
        empty = Unit(id=given.get("id") or "", name="", title="")
        new = {name: value for name, value in given.items() if name != "id"}
        # What is needed can not be emptied: an empty cell says nothing.
        new = {k: v for k, v in new.items() if v or k not in ("name", "title")}
        unit = dataclasses.replace(now or empty, **new)
        return _Target(row, given, now, unit)

    # References and graph

    @cached_property
    def missing(self) -> list[Unit]:
        """Return the OPD of the portal that the file lacks."""
        found = {target.now.id for target in self.targets if target.now}
        return [unit for unit in self.portal.now if unit.id not in found]

    def resolve_references(self) -> None:
        """Let ``induk`` and ``pengganti`` name OPD by the addresses that they will have."""
        self.renamed = {t.now.name: t.unit.name for t in self.targets if t.now}
        names = {target.unit.name: target.unit.name for target in self.targets}
        for unit in self.missing:
            names.setdefault(unit.name, unit.name)
        for old, new in self.renamed.items():
            names.setdefault(old, new)
        for target in self.targets:
            for former in (*(target.now.nama_lama if target.now else ()), *target.unit.nama_lama):
                names.setdefault(former.name, target.unit.name)
        for unit in self.missing:
            for former in unit.nama_lama:
                names.setdefault(former.name, unit.name)
        for target in self.targets:
            parent = self._reference(target, "induk", target.unit.induk, names)
            heirs = tuple(
                dict.fromkeys(
                    self._reference(target, "pengganti", name, names)
                    for name in target.unit.pengganti
                )
            )
            target.unit = dataclasses.replace(target.unit, induk=parent, pengganti=heirs)
        self.missing[:] = [self._translated(unit) for unit in self.missing]

    def _translated(self, unit: Unit) -> Unit:
        """Return a present OPD that names others by the addresses that they will have."""
        return dataclasses.replace(
            unit,
            induk=self.renamed.get(unit.induk, unit.induk),
            pengganti=tuple(self.renamed.get(name, name) for name in unit.pengganti),
        )

    def _reference(
        self, target: _Target, field_name: str, name: str, names: Mapping[str, str]
    ) -> str:
        """Return the address of an OPD that a row names; remember an error for an unknown one."""
        if not name or name in names:
            return names.get(name, "")
        msgid = (
            N_('There is no OPD "{value}" to be part of. Write the address (name) of one.')
            if field_name == "induk"
            else N_(
                'There is no OPD "{value}" to replace this one. Write the address (name) of one.'
            )
        )
        self.errors.append(
            target.row.note(f"unknown_{field_name}", msgid, field_name, value=shown(name))
        )
        return name

    def _is_closed(self, unit: Unit) -> bool:
        """Tell whether an OPD has ended, or ends with this plan."""
        return bool(unit.cara_berakhir) or unit.is_closed(self.today)

    def follow_merges(self) -> None:
        """Put the children of merged OPD below their successors."""
        units = {target.unit.name: target.unit for target in self.targets}
        for unit in self.missing:
            units.setdefault(unit.name, unit)

        def heir(name: str) -> str:
            seen = {name}
            while (unit := units.get(name)) and unit.cara_berakhir == MERGED and unit.pengganti:
                name = unit.pengganti[0]
                if name in seen:
                    break
                seen.add(name)
            return name

        for target in [*self.targets]:
            unit = target.unit
            if unit.induk and not self._is_closed(unit):
                target.unit = dataclasses.replace(unit, induk=heir(unit.induk))
        for unit in [*self.missing]:
            above = heir(unit.induk)
            if unit.induk and above != unit.induk and not self._is_closed(unit):
                # Not in the file, but moved by it.
                moved = dataclasses.replace(unit, induk=above)
                now = self.portal.now.by_id[unit.id]
                self.targets.append(_Target(Row({"name": unit.name}), {}, now, moved))
                self.missing.remove(unit)

    @cached_property
    def outcome(self) -> Registry:
        """Return the registry when all is done."""
        return registry_of([*(target.unit for target in self.targets), *self.missing])

    # Judging

    def check(self) -> None:
        """Look for what must not be."""
        self._check_addresses()
        self._check_codes()
        self._check_aliases()
        self._check_cycles()
        for target in self.targets:
            self._check_code(target)
            self._check_period(target)
            self._check_end(target)
            self._check_parent(target)
            self._check_role(target)

    def _error(
        self, target: _Target, code: str, msgid: str, name: str = "", /, **params: Any
    ) -> None:
        """Remember an error."""
        self.errors.append(target.row.note(code, msgid, name, **params))

    def _check_addresses(self) -> None:
        """Refuse an address that is used twice, or belongs to another OPD, now or formerly."""
        first: dict[str, _Target] = {}
        for target in self.targets:
            name = target.unit.name
            if name in first:
                self._error(
                    target, "name_twice", N_('The address "{value}" is used in row {other} too.'),
                    "name", value=name, other=first[name].row.place,
                )  # fmt: skip
            first.setdefault(name, target)
            names = [(name, "name"), *((f.name, "nama_lama") for f in target.unit.nama_lama)]
            for address, where in names:
                owner = self.portal.owners.get(address)
                if owner and (target.now is None or owner.id != target.now.id):
                    self._error(
                        target,
                        "name_taken",
                        N_(
                            'The address "{value}" belongs to {title}: links to it lead there '
                            "for good. Choose another, or write the present one if it is the "
                            "same OPD."
                        ),
                        where,
                        value=address,
                        title=owner.title,
                    )
        for target in self.targets:
            for former in target.unit.nama_lama:
                other = first.get(former.name)
                if other and other is not target and former.name not in self.portal.owners:
                    self._error(
                        target, "name_twice",
                        N_('The address "{value}" is used in row {other} too.'),
                        "nama_lama", value=former.name, other=other.row.place,
                    )  # fmt: skip

    def _check_codes(self) -> None:
        """Refuse a code that two OPD have at a time; one that has ended may have had it."""
        rows = {target.unit.name: target for target in self.targets}
        for name in _UNIQUE:
            owner: dict[str, Unit] = {}
            for unit in self.outcome:
                value = getattr(unit, name)
                if not value or self._is_closed(unit):
                    continue
                first = owner.setdefault(value, unit)
                if first is unit:
                    continue
                target = _changed(name, rows.get(unit.name), rows.get(first.name))
                if target:
                    other = first if target.unit is unit else unit
                    self._error(
                        target, "code_twice", N_("The code {value} belongs to {title} too."),
                        name, value=value, title=other.title,
                    )  # fmt: skip

    def _check_code(self, target: _Target) -> None:
        """Refuse a code that names other affairs than those of the OPD."""
        if not _changed("kode_opd", target) and not _changed("urusan", target):
            return
        try:
            rules.check_code(target.unit.kode_opd, target.unit.urusan)
        except Problem as problem:
            self._error(target, "code", problem.msgid, "kode_opd", **problem.params)

    def _check_aliases(self) -> None:
        """Refuse a new alias that is a name, former name, abbreviation or alias of another OPD."""
        known: dict[str, list[Unit]] = {}
        for unit in self.outcome:
            for text in {fold(text) for _, text in texts_of(unit) if text}:
                known.setdefault(text, []).append(unit)
        for target in self.targets:
            old = target.now.alias if target.now else ()
            for alias in target.unit.alias:
                if alias in old:
                    continue
                if not fold(alias):
                    self._error(target, "alias", N_('"{value}" names nothing.'), "alias",
                                value=shown(alias))  # fmt: skip
                other = next((u for u in known.get(fold(alias), ()) if u is not target.unit), None)
                if other:
                    self._error(
                        target, "alias_twice",
                        N_('"{value}" is a name or alias of {title} too.'),
                        "alias", value=shown(alias), title=other.title,
                    )  # fmt: skip

    def _check_cycles(self) -> None:
        """Refuse an OPD that is part of itself, or replaced by itself, through others too."""
        edges = {
            "induk": {unit.name: [unit.induk] if unit.induk else [] for unit in self.outcome},
            "pengganti": {unit.name: list(unit.pengganti) for unit in self.outcome},
        }
        messages = {
            "induk": N_("{path}: an OPD can not be part of itself."),
            "pengganti": N_("{path}: an OPD can not be replaced by itself."),
        }
        rows = {target.unit.name: target for target in self.targets}
        for name, graph in edges.items():
            for path in _cycles(graph):
                target = next((rows[step] for step in path if step in rows), None)
                if target:
                    self._error(target, "cycle", messages[name], name,
                                path=" → ".join([*path, path[0]]))  # fmt: skip

    def _check_period(self, target: _Target) -> None:
        """Refuse an OPD that ends before it begins."""
        unit = target.unit
        start, end = period_bounds(unit.berlaku_dari), period_bounds(unit.berlaku_sampai)
        if start and end and end[1] < start[0]:
            self._error(
                target, "period", N_("The last period ({end}) is before the first ({start})."),
                "berlaku_sampai", start=unit.berlaku_dari, end=unit.berlaku_sampai,
            )  # fmt: skip

    def _check_end(self, target: _Target) -> None:
        """Refuse an end that is not said in full."""
        unit = target.unit
        if target.now and all(
            getattr(self._translated(target.now), name) == getattr(unit, name) for name in ENDING
        ):
            return  # as it is in the portal already
        if unit.cara_berakhir and not unit.berlaku_sampai:
            self._error(target, "end", N_("Write the last day, month or year of this OPD too."),
                        "berlaku_sampai")  # fmt: skip
        if unit.berlaku_sampai and not unit.cara_berakhir:
            self._error(
                target, "end",
                N_("Write how this OPD ends too: digabung, dipecah or ditutup."),
                "cara_berakhir",
            )  # fmt: skip
        if unit.cara_berakhir == MERGED and len(unit.pengganti) != 1:
            self._error(
                target, "end", N_("A merged OPD is replaced by one OPD. Write its address."),
                "pengganti",
            )  # fmt: skip
        if unit.cara_berakhir == SPLIT and len(unit.pengganti) < 2:  # noqa: PLR2004
            self._error(
                target, "end",
                N_("An OPD that was split is replaced by two or more. Write their addresses."),
                "pengganti",
            )  # fmt: skip
        if unit.pengganti and not unit.cara_berakhir:
            self._error(
                target, "end",
                N_("Only an OPD that ends is replaced. Write how it ends, or empty this."),
                "pengganti",
            )  # fmt: skip
        if not self._merges(target):
            return
        bounds = period_bounds(unit.berlaku_sampai)
        heir = self.outcome.by_name.get(unit.pengganti[0]) if unit.pengganti else None
        into = next((t for t in self.targets if t.unit is heir), None)
        if heir and self._is_closed(heir) and not (into and self._merges(into)):
            self._error(
                target, "successor_closed",
                N_("{title} has ended. Write the OPD that carries on its tasks."),
                "pengganti", title=heir.title,
            )  # fmt: skip
        if bounds and str(bounds[0]) > self.today:
            self._error(
                target, "future",
                N_("A merge moves data at once: plan it when {value} has come."),
                "berlaku_sampai", value=unit.berlaku_sampai,
            )  # fmt: skip

    @staticmethod
    def _merges(target: _Target) -> bool:
        """Tell whether this plan merges an OPD that exists."""
        return (
            target.now is not None
            and target.unit.cara_berakhir == MERGED
            and target.now.cara_berakhir != MERGED
        )

    def _check_parent(self, target: _Target) -> None:
        """Refuse an OPD that outlives the one that it is part of."""
        unit, now = target.unit, target.now
        parent = self.outcome.by_name.get(unit.induk)
        if parent is None or not self._is_closed(parent):
            return
        before = self.portal.now.by_id.get(parent.id)
        if (
            now
            and before
            and (before.name, before.berlaku_sampai, now.berlaku_sampai)
            == (now.induk, parent.berlaku_sampai, unit.berlaku_sampai)
        ):
            return  # as it is in the portal already
        end, last = period_bounds(parent.berlaku_sampai), period_bounds(unit.berlaku_sampai)
        if end and (last is None or last[0] > end[1]):
            self._error(
                target, "parent_closed",
                N_(
                    "{parent} ends in {value}, before this OPD. Write another OPD that it is part "
                    "of, or end it too."
                ),
                "induk", parent=parent.title, value=parent.berlaku_sampai,
            )  # fmt: skip

    def _check_role(self, target: _Target) -> None:
        """Refuse a change of role by others than sysadmins, as the form does.

        The walidata may make produsen data.
        """
        before = target.now.peran_sdi if target.now else PRODUSEN
        role = target.unit.peran_sdi
        if role != before and (target.now or role) and not self.may_set_roles:
            self._error(
                target, "role",
                N_("Only a sysadmin changes the role of an organization. Leave it as it was."),
                "peran_sdi",
            )  # fmt: skip

    # Children of what is not in the file

    def check_missing(self) -> None:
        """Refuse to end an OPD while others are part of it that the file lacks."""
        rows = {target.unit.name: target for target in self.targets}
        for unit in self.missing:
            parent = rows.get(unit.induk)
            if parent and self._is_closed(parent.unit) and not self._is_closed(unit):
                if parent.now and self._is_closed(parent.now):
                    continue  # it was so before
                self._error(
                    parent, "parent_closed",
                    N_(
                        "{child} is part of this OPD and would outlive it. Add it to the file, "
                        "below another OPD or ended."
                    ),
                    "berlaku_sampai", child=unit.title,
                )  # fmt: skip

    # Warnings

    def warn(self) -> None:
        """Point out what may be a mistake."""
        new = [target for target in self.targets if target.now is None]
        for unit in self.missing:
            if unit.is_closed(self.today):
                continue
            alike = next((t for t in new if _alike(unit, t.unit)), None)
            if alike:
                self.warnings.append(
                    alike.row.note(
                        "looks_like_rename",
                        N_(
                            "{old} is not in the file, and {new} is new and like it. If it is the "
                            "same OPD under another name, write under nama_lama: {former}"
                        ),
                        "nama_lama",
                        old=unit.title,
                        new=alike.unit.title,
                        former=f"{unit.name} | {unit.title}",
                    )
                )
            self.warnings.append(
                Note(
                    "vanished",
                    N_(
                        "{title} is not in the file. It stays as it is. To close it, write it with "
                        "berlaku_sampai and cara_berakhir: ditutup."
                    ),
                    {"title": unit.title},
                    name=unit.name,
                )
            )
        changed = [target for target in self.targets if target.now]
        for target in changed:
            self._warn_of_change(target, target.now)  # pyright: ignore[reportArgumentType]

    def _warn_of_change(self, target: _Target, now: Unit) -> None:
        """Point out what may be a mistake in the change of one OPD."""
        unit, row = target.unit, target.row
        if now.peran_sdi != unit.peran_sdi:
            self.warnings.append(
                row.note(
                    "role",
                    N_(
                        'The role of {title} changes from "{old}" to "{new}": it decides who '
                        "may do what."
                    ),
                    "peran_sdi",
                    title=unit.title,
                    old=now.peran_sdi,
                    new=unit.peran_sdi,
                )
            )
        other = self.portal.by_title.get(fold(unit.title))
        if other and other.id != now.id and fold(other.title) != fold(now.title):
            self.warnings.append(
                row.note(
                    "swap",
                    N_(
                        "{old} would be called {new}, which is the name of another OPD now. If "
                        "rows of the file were mixed up, correct their codes and addresses."
                    ),
                    "title",
                    old=now.title,
                    new=unit.title,
                )
            )
        if _is_rename(now, unit) and not _stated(now, unit):
            self.warnings.append(
                row.note(
                    "rename_period",
                    N_(
                        "{old} is renamed as of today. If it was another day, write under "
                        "nama_lama: {former}"
                    ),
                    "nama_lama",
                    old=now.title,
                    former=f"{now.name} | {now.title} | {now.singkatan} | … | {self.today} | …",
                )
            )
        ends = unit.cara_berakhir and not now.cara_berakhir
        if ends and unit.cara_berakhir == CLOSED and not unit.pengganti:
            self.warnings.append(
                row.note(
                    "no_successor",
                    N_("{title} is closed without an OPD that replaces it (pengganti)."),
                    "pengganti",
                    title=unit.title,
                )
            )
        if now.cara_berakhir and not unit.cara_berakhir:
            self.warnings.append(
                row.note(
                    "reopened",
                    N_("{title} has ended and exists again."),
                    "berlaku_sampai",
                    title=unit.title,
                )
            )

    # Operations

    def operations(self) -> Iterator[Operation]:
        """Yield what changes."""
        for target in self.targets:
            if target.now is None:
                yield from self._created(target)
            else:
                yield from self._changed(target, self._translated(target.now))

    def _created(self, target: _Target) -> Iterator[Operation]:
        """Yield the creation of an OPD."""
        unit = target.unit
        changes = {
            name: (() if isinstance(getattr(unit, name), tuple) else "", getattr(unit, name))
            for name in FIELDS
            if getattr(unit, name)
        }
        yield Operation(CREATE, unit.id, unit.name, unit.title, changes)

    def _changed(self, target: _Target, now: Unit) -> Iterator[Operation]:
        """Yield the changes of an OPD."""
        unit = target.unit

        def operation(
            kind: str, fields: Iterable[str], former: FormerName | None = None
        ) -> Iterator[Operation]:
            changes = {
                name: (getattr(now, name), getattr(unit, name))
                for name in fields
                if getattr(now, name) != getattr(unit, name)
            }
            if changes:
                into = unit.pengganti if kind in _ENDS.values() else ()
                yield Operation(kind, now.id, unit.name, unit.title, changes, former, into)

        plain = [name for name in FIELDS if name not in _OWN]
        former = None
        ends = bool(unit.cara_berakhir) and unit.cara_berakhir != now.cara_berakhir
        if _is_rename(now, unit):
            former = _former_of(now, unit, self.today)
            yield from operation(RENAME, (*NAMING, *(() if ends else (_BASIS,))), former)
        else:
            plain += NAMING
        if ends:
            yield from operation(_ENDS[unit.cara_berakhir], (*ENDING, _BASIS))
        else:
            plain += ENDING
        if ends or former:
            plain.remove(_BASIS)
        yield from operation(MOVE, ["induk"])
        yield from operation(CHANGE, [name for name in FIELDS if name in plain])
        history = _history(now, unit, former)
        if history != now.nama_lama:
            yield Operation(
                HISTORY, now.id, unit.name, unit.title, {"nama_lama": (now.nama_lama, history)}
            )
        gone = tuple(alias for alias in now.alias if alias not in unit.alias)
        new = tuple(alias for alias in unit.alias if alias not in now.alias)
        if gone:
            yield Operation(ALIAS_REMOVE, now.id, unit.name, unit.title, {"alias": (gone, ())})
        if new:
            yield Operation(ALIAS_ADD, now.id, unit.name, unit.title, {"alias": ((), new)})


def _changed(name: str, *targets: _Target | None) -> _Target | None:
    """Return the first OPD whose field is another than in the portal."""
    return next(
        (t for t in targets if t and (not t.now or getattr(t.now, name) != getattr(t.unit, name))),
        None,
    )


def _cycles(graph: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """Yield each cycle of a graph once."""
    done: set[str] = set()
    for start in graph:
        path: list[str] = []
        waiting: list[tuple[str, int]] = [(start, 0)]
        while waiting:
            node, depth = waiting.pop()
            del path[depth:]
            if node in path:
                yield path[path.index(node) :]
                continue
            if node in done:
                continue
            done.add(node)
            path.append(node)
            waiting += [(following, len(path)) for following in graph.get(node, ())]


def _words(text: str) -> set[str]:
    """Return the words of a name."""
    return set(re.findall(r"\w+", text.casefold()))


def _alike(old: Unit, new: Unit) -> bool:
    """Tell whether a new OPD may be an old one under another name."""
    if old.kode_wilayah or new.kode_wilayah:
        return old.kode_wilayah == new.kode_wilayah
    if old.singkatan and fold(old.singkatan) == fold(new.singkatan):
        return True
    if old.jenis_opd and new.jenis_opd and old.jenis_opd != new.jenis_opd:
        return False
    one, other = _words(old.title), _words(new.title)
    return len(one & other) >= _ALIKE * len(one | other) or bool(
        old.urusan and old.urusan == new.urusan
    )


def _is_rename(now: Unit, unit: Unit) -> bool:
    """Tell whether an OPD loses a name. Filling in an abbreviation loses none."""
    return (
        now.name != unit.name
        or now.title != unit.title
        or bool(now.singkatan and now.singkatan != unit.singkatan)
    )


def _key(former: FormerName) -> tuple[str, str, str]:
    """Return what tells former names of an OPD apart."""
    return former.name, former.title, former.singkatan


def _stated(now: Unit, unit: Unit) -> FormerName | None:
    """Return what the file says of the name that an OPD has until now."""
    exact = next(
        (f for f in unit.nama_lama if _key(f) == (now.name, now.title, now.singkatan)), None
    )
    if exact:
        return exact
    return next(
        (f for f in unit.nama_lama if (f.name, f.title, f.singkatan) == (now.name, now.title, "")),
        None,
    )


def _former_of(now: Unit, unit: Unit, today: str) -> FormerName:
    """Return the name that an OPD has until now as a former one.

    Period and legal basis are those that the file states under ``nama_lama``. Where it states
    none, the name ends today, began when the one before it ended, and its end has the legal basis
    that the row has newly got.
    """
    stated = _stated(now, unit)
    last = max((former.berlaku_sampai for former in now.nama_lama), default="")
    basis = unit.dasar_hukum if unit.dasar_hukum != now.dasar_hukum else ""
    return FormerName(
        name=now.name,
        title=now.title,
        singkatan=now.singkatan,
        berlaku_dari=(stated.berlaku_dari if stated else "") or last or now.berlaku_dari,
        berlaku_sampai=(stated.berlaku_sampai if stated else "") or today,
        dasar_hukum=(stated.dasar_hukum if stated else "") or basis,
    )


def _history(now: Unit, unit: Unit, former: FormerName | None) -> tuple[FormerName, ...]:
    """Return the former names of an OPD when all is done, without the one that a rename adds."""
    known = {_key(one): one for one in now.nama_lama}
    used = _stated(now, unit) if former else None
    for one in unit.nama_lama:
        if one is used:
            continue
        if _key(one) not in known and not one.singkatan:
            # An entry without the abbreviation means the name that is known with one.
            same = [key for key in known if key[:2] == (one.name, one.title)]
            if same:
                one = dataclasses.replace(one, singkatan=same[0][2])  # noqa: PLW2901
        before = known.get(_key(one))
        if before:
            # What the file leaves open stays as it is known.
            parts = dataclasses.asdict(one)
            one = dataclasses.replace(before, **{k: v for k, v in parts.items() if v})  # noqa: PLW2901
        known[_key(one)] = one
    return tuple(known.values())


def _rows_of(registry: Registry) -> list[Row]:
    """Return the rows of a registry of plain values."""
    return [
        Row(
            {name: getattr(unit, name) for name in COLUMNS if name != "nama_lama"}
            | {"nama_lama": [dataclasses.asdict(former) for former in unit.nama_lama]},
            place=str(number),
        )
        for number, unit in enumerate(registry, start=1)
    ]


def _order(operation: Operation) -> tuple[int, str]:
    """Return where people look for an operation."""
    return KINDS.index(operation.kind), operation.name


def plan(
    now: Registry, wanted: Registry | Iterable[Row], *, today: str, may_set_roles: bool = True
) -> Plan:
    """Return what a registry file would change.

    :param now: the registry as the portal holds it
    :param wanted: the rows of a file, or a registry
    :param today: the present day, ``YYYY-MM-DD``
    :param may_set_roles: whether the one who plans may change ``peran_sdi``: a sysadmin
    """
    planner = _Planner(now, today=today, may_set_roles=may_set_roles)
    planner.read(_rows_of(wanted) if isinstance(wanted, Registry) else wanted)
    planner.resolve_references()
    planner.follow_merges()
    planner.check()
    planner.check_missing()
    planner.warn()
    return Plan(
        tuple(sorted(planner.operations(), key=_order)),
        tuple(planner.warnings),
        tuple(planner.errors),
        planner.outcome,
    )
