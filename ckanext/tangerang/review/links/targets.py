"""Finds out which links of published records lead to something else than before.

The walidata approved a record with what its links led to. A link can not be held fast; that its
target changed is written into the history of the record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, cast

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from ...metadata.fields import RECORD_TYPES
from .. import config, states, store
from ..model import now
from . import fetch
from .model import LinkTarget

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Characters of a hash that the history shows.
_SHOWN: Final = 12


@dataclass(frozen=True)
class Report:
    """What a look at links has found: numbers of links."""

    checked: int = 0
    changed: int = 0
    unreachable: int = 0


def _due(limit: int) -> Sequence[Any]:
    """Return the links that have waited longest, with what is known of them."""
    resource, package = cast("Any", model.Resource).__table__, cast("Any", model.Package).__table__
    known = cast("Any", LinkTarget).__table__
    query = (
        sa.select(
            resource.c.id,
            resource.c.package_id,
            resource.c.name,
            resource.c.url,
            known.c.url.label("known_url"),
            known.c.sha256,
        )
        .select_from(
            resource.join(package, package.c.id == resource.c.package_id).outerjoin(
                known, known.c.resource_id == resource.c.id
            )
        )
        .where(
            package.c.type.in_(RECORD_TYPES),
            package.c.state == model.State.ACTIVE,
            package.c.private.isnot(True),
            resource.c.state == model.State.ACTIVE,
            sa.func.coalesce(resource.c.url_type, "") == "",
            resource.c.url.op("~*")("^https?://"),
            sa.or_(
                known.c.checked.is_(None),
                known.c.url != resource.c.url,
                known.c.checked < now() - timedelta(hours=config.link_hours()),
            ),
        )
        .order_by(known.c.checked.asc().nulls_first(), resource.c.id)
        .limit(limit)
    )
    return model.Session.execute(query).all()


def _keep(link: Any, values: dict[str, Any]) -> bool:
    """Keep what was found; tell whether nobody else has kept the same just now."""
    table: Any = cast("Any", LinkTarget).__table__
    row = {"resource_id": link.id, "url": link.url, "sha256": "", "checked": now(), **values}
    statement = (
        insert(table)
        .values({"problem": "", **row})
        .on_conflict_do_update(
            index_elements=[table.c.resource_id],
            set_={"problem": "", "url": link.url, "checked": row["checked"], **values},
            where=sa.or_(table.c.sha256 == (link.sha256 or ""), table.c.url != link.url),
        )
    )
    return cast("Any", model.Session.execute(statement)).rowcount == 1


def _look(link: Any, limits: fetch.Limits) -> str:
    """Read one link and keep what it leads to; return what to count it as."""
    try:
        found = fetch.digest(link.url, limits)
    except fetch.Unreachable as error:
        same = link.known_url == link.url
        _keep(link, {"problem": str(error), "sha256": (link.sha256 or "") if same else ""})
        return "unreachable"
    values = {"sha256": found.sha256, "size": found.size}
    before = link.sha256 if link.known_url == link.url else ""
    if not before or before == found.sha256:
        _keep(link, values)
        return "checked"
    if _keep(link, {**values, "changed": now()}):
        store.record(
            link.package_id,
            states.TARGET_CHANGED,
            user_id=None,
            from_state=states.PUBLISHED,
            to_state=states.PUBLISHED,
            reason=(
                f"{link.name or link.url}: SHA-256 {before[:_SHOWN]}… → {found.sha256[:_SHOWN]}…"
            ),
        )
    return "changed"


def check(limit: int) -> Report:
    """Read the links that have waited longest, and write down those that have changed.

    Nothing is locked while a link is read. Two runs at once write a change once.

    :param limit: how many links at most
    """
    limits = fetch.Limits(
        size=config.link_bytes(), hosts=config.link_hosts(), proxy=config.download_proxy()
    )
    found = {"checked": 0, "changed": 0, "unreachable": 0}
    links = _due(limit)
    model.Session.rollback()
    for link in links:
        found[_look(link, limits)] += 1
        model.Session.commit()
    return Report(**found)
