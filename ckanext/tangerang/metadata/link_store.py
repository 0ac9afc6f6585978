"""Reads and writes the table of links, and says who may see what a link names.

Nothing here commits: the links of a record belong to the transaction that changes it.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
from ckan import authz, model
from ckan.lib.plugins import get_permission_labels
from sqlalchemy.orm import selectinload

from .. import working_copy
from . import links, values
from .fields import RECORD_TYPES, record_fields
from .model import RecordLink

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from ckan.types import Context

    from .links import Link, Place

#: Records that are on their way out, or becoming public, together, so that they do not hold each
#: other back.
_leaving: ContextVar[frozenset[str]] = ContextVar("tangerang_leaving", default=frozenset())
_arriving: ContextVar[frozenset[str]] = ContextVar("tangerang_arriving", default=frozenset())


@dataclass(frozen=True)
class User:
    """A record that names another one."""

    package: Any
    link: Link


def places(record_type: str) -> list[Place]:
    """Return where the links of a type stand; none for a type without a schema of ours."""
    return links.places(record_fields(record_type)) if record_type in RECORD_TYPES else []


def of_package(package: Any) -> set[Link]:
    """Return the links of a record as it is stored.

    :param package: a package object of any type
    """
    if package.type not in RECORD_TYPES:
        return set()
    kamuses = [(file.extras or {}).get("kamus") for file in package.resources]
    return links.extract(places(package.type), package.extras, kamuses)


def refresh(ids: Collection[str]) -> None:
    """Write the links of records where they differ from the stored ones.

    A working copy has no links: what it names is in use by the record itself, or by nobody yet.
    The number of queries does not depend on the number of records.
    """
    session: Any = model.Session
    session.flush()
    package: Any = model.Package
    query = (
        session.query(package)
        .filter(package.id.in_(ids))
        .options(selectinload(package.resources_all))
    )
    wanted: set[tuple[str, Link]] = {
        (found.id, link)
        for found in query
        if found.state != model.State.DELETED and not working_copy.original_of(found)
        for link in of_package(found)
    }
    rows = session.query(RecordLink).filter(RecordLink.source_id.in_(ids)).all()
    stored = {(row.source_id, links.Link(row.field, row.target_id, row.part)): row for row in rows}
    for key in stored.keys() - wanted:
        session.delete(stored[key])
    for source, link in wanted - stored.keys():
        session.add(
            RecordLink(source_id=source, field=link.field, target_id=link.target, part=link.part)
        )
    session.flush()


def remove(package_id: str) -> None:
    """Remove the links of a record that is being deleted."""
    model.Session.execute(sa.delete(RecordLink).where(RecordLink.source_id == package_id))


def targets(wanted: Iterable[str], *, names: bool = False) -> dict[str, Any]:
    """Return the package objects of records by id, deleted ones included, by one query.

    :param wanted: ids
    :param names: names are read as well, and are keys of the answer too
    """
    wanted = list(wanted)
    if not wanted:
        return {}
    package: Any = model.Package
    clause = package.id.in_(wanted)
    if names:
        clause = sa.or_(clause, package.name.in_(wanted))
    found = model.Session.query(package).filter(clause).all()
    out = {entry.id: entry for entry in found}
    return {**{entry.name: entry for entry in found}, **out} if names else out


def files(wanted: Collection[str]) -> dict[str, Any]:
    """Return the resource objects of active files by id, with their datasets."""
    if not wanted:
        return {}
    resource: Any = model.Resource
    query = model.Session.query(resource).filter(
        resource.id.in_(wanted), resource.state == model.State.ACTIVE
    )
    return {entry.id: entry for entry in query}


class Sight:
    """What the caller of an action may see; asked for once, however many records there are."""

    def __init__(self, context: Context) -> None:
        user = context.get("user")
        self._everything = bool(context.get("ignore_auth")) or authz.is_sysadmin(user)
        self._labels: set[str] | None = None
        self._user = user

    def _own_labels(self) -> set[str]:
        if self._labels is None:
            user = model.User.get(self._user) if self._user else None
            found = get_permission_labels().get_user_dataset_labels(cast("Any", user))
            self._labels = set(found)
        return self._labels

    def sees(self, package: Any) -> bool:
        """Tell whether the caller may see a record (a package object)."""
        if self._everything:
            return True
        if package.state == model.State.DELETED:
            return False
        labels = get_permission_labels().get_dataset_labels(package)
        return "public" in labels or bool(self._own_labels().intersection(labels))


def is_public(package: Any) -> bool:
    """Tell whether a record (a package object) is active and public."""
    return package.state == model.State.ACTIVE and not package.private


def users(ids: Collection[str], *, public: bool = False) -> list[User]:
    """Return the records that name any of some records, or a file of theirs, by title.

    Those that are named themselves, or that leave together (:func:`leaving`), are no users.

    :param ids: ids of records
    :param public: only records that are active and public
    """
    if not ids:
        return []
    package: Any = model.Package
    resource: Any = model.Resource
    own_files = sa.select(resource.id).where(resource.package_id.in_(ids))
    return _users(
        sa.or_(RecordLink.target_id.in_(ids), RecordLink.target_id.in_(own_files)),
        package.id.notin_([*ids, *_leaving.get()]),
        *((package.state == model.State.ACTIVE, package.private.is_(False)) if public else ()),
    )


def file_users(resource_id: str) -> list[User]:
    """Return the records that name a file."""
    return _users(RecordLink.target_id == resource_id)


def _users(*clauses: Any) -> list[User]:
    """Return the records whose links fit all clauses, without deleted ones."""
    package: Any = model.Package
    found = (
        model.Session.query(package, RecordLink)
        .join(RecordLink, RecordLink.source_id == package.id)
        .filter(package.state != model.State.DELETED, *clauses)
        .order_by(package.title, package.name)
    )
    return [
        User(entry, links.Link(row.field, row.target_id, row.part)) for entry, row in found.all()
    ]


@contextmanager
def _together(those: ContextVar[frozenset[str]], ids: Iterable[str]) -> Iterator[None]:
    """Add records to those that do not hold each other back, for a while."""
    token = those.set(those.get() | frozenset(ids))
    try:
        yield
    finally:
        those.reset(token)


def leaving(ids: Iterable[str]) -> AbstractContextManager[None]:
    """Let some records be deleted or hidden together though they name each other."""
    return _together(_leaving, ids)


def arriving(ids: Iterable[str]) -> AbstractContextManager[None]:
    """Let some records become public together though they name each other."""
    return _together(_arriving, ids)


def hidden_targets(packages: Iterable[Any]) -> list[Any]:
    """Return the records that others name and that are not public, nor among those.

    :param packages: package objects of records that are to become public
    """
    packages = list(packages)
    named = {link.target for package in packages for link in of_package(package)}
    found = {**targets(named), **{f.id: f.package for f in files(named).values()}}
    own = {package.id for package in packages}
    return [
        target
        for target in {entry.id: entry for entry in found.values()}.values()
        if target.id not in own and not is_public(target)
    ]


@dataclass(frozen=True)
class Fault:
    """A stored link that leads to nothing that it should lead to."""

    source: Any
    link: Link
    #: ``pending`` (the record is not there), ``type``, ``part`` or ``hidden`` (a public record
    #: names one that is not public).
    reason: str


def fault_of(place: Place | None, link: Link, target: Any, *, public: bool) -> str | None:
    """Return what is wrong with a link, as :class:`Fault` names it; None for nothing.

    :param place: where it stands; None for the kamus of a file
    :param target: the package object that it names, None where there is none
    :param public: the record that holds the link is public
    """
    if target is None or target.state == model.State.DELETED or working_copy.original_of(target):
        return "pending"
    wanted = place.to if place else "kegiatan"
    if target.type != ("dataset" if wanted == links.RESOURCE else wanted):
        return "type"
    if link.part and link.part not in links.codes(target.extras.get("variabel")):
        return "part"
    if place is not None and place.has_part and not link.part:
        return "part"
    hidden = public and not is_public(target) and target.id not in _arriving.get()
    return "hidden" if hidden else None


def faults() -> Iterator[Fault]:
    """Yield the faults of all stored links, by the title of the record that holds them."""
    package: Any = model.Package
    rows = (
        model.Session.query(package, RecordLink)
        .join(RecordLink, RecordLink.source_id == package.id)
        .filter(package.state != model.State.DELETED)
        .order_by(package.title, package.id, RecordLink.field)
        .all()
    )
    by_file = files({row.target_id for _, row in rows})
    found = targets({row.target_id for _, row in rows})
    known = {name: {p.name: p for p in places(name)} for name in RECORD_TYPES}
    for source, row in rows:
        link = links.Link(row.field, row.target_id, row.part)
        place = known.get(source.type, {}).get(link.field)
        file = by_file.get(link.target)
        target = file.package if file is not None else found.get(link.target)
        reason = fault_of(place, link, target, public=is_public(source))
        if reason:
            yield Fault(source, link, reason)


def filled_by_links(
    fields: Iterable[Mapping[str, Any]], value_of: Callable[[str], Any]
) -> set[str]:
    """Return the names of those fields that a linked record fills, by one query.

    :param fields: fields of a schema; those with ``link_suffices`` are asked for
    :param value_of: returns the value of the field that holds the links
    """
    wanted: dict[str, list[str]] = {
        field["field_name"]: [
            str(value) for value in values.as_list(value_of(field["link_suffices"]) or [])
        ]
        for field in fields
        if "link_suffices" in field
    }
    found = targets({target for ids in wanted.values() for target in ids})
    return {
        name
        for name, ids in wanted.items()
        for target in ids
        if target in found and not values.is_empty(found[target].extras.get(name))
    }


def all_ids() -> list[str]:
    """Return the ids of all records that may have links."""
    package: Any = model.Package
    query = sa.select(package.id).where(package.type.in_(RECORD_TYPES)).order_by(package.id)
    return list(model.Session.scalars(query))
