"""Lets records follow a change of their organization: bodies of background jobs.

CKAN leaves the search index as it is when an organization is renamed: searches show the old title,
and the new address finds nothing. Harvesters ask for what was modified since their last visit; a
public rename or merge must be among it.

Each function takes ids only and may run again after it was stopped half-way.
"""

from __future__ import annotations

import logging
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib import search
from ckan.logic import index_update_package
from redis import RedisError
from rq import Retry

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

log = logging.getLogger(__name__)

#: How many records one transaction of the job is about.
BATCH = 250
#: Seconds until a job that failed runs again: the index may be away for a while.
RETRIES = (60, 600, 3600)

_package: Any = model.Package


class IncompleteError(Exception):
    """Some records could not be put into the search index; the job is to run again."""


def now() -> str:
    """Return the present time as :func:`touch_and_reindex` takes it."""
    return datetime.now(timezone.utc).replace(tzinfo=None).isoformat()


def later(organization_ids: Collection[str]) -> None:
    """Queue :func:`touch_and_reindex` for organizations that were renamed just now.

    Call it after the commit. Without a queue the rename stands and the log says what to do.
    """
    try:
        tk.enqueue_job(
            touch_and_reindex,
            [list(organization_ids), now()],
            title="Index the records of renamed OPD",
            rq_kwargs={"retry": Retry(max=len(RETRIES), interval=list(RETRIES))},
        )
    except RedisError:
        log.exception("Not queued: run `ckan search-index rebuild` for %s", organization_ids)


def touch_and_reindex(organization_ids: Collection[str], moment: str | None = None) -> None:
    """Move ``metadata_modified`` of the public records of organizations, and index all of them.

    :param organization_ids: organizations that were renamed
    :param moment: when that was (:func:`now`); records modified since stay as they are, so that
        a second run moves nothing twice. Default: this moment
    """
    _follow(_package.owner_org.in_(list(organization_ids)), moment or now())


def touch_and_reindex_packages(package_ids: Collection[str], moment: str | None = None) -> None:
    """Do the same with single records: those that a merge or its undoing moved."""
    _follow(_package.id.in_(list(package_ids)), moment or now())


def reindex(organization_ids: Collection[str]) -> None:
    """Put the records of organizations into the search index; for a change that no record shows."""
    _follow(_package.owner_org.in_(list(organization_ids)), None)


def _batches(scope: Any) -> Iterator[list[str]]:
    """Yield the ids of the packages of a condition, in every state, some at a time."""
    last = ""
    while True:
        query = sa.select(_package.id).where(scope, _package.id > last).order_by(_package.id)
        ids = list(model.Session.scalars(query.limit(BATCH)))
        if not ids:
            return
        last = ids[-1]
        yield ids


def _touch(ids: list[str], moment: str) -> None:
    """Set ``metadata_modified`` of public records to the present time, if older than a moment.

    Not to the moment itself: a harvester that came since then has seen the old name.
    """
    model.Session.execute(
        sa.update(_package)
        .where(
            _package.id.in_(ids),
            _package.state == model.State.ACTIVE,
            _package.private.is_(False),
            _package.metadata_modified < datetime.fromisoformat(moment),
        )
        .values(metadata_modified=datetime.fromisoformat(now()))
        .execution_options(synchronize_session=False)
    )


def _is_indexed(package_id: str) -> bool:
    """Put one package into the search index; tell whether that worked."""
    try:
        index_update_package({"ignore_auth": True}, package_id, defer_commit=True)
    except (search.SearchIndexError, search.SearchError):
        log.exception("Record %s could not be indexed", package_id)
        return False
    return True


def _follow(scope: Any, moment: str | None) -> None:
    """Touch (with a moment) and index the packages of a condition.

    :raises IncompleteError: when some could not be indexed
    """
    failed = 0
    for ids in _batches(scope):
        if moment:
            _touch(ids, moment)
            model.Session.commit()
        model.Session.expunge_all()
        failed += sum(not _is_indexed(package_id) for package_id in ids)
        search.commit()
    model.Session.rollback()
    if failed:
        raise IncompleteError(f"{failed} records could not be indexed; run the job again")
