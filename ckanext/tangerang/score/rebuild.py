"""Judges all records again, batch by batch, each batch in a transaction of its own."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from ckan import model
from ckan.lib import search

from .. import working_copy
from . import checks, store
from .model import Score

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy.sql import Select

log = logging.getLogger(__name__)

#: How many records are judged in one transaction, which keeps their rows locked.
BATCH = 250

_package: Any = model.Package


@dataclass(frozen=True)
class Batch:
    """What was done in one transaction.

    :param ids: the records that were judged
    :param changed: those whose score in the search index is another now
    """

    ids: list[str]
    changed: list[str]


def _due(columns: Any, *, outdated: bool) -> Select[Any]:
    """Return the query for the records to judge: all that are not deleted, or have a score."""
    query = (
        sa.select(columns)
        .select_from(_package)
        .outerjoin(Score, Score.package_id == _package.id)
        .where(
            _package.type.in_(store.TYPES),
            working_copy.is_record(_package),
            sa.or_(_package.state != model.State.DELETED, Score.package_id.is_not(None)),
        )
    )
    if outdated:
        query = query.where(
            sa.or_(
                Score.package_id.is_(None),
                Score.checks_version < checks.load().version,
            )
        )
    return query


def count(*, outdated: bool = False) -> int:
    """Return how many records there are to judge.

    :param outdated: only those without a score, or judged by an older version of the checks
    """
    return int(model.Session.execute(_due(sa.func.count(), outdated=outdated)).scalar_one())


def run(*, outdated: bool = False, size: int = BATCH) -> Iterator[Batch]:
    """Judge all records, and yield after each batch.

    Memory does not grow with their number. A record that is being saved by somebody else is
    waited for, and judged as it is then.

    :param outdated: only those without a score, or judged by an older version of the checks
    :param size: how many records one transaction judges
    """
    last = ""
    while True:
        query = _due(_package.id, outdated=outdated).where(_package.id > last)
        ids = list(model.Session.scalars(query.order_by(_package.id).limit(size)))
        if not ids:
            model.Session.rollback()
            return
        changed = store.refresh_indexed(ids, lock=True)
        model.Session.commit()
        model.Session.expunge_all()
        last = ids[-1]
        yield Batch(ids, changed)


def _is_indexed(package_id: str) -> bool:
    """Put one record into the search index as it is now; tell whether that worked."""
    try:
        search.rebuild(package_ids=[package_id])
    except (search.SearchIndexError, search.SearchError):
        log.exception("Record %s could not be indexed", package_id)
        return False
    return True


def index(ids: Iterable[str]) -> int:
    """Put the scores of records into the search index; return how many could not be."""
    failed = sum(not _is_indexed(package_id) for package_id in ids)
    search.commit()
    return failed
