"""Hands the work of one account over to another.

In CKAN datasets, activities and indicators belong to the OPD: whoever follows in the OPD edits
them, and their history keeps the name of who made them. What hangs on a person is handed over:
drafts, which CKAN lists for their creator, and entries as a collaborator of single datasets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from ckan import authz, model

if TYPE_CHECKING:
    from collections.abc import Collection

_DRAFT = "draft"
#: Roles of a collaborator, from least to most.
_CAPACITIES = ("member", "editor", "admin")


def drafts(user_id: str, receiver: Any, within: Collection[str] | None) -> tuple[list[str], int]:
    """Make the receiver the creator of the drafts of an account. Does not commit.

    :param within: ids of the organizations whose drafts are handed over; None for all
    :returns: ids of the drafts, and how many stay because the receiver may not edit them
    """
    package: Any = model.Package
    rows = model.Session.execute(
        sa.select(package.id, package.owner_org).where(
            package.creator_user_id == user_id, package.state == _DRAFT
        )
    ).all()
    allowed = {
        owner
        for owner in {row.owner_org for row in rows if row.owner_org}
        if (within is None or owner in within)
        and authz.has_user_permission_for_group_or_org(owner, receiver.name, "update_dataset")
    }
    ids = [
        row.id
        for row in rows
        if row.owner_org in allowed or (row.owner_org is None and within is None)
    ]
    model.Session.execute(
        sa.update(package).where(package.id.in_(ids)).values(creator_user_id=receiver.id)
    )
    return ids, len(rows) - len(ids)


def collaborations(user_id: str, receiver: Any) -> int:
    """Make the receiver a collaborator where an account is one, with at least its rights.

    Does not commit.

    :returns: the number of datasets
    """
    entry: Any = model.PackageMember
    session: Any = model.Session
    given = session.query(entry).filter_by(user_id=user_id).all()
    held = {row.package_id: row for row in session.query(entry).filter_by(user_id=receiver.id)}
    for row in given:
        own = held.get(row.package_id)
        if own is None:
            session.add(
                entry(package_id=row.package_id, user_id=receiver.id, capacity=row.capacity)
            )
        elif _CAPACITIES.index(own.capacity) < _CAPACITIES.index(row.capacity):
            own.capacity = row.capacity
        session.delete(row)
    return len(given)
