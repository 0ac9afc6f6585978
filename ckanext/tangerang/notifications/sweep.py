"""Looks for what nobody did: records that wait too long, releases that are due or overdue.

Each is told once: its key names what it is about, and the table takes a key once for each person.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan import plugins as p

from ..metadata import releases
from ..metadata.config import release_days
from ..metadata.release_dates import dataset_releases
from ..opd.clock import today
from . import audience, config, events, jobs, store
from .model import now

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ckan.types import Context

#: Records that are read at once from the queue of the review.
_PAGE = 1_000
#: States of the review in which somebody has to decide.
_WAITING = ("diajukan", "diperiksa")
_FIRST_CHECK = "diperiksa_opd"


def _waiting(before: datetime) -> Iterator[Mapping[str, Any]]:
    """Yield the records that wait for a decision since before a moment, what waits longest first.

    Asked of the review as the portal itself: what people may see is looked at when they read.
    """
    if not p.plugin_loaded("tangerang_review"):
        return
    portal = tk.get_action("get_site_user")(cast("Context", {"ignore_auth": True}), {})["name"]
    offset = 0
    while True:
        found = tk.get_action("tangerang_review_list")(
            cast("Context", {"user": portal}),
            {"state": [*_WAITING, _FIRST_CHECK], "limit": _PAGE, "offset": offset},
        )["results"]
        for row in found:
            if datetime.fromisoformat(row["submitted"] or row["since"]) > before:
                return
            yield row
        if len(found) < _PAGE:
            return
        offset += _PAGE


def _owners(ids: Sequence[str]) -> dict[str, Any]:
    """Return owner and creator of records by id: one statement."""
    package = store.packages()
    query = sa.select(package.c.id, package.c.owner_org, package.c.creator_user_id)
    found = cast("Any", model.Session).execute(query.where(package.c.id.in_(ids)))
    return {row.id: row for row in found}


def _notices(
    event: str, key: str, record: str, people: Mapping[str, str], detail: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    """Yield one notification for each of some people."""
    for person, role in people.items():
        yield {
            "user_id": person,
            "package_id": record,
            "event": event,
            "role": role,
            "actor_id": None,
            "key": key,
            "detail": detail,
        }


def waiting_rows() -> list[dict[str, Any]]:
    """Return the notifications of records that wait too long.

    The officer who has claimed a record is told, else all of the walidata; in the first check the
    Admin OPD.
    """
    days = config.waiting_days()
    found = list(_waiting(now() - timedelta(days=days))) if days else []
    owners = _owners([row["id"] for row in found])
    directory = audience.Directory(
        cast("Any", model.Session()), {row.owner_org for row in owners.values()} - {None}
    )
    rows: list[dict[str, Any]] = []
    for row in found:
        to = events.TO_ADMINS if row["state"] == _FIRST_CHECK else events.TO_WALIDATA
        people = directory.told(owners[row["id"]], to, None, ())
        if row["reviewer_id"] in people:
            people = {row["reviewer_id"]: people[row["reviewer_id"]]}
        key = f"menunggu:{row['id']}:{row['submitted'] or row['since']}"
        rows += _notices(events.WAITING, key, row["id"], people, {"days": days})
    return rows


def release_rows() -> list[dict[str, Any]]:
    """Return the notifications of releases, due or overdue, for all who work for the OPD."""
    day, notice = date.fromisoformat(today()), release_days()
    found = [
        (row, release, status)
        for row, release in dataset_releases()
        if release
        and row.owner_org
        and (status := release.status(day, notice)) in (releases.DUE, releases.OVERDUE)
    ]
    directory = audience.Directory(
        cast("Any", model.Session()), {row.owner_org for row, _, _ in found}
    )
    rows: list[dict[str, Any]] = []
    for row, release, status in found:
        late = status == releases.OVERDUE
        if not late and not release.seldom:
            continue
        event = events.RELEASE_OVERDUE if late else events.RELEASE_DUE
        last = release.last.isoformat()
        people = dict.fromkeys(directory.all_of(row.owner_org), events.OPD)
        rows += _notices(event, f"{event}:{row.id}:{last}", row.id, people, {"day": last})
    return rows


def run() -> int:
    """Tell what has to be told and forget what is old; return how many notifications are new.

    Running it again tells nothing twice. Commits.
    """
    session: Any = model.Session()
    made = store.write(session, waiting_rows()) + store.write(session, release_rows())
    store.forget_before(session, now() - config.kept())
    session.commit()
    if made:
        jobs.mail_soon()
    return made
