"""The sitemap: the pages of the public datasets, for search engines (sitemaps.org, 0.9).

Other plugins add pages of theirs by :class:`~..interfaces.ISitemap`; they stand on the first page.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa
from ckan import model
from ckan import plugins as p
from markupsafe import escape
from sqlalchemy.dialects.postgresql import aggregate_order_by

from ..interfaces import ISitemap
from ..metadata.fields import DATASET_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

#: The most addresses that a sitemap may hold.
PAGE = 50_000
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


class State(NamedTuple):
    """What the sitemap depends on."""

    #: How many addresses it has.
    addresses: int
    #: When one of its pages last changed (UTC, without zone); None where nobody knows.
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


def _more() -> list[tuple[str, datetime | None]]:
    """Return the pages of other plugins, in the order of their paths."""
    return sorted(
        (page for plugin in p.PluginImplementations(ISitemap) for page in plugin.sitemap_pages()),
        key=lambda page: page[0],
    )


def state() -> State:
    """Return what the sitemap depends on now: of the datasets by one query."""
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
    more = _more()
    if more:
        digest = hashlib.md5(f"{digest} {more}".encode(), usedforsecurity=False).hexdigest()
    moments = [moment for moment in (changed, *(moment for _path, moment in more)) if moment]
    return State(count + len(more), max(moments, default=None), digest or "")


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
    :param size: addresses of a page; more than the pages of other plugins are
    """
    more = _more()
    package, public = _public()
    rows = model.Session.execute(
        sa.select(package.name, package.metadata_modified)
        .where(public)
        .order_by(package.metadata_created, package.id)
        .limit(size - (len(more) if page == 1 else 0))
        .offset(max((page - 1) * size - len(more), 0))
    )
    first = more if page == 1 else []
    lines = [
        *((f"{base}{path}", _moment(changed) if changed else "") for path, changed in first),
        *((f"{base}/dataset/{name}", _moment(changed)) for name, changed in rows),
    ]
    return _document("urlset", "url", lines)


def index(base: str, pages: int) -> str:
    """Return the list of the pages of a sitemap that does not fit in one."""
    lines = ((f"{base}/sitemap-{number}.xml", "") for number in range(1, pages + 1))
    return _document("sitemapindex", "sitemap", lines)
