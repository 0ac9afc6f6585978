"""The next releases of the datasets of the portal, by one statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
from ckan import model

from .. import working_copy
from .fields import DATASET_TYPE
from .language import local_day
from .releases import Release, next_release

if TYPE_CHECKING:
    from collections.abc import Sequence


def newest_files() -> Any:
    """Return the statement for the newest file of each record: ``package_id`` and ``released``.

    A file is as new as its content: what is said about it may change without a release.
    """
    file = cast("Any", model.Resource).__table__
    return (
        sa.select(
            file.c.package_id,
            sa.func.max(sa.func.greatest(file.c.last_modified, file.c.created)).label("released"),
        )
        .where(file.c.state == model.State.ACTIVE)
        .group_by(file.c.package_id)
        .subquery("newest_file")
    )


def release_of(schedule: str | None, frequency: str | None, released: Any) -> Release | None:
    """Return the next release of a record, as the columns of a statement have it.

    :param released: moment of the newest file, or None
    """
    return next_release(schedule, frequency, local_day(released) if released else None)


def dataset_releases(*conditions: Any) -> list[tuple[Any, Release | None]]:
    """Return all datasets that are no drafts, with the next release of each: one statement.

    A file of a record that is not public is not released yet.

    :param conditions: more of them, about the table of packages
    :returns: rows with ``id`` and ``owner_org``, each with its release
    """
    package = cast("Any", model.Package).__table__
    files = newest_files()
    query = (
        sa.select(
            package.c.id,
            package.c.owner_org,
            package.c.private,
            package.c.extras["jadwal_rilis"].astext.label("schedule"),
            package.c.extras["frekuensi"].astext.label("frequency"),
            files.c.released,
        )
        .select_from(package.outerjoin(files, files.c.package_id == package.c.id))
        .where(
            package.c.type == DATASET_TYPE,
            package.c.state == model.State.ACTIVE,
            working_copy.is_record(package),
            *conditions,
        )
    )
    rows: Sequence[Any] = cast("Any", model.Session).execute(query).all()
    return [
        (row, release_of(row.schedule, row.frequency, None if row.private else row.released))
        for row in rows
    ]
