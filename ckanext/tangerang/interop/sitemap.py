"""The sitemap: the pages of the public datasets, for search engines (sitemaps.org, 0.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa
from ckan import model
from markupsafe import escape
from sqlalchemy.dialects.postgresql import aggregate_order_by

from ..metadata.fields import DATASET_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

#: The most addresses that a sitemap may hold.
PAGE = 50_000
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


class State(NamedTuple):
    """What the sitemap depends on."""

    datasets: int
    #: When a public dataset last changed (UTC, without zone); None where there is none.
    changed: datetime | None
    #: Changes with any address or date in the sitemap.
    digest: str


def _public() -> Any:
    """Return the columns of the package table and the condition for what everybody may see."""
    package: Any = model.Package
    return package, sa.and_(
        package.type == DATASET_TYPE,
        package.state == model.State.ACTIVE,
        package.private.is_(False),
    )


def state() -> State:
    """Return what the sitemap depends on now, by one query."""
    package, public = _public()
    line = sa.func.concat_ws(" ", package.id, package.name, package.metadata_modified)
    count, changed, digest = model.Session.execute(
        sa.select(
            sa.func.count(package.id),
            sa.func.max(package.metadata_modified),
            sa.func.md5(
                sa.func.string_agg(line, aggregate_order_by(sa.literal_column("','"), package.id))
            ),
        ).where(public)
    ).one()
    return State(count, changed, digest or "")


def _moment(moment: datetime) -> str:
    """Return a time of CKAN as W3C writes it."""
    return f"{moment.replace(microsecond=0, tzinfo=None).isoformat()}Z"


def _document(root: str, entry: str, lines: Iterable[tuple[str, str]]) -> str:
    """Return a document of addresses with the times when they last changed ("" for none)."""
    body = "".join(
        f"<{entry}><loc>{escape(address)}</loc>"
        f"{f'<lastmod>{changed}</lastmod>' if changed else ''}</{entry}>\n"
        for address, changed in lines
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_NAMESPACE}">\n{body}</{root}>\n'
    )


def datasets(base: str, page: int, size: int = PAGE) -> str:
    """Return one page of the sitemap.

    :param base: address of the portal, without a slash at its end
    :param page: from 1
    :param size: datasets of a page
    """
    package, public = _public()
    rows = model.Session.execute(
        sa.select(package.name, package.metadata_modified)
        .where(public)
        .order_by(package.metadata_created, package.id)
        .limit(size)
        .offset((page - 1) * size)
    )
    return _document(
        "urlset", "url", ((f"{base}/dataset/{name}", _moment(changed)) for name, changed in rows)
    )


def index(base: str, pages: int) -> str:
    """Return the list of the pages of a sitemap that does not fit in one."""
    lines = ((f"{base}/sitemap-{number}.xml", "") for number in range(1, pages + 1))
    return _document("sitemapindex", "sitemap", lines)
