"""Names that OPD had before: finding an organization by one, reserving it, recording a change."""

from __future__ import annotations

import dataclasses
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa
from ckan import model
from sqlalchemy import event

from .clock import today
from .model import OpdName
from .registry import FormerName, Unit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_group: Any = model.Group
_active = sa.and_(_group.is_organization.is_(True), _group.state == model.State.ACTIVE)


class Address(NamedTuple):
    """Where an organization is now."""

    id: str
    name: str


def is_id(word: str) -> bool:
    """Tell whether a word is an id as CKAN makes them, which never changes."""
    try:
        return str(uuid.UUID(word)) == word
    except ValueError:
        return False


def lookup(words: Collection[str]) -> dict[str, Address]:
    """Return the organizations that some words name: by id, present or former address.

    One query. An address that an organization has now is never read as a former one of another.

    :returns: by word; what names nothing is absent
    """
    wanted = [word for word in words if word]
    if not wanted:
        return {}
    present = sa.select(_group.id, _group.name, sa.literal(None).label("former")).where(
        _active, _group.id.in_(wanted) | _group.name.in_(wanted)
    )
    former = (
        sa.select(_group.id, _group.name, OpdName.name.label("former"))
        .join(OpdName, OpdName.organization_id == _group.id)
        .where(_active, OpdName.name.in_(wanted))
    )
    rows = model.Session.execute(sa.union_all(present, former)).all()
    found = {row.former: Address(row.id, row.name) for row in rows if row.former}
    found.update({row.name: Address(row.id, row.name) for row in rows if not row.former})
    found.update({row.id: Address(row.id, row.name) for row in rows if not row.former})
    return found


def find(word: Any) -> Address | None:
    """Return the organization that a word names, as :func:`lookup` does; one query."""
    return lookup([word]).get(word) if isinstance(word, str) else None


def reserved_for(name: str, organization_id: str | None) -> str | None:
    """Return the title of another organization that had an address before; None if none did.

    Deleted organizations count: they may come back.
    """
    query = (
        sa.select(_group.title, _group.name)
        .join(OpdName, OpdName.organization_id == _group.id)
        .where(OpdName.name == name, _group.id != (organization_id or ""))
    )
    row = model.Session.execute(query.limit(1)).first()
    return (row.title or row.name) if row else None


def snapshot(word: str) -> Unit | None:
    """Return what a change of name is judged by, as the open transaction has it.

    :param word: id or present name of an organization, also of a deleted one
    :returns: None for what is no organization
    """
    model.Session.flush()
    query = sa.select(_group.id, _group.name, _group.title, _group.extras).where(
        (_group.id == word) | (_group.name == word), _group.is_organization.is_(True)
    )
    row = model.Session.execute(query).first()
    if row is None:
        return None
    return Unit(
        id=row.id,
        name=row.name,
        title=row.title or row.name,
        singkatan=row.extras.get("singkatan") or "",
        berlaku_dari=row.extras.get("berlaku_dari") or "",
    )


def is_renamed(before: Unit, after: Unit) -> bool:
    """Tell whether the public sees another name or address: the title or the address changed."""
    return (before.name, before.title) != (after.name, after.title)


def record_change(organization_id: str, former: FormerName) -> OpdName:
    """Remember the name that an organization had; its address stays reserved for it.

    The one place where history is written. Does not commit: the name belongs to the transaction
    that changes it.
    """
    row = OpdName(organization_id=organization_id, **dataclasses.asdict(former))
    model.Session.add(row)
    model.Session.flush()
    return row


def record_rename(before: Unit, after: Unit) -> None:
    """Remember the name that an organization had, if address, title or abbreviation changed today.

    An apply that has written the same name already, with the period that its file tells, is left
    alone.
    """
    old = (before.name, before.title, before.singkatan)
    if old == (after.name, after.title, after.singkatan):
        return
    query = sa.select(OpdName).where(OpdName.organization_id == before.id)
    rows = list(model.Session.scalars(query.order_by(OpdName.created, OpdName.id)))
    end = today()
    if rows and (rows[-1].name, rows[-1].title, rows[-1].singkatan) == old:
        return
    start = rows[-1].berlaku_sampai if rows else before.berlaku_dari
    record_change(before.id, FormerName(*old, berlaku_dari=start, berlaku_sampai=end))


@contextmanager
def recording(before: Unit) -> Iterator[None]:
    """Remember the name that an organization had when the transaction inside is to be committed.

    For CKAN's actions, which commit by themselves.

    :param before: the organization before the change
    """
    session = model.Session()

    def record(_session: Any) -> None:
        after = snapshot(before.id)
        if after is not None:
            record_rename(before, after)

    event.listen(session, "before_commit", record)
    try:
        yield
    finally:
        event.remove(session, "before_commit", record)
