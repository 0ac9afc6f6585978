"""Keeps the table of scores: judges records and writes what has changed.

Nothing here commits: a score belongs to the transaction that changes the record.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakKeyDictionary

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy import event
from sqlalchemy.orm import selectinload

from .. import working_copy
from ..metadata.fields import DATASET_TYPE, RECORD_TYPES
from ..metadata.values import as_list
from . import checks, engine
from .model import Score

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

#: Types of records that are judged.
TYPES = RECORD_TYPES

#: Columns of datasets and files that fields of our schemas are stored in.
_COLUMNS = (
    *("title", "name", "notes", "url", "version", "owner_org", "license_id"),
    *("author", "author_email", "maintainer", "maintainer_email"),
)
_RESOURCE_COLUMNS = ("id", "url", "url_type", "name", "description", "format")

#: The scores that a transaction has written, kept as long as it lasts: SQLAlchemy forgets objects
#: that nobody holds, and the search index would ask the database for each of them again.
_written: WeakKeyDictionary[Any, list[Score]] = WeakKeyDictionary()


def get(package_id: str) -> Score | None:
    """Return the score of a record; None where there is none (yet)."""
    return cast("Any", model.Session).get(Score, package_id)


def get_many(ids: Collection[str]) -> dict[str, Score]:
    """Return the scores of records by id, by one query; those without one are absent."""
    found = model.Session.query(Score).filter(Score.package_id.in_(ids)) if ids else ()
    return {score.package_id: score for score in found}


def _indexed(ids: Collection[str]) -> dict[str, tuple[int, int | None]]:
    """Return by id what the search index holds of scores: completeness and score."""
    query = sa.select(Score.package_id, Score.completeness, Score.score)
    rows = model.Session.execute(query.where(Score.package_id.in_(ids)))
    return {row.package_id: (row.completeness, row.score) for row in rows}


def _record(package: Any, tags: list[str]) -> dict[str, Any]:
    """Return the values of a record by field, as they are stored."""
    return {
        **(package.extras or {}),
        **{name: getattr(package, name) for name in _COLUMNS},
        "tags": tags,
        "resources": [
            {**(file.extras or {}), **{name: getattr(file, name) for name in _RESOURCE_COLUMNS}}
            for file in package.resources
        ],
    }


def _linked(package: Any) -> list[str]:
    """Return the ids of the indicators that a record links to."""
    return [str(key) for key in as_list((package.extras or {}).get(engine.INDICATORS) or [])]


def _indicators(packages: Iterable[Any]) -> Mapping[str, Mapping[str, Any]]:
    """Return the values of all indicators that some records link to, by id, by one query."""
    ids = {key for package in packages for key in _linked(package)}
    package: Any = model.Package
    query = sa.select(package.id, package.extras).where(
        package.id.in_(ids), package.state != model.State.DELETED
    )
    return {row.id: row.extras for row in model.Session.execute(query)} if ids else {}


def _judge(
    package: Any, tags: list[str], indicators: Mapping[str, Mapping[str, Any]]
) -> engine.Result | None:
    """Return what a record is worth; None for what is not judged.

    Deleted records are not, nor are working copies, those of another type or without a schema.

    :param tags: its keywords
    :param indicators: values of indicators by id
    """
    if package.state == model.State.DELETED or package.type not in TYPES:
        return None
    if working_copy.original_of(package):
        return None
    schema = tk.h.scheming_get_dataset_schema(package.type)
    if not schema:
        return None
    record, fields = _record(package, tags), schema["dataset_fields"]
    if package.type != DATASET_TYPE:
        return engine.judge_form(fields, record)
    names = [field["field_name"] for field in schema.get("resource_fields", [])]
    linked = [indicators[key] for key in _linked(package) if key in indicators]
    return engine.judge_dataset(fields, names, record, linked)


def _tags(ids: Collection[str]) -> Mapping[str, list[str]]:
    """Return the keywords of records by id."""
    member, tag = cast("Any", model.PackageTag), cast("Any", model.Tag)
    rows = model.Session.query(member.package_id, tag.name).filter(
        member.package_id.in_(ids),
        member.state == model.State.ACTIVE,
        tag.id == member.tag_id,
        tag.vocabulary_id.is_(None),
    )
    out: dict[str, list[str]] = defaultdict(list)
    for package_id, name in rows:
        out[package_id].append(name)
    return out


def _values(result: engine.Result) -> dict[str, Any]:
    """Return the columns of a result."""
    return {
        "completeness": result.completeness,
        "score": result.score,
        "parts": dict(result.parts),
        "todo": [
            {name: value for name, value in asdict(task).items() if value is not None}
            for task in result.todo
        ],
        "checks_version": checks.load().version,
    }


def refresh(ids: Collection[str], *, lock: bool = False) -> list[str]:
    """Judge records and write their scores where they differ from the stored ones.

    The number of queries does not depend on the number of records.

    :param ids: ids of packages of any type
    :param lock: keep others from changing the records until the transaction ends
    :returns: ids of the records whose score is another than before
    """
    session: Any = model.Session
    session.flush()
    package: Any = model.Package
    query = (
        session.query(package)
        .filter(package.id.in_(ids))
        .options(selectinload(package.resources_all))
        .order_by(package.id)
    )
    if lock:
        query = query.populate_existing().with_for_update(key_share=True, of=package)
    packages = query.all()
    stored = get_many(ids)
    tags, indicators = _tags(ids), _indicators(packages)
    now = datetime.now(timezone.utc).replace(tzinfo=None)
    changed: list[str] = []
    written = _written.setdefault(session().get_transaction(), [])
    for found in packages:
        result = _judge(found, tags.get(found.id, []), indicators)
        row = stored.get(found.id)
        if result is None:
            if row is not None:
                session.delete(row)
                changed.append(found.id)
            continue
        values = _values(result)
        if row is None:
            row = Score(package_id=found.id, updated=now, **values)
            session.add(row)
            written.append(row)
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            row.updated = now
        else:
            continue
        changed.append(found.id)
    session.flush()
    return changed


def refresh_indexed(ids: Collection[str], *, lock: bool = False) -> list[str]:
    """Judge records as :func:`refresh` does; return what has to be put into the search index.

    :returns: ids of the records whose score in the search index is another than before
    """
    if not ids:
        return []
    before = _indexed(ids)
    refresh(ids, lock=lock)
    after = _indexed(ids)
    return [key for key in ids if before.get(key) != after.get(key)]


@contextmanager
def refreshing(ids: Collection[str]) -> Iterator[None]:
    """Judge records again when the transaction inside is about to be committed.

    For actions of CKAN that change records past ``IPackageController`` and commit by themselves.

    :param ids: ids of packages of any type
    """
    session = model.Session()

    def judge(_session: Any) -> None:
        refresh(ids)

    event.listen(session, "before_commit", judge)
    try:
        yield
    finally:
        event.remove(session, "before_commit", judge)


def remove(package_id: str) -> None:
    """Remove the score of a record that is being deleted."""
    model.Session.execute(sa.delete(Score).where(Score.package_id == package_id))
