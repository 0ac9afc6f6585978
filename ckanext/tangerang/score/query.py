"""Reads the table of scores: records of an organization, averages of organizations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
from ckan import model

from . import store
from .model import Score

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.sql.elements import ColumnElement

_package: Any = model.Package
_group: Any = model.Group

#: Orders of a list. What lacks most comes first unless the caller says otherwise.
LACKING = "lacking"
SORTS: dict[str, tuple[Any, ...]] = {
    LACKING: (Score.completeness.asc(), Score.score.asc().nulls_last()),
    "complete": (Score.completeness.desc(), Score.score.desc().nulls_last()),
    "title": (),
}


@dataclass(frozen=True)
class Scope:
    """Which records a list holds.

    :param organization: id of the organization; None for all
    :param record_type: one type; None for all that are judged
    :param public: only what everybody may see
    """

    organization: str | None = None
    record_type: str | None = None
    public: bool = True

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the conditions on packages."""
        types = [self.record_type] if self.record_type else list(store.TYPES)
        found = [_package.type.in_(types), _package.state != model.State.DELETED]
        if self.organization:
            found.append(_package.owner_org == self.organization)
        if self.public:
            found.append(_is_public())
        return found


def _is_public() -> ColumnElement[bool]:
    """Return the condition that everybody may see a record."""
    return sa.and_(_package.state == model.State.ACTIVE, _package.private.is_(False))


def count(scope: Scope) -> int:
    """Return how many judged records there are."""
    query = (
        sa.select(sa.func.count())
        .select_from(Score)
        .join(_package, _package.id == Score.package_id)
        .where(*scope.conditions())
    )
    return int(model.Session.execute(query).scalar_one())


def records(scope: Scope, sort: str, limit: int, offset: int) -> Sequence[Any]:
    """Return judged records as rows: columns of the record, its organization and its score.

    :param sort: a key of :data:`SORTS`
    """
    query = (
        sa.select(
            _package.id,
            _package.name,
            _package.title,
            _package.type,
            _package.state,
            _package.private,
            _group.id.label("organization_id"),
            _group.name.label("organization_name"),
            _group.title.label("organization_title"),
            Score.completeness,
            Score.score,
            Score.parts,
            Score.todo,
        )
        .select_from(Score)
        .join(_package, _package.id == Score.package_id)
        .outerjoin(_group, _group.id == _package.owner_org)
        .where(*scope.conditions())
        .order_by(*SORTS[sort], _package.title, _package.id)
        .limit(limit)
        .offset(offset)
    )
    return model.Session.execute(query).all()


def averages(record_type: str, organizations: Collection[str] | None) -> Sequence[Any]:
    """Return counts and averages of organizations, by title, by one query.

    The averages are of what everybody may see, so that they are the same for every reader.

    :param organizations: ids; None for all
    """
    public = _is_public()
    query = (
        sa.select(
            _group.id,
            _group.name,
            _group.title,
            sa.func.count(Score.package_id).filter(public).label("public"),
            sa.func.count(Score.package_id).filter(sa.not_(public)).label("unpublished"),
            sa.func.count(Score.package_id)
            .filter(public, Score.completeness < 100)  # noqa: PLR2004 - per cent
            .label("incomplete"),
            sa.func.floor(sa.func.avg(Score.completeness).filter(public)).label("completeness"),
            sa.func.floor(sa.func.avg(Score.score).filter(public)).label("score"),
        )
        .select_from(_group)
        .outerjoin(
            _package,
            sa.and_(
                _package.owner_org == _group.id,
                _package.type == record_type,
                _package.state != model.State.DELETED,
            ),
        )
        .outerjoin(Score, Score.package_id == _package.id)
        .where(_group.is_organization.is_(True), _group.state == model.State.ACTIVE)
        .group_by(_group.id, _group.name, _group.title)
        .order_by(_group.title)
    )
    if organizations is not None:
        query = query.where(_group.id.in_(organizations))
    return cast("Sequence[Any]", model.Session.execute(query).all())
