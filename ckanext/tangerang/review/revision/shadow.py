"""Opens, finds, gives up and removes the working copies of records.

Nothing here commits: whoever calls has locked the record first, then its working copy.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ... import working_copy
from ...metadata.fields import record_fields
from .. import states, store
from ..model import ReviewNote, ReviewTransition, now
from . import content, merge
from .model import Revision

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ckan.types import Context, DataDict

#: Columns of a package that a working copy has from its record.
_COLUMNS = (
    *("title", "notes", "url", "version", "license_id", "type", "owner_org"),
    *("author", "author_email", "maintainer", "maintainer_email"),
)
#: Columns of a file that it has from the one of the record; not the file itself.
_FILE_COLUMNS = ("name", "description", "format", "resource_type", "mimetype", "size")
#: What the DataStore and loaders write at a file about its table.
_OF_TABLE = frozenset({"datastore_active", "datastore_contains_all_records_of_source_file"})


def of_record(package_id: str) -> Revision | None:
    """Return the open revisi of a record; None for none."""
    return cast("Any", model.Session).get(Revision, package_id)


def of_shadow(package: Any) -> Revision | None:
    """Return the revisi that a package is the working copy of; None for a record, without a query.

    :param package: a package object
    """
    original = working_copy.original_of(package)
    row = of_record(original) if original else None
    return row if row is not None and row.shadow_id == package.id else None


def shown(context: Context, package_id: str) -> dict[str, Any]:
    """Return a record as it is stored, with the rights of the caller."""
    return tk.get_action("package_show")(
        cast("Context", {"user": context.get("user"), "use_cache": False}), {"id": package_id}
    )


def lock(package_id: str) -> tuple[Any, Any]:
    """Lock a package and its row in the review; of a working copy, its record before.

    :returns: the package and its row, as they are now
    :raises ObjectNotFound: when it has been removed meanwhile
    """
    package = model.Package.get(package_id)
    original = working_copy.original_of(package) if package is not None else None
    if original and model.Package.get(original) is not None:
        store.lock(original)
    return store.lock(package_id)


def _copy_package(original: Any, user_id: str | None) -> Any:
    """Return a new private package that says what a record says, without its identifier."""
    own = {f["field_name"] for f in record_fields(original.type) if f.get("walidata_only")}
    own |= content.OUTSIDE
    moment = now()
    package: Any = model.Package(
        **{name: getattr(original, name) for name in _COLUMNS},
        id=str(uuid.uuid4()),
        name=str(uuid.uuid4()),
        private=True,
        state=model.State.ACTIVE,
        creator_user_id=user_id,
        metadata_created=moment,
        metadata_modified=moment,
        extras={key: value for key, value in original.extras.items() if key not in own},
        plugin_data=working_copy.plugin_data(original.id),
    )
    model.Session.add(package)
    if original.owner_org:
        model.Session.add(
            model.Member(
                table_id=package.id,
                table_name="package",
                group_id=original.owner_org,
                capacity="organization",
                state=model.State.ACTIVE,
            )
        )
    model.Session.flush()
    for tag in original.get_tags():
        model.Session.add(
            model.PackageTag(package_id=package.id, tag=tag, state=model.State.ACTIVE)
        )
    # Who may edit the record as a collaborator may edit its next version.
    for entry in model.Session.query(model.PackageMember).filter_by(package_id=original.id):
        model.Session.add(
            model.PackageMember(
                package_id=package.id, user_id=entry.user_id, capacity=entry.capacity
            )
        )
    return package


def _copy_files(
    original: Any, package: Any, addresses: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """Give a working copy the files of its record: each a link to the one that is published.

    Nothing is copied on disk or in the DataStore; a link that is left as it is stands for the
    file that is there.

    :param addresses: of the files of the record, by id
    :returns: see :class:`.model.Revision`
    """
    known: dict[str, dict[str, str]] = {}
    for position, file in enumerate(original.resources):
        url = addresses[file.id]
        made: Any = model.Resource(
            **{name: getattr(file, name) for name in _FILE_COLUMNS},
            package_id=package.id,
            url=url,
            url_type="",
            extras={k: v for k, v in (file.extras or {}).items() if k not in _OF_TABLE},
        )
        # CKAN's constructor gives the id, and takes neither of these.
        made.position, made.state = position, model.State.ACTIVE
        model.Session.add(made)
        known[made.id] = {"id": file.id, "url": url}
    return known


def open_for(context: Context, original: Any, row: Any, user_id: str | None) -> Revision:
    """Open the revisi of a locked record.

    :param row: of the review of the record
    """
    record = shown(context, original.id)
    package = _copy_package(original, user_id)
    addresses = {file["id"]: file["url"] for file in record["resources"]}
    revision = Revision(
        package_id=original.id,
        shadow_id=package.id,
        opened_by=user_id,
        base_version=store.version(original),
        base=content.of(record),
        files=_copy_files(original, package, addresses),
    )
    store.create([package.id])
    model.Session.add(revision)
    store.record(
        original.id,
        states.REVISE,
        user_id=user_id,
        from_state=row.state,
        to_state=row.state,
        seen=revision.base_version,
    )
    model.Session.flush()
    return revision


def keep_outside(package: Any, data_dict: DataDict) -> None:
    """Put back, in the data of a save of a working copy, what a revisi leaves alone.

    Forms send the address and the OPD along; what makes it a working copy, and private, stays.

    :param package: the working copy
    :param data_dict: of ``package_update``; changed
    """
    data_dict.update(
        name=package.name,
        owner_org=package.owner_org,
        state=model.State.ACTIVE,
    )
    data_dict.pop("plugin_data", None)


def hand_over(revision: Revision) -> None:
    """Move notes and history of a working copy to its record."""
    final = {key: mark["id"] for key, mark in revision.files.items()}
    note: Any = ReviewNote
    of_files = model.Session.query(note).filter(
        note.package_id == revision.shadow_id, note.resource_id != ""
    )
    for found in of_files:
        found.resource_id = final.get(found.resource_id) or merge.final_id(found.resource_id)
    model.Session.flush()
    for entry in (ReviewTransition, ReviewNote):
        model.Session.execute(
            sa.update(entry)
            .where(cast("Any", entry).package_id == revision.shadow_id)
            .values(package_id=revision.package_id, revision_id=revision.shadow_id)
        )
    cast("Any", model.Session).expire_all()


def remove(package: Any) -> list[str]:
    """Remove a working copy from the database.

    :returns: ids of its resources, whose files and tables are left to the caller
    """
    member: Any = model.Member
    files = [file.id for file in package.resources_all]
    model.Session.execute(
        sa.delete(member).where(member.table_name == "package", member.table_id == package.id)
    )
    model.Session.query(model.PackageMember).filter_by(package_id=package.id).delete()
    revision = of_shadow(package)
    if revision is not None:
        model.Session.delete(revision)
        model.Session.flush()
    # Not ``purge``: that switches off the flushing of the session for good.
    model.Session.delete(package)
    model.Session.flush()
    return files


def orphans() -> list[str]:
    """Return the working copies whose record has been purged by statements alone."""
    package: Any = model.Package
    query = sa.select(package.id).where(
        sa.not_(working_copy.is_record(package)),
        package.id.notin_(sa.select(cast("Any", Revision).shadow_id)),
    )
    return list(model.Session.scalars(query))
