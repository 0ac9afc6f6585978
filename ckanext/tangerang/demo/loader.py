"""Brings the sample organizations, datasets and forms into the portal, and takes them out again.

Everything is written through CKAN's actions, as the site user. What exists is found by its id
(:mod:`.ids`), and a dataset keeps a digest of what it was made from in its private
``plugin_data``: as long as that is the same, a load leaves the dataset alone, whatever people
have changed in it since.

A new dataset is made in one transaction: as a draft, then its DataStore table, then its files and
the state ``active``. So nobody sees half of one, and what an interrupted load leaves behind (at
most a table without a dataset) is replaced by the next.
"""

from __future__ import annotations

import dataclasses
import hashlib
import io
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib import uploader
from ckan.plugins import plugin_loaded
from werkzeug.datastructures import FileStorage

from .. import config as shared_config
from ..interfaces import PAST_REVIEW
from .builders import BUILDERS
from .config import opd_file
from .files import csv_bytes, kamus, xlsx_bytes
from .ids import MARK, demo_id, is_demo_id
from .offices import read_offices
from .records import activity_of, build_records
from .tables import Subject, build_datasets

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from ckan.types import Context

    from ..opd.registry import Unit
    from .records import Record
    from .tables import Dataset

    Say = Callable[[str], None]

#: Plugins that know the fields of the sample records.
NEEDED_PLUGINS = ("datastore", "tangerang_metadata", "tangerang_opd")

#: Types of the columns as the DataStore names them.
DATASTORE_TYPES = {"text": "text", "integer": "int4", "numeric": "numeric", "date": "date"}

_CSV_TYPE = "text/csv"
_XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What the history of a record that is published without a review says.
REASON = "Isi contoh portal (ckan tangerang demo load)"

#: Key of our part of a dataset's ``plugin_data``.
_PLUGIN_DATA = "tangerang_demo"
#: The DataStore's own list of its tables.
_TABLE_LIST = "_table_metadata"


class DemoError(Exception):
    """The sample portal can not be loaded as asked; the message says what to do."""


@dataclass
class Report:
    """What a run has done: names by outcome, and what the operator should look at."""

    made: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def require_plugins() -> None:
    """Check that the plugins that the sample records need are on.

    :raises DemoError: naming those that are not
    """
    missing = [name for name in NEEDED_PLUGINS if not plugin_loaded(name)]
    if missing:
        raise DemoError(
            "The sample content needs more plugins. Add to ckan.plugins: " + " ".join(missing)
        )


def configured_subject() -> Subject:
    """Return the region and offices that the configuration names.

    :raises .config.OpdFileError: when the OPD file can not be used
    :raises ckanext.tangerang.wilayah.UnknownRegionError: when there is no such region
    """
    code, name = shared_config.region_code(), shared_config.region_name()
    return Subject(code, name, read_offices(opd_file(), code, name))


def site_user() -> model.User:
    """Return CKAN's site user, who acts for the operator of the command line."""
    found = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    user = model.User.get(found["id"])
    assert user  # noqa: S101 - the action has made it
    return user


def operator_context(**extra: Any) -> Context:
    """Return a context of the site user: the operator may do everything, past the review too."""
    user = site_user()
    context: dict[str, Any] = {
        "user": user.name,
        "auth_user_obj": user,
        "ignore_auth": True,
        PAST_REVIEW: REASON,
        **extra,
    }
    return context  # pyright: ignore[reportReturnType]


@contextmanager
def explained(what: str) -> Iterator[None]:
    """Turn a validation error of CKAN into a message that names the record."""
    try:
        yield
    except tk.ValidationError as error:
        model.Session.rollback()
        raise DemoError(
            f"{what}: CKAN refused the record: {error.error_summary or error.error_dict}. "
            "Check that the plugins of Tangerang Satu Data are of one version, then load again."
        ) from error


# Organizations


def _missing(offices: Iterable[Unit]) -> tuple[dict[str, str], list[Unit]]:
    """Return the ids of the organizations that exist by address, and the offices that do not.

    Ours may have been renamed, so they are found by their ids; one of that name may be somebody
    else's. One of ours that was deleted is purged, and missing.
    """
    offices = list(offices)
    rows = model.Session.query(model.Group.id, model.Group.name, model.Group.state).filter(
        sa.or_(
            model.Group.name.in_([office.name for office in offices]),
            model.Group.id.startswith(MARK),
        )
    )
    states: dict[str, str] = {}
    by_name: dict[str, str] = {}
    for id_, name, state in rows:
        states[id_] = state
        by_name[name] = id_
    ids: dict[str, str] = {}
    missing: list[Unit] = []
    for office in offices:
        id_ = demo_id("organization", office.name)
        found = id_ if id_ in states else by_name.get(office.name)
        if states.get(id_) == model.State.DELETED:
            tk.get_action("organization_purge")(operator_context(), {"id": id_})
            found = None
        if found:
            ids[office.name] = found
        else:
            missing.append(dataclasses.replace(office, id=id_))
    return ids, missing


def load_organizations(offices: Iterable[Unit], report: Report, say: Say) -> dict[str, str]:
    """Create the sample organizations that do not exist, by a plan of the registry.

    One that exists is left as it is, also if it is not ours: an office may have corrected it. One
    of ours that was deleted is made again.

    :returns: address → id of the organization in CKAN
    :raises DemoError: when they contradict what the portal has
    """
    ids, missing = _missing(offices)
    report.unchanged += list(ids)
    if not missing:
        return ids
    rows = [dataclasses.asdict(office) for office in missing]
    found = tk.get_action("tangerang_opd_plan")(operator_context(), {"registry": rows})
    if found["errors"]:
        problems = " ".join(f"{e['name']}: {e['message']}" for e in found["errors"])
        raise DemoError(f"The organizations can not be loaded. {problems}")
    with explained("Organizations"):
        tk.get_action("tangerang_opd_apply")(operator_context(), {"token": found["token"]})
    for office in missing:
        ids[office.name] = office.id
        report.made.append(office.name)
        say(f"  + {office.title}")
    return ids


# Datasets


@dataclass(frozen=True, slots=True)
class _Stored:
    """What the database says of a dataset."""

    id: str
    name: str
    state: str
    fingerprint: str


def stored_packages(names: Mapping[str, str]) -> dict[str, _Stored]:
    """Return the records of the database that have an id or a name of ours, by both.

    :param names: names by id
    """
    rows = model.Session.query(
        model.Package.id, model.Package.name, model.Package.state, model.Package.plugin_data
    ).filter(sa.or_(model.Package.id.in_(names.keys()), model.Package.name.in_(names.values())))
    found: dict[str, _Stored] = {}
    for id_, name, state, plugin_data in rows:
        ours = (plugin_data or {}).get(_PLUGIN_DATA) or {}
        found[id_] = found[name] = _Stored(id_, name, state, ours.get("fingerprint", ""))
    return found


def _existing_tables(resource_ids: list[str]) -> set[str]:
    """Return those of ``resource_ids`` that have a table in the DataStore."""
    found = tk.get_action("datastore_search")(
        operator_context(),
        {
            "resource_id": _TABLE_LIST,
            "filters": {"name": resource_ids},
            "fields": ["name"],
            "limit": len(resource_ids),
            "include_total": False,
        },
    )
    return {record["name"] for record in found["records"]}


def _resources(dataset: Dataset) -> list[tuple[dict[str, Any], bytes]]:
    """Return the resources of ``dataset`` with their files: CSV first, then XLSX."""
    metadata = dataset.metadata
    period = [metadata[key] for key in ("periode_awal", "periode_akhir") if key in metadata]
    shared = {
        "url_type": "upload",
        "periode_data": "/".join(period),
        "tingkat_wilayah": metadata["tingkat_penyajian"][0],
        "kamus": kamus(dataset.columns),
        **({"status_angka": dataset.status_angka} if dataset.status_angka else {}),
    }
    text, book = csv_bytes(dataset), xlsx_bytes(dataset)
    return [
        (
            {
                "id": demo_id("resource", f"{dataset.name}.csv"),
                "name": f"{dataset.title} (CSV)",
                "description": "Tabel dalam format CSV (UTF-8, pemisah koma).",
                "format": "CSV",
                "mimetype": _CSV_TYPE,
                "url": f"{dataset.name}.csv",
                "hash": hashlib.sha256(text).hexdigest(),
                # The table is made by us in the same step, so that no later write must set it.
                "datastore_active": True,
                **shared,
            },
            text,
        ),
        (
            {
                "id": demo_id("resource", f"{dataset.name}.xlsx"),
                "name": f"{dataset.title} (XLSX)",
                "description": "Tabel dalam format Excel; penjelasan kolom ada di lembar Kamus.",
                "format": "XLSX",
                "mimetype": _XLSX_TYPE,
                "url": f"{dataset.name}.xlsx",
                "hash": hashlib.sha256(book).hexdigest(),
                **shared,
            },
            book,
        ),
    ]


def package_dict(dataset: Dataset, owner: Unit, owner_id: str) -> dict[str, Any]:
    """Return ``dataset`` as package_create takes it, without resources."""
    return {
        "id": demo_id("dataset", dataset.name),
        "name": dataset.name,
        "title": dataset.title,
        "notes": dataset.notes,
        "owner_org": owner_id,
        "tags": [{"name": tag} for tag in dataset.tags],
        "license_id": dataset.license_id,
        "sumber_data": f"{dataset.source} {dataset.license_text}",
        "penanggung_jawab": owner.title,
        "kontak_email": owner.kontak_email,
        "private": False,
        **dataset.metadata,
    }


def _make_table(dataset: Dataset, resource_id: str, *, replace: bool) -> None:
    """Write the DataStore table of ``dataset`` with its types and Data Dictionary.

    :param replace: a table exists and is dropped first
    """
    if replace:
        tk.get_action("datastore_delete")(
            operator_context(defer_commit=True),
            {"resource_id": resource_id, "force": True, "calculate_record_count": False},
        )
    names = [column.name for column in dataset.columns]
    tk.get_action("datastore_create")(
        operator_context(defer_commit=True),
        {
            "resource_id": resource_id,
            "force": True,
            "fields": [
                {
                    "id": column.name,
                    "type": DATASTORE_TYPES[column.type],
                    "info": {
                        "label": column.label["id"],
                        "notes": f"{column.definition} Satuan: {column.unit}."
                        if column.unit
                        else column.definition,
                    },
                }
                for column in dataset.columns
            ],
            # psycopg writes decimals and dates, but CKAN sends records through JSON first.
            "records": [
                {
                    name: cell if cell is None or isinstance(cell, (str, int)) else str(cell)
                    for name, cell in zip(names, row, strict=True)
                }
                for row in dataset.rows
            ],
            # False drops the stored number of rows, which may be that of an earlier table; these
            # tables are counted quickly when somebody asks.
            "calculate_record_count": False,
        },
    )


def _upload(resource: Mapping[str, Any], content: bytes) -> dict[str, Any]:
    """Return ``resource`` with its file to upload."""
    file = FileStorage(
        io.BytesIO(content), filename=resource["url"], content_type=resource["mimetype"]
    )
    return {**resource, "upload": file}


def write_dataset(
    dataset: Dataset, package: dict[str, Any], *, exists: bool, has_table: bool
) -> None:
    """Make ``dataset``, or bring what is stored up to date.

    :param package: as :func:`package_dict` returns it
    """
    resources = _resources(dataset)
    table_id = resources[0][0]["id"]
    if not exists:
        draft = [resource for resource, _content in resources]
        tk.get_action("package_create")(
            operator_context(defer_commit=True, return_id_only=True),
            {**package, "state": "draft", "resources": draft},
        )
        others: list[dict[str, Any]] = []
    else:
        # What people have added since stays: fields that we do not set, and further resources.
        shown = tk.get_action("package_show")(
            operator_context(use_cache=False), {"id": package["id"]}
        )
        package = {**shown, **package}
        package.pop("metadata_modified", None)
        others = [r for r in shown["resources"] if not is_demo_id(r["id"])]
    _make_table(dataset, table_id, replace=has_table)
    tk.get_action("package_update")(
        operator_context(),
        {
            **package,
            "state": "active",
            "resources": [*(_upload(*resource) for resource in resources), *others],
            "plugin_data": {_PLUGIN_DATA: {"fingerprint": dataset.fingerprint()}},
        },
    )
    tk.get_action("package_create_default_resource_views")(
        operator_context(),
        {
            "package": {**package, "resources": [resource for resource, _ in resources]},
            "create_datastore_views": True,
        },
    )


def load_datasets(
    subject: Subject,
    datasets: list[Dataset],
    organizations: Mapping[str, str],
    report: Report,
    say: Say,
) -> None:
    """Create the sample datasets, and update those whose table or description has changed.

    :param organizations: address → id, as :func:`load_organizations` returns it
    :raises DemoError: when there is no organization to own them
    """
    walidata = subject.offices.get(subject.offices.accounts.get("walidata", ""))
    if walidata is None:
        raise DemoError(
            "The OPD file names no organization for the account walidata (akun: walidata). "
            "Add the slug of one that stands in the list."
        )
    stored = stored_packages({demo_id("dataset", d.name): d.name for d in datasets})
    tables = _existing_tables([demo_id("resource", f"{d.name}.csv") for d in datasets])
    for dataset in datasets:
        found = stored.get(demo_id("dataset", dataset.name))
        namesake = stored.get(dataset.name)
        if namesake and namesake is not found:
            report.problems.append(
                f"The dataset {dataset.name} is not loaded: another dataset has that name. "
                "Rename the other one, then load again."
            )
            continue
        has_table = demo_id("resource", f"{dataset.name}.csv") in tables
        if (
            found
            and found.state == model.State.ACTIVE
            and found.fingerprint == dataset.fingerprint()
            and has_table
        ):
            report.unchanged.append(dataset.name)
            continue
        owner = subject.offices.get(dataset.owner) or walidata
        package = package_dict(dataset, owner, organizations[owner.name])
        with explained(f"Dataset {dataset.name}"):
            write_dataset(dataset, package, exists=found is not None, has_table=has_table)
        (report.updated if found else report.made).append(dataset.name)
        say(f"  {'~' if found else '+'} {dataset.title} ({len(dataset.rows)} rows)")


def _with_activity(dataset: Dataset, records: Collection[Record]) -> Dataset:
    """Return ``dataset`` with the link to the sample activity that produces it, if there is one.

    The activity is made after it: who loads a portal may name what is not there yet.
    """
    activity = activity_of(dataset.name, records)
    if activity is None:
        return dataset
    return dataclasses.replace(dataset, metadata={**dataset.metadata, "kegiatan": activity})


# Activities and indicators


def load_records(
    records: Iterable[Record], organizations: Mapping[str, str], report: Report, say: Say
) -> None:
    """Create the sample activities and indicators, and update those whose content has changed.

    :param organizations: address → id, as :func:`load_organizations` returns it
    """
    records = list(records)
    stored = stored_packages({record.id: record.name for record in records})
    for record in records:
        found, namesake = stored.get(record.id), stored.get(record.name)
        if namesake and namesake is not found:
            report.problems.append(
                f"The record {record.name} is not loaded: another one has that name. "
                "Rename the other one, then load again."
            )
            continue
        if (
            found
            and found.state == model.State.ACTIVE
            and found.fingerprint == record.fingerprint()
        ):
            report.unchanged.append(record.name)
            continue
        data = {
            **record.fields,
            "id": record.id,
            "owner_org": organizations[record.owner],
            "state": model.State.ACTIVE,
            "plugin_data": {_PLUGIN_DATA: {"fingerprint": record.fingerprint()}},
        }
        with explained(f"Record {record.name}"):
            tk.get_action("package_update" if found else "package_create")(operator_context(), data)
        (report.updated if found else report.made).append(record.name)
        say(f"  {'~' if found else '+'} {record.name}")


def load(say: Say) -> Report:
    """Load the sample organizations, datasets, activities and indicators of the region.

    :param say: takes the lines of progress
    :raises DemoError: when plugins are missing or CKAN refuses a record
    :raises .config.OpdFileError: when the OPD file can not be used
    :raises ckanext.tangerang.wilayah.UnknownRegionError: when there is no such region
    """
    require_plugins()
    subject = configured_subject()
    report = Report()
    say("Organizations")
    organizations = load_organizations(subject.offices.all, report, say)
    datasets = build_datasets(subject, BUILDERS)
    records = build_records(subject, {dataset.name for dataset in datasets})
    say("Datasets")
    linked = [_with_activity(dataset, records) for dataset in datasets]
    load_datasets(subject, linked, organizations, report, say)
    say("Activities and indicators")
    load_records(records, organizations, report, say)
    return report


# Removal


def _users_of(id_: str) -> list[str]:
    """Return the names of the records that link to a record."""
    if not plugin_loaded("tangerang_metadata"):
        return []
    found = tk.get_action("tangerang_link_list")(operator_context(), {"id": id_})["used_by"]
    return sorted({user["name"] for user in found})


def _remove_dataset(id_: str, tables: set[str]) -> None:
    """Purge the dataset ``id_`` with its DataStore tables and files."""
    package = model.Package.get(id_)
    resource_ids = [resource.id for resource in package.resources_all] if package else []
    for resource_id in resource_ids:
        if resource_id in tables:
            tk.get_action("datastore_delete")(
                operator_context(),
                {"resource_id": resource_id, "force": True, "calculate_record_count": False},
            )
        upload = uploader.get_resource_uploader({"id": resource_id, "clear_upload": True})
        upload.upload(resource_id)
    tk.get_action("dataset_purge")(operator_context(), {"id": id_})


def remove(say: Say) -> Report:
    """Purge what the sample portal has made, known by its ids.

    An organization stays when it owns other datasets or has members that are not sample accounts;
    the report says so. Accounts stay.

    :param say: takes the lines of progress
    """
    report = Report()
    # What names others goes first: a record that is in use is not removed.
    order = sa.case({"indikator": 0, "dataset": 1}, value=model.Package.type, else_=2)
    packages = (
        model.Session.query(model.Package.id, model.Package.name)
        .filter(model.Package.id.startswith(MARK))
        .order_by(order, model.Package.name)
        .all()
    )
    resource_ids = [
        id_
        for (id_,) in model.Session.query(model.Resource.id).filter(
            model.Resource.package_id.startswith(MARK)
        )
    ]
    tables = _existing_tables(resource_ids) if resource_ids else set()
    say("Datasets, activities and indicators")
    for id_, name in packages:
        users = _users_of(id_)
        if users:
            report.problems.append(
                f"{name} stays, because these records link to it: {', '.join(users)}. Take the "
                "links out, then run this again."
            )
            continue
        _remove_dataset(id_, tables)
        report.removed.append(name)
        say(f"  - {name}")
    say("Organizations")
    kept = _organizations_in_use()
    groups = (
        model.Session.query(model.Group.id, model.Group.name, model.Group.title)
        .filter(model.Group.id.startswith(MARK))
        .order_by(model.Group.name)
        .all()
    )
    for id_, name, title in groups:
        if id_ in kept:
            report.problems.append(
                f"The organization {name} stays: it has {kept[id_]}. Move or remove these, then "
                "run this again."
            )
            continue
        tk.get_action("organization_purge")(operator_context(), {"id": id_})
        report.removed.append(name)
        say(f"  - {title}")
    return report


def _organizations_in_use() -> dict[str, str]:
    """Return the ids of our organizations that others use, with what they use them for."""
    owners = (
        model.Session.query(model.Package.owner_org)
        .filter(model.Package.owner_org.startswith(MARK))
        .distinct()
    )
    members = (
        model.Session.query(model.Member.group_id)
        .filter(
            model.Member.group_id.startswith(MARK),
            model.Member.table_name == "user",
            model.Member.state == model.State.ACTIVE,
            model.Member.table_id != site_user().id,
            sa.not_(model.Member.table_id.startswith(MARK)),
        )
        .distinct()
    )
    used = {id_: "members" for (id_,) in members}
    for (id_,) in owners:
        used[id_] = f"other datasets and {used[id_]}" if id_ in used else "other datasets"
    return used
