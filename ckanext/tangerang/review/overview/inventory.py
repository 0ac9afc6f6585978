"""What each OPD produces: records with their release plan, a page of them by two statements.

Everybody sees what is public. Who may see more, sees drafts and what is being checked as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
from ckan import model

from ... import working_copy
from ...metadata import releases
from ...metadata.config import release_days
from ...metadata.fields import RECORD_TYPES
from ...metadata.release_dates import dataset_releases, newest_files, release_of
from ...opd.clock import today
from .. import query, states
from ..model import Review

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ckan.types import Context, DataDict


def _package() -> Any:
    """Return the table of packages."""
    return cast("Any", model.Package).__table__


def public() -> Any:
    """Return the condition of what everybody sees."""
    package = _package()
    return sa.and_(package.c.state == model.State.ACTIVE, package.c.private.isnot(True))


def seen_by(context: Context) -> Any:
    """Return the condition of what the user sees."""
    package, row = _package(), cast("Any", Review.__table__)
    organizations, pembina = query.sight(context)
    if organizations is None:
        return sa.true()
    ways = [public()]
    if organizations:
        ways.append(package.c.owner_org.in_(organizations))
    if pembina:
        stands = (
            sa.select(row.c.state)
            .where(row.c.package_id == package.c.id)
            # A list may hold the rows of the review beside.
            .correlate(package)
            .scalar_subquery()
        )
        ways.append(query.advised(package, stands))
    return sa.or_(*ways)


@dataclass(frozen=True)
class Wanted:
    """Which records a list has."""

    conditions: tuple[Any, ...]
    #: Where the next release stands; None for anywhere.
    release: str | None

    @classmethod
    def of(cls, context: Context, data_dict: DataDict) -> Wanted:
        """Return what a user wants to see, as far as they may.

        :raises ObjectNotFound: when there is no such organization
        """
        package, row = _package(), cast("Any", Review.__table__)
        found = [
            package.c.type.in_(RECORD_TYPES),
            package.c.state != model.State.DELETED,
            # The next version of a record is no record of its own.
            working_copy.is_record(package),
            seen_by(context),
        ]
        organization = query.organization_id(data_dict.get("owner_org"))
        if organization:
            found.append(package.c.owner_org == organization)
        if data_dict.get("type"):
            found.append(package.c.type == data_dict["type"])
        if data_dict.get("q"):
            found.append(package.c.title.icontains(data_dict["q"], autoescape=True))
        wanted = data_dict.get("state")
        if wanted:
            others = sa.select(row.c.package_id).where(row.c.state.in_(wanted))
            ways = [sa.and_(sa.not_(public()), package.c.id.in_(others))]
            if states.PUBLISHED in wanted:
                ways.append(public())
            found.append(sa.or_(*ways))
        return cls(tuple(found), data_dict.get("release"))

    def narrowed(self) -> list[Any]:
        """Return the conditions, with those of the release: that is no column of any table."""
        if not self.release:
            return list(self.conditions)
        day, before = date.fromisoformat(today()), release_days()
        ids = [
            row.id
            for row, release in dataset_releases(*self.conditions)
            if releases.status_of(release, day, before) == self.release
        ]
        return [*self.conditions, _package().c.id.in_(ids)]


def count(conditions: Sequence[Any]) -> int:
    """Return how many records there are."""
    statement = sa.select(sa.func.count()).select_from(_package()).where(*conditions)
    return cast("Any", model.Session).scalar(statement) or 0


def rows(conditions: Sequence[Any], limit: int, offset: int) -> Sequence[Any]:
    """Return records by OPD and title: one statement."""
    package, row = _package(), cast("Any", Review.__table__)
    group = cast("Any", model.Group).__table__
    files = newest_files()
    reviewer = cast("Any", model.User).__table__.alias("reviewer")
    called = sa.func.coalesce(sa.func.nullif(reviewer.c.fullname, ""), reviewer.c.name)
    title = sa.func.coalesce(sa.func.nullif(group.c.title, ""), group.c.name)
    own_title = sa.func.coalesce(sa.func.nullif(package.c.title, ""), package.c.name)
    statement = (
        sa.select(
            *(package.c.id, package.c.name, package.c.type, package.c.metadata_modified),
            own_title.label("title"),
            public().label("public"),
            package.c.extras["jadwal_rilis"].astext.label("schedule"),
            package.c.extras["frekuensi"].astext.label("frequency"),
            group.c.name.label("organization_name"),
            title.label("organization_title"),
            files.c.released,
            row.c.state,
            called.label("reviewer"),
        )
        .select_from(
            package.outerjoin(group, group.c.id == package.c.owner_org)
            .outerjoin(row, row.c.package_id == package.c.id)
            .outerjoin(reviewer, reviewer.c.id == row.c.reviewer_id)
            .outerjoin(files, files.c.package_id == package.c.id)
        )
        .where(*conditions)
        .order_by(title, sa.func.lower(own_title), package.c.id)
        .limit(limit)
        .offset(offset)
    )
    return cast("Any", model.Session).execute(statement).all()


def of_ids(ids: Collection[str]) -> Sequence[Any]:
    """Return some records, which the user may see: one statement."""
    return rows([_package().c.id.in_(ids)], len(ids), 0) if ids else ()


def shown(row: Any, day: date, before: int) -> dict[str, Any]:
    """Return a record as the actions show it.

    :param row: of :func:`rows`
    :param day: the present one
    :param before: days beforehand from which a release is due
    """
    release = None
    if row.type == "dataset":
        release = release_of(row.schedule, row.frequency, row.released if row.public else None)
    updated = row.released or row.metadata_modified
    inside = not row.public
    return {
        "id": row.id,
        "name": row.name,
        "type": row.type,
        "title": row.title,
        "organization": {"name": row.organization_name, "title": row.organization_title}
        if row.organization_name
        else None,
        "frequency": row.frequency,
        "release": {"first": release.first.isoformat(), "last": release.last.isoformat()}
        if release
        else None,
        "release_status": releases.status_of(release, day, before),
        "updated": updated.isoformat() if updated else None,
        "state": states.PUBLISHED if row.public else row.state or states.DRAFT,
        "reviewer": row.reviewer if inside else None,
    }


def organizations(conditions: Sequence[Any]) -> list[dict[str, Any]]:
    """Return by OPD how many records there are, and how its releases stand: two statements."""
    package, files = _package(), newest_files()
    group = cast("Any", model.Group).__table__
    kinds = {
        name: sa.func.count().filter(package.c.type == name).label(name) for name in RECORD_TYPES
    }
    title = sa.func.coalesce(sa.func.nullif(group.c.title, ""), group.c.name)
    statement = (
        sa.select(
            group.c.id,
            group.c.name,
            title.label("title"),
            sa.func.max(sa.func.coalesce(files.c.released, package.c.metadata_modified)).label(
                "updated"
            ),
            sa.func.count().filter(sa.not_(public())).label("inside"),
            *kinds.values(),
        )
        .select_from(
            package.join(group, group.c.id == package.c.owner_org).outerjoin(
                files, files.c.package_id == package.c.id
            )
        )
        .where(*conditions)
        .group_by(group.c.id, group.c.name, group.c.title)
        .order_by(title, group.c.id)
    )
    day, before = date.fromisoformat(today()), release_days()
    standing: dict[str, dict[str, int]] = {}
    for row, release in dataset_releases(*conditions):
        status = releases.status_of(release, day, before)
        counts = standing.setdefault(row.owner_org, {})
        counts[status] = counts.get(status, 0) + 1
    return [
        {
            "id": row.id,
            "name": row.name,
            "title": row.title,
            **{name: getattr(row, name) for name in RECORD_TYPES},
            "inside": row.inside,
            "overdue": standing.get(row.id, {}).get(releases.OVERDUE, 0),
            "due": standing.get(row.id, {}).get(releases.DUE, 0),
            "updated": row.updated.isoformat() if row.updated else None,
        }
        for row in cast("Any", model.Session).execute(statement)
    ]
