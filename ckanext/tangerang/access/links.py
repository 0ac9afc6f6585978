"""Links of restricted files that lie elsewhere: kept in our table, never in the record.

In the record stands our own address, by which :mod:`.gate` answers. This is settled when CKAN has
written a record and has not committed it yet, so it holds on every path and in every spelling.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib.munge import munge_filename
from sqlalchemy.dialects.postgresql import insert

from . import levels, rights
from .model import AccessLink, AccessPublic, now

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ckan.types import Context

#: What CKAN makes the address of by itself: nothing lies elsewhere.
_OWN_TYPES = frozenset({"upload", "datastore", "tabledesigner"})
_ADDRESS = re.compile(r"/resource/([0-9a-zA-Z-]{20,100})/download(?:/|$)")
#: What a visitor is sent to; nothing else is a link to a file.
_SCHEMES = frozenset({"http", "https", "ftp"})


def address(package: Any, resource: Any) -> str:
    """Return our address of a file. It says nothing of where the file lies."""
    name = munge_filename(f"{resource.name or 'berkas'}.{(resource.format or 'bin').lower()}")
    return str(
        tk.h.url_for(
            f"{package.type or 'dataset'}_resource.download",
            id=package.id,
            resource_id=resource.id,
            filename=name,
            qualified=True,
            locale="default",
        )
    )


def named_by(url: str | None) -> str | None:
    """Return the id of the file that an address of this portal names; None for another address."""
    parts = urlsplit(url or "")
    if parts.netloc != urlsplit(str(tk.config["ckan.site_url"])).netloc:
        return None
    found = _ADDRESS.search(parts.path)
    return found.group(1) if found else None


def kept(ids: Sequence[str]) -> Mapping[str, AccessLink]:
    """Return the links that are kept for files, by file."""
    query = sa.select(AccessLink).where(AccessLink.resource_id.in_(ids))
    rows = model.Session.execute(query).scalars().all() if ids else []
    return {row.resource_id: row for row in rows}


def target(resource: Any) -> str | None:
    """Return where the file of a restricted record lies; None where no link is kept."""
    row = cast("Any", model.Session).get(AccessLink, resource.id)
    if row is None or resource.url_type in _OWN_TYPES:
        return None
    url = row.url if urlsplit(row.url).scheme else f"http://{row.url.lstrip('/')}"
    return url if urlsplit(url).scheme in _SCHEMES else None


def _keep(resource_id: str, url: str, own: str) -> None:
    """Keep a link."""
    row = insert(AccessLink).values(resource_id=resource_id, url=url, address=own)
    model.Session.execute(
        row.on_conflict_do_update(
            index_elements=[AccessLink.resource_id], set_={"url": url, "address": own}
        )
    )


def _drop(ids: Sequence[str]) -> None:
    """Forget links."""
    if ids:
        model.Session.execute(sa.delete(AccessLink).where(AccessLink.resource_id.in_(ids)))


def settle(context: Context, package: Any, before: str | None) -> None:
    """Bring the links of a record that was just written to where they belong. Does not commit.

    Nothing is asked of the database for an open record that was open before.

    :param context: of who wrote it: copies of a kept link are for those who may read it
    :param before: the level that the record had; None where that is not known
    """
    resources: list[Any] = [r for r in package.resources if r.url_type not in _OWN_TYPES]
    if levels.of_package(package) == levels.OPEN:
        if before != levels.OPEN and (before or any(named_by(r.url) for r in resources)):
            _open(package)
        return
    for resource in package.resources:
        # By the hash of a file a guess about its content could be checked.
        if resource.hash:
            resource.hash = ""
    known = kept([r.id for r in package.resources])
    _drop([key for key in known if key not in {r.id for r in resources}])
    for resource in resources:
        _restrict(context, package, resource, known.get(resource.id))
    model.Session.flush()


def _restrict(context: Context, package: Any, resource: Any, row: AccessLink | None) -> None:
    """Take the link of a file out of the record, and put our address in its place."""
    if not resource.url:
        return
    own = address(package, resource)
    other = named_by(resource.url)
    if other == resource.id or (row is not None and resource.url == row.address):
        if row is not None and resource.url != own:
            _keep(resource.id, row.url, own)
            resource.url = own
        return
    link = resource.url
    source, owner = rights.resource_and_package(other)
    if source is not None and source.url_type not in _OWN_TYPES:
        # A copy of a record, or a version that was prepared aside, names the link by our address.
        copied = kept([source.id]).get(source.id)
        if copied is not None and rights.reading(context, owner, source.id):
            link = copied.url
    _keep(resource.id, link, own)
    resource.url = own


def _open(package: Any) -> None:
    """Put links back into a record whose level became open, and forget that it was restricted."""
    known = kept([r.id for r in package.resources])
    for resource in package.resources:
        row = known.get(resource.id)
        if row is not None and (
            named_by(resource.url) == resource.id or resource.url == row.address
        ):
            resource.url = row.url
    _drop(list(known))
    model.Session.execute(sa.delete(AccessPublic).where(AccessPublic.package_id == package.id))
    model.Session.flush()


def note_public(package: Any) -> None:
    """Remember that a restricted record is public. Does not commit."""
    row = insert(AccessPublic).values(package_id=package.id, since=now())
    model.Session.execute(row.on_conflict_do_nothing())


def was_public(package_id: str) -> bool:
    """Tell whether a record has been public with restricted files."""
    return cast("Any", model.Session).get(AccessPublic, package_id) is not None
