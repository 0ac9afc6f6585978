"""Three versions into one: what a revisi changed goes onto what the record says now.

Asks nothing of CKAN. ``base`` is what the record said when the revisi was opened, ``own``
what the working copy says, ``other`` what the record says now. What only one of the two changed is
taken; where both changed the same thing in different ways there is a conflict, and nobody's work
is lost silently.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .content import FILE_KEYS, description, signature

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    _Values = Mapping[str, Any]
    Content = Mapping[str, Any]

_ABSENT: Any = None
#: Final ids of new files follow from their ids in the working copy, so that a second look at the
#: same revisi has the same ones.
_NAMESPACE = uuid.UUID("4b6f9f0e-6a0c-5f0e-9a51-5b8f3f1c2d10")


@dataclass(frozen=True)
class Conflict:
    """One thing that the revisi and somebody else changed in different ways.

    :param field: name of the field; empty for a file
    :param row: code of the row, where the field has rows with codes
    :param column: column of the row, or field of the file; empty for all of it
    :param file_id: id of the file on the record
    :param kind: ``both_changed``, ``removed_here`` (the revisi removes what was changed on the
        record) or ``removed_there`` (the record lacks what the revisi changes)
    """

    field: str = ""
    row: str = ""
    column: str = ""
    file_id: str = ""
    kind: str = "both_changed"


@dataclass(frozen=True)
class Change:
    """One file that takes another one's place.

    :param id: id on the record, once this is done
    :param source: id of the file of the working copy; None for one that is removed
    :param kind: ``new``, ``replaced`` or ``removed``
    """

    id: str
    source: str | None
    kind: str


@dataclass(frozen=True)
class Merged:
    """What becomes of a record."""

    fields: dict[str, Any]
    #: In their order; ``id`` is the one on the record.
    files: list[dict[str, Any]]
    changes: list[Change] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)


def final_id(shadow_file_id: str) -> str:
    """Return the id that a new file of a working copy has on the record."""
    return str(uuid.uuid5(_NAMESPACE, shadow_file_id))


def _pick(base: Any, own: Any, other: Any) -> tuple[Any, bool]:
    """Return the value of three versions, and whether it is disputed (then it is our own)."""
    if own in (base, other):
        return other, False
    return own, other != base


def _values(base: _Values, own: _Values, other: _Values) -> tuple[dict[str, Any], list[str]]:
    """Return values by name, without what is absent, and the names that are disputed."""
    merged: dict[str, Any] = {}
    disputed: list[str] = []
    for name in dict.fromkeys((*own, *other, *base)):
        value, both = _pick(base.get(name), own.get(name), other.get(name))
        if value is not _ABSENT:
            merged[name] = value
        if both:
            disputed.append(name)
    return merged, disputed


def _rows(
    name: str,
    code: str,
    base: Sequence[_Values],
    own: Sequence[_Values],
    other: Sequence[_Values],
) -> tuple[list[dict[str, Any]], list[Conflict]]:
    """Return the rows of a field whose rows have codes: our order, then what others added.

    :param name: of the field
    :param code: name of the column of the code
    """
    known, ours, theirs = ({row.get(code): row for row in rows} for rows in (base, own, other))
    merged: list[dict[str, Any]] = []
    conflicts: list[Conflict] = []
    for key in dict.fromkeys((*ours, *theirs)):
        was, mine, present = known.get(key), ours.get(key), theirs.get(key)
        if mine is not None and present is not None:
            row, disputed = _values(was or {}, mine, present)
            merged.append(row)
            conflicts += [Conflict(name, str(key), column) for column in disputed]
        elif was is None:
            merged.append(dict(mine or present or {}))
        elif mine is None and present != was:
            conflicts.append(Conflict(name, str(key), kind="removed_here"))
        elif present is None and mine != was:
            conflicts.append(Conflict(name, str(key), kind="removed_there"))
    return merged, conflicts


def _all_fields(
    codes: Mapping[str, str], base: _Values, own: _Values, other: _Values
) -> tuple[dict[str, Any], list[Conflict]]:
    """Return the fields of a record."""
    merged, disputed = _values(base, own, other)
    conflicts: list[Conflict] = []
    for name in disputed:
        if name not in codes:
            conflicts.append(Conflict(name))
            continue
        versions = (version.get(name) or [] for version in (base, own, other))
        rows, found = _rows(name, codes[name], *versions)
        conflicts += found
        merged[name] = rows
        if not rows:
            del merged[name]
    return merged, conflicts


def _with_file(target_id: str, described: _Values, file: _Values) -> dict[str, Any]:
    """Return a file: what is said of it, and the file itself."""
    carried = {name: file[name] for name in FILE_KEYS if name in file}
    return {**described, **carried, "id": target_id}


def _said(file: _Values) -> tuple[Any, ...]:
    """Return what tells whether somebody changed a file: jobs add their own marks to it."""
    return signature(file), description(file)


class _Files:
    """Puts the files of three versions together."""

    def __init__(
        self, known: Mapping[str, Mapping[str, str]], base: Content, own: Content, other: Content
    ) -> None:
        self.known = known
        self.base = {file["id"]: file for file in base["files"]}
        self.own = own["files"]
        self.other = {file["id"]: file for file in other["files"]}
        self.files: list[dict[str, Any]] = []
        self.changes: list[Change] = []
        self.conflicts: list[Conflict] = []

    def is_kept(self, file: _Values) -> bool:
        """Tell whether a file of the working copy stands for the one of the record, unchanged."""
        mark = self.known.get(file["id"])
        return mark is not None and file.get("url") == mark["url"] and not file.get("url_type")

    def merge(self) -> None:
        """Put all together."""
        seen: set[str] = set()
        for file in self.own:
            mark = self.known.get(file["id"])
            if mark is None:
                target = final_id(file["id"])
                self.files.append(_with_file(target, description(file), file))
                self.changes.append(Change(target, file["id"], "new"))
            else:
                seen.add(mark["id"])
                self._both(mark["id"], file)
        for key, was in self.base.items():
            present = self.other.get(key)
            if key in seen or present is None:
                continue
            seen.add(key)
            if _said(present) != _said(was):
                self.conflicts.append(Conflict(file_id=key, kind="removed_here"))
            self.changes.append(Change(key, None, "removed"))
        self.files += [dict(file) for key, file in self.other.items() if key not in seen]

    def _both(self, key: str, file: _Values) -> None:
        """Put one file together that the record had when the revisi was opened."""
        was, present, kept = self.base.get(key, {}), self.other.get(key), self.is_kept(file)
        if present is None:
            if not kept or description(file) != description(was):
                self.conflicts.append(Conflict(file_id=key, kind="removed_there"))
            return
        described, disputed = _values(description(was), description(file), description(present))
        self.conflicts += [Conflict(column=name, file_id=key) for name in disputed]
        if kept:
            self.files.append(_with_file(key, described, present))
            return
        if signature(present) != signature(was):
            self.conflicts.append(Conflict(file_id=key))
        self.files.append(_with_file(key, described, file))
        self.changes.append(Change(key, file["id"], "replaced"))


def merge(
    codes: Mapping[str, str],
    known: Mapping[str, Mapping[str, str]],
    base: Content,
    own: Content,
    other: Content,
) -> Merged:
    """Return what becomes of a record.

    :param codes: fields whose rows have codes, with the name of the column of the code
    :param known: files of the working copy that were made of files of the record
    :param base: what the record said when the revisi was opened (:mod:`.content`)
    :param own: what the working copy says
    :param other: what the record says now
    """
    merged, conflicts = _all_fields(codes, base["fields"], own["fields"], other["fields"])
    found = _Files(known, base, own, other)
    found.merge()
    return Merged(merged, found.files, found.changes, [*conflicts, *found.conflicts])
