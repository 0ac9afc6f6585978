"""Finds requests for access, and says what actions and pages tell of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from . import rights, states
from .model import AccessCode, AccessRead, AccessRequest, now

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from ckan.types import Context

#: CKAN's classes, whose columns its annotations do not tell.
_PACKAGE: Any = model.Package
_RESOURCE: Any = model.Resource
_USER: Any = model.User


def find(reference: object) -> AccessRequest:
    """Return a request by its id.

    :raises ObjectNotFound: when there is none
    """
    found = (
        cast("Any", model.Session).get(AccessRequest, reference)
        if isinstance(reference, str)
        else None
    )
    if found is None:
        raise tk.ObjectNotFound(tk._("There is no such request."))
    return found


def lock(reference: str) -> AccessRequest:
    """Return a request as it is now, and keep others from deciding it.

    :raises ObjectNotFound: when there is none
    """
    find(reference)
    query = sa.select(AccessRequest).where(AccessRequest.id == reference).with_for_update()
    return model.Session.execute(query, execution_options={"populate_existing": True}).scalar_one()


def waits(package_id: str, user_id: str | None, email: str) -> bool:
    """Tell whether somebody has asked for a record already, and waits for the answer."""
    mine = (
        AccessRequest.user_id == user_id
        if user_id
        else sa.and_(
            AccessRequest.user_id.is_(None), sa.func.lower(AccessRequest.email) == email.lower()
        )
    )
    query = sa.select(AccessRequest.id).where(
        AccessRequest.package_id == package_id, AccessRequest.state == states.ASKED, mine
    )
    return model.Session.execute(query.limit(1)).first() is not None


@dataclass(frozen=True, slots=True)
class Scope:
    """Which requests a user may see."""

    user_id: str | None
    #: About all records.
    everywhere: bool
    #: About records of these organizations.
    organizations: frozenset[str]

    @property
    def decides(self) -> bool:
        """Tell whether the user decides about any requests."""
        return self.everywhere or bool(self.organizations)

    def condition(self) -> Any:
        """Return the condition of the requests that the user decides about."""
        if self.everywhere:
            return sa.true()
        return _PACKAGE.owner_org.in_(list(self.organizations))


def scope(context: Context) -> Scope:
    """Return which requests the user of a context may see."""
    user = rights.user_of(context)
    if user is None:
        return Scope(None, everywhere=False, organizations=frozenset())
    if rights.is_walidata(context):
        return Scope(user.id, everywhere=True, organizations=frozenset())
    return Scope(
        user.id,
        everywhere=False,
        organizations=_administered(user),
    )


def _administered(user: Any) -> frozenset[str]:
    """Return the ids of the organizations whose admin a user is."""
    found = tk.get_action("organization_list_for_user")(
        cast("Context", {"user": user.name}), {"permission": "admin"}
    )
    return frozenset(entry["id"] for entry in found)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which requests a list is about."""

    mine: bool = False
    package_id: str | None = None
    organization_id: str | None = None
    state: str | None = None


def _conditions(own: Scope, wanted: Filter) -> list[Any]:
    """Return the conditions of a list."""
    found: list[Any] = [AccessRequest.user_id == own.user_id if wanted.mine else own.condition()]
    if wanted.package_id:
        found.append(AccessRequest.package_id == wanted.package_id)
    if wanted.organization_id:
        found.append(_PACKAGE.owner_org == wanted.organization_id)
    over = sa.and_(AccessRequest.state == states.GRANTED, AccessRequest.until <= now())
    if wanted.state == states.ENDED:
        found.append(over)
    elif wanted.state:
        found += [AccessRequest.state == wanted.state, sa.not_(over)]
    return found


def search(own: Scope, wanted: Filter, limit: int, offset: int) -> tuple[int, list[dict[str, Any]]]:
    """Return how many requests there are, and some of them: what waits first, then the newest."""
    conditions = _conditions(own, wanted)
    joined = (
        sa.select(sa.func.count())
        .select_from(AccessRequest)
        .join(_PACKAGE, _PACKAGE.id == AccessRequest.package_id)
    )
    count = model.Session.execute(joined.where(*conditions)).scalar_one()
    query = (
        sa.select(AccessRequest)
        .join(_PACKAGE, _PACKAGE.id == AccessRequest.package_id)
        .where(*conditions)
        .order_by((AccessRequest.state != states.ASKED), AccessRequest.created.desc())
        .limit(limit)
        .offset(offset)
    )
    rows = model.Session.execute(query).scalars().all()
    return count, describe(rows)


def _named(entity: Any, ids: Iterable[str | None]) -> Mapping[str, Any]:
    """Return objects of CKAN by id, by one query."""
    wanted = {key for key in ids if key}
    if not wanted:
        return {}
    rows = model.Session.execute(sa.select(entity).where(entity.id.in_(wanted))).scalars()
    return {row.id: row for row in rows}


def _uses_left(ids: Collection[str]) -> Mapping[str, int]:
    """Return how often the code of a request can be opened still, by request."""
    query = sa.select(AccessCode.request_id, AccessCode.uses_left).where(
        AccessCode.request_id.in_(ids), AccessCode.voided.is_(None)
    )
    return {row.request_id: row.uses_left for row in model.Session.execute(query)}


def describe(rows: Sequence[AccessRequest]) -> list[dict[str, Any]]:
    """Return what actions tell of requests. The number of queries does not depend on theirs."""
    packages = _named(_PACKAGE, (row.package_id for row in rows))
    files = _named(_RESOURCE, (row.resource_id for row in rows))
    people = _named(_USER, (key for row in rows for key in (row.user_id, row.decided_by)))
    uses = _uses_left([row.id for row in rows]) if rows else {}
    moment = now()
    return [
        {
            "id": row.id,
            "dataset": _place(packages.get(row.package_id)),
            "resource": _place(files.get(row.resource_id or "")),
            "user": _name(people, row.user_id),
            "name": row.name,
            "institution": row.institution,
            "email": row.email,
            "purpose": row.purpose,
            "state": states.shown(row.state, row.until, moment),
            "created": row.created.isoformat(),
            "until": row.until.isoformat() if row.until else None,
            "decided": row.decided.isoformat() if row.decided else None,
            "decided_by": _name(people, row.decided_by),
            "reason": row.reason,
            "link_uses_left": uses.get(row.id),
        }
        for row in rows
    ]


def _name(people: Mapping[str, Any], user_id: str | None) -> str | None:
    """Return the name of an account; None for none."""
    found = people.get(user_id or "")
    return found.name if found is not None else None


def _place(entity: Any) -> dict[str, str] | None:
    """Return what names a record or a file; None for none."""
    if entity is None:
        return None
    title = getattr(entity, "title", None) or entity.name or entity.id
    return {"id": entity.id, "name": entity.name or "", "title": title}


def reads(
    own: Scope, package_id: str | None, limit: int, offset: int
) -> tuple[int, list[dict[str, Any]]]:
    """Return who read restricted data, the last first: how many lines, and some of them.

    People without an account are named by their request.
    """
    conditions: list[Any] = []
    if not own.everywhere:
        ids = sa.select(_PACKAGE.id).where(own.condition())
        conditions.append(AccessRead.package_id.in_(ids))
    if package_id:
        conditions.append(AccessRead.package_id == package_id)
    count = model.Session.execute(
        sa.select(sa.func.count()).select_from(AccessRead).where(*conditions)
    ).scalar_one()
    query = sa.select(AccessRead).where(*conditions).order_by(AccessRead.position.desc())
    rows = model.Session.execute(query.limit(limit).offset(offset)).scalars().all()
    packages = _named(_PACKAGE, (row.package_id for row in rows))
    files = _named(_RESOURCE, (row.resource_id for row in rows))
    people = _named(_USER, (row.user_id for row in rows))
    return count, [
        {
            "position": row.position,
            "created": row.created.isoformat(),
            "dataset": _place(packages.get(row.package_id)),
            "resource": _place(files.get(row.resource_id or "")),
            "user": _name(people, row.user_id),
            "request_id": row.request_id,
            "way": row.way,
        }
        for row in rows
    ]


def forget_contacts(ended_before: Any) -> int:
    """Erase who asked from requests that are over since a moment. Does not commit.

    :returns: how many requests
    """
    table: Any = AccessRequest.__table__
    over = sa.or_(
        sa.and_(table.c.state == states.GRANTED, table.c.until < ended_before),
        sa.and_(
            table.c.state.in_((states.REFUSED, states.REVOKED, states.CANCELLED)),
            table.c.decided < ended_before,
        ),
    )
    erased = sa.update(table).where(over, table.c.email != "")
    done: Any = model.Session.execute(erased.values(name="", institution="", email=""))
    return int(done.rowcount)
