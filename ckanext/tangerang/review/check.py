"""Compares what database, search index, DataStore and disk say of records, and mends some of it.

CKAN sends a record to Solr and then commits: a process that is killed in between leaves an index
that knows more than the database, or, where a later commit is lost, less. So the index is mended,
after the record was locked: who is writing it finishes first.

CKAN also puts an upload in the place of the file before, and then commits: a process that is killed
in between leaves the new file with the size of the old one. The file before is gone, so the size is
what is mended, and the record has another version for whoever was about to publish it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, cast

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan import plugins as p
from ckan.lib import search
from ckan.lib.search.common import make_connection

from .. import working_copy
from ..metadata.fields import RECORD_TYPES
from . import query, states, store
from .labels import PEMBINA
from .model import Review, now
from .revision import staging

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

# What may be wrong with a record.
MISSING: Final = "not in the search index"
EXTRA: Final = "in the search index, but not in the database"
VISIBILITY: Final = "the search index has another state or visibility"
VERSION: Final = "the search index has another version"
READERS: Final = "the search index has other readers"
UNAPPROVED: Final = "public without an approval"
HIDDEN: Final = "published by its review, but not public"
HISTORY: Final = "the history does not lead to the state"
NO_TABLE: Final = "a file says that it has a table, but there is none"
STRAY_TABLE: Final = "a table without a file"
NO_FILE: Final = "an uploaded file is missing"
OTHER_SIZE: Final = "an uploaded file has another size than its record says"

#: What :func:`mend` mends: all but the last by indexing the record again.
MENDABLE: Final = frozenset({MISSING, EXTRA, VISIBILITY, VERSION, READERS, OTHER_SIZE})
#: Entries without a row that are younger may belong to a record that is being made.
_GRACE: Final = timedelta(minutes=2)
#: How far the sweep looks back.
_RECENT: Final = timedelta(minutes=15)
_BATCH: Final = 200
_MAX_ROWS: Final = 1_000_000


@dataclass(frozen=True)
class Fault:
    """Something that is wrong with a record, a file or a table; ``id`` is its own."""

    id: str
    name: str
    what: str


@dataclass(frozen=True)
class _Entry:
    """What the index says of a record."""

    name: str
    state: str
    capacity: str
    modified: datetime
    indexed: datetime
    pembina: bool


def _moment(text: str) -> datetime:
    """Return a time of Solr, in milliseconds, as CKAN stores times."""
    found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return found.astimezone(timezone.utc).replace(tzinfo=None)


def _search(*conditions: str, fields: str, rows: int = _MAX_ROWS) -> Any:
    """Return entries of our records, and of working copies, in the index."""
    types = " OR ".join((*RECORD_TYPES, working_copy.INDEX_TYPE))
    own = [f"site_id:{tk.config['ckan.site_id']}", f"dataset_type:({types})"]
    solr = make_connection(decode_dates=False)  # decoded, times would lose their milliseconds
    return solr.search("*:*", fq=[*own, *conditions], fl=fields, rows=rows)


def _named(ids: Collection[str] | None) -> Iterator[list[str]]:
    """Yield the conditions that keep to some records, some at a time; none for all."""
    if ids is None:
        yield []
        return
    rest = iter(sorted(ids))
    while some := list(islice(rest, _BATCH)):
        quoted = " OR ".join(f'"{key}"' for key in some)
        yield [f"id:({quoted})"]


def _indexed(ids: Collection[str] | None) -> dict[str, _Entry]:
    """Return what the index says of records, by id; of all for None."""
    found: dict[str, _Entry] = {}
    fields = "id,name,state,capacity,metadata_modified,indexed_ts"
    for conditions in _named(ids):
        advised = {
            doc["id"] for doc in _search(*conditions, f'permission_labels:"{PEMBINA}"', fields="id")
        }
        for doc in _search(*conditions, fields=fields):
            found[doc["id"]] = _Entry(
                name=doc.get("name", doc["id"]),
                state=doc.get("state", ""),
                capacity=doc.get("capacity", ""),
                modified=_moment(doc["metadata_modified"]),
                indexed=_moment(doc["indexed_ts"]),
                pembina=doc["id"] in advised,
            )
    return found


def _stored(ids: Collection[str] | None) -> dict[str, Any]:
    """Return what the database says of records, by id; of all for None."""
    package, row = cast("Any", model.Package).__table__, cast("Any", Review.__table__)
    wanted = sa.select(
        *(package.c[name] for name in ("id", "name", "type", "state", "private", "extras")),
        package.c.metadata_modified,
        sa.func.coalesce(row.c.state, states.DRAFT).label("review"),
    ).select_from(package.outerjoin(row, row.c.package_id == package.c.id))
    wanted = wanted.where(package.c.type.in_(RECORD_TYPES))
    if ids is not None:
        wanted = wanted.where(package.c.id.in_(ids))
    if tk.config["ckan.search.remove_deleted_packages"]:
        wanted = wanted.where(package.c.state != model.State.DELETED)
    return {row.id: row for row in cast("Any", model.Session).execute(wanted)}


def _difference(row: Any, entry: _Entry | None) -> str:
    """Return in what database and index differ about a record; empty for nothing."""
    if entry is None:
        return MISSING
    if (entry.state, entry.capacity) != (row.state, "private" if row.private else "public"):
        return VISIBILITY
    # Solr keeps milliseconds.
    if abs(entry.modified - row.metadata_modified) > timedelta(milliseconds=1):
        return VERSION
    public = row.state == model.State.ACTIVE and not row.private
    if entry.pembina != (not public and query.is_advised(row, row.review)):
        return READERS
    return ""


def index_faults(ids: Collection[str] | None = None) -> list[Fault]:
    """Return in what database and index differ.

    :param ids: of the records to look at; None for all
    """
    entries, rows = _indexed(ids), _stored(ids)
    model.Session.rollback()
    found = [
        Fault(key, row.name, what)
        for key, row in rows.items()
        if (what := _difference(row, entries.get(key)))
    ]
    found += [Fault(key, entries[key].name, EXTRA) for key in entries.keys() - rows.keys()]
    return found


def review_faults() -> list[Fault]:
    """Return records whose visibility or history contradicts their review: there must be none."""
    session: Any = model.Session
    public = "p.state = 'active' AND p.private IS NOT TRUE"
    found = session.execute(
        sa.text(
            f"SELECT p.id, p.name, {public} AS public FROM package p "  # noqa: S608 - constants
            "LEFT JOIN tangerang_review r ON r.package_id = p.id "
            f"WHERE p.type IN :types AND ({public}) <> (coalesce(r.state, '') = 'terbit')"
        ).bindparams(sa.bindparam("types", RECORD_TYPES, expanding=True))
    )
    faults = [Fault(row.id, row.name, UNAPPROVED if row.public else HIDDEN) for row in found]
    broken = session.execute(
        sa.text(
            "SELECT p.id, p.name FROM package p JOIN ("
            " SELECT r.package_id FROM tangerang_review r LEFT JOIN LATERAL ("
            "  SELECT to_state FROM tangerang_review_transition t"
            "  WHERE t.package_id = r.package_id AND t.revision_id IS NULL"
            # A remark that was written down while somebody moved the record moves nothing.
            "  AND t.from_state <> t.to_state"
            "  ORDER BY position DESC LIMIT 1) last ON true"
            " WHERE r.state <> coalesce(last.to_state, 'draf')"
            " UNION SELECT package_id FROM ("
            "  SELECT package_id, from_state, lag(to_state, 1, 'draf') OVER"
            "  (PARTITION BY package_id ORDER BY position) AS before"
            # The steps of a revisi that has ended are told among those of its record.
            "  FROM tangerang_review_transition"
            "  WHERE revision_id IS NULL AND from_state <> to_state) steps"
            " WHERE from_state <> before"
            ") wrong ON wrong.package_id = p.id"
        )
    )
    return faults + [Fault(row.id, row.name, HISTORY) for row in broken]


def table_faults() -> list[Fault]:
    """Return files without the table that they claim, and tables without a file."""
    if not p.plugin_loaded("datastore"):
        return []
    listed = tk.get_action("datastore_search")(
        {"ignore_auth": True},
        {
            "resource_id": "_table_metadata",
            "fields": ["name"],
            "limit": _MAX_ROWS,
            "include_total": False,
        },
    )
    tables = {row["name"] for row in listed["records"] if not row["name"].startswith("_")}
    resource = cast("Any", model.Resource)
    files = {
        row.id: row
        for row in cast("Any", model.Session).query(
            resource.id, resource.name, resource.state, resource.extras
        )
    }
    found = [
        Fault(key, row.name or key, NO_TABLE)
        for key, row in files.items()
        if row.state == model.State.ACTIVE
        and (row.extras or {}).get("datastore_active")
        and key not in tables
    ]
    return found + [Fault(key, key, STRAY_TABLE) for key in sorted(tables - files.keys())]


def _local_files() -> staging.LocalFiles | None:
    """Return the files on a local disk; None for a portal that keeps them elsewhere."""
    try:
        found = staging.stored()
    except staging.Unsupported:
        return None
    return found if isinstance(found, staging.LocalFiles) else None


def file_faults() -> list[Fault]:
    """Return uploaded files that are not there, or have another size than their record says.

    Looks at local disks only, where asking for a size costs nothing.
    """
    kept = _local_files()
    if kept is None:
        return []
    resource, package = cast("Any", model.Resource), cast("Any", model.Package)
    rows = (
        cast("Any", model.Session)
        .query(resource.id, resource.name, resource.size)
        .join(package, package.id == resource.package_id)
        .filter(
            resource.url_type == "upload",
            resource.state == model.State.ACTIVE,
            package.state == model.State.ACTIVE,
            package.type.in_(RECORD_TYPES),
        )
        .order_by(resource.id)
    )
    found = []
    for row in rows:
        size = kept.size(row.id)
        if size is None:
            found.append(Fault(row.id, row.name or row.id, NO_FILE))
        elif row.size is not None and row.size != size:
            found.append(Fault(row.id, row.name or row.id, OTHER_SIZE))
    return found


def _mend_size(resource_id: str) -> bool:
    """Write the size of an uploaded file into its record; tell whether that was needed."""
    session, kept = cast("Any", model.Session), _local_files()
    resource = session.get(model.Resource, resource_id)
    if kept is None or resource is None:
        return False
    # Whoever is uploading finishes first.
    store.lock(resource.package_id)
    session.refresh(resource)
    size = kept.size(resource_id)
    if size is None or resource.size == size:
        session.rollback()
        return False
    operator = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    tk.get_action("resource_patch")(
        {"user": operator, "ignore_auth": True}, {"id": resource_id, "size": size}
    )
    return True


def mend(fault: Fault, *, alone: bool = False) -> bool:
    """Bring what can be mended into line with the database; tell whether that was needed.

    Whoever is writing the record is waited for. An entry of the index without a row is left alone
    as long as it is so young that its record may not be committed yet.

    :param alone: nobody writes: even a young entry without a row has no record to come
    """
    if fault.what == OTHER_SIZE:
        return _mend_size(fault.id)
    session: Any = model.Session
    package = (
        session.query(model.Package)
        .filter_by(id=fault.id)
        .populate_existing()
        .with_for_update()
        .first()
    )
    entry = _indexed([fault.id]).get(fault.id)
    if package is None or (
        package.state == model.State.DELETED and tk.config["ckan.search.remove_deleted_packages"]
    ):
        settled = alone or package is not None
        gone = entry is not None and (settled or entry.indexed < now() - _GRACE)
        if gone:
            search.clear(fault.id)
        session.rollback()
        return gone
    row = _stored([fault.id])[fault.id]
    if not _difference(row, entry):
        session.rollback()
        return False
    # Indexing reads the record in this transaction, which keeps it locked, and commits it.
    search.rebuild(fault.id)
    return True


def _recent_ids() -> set[str]:
    """Return the records that database, review or index have changed lately."""
    since = now() - _RECENT
    package, row = cast("Any", model.Package).__table__, cast("Any", Review.__table__)
    session: Any = model.Session
    changed = session.scalars(
        sa.select(package.c.id)
        .where(package.c.type.in_(RECORD_TYPES), package.c.metadata_modified > since)
        .union(sa.select(row.c.package_id).where(row.c.since > since))
    )
    text = since.isoformat(timespec="milliseconds")
    return {*changed, *(d["id"] for d in _search(f"indexed_ts:[{text}Z TO *]", fields="id"))}


def _counts_differ() -> bool:
    """Tell whether database and index have other numbers of records, public or not."""
    package, session = cast("Any", model.Package).__table__, cast("Any", model.Session)
    ours = package.c.type.in_(RECORD_TYPES), package.c.state != model.State.DELETED
    public = sa.func.count().filter(package.c.private.isnot(True))
    every, shown = session.execute(sa.select(sa.func.count(), public).where(*ours)).one()
    live = f"-state:{model.State.DELETED}"
    return (
        every != _search(live, fields="id", rows=0).hits
        or shown != _search(live, "capacity:public", fields="id", rows=0).hits
    )


def mend_recent() -> int:
    """Mend the index about what was written lately, and about all records where numbers differ.

    :returns: how many records were mended
    """
    ids = None if _counts_differ() else _recent_ids()
    return sum(mend(fault) for fault in index_faults(ids))
