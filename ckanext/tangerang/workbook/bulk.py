"""Stores many new records in one transaction, with the result that ``package_create`` has.

``package_create`` asks the database some fifty times for one record, most of it to show the new
record three times over, for the activity stream and twice for the search index. Here a record is
validated once (by the caller, with CKAN's own validation), all are written together, and what is
indexed is made of what was stored. Plugins are told as CKAN tells them, or all at once where they
can take it (:class:`~ckanext.tangerang.interfaces.IRecordBatch`).
"""

from __future__ import annotations

import logging
import pickle
import uuid
from contextlib import ExitStack, contextmanager
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan import plugins as p
from ckan.lib import search
from ckan.lib.plugins import get_permission_labels
from ckan.logic import apply_after_dataset_show_plugins, package_show_default_and_custom_schemas

from ..interfaces import IRecordBatch, IRecordWriting
from ..metadata.fields import record_fields
from ..metadata.values import as_list, is_empty
from .index_batch import index_batch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ckan.types import Context

    from ..metadata.fields import Field

    #: A record with the default schema of datasets, and with its own.
    Shown = tuple[dict[str, Any], dict[str, Any]]

log = logging.getLogger(__name__)

#: Columns that the portal sets, not the record.
_OWN_COLUMNS = frozenset({"id", "extras", "plugin_data", "metadata_created", "metadata_modified"})


def shown_value(field: Field, value: Any) -> Any:
    """Return a stored value as the API shows it; None for an empty one."""
    if is_empty(value):
        return None
    listed = field.get("row_fields") or field.get("output_validators") == "repeating_text_output"
    return as_list(value) if listed else value


@contextmanager
def accompanied(context: Context) -> Iterator[None]:
    """Let plugins take part in what is written into the database inside."""
    with ExitStack() as stack:
        for plugin in p.PluginImplementations(IRecordWriting):
            stack.enter_context(plugin.writing_records(context))
        yield


def new_package(stored: Mapping[str, Any], fields: Iterable[str], user: Any) -> Any:
    """Put a new record into the session, not yet into the database; return it.

    :param stored: the record as the validation of ``package_create`` has left it, with the
        values of its fields in their own places
    :param fields: names of the fields of its type
    :param user: the creator
    """
    columns = [c.name for c in model.package_table.c if c.name not in _OWN_COLUMNS]
    values = {name: stored[name] for name in columns if stored.get(name) is not None}
    now = datetime.now(timezone.utc).replace(tzinfo=None)
    package: Any = model.Package(
        **values
        | {
            "id": str(uuid.uuid4()),
            "creator_user_id": user.id if user else None,
            "extras": {
                name: str(stored[name])
                for name in fields
                if name not in model.package_table.c and stored.get(name) is not None
            },
            "metadata_created": now,
            "metadata_modified": now,
            "private": bool(stored.get("private")),
            "state": stored.get("state") or model.State.ACTIVE,
        }
    )
    model.Session.add(package)
    return package


def write(packages: Iterable[Any]) -> None:
    """Write new records into the database, each into its organization; nothing is committed.

    The memberships are written as rows: for each one that is an object, CKAN would ask the database
    for its record, to tell plugins that a new record has changed.
    """
    model.Session.flush()
    members = [
        {
            "table_id": package.id,
            "table_name": "package",
            "group_id": package.owner_org,
            "capacity": "organization",
            "state": model.State.ACTIVE,
        }
        for package in packages
        if package.owner_org
    ]
    if members:
        model.Session.execute(sa.insert(model.member_table), members)


def tell_plugins(created: Sequence[tuple[Any, Mapping[str, Any]]], context: Context) -> None:
    """Tell the plugins that records were created.

    :param created: the new records, each with its validated data
    """
    ids = [package.id for package, _ in created]
    for plugin in p.PluginImplementations(p.IPackageController):
        if IRecordBatch.provided_by(cast("Any", plugin)):
            continue
        for package, data in created:
            plugin.create(package)
            plugin.after_dataset_create(context, {**data, "id": package.id})
    for plugin in p.PluginImplementations(IRecordBatch):
        plugin.after_records_create(ids)


class Show:
    """Makes of records what CKAN would show of them, after the example of one.

    The first record of a type and organization is shown by CKAN. Others differ from it by their
    columns and fields only, as they have no files, tags and groups. Where the first one, made
    here, is not what CKAN shows (a plugin changes the schemas), CKAN shows all of them.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._fields: dict[str, dict[str, Field]] = {}
        #: What each type and organization has in common, pickled: the quickest way to copy it.
        self._examples: dict[tuple[str, str | None], bytes | None] = {}

    def slow(self, package: Any) -> Shown:
        """Return what CKAN shows of a record, as CKAN finds it out."""
        return package_show_default_and_custom_schemas(self._context, package.id)

    @staticmethod
    def _columns(package: Any) -> dict[str, Any]:
        """Return the columns of a package as they are shown."""
        out: dict[str, Any] = {}
        for column in model.package_table.c:
            value = getattr(package, column.name)
            out[column.name] = value.isoformat() if isinstance(value, datetime) else value
        out.pop("plugin_data")
        out.pop("extras")
        out["title"] = (out["title"] or "").strip() or out["title"]
        return out

    def _names(self, package_type: str) -> dict[str, Field]:
        """Return the fields of a type by name."""
        if package_type not in self._fields:
            self._fields[package_type] = {f["field_name"]: f for f in record_fields(package_type)}
        return self._fields[package_type]

    def in_common(self, package_type: str, example: Shown) -> bytes:
        """Return what an example has in common with other records of its type."""
        names = self._names(package_type)
        default = {k: v for k, v in example[0].items() if k != "extras"}
        custom = {k: v for k, v in example[1].items() if k not in names}
        columns = [c.name for c in model.package_table.c if c.name in example[1]]
        return pickle.dumps((default, custom, columns))

    def fast(self, package: Any, in_common: bytes) -> Shown:
        """Return what CKAN shows of a record, made after the example of another."""
        columns = self._columns(package)
        names = self._names(package.type)
        extras = {k: v for k, v in package.extras.items() if v is not None}
        default, custom, shown = pickle.loads(in_common)  # noqa: S301 - our own, never stored
        default |= columns | {"extras": [{"key": k, "value": v} for k, v in extras.items()]}
        custom |= {k: v for k, v in columns.items() if k in shown or k not in names}
        custom |= {k: shown_value(names[k], v) for k, v in extras.items() if k in names}
        apply_after_dataset_show_plugins(self._context, custom)
        return default, custom

    def __call__(self, package: Any) -> Shown:
        """Return what CKAN shows of a record."""
        key = (package.type, package.owner_org)
        if key not in self._examples:
            slow = self.slow(package)
            in_common = self.in_common(package.type, slow)
            same = self.fast(package, in_common) == slow
            if not same:
                log.warning("Records of type %s are indexed one by one.", package.type)
            self._examples[key] = in_common if same else None
            return slow
        example = self._examples[key]
        return self.slow(package) if example is None else self.fast(package, example)


def _record_activity(package: Any, shown: Mapping[str, Any], user: Any, kind: str) -> None:
    """Put an entry for a record into the activity stream, as the plugin activity does."""
    from ckanext.activity.model import Activity  # noqa: PLC0415 - only where its table is

    model.Session.add(
        Activity(
            user_id=user.id,
            object_id=package.id,
            activity_type=f"{kind} package",
            data={"package": dict(shown), "actor": user.name},
            permission_labels=get_permission_labels().get_dataset_labels(package),
        )
    )


def publish(created: Sequence[Any], updated: Sequence[Any], context: Context, user: Any) -> None:
    """Write the activity stream, commit the transaction and bring the index up to date.

    Solr gets the records before the database commits, as in CKAN itself, so that what it refuses
    is not stored; they are found when both have committed.

    :param created: new records, in the database but not committed
    :param updated: changed ones
    :raises SearchIndexError: when Solr refuses a record; then nothing is stored
    """
    show = Show(context)
    with_activity = user is not None and p.plugin_loaded("activity")
    sent: list[str] = []
    try:
        with index_batch() as index:
            for packages, kind in ((created, "new"), (updated, "changed")):
                for package in packages:
                    if kind == "new":
                        both = show(package)
                    else:
                        both = package_show_default_and_custom_schemas(context, package.id)
                    if with_activity:
                        _record_activity(package, both[1], user, kind)
                    sent.append(package.id)
                    index.add(*both)
        model.repo.commit()
    except BaseException:
        model.Session.rollback()
        _take_back(sent)
        raise
    if sent and tk.config["ckan.search.solr_commit"]:
        search.commit()


def _take_back(ids: Sequence[str]) -> None:
    """Make the index say again what the database holds of records."""
    try:
        for package_id in ids:
            if model.Package.get(package_id) is None:
                search.clear(package_id)
            else:
                search.rebuild(package_id)
    except search.SearchError:
        log.exception("The search index may hold wrong records: %s", ", ".join(ids))
