"""What a user has to do, by what they are: the first records of each list, and how many there are.

The number of statements depends on the roles of the user, never on how much there is to do.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final, cast

import sqlalchemy as sa
from ckan import authz, model

from ...metadata import releases
from ...metadata.config import release_days
from ...metadata.release_dates import dataset_releases
from ...opd.clock import today
from .. import config, grants, query, roles, states
from . import inventory, names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ckan.types import Context

#: Records that are named; the rest is behind a link.
NAMED: Final = 5


@dataclass(frozen=True)
class Section:
    """One list of the page."""

    key: str
    count: int
    #: The first records: ``name``, ``type``, ``title``, ``state``, ``organization``, ``since``.
    rows: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Standing:
    """What a user is."""

    user_id: str
    sysadmin: bool
    walidata: bool
    pembina: bool
    #: Organizations for which they describe data, and those that they administer.
    writes_for: tuple[str, ...]
    administers: tuple[str, ...]

    @classmethod
    def of(cls, context: Context) -> Standing:
        """Look at a user who is logged in."""
        sysadmin = authz.is_sysadmin(context.get("user"))
        return cls(
            user_id=grants.user_id(context) or "",
            sysadmin=sysadmin,
            walidata=roles.acts_as(context, states.WALIDATA),
            pembina=not sysadmin and roles.acts_as(context, states.PEMBINA),
            # CKAN gives a sysadmin all organizations: they work for none of them.
            writes_for=() if sysadmin else query.own_organizations(context, "create_dataset"),
            administers=() if sysadmin else query.own_organizations(context, "admin"),
        )

    def names(self) -> list[str]:
        """Return the roles, the widest first; a reader has none but that."""
        held = {
            states.SYSADMIN: self.sysadmin,
            states.WALIDATA: self.walidata and not self.sysadmin,
            states.PEMBINA: self.pembina,
            states.OPD_ADMIN: bool(self.administers),
            states.PRODUCER: bool(self.writes_for) and not self.administers,
        }
        return [name for name, has in held.items() if has] or ["pembaca"]


def _queue(key: str, scope: query.Scope) -> Section:
    """Return the records of a list of the review, what waits longest first: two statements."""
    found = query.records(scope, NAMED, 0)
    rows = [
        {
            "name": row.name,
            "type": row.type,
            "title": row.title or row.name,
            "state": row.state,
            "organization": row.organization_title or row.organization_name,
            "since": (row.submitted if row.state in states.WAITING else row.since) or row.since,
        }
        for row in found
    ]
    # Only a full page says that there may be more.
    return Section(key, query.count(scope) if len(rows) == NAMED else len(rows), rows)


def _queues(who: Standing) -> Iterator[Section]:
    """Yield the lists of the review that concern a user."""
    everything = query.Scope(
        states=tuple(sorted(states.WALIDATA_WAITING)),
        organization=None,
        record_type=None,
        mine=None,
        visible=None,
        pembina=False,
    )
    if who.administers and config.rules().opd_check:
        first = replace(everything, states=(states.OPD_CHECK,), visible=who.administers)
        yield _queue(names.FIRST_CHECK, first)
    if who.walidata:
        yield _queue(names.TO_CHECK, everything)
        mine = replace(everything, states=(states.IN_REVIEW,), mine=who.user_id)
        yield _queue(names.CHECKING, mine)
    if who.pembina:
        yield _queue(names.TO_ADVISE, replace(everything, visible=(), pembina=True))
    if who.writes_for:
        own = replace(everything, visible=who.writes_for)
        back = replace(own, states=(states.RETURNED, states.RETRACTED))
        yield _queue(names.RETURNED, back)
        yield _queue(names.DRAFTS, replace(own, states=(states.DRAFT,)))
        yield _queue(names.HANDED_IN, replace(own, states=tuple(sorted(states.WAITING))))


def _releases(who: Standing) -> Iterator[Section]:
    """Yield the releases that are overdue or due: of the own OPD, or of all for the walidata."""
    package: Any = cast("Any", model.Package).__table__
    conditions = [] if who.walidata else [package.c.owner_org.in_(who.writes_for)]
    day, before = date.fromisoformat(today()), release_days()
    found: dict[str, list[tuple[date, str]]] = {releases.OVERDUE: [], releases.DUE: []}
    for row, release in dataset_releases(*conditions):
        if release and (status := release.status(day, before)) in found:
            found[status].append((release.last, row.id))
    first = {key: sorted(entries)[:NAMED] for key, entries in found.items()}
    wanted = [key for entries in first.values() for _, key in entries]
    records = {row.id: inventory.shown(row, day, before) for row in inventory.of_ids(wanted)}
    for status, key in ((releases.OVERDUE, names.OVERDUE), (releases.DUE, names.DUE)):
        rows = [_released(records[entry], last) for last, entry in first[status]]
        yield Section(key, len(found[status]), rows)


def _released(record: dict[str, Any], last: date) -> dict[str, Any]:
    """Return a record whose release is due as a row of the page."""
    return {
        **{key: record[key] for key in ("name", "type", "title", "state")},
        "organization": (record["organization"] or {}).get("title"),
        "day": last.isoformat(),
    }


def _followed(who: Standing) -> Section:
    """Return what a reader follows and is public, the newest change first: one statement."""
    package: Any = cast("Any", model.Package).__table__
    follows: Any = cast("Any", model.UserFollowingDataset).__table__
    group = cast("Any", model.Group).__table__
    statement = (
        sa.select(package.c.name, package.c.type, package.c.title, package.c.metadata_modified)
        .add_columns(sa.func.coalesce(sa.func.nullif(group.c.title, ""), group.c.name).label("opd"))
        .select_from(
            follows.join(package, package.c.id == follows.c.object_id).outerjoin(
                group, group.c.id == package.c.owner_org
            )
        )
        .where(follows.c.follower_id == who.user_id, inventory.public())
        .order_by(package.c.metadata_modified.desc(), package.c.id)
        .limit(NAMED)
    )
    found: Sequence[Any] = cast("Any", model.Session).execute(statement).all()
    rows = [
        {
            "name": row.name,
            "type": row.type,
            "title": row.title or row.name,
            "state": states.PUBLISHED,
            "organization": row.opd,
            "since": row.metadata_modified,
        }
        for row in found
    ]
    return Section(names.FOLLOWED, len(rows), rows)


def sections(who: Standing) -> list[Section]:
    """Return the lists of the page of a user."""
    found = list(_queues(who)) if config.enabled() else []
    if who.walidata or who.writes_for:
        found += _releases(who)
    if who.walidata and config.enabled():
        found.append(Section(names.CHANGED, query.count_changes(None)))
    if who.names() == ["pembaca"]:
        found.append(_followed(who))
    return found
