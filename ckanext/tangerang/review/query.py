"""Lists of records by where they stand: two statements, however many there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ..metadata.fields import DATASET_TYPE, RECORD_TYPES
from . import grants, notes, roles, states
from .model import Review, ReviewNote, ReviewTransition
from .revision.model import Revision

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ckan.types import Context, DataDict

_STATISTICS = "statistik"


def organization_id(name: str | None) -> str | None:
    """Return the id of an organization; None where none is named.

    :raises ObjectNotFound: when there is no such organization
    """
    if not name:
        return None
    found: Any = model.Group.get(name)
    if found is None or not found.is_organization:
        raise tk.ObjectNotFound(tk._("There is no such organization."))
    return found.id


def own_organizations(context: Context, permission: str) -> tuple[str, ...]:
    """Return the ids of the organizations in which the user has a right.

    :param permission: of CKAN: ``read``, ``create_dataset``, ``admin``
    """
    own = tk.get_action("organization_list_for_user")(
        cast("Context", {"user": context.get("user")}), {"permission": permission}
    )
    return tuple(entry["id"] for entry in own)


def sight(context: Context) -> tuple[tuple[str, ...] | None, bool]:
    """Return which records that are not public the user sees.

    :returns: ids of organizations, None for all; and whether also what the pembina data advises on
    """
    if not context.get("user"):
        return (), False
    if roles.acts_as(context, states.WALIDATA):
        return None, False
    return own_organizations(context, "read"), roles.acts_as(context, states.PEMBINA)


@dataclass(frozen=True)
class Scope:
    """Which records a list has."""

    states: tuple[str, ...]
    organization: str | None
    record_type: str | None
    #: Only what this user has claimed or handed in.
    mine: str | None
    #: Ids of the organizations that the user may see; None for all.
    visible: tuple[str, ...] | None
    #: The user advises, as pembina data.
    pembina: bool

    @classmethod
    def of(cls, context: Context, data_dict: DataDict) -> Scope:
        """Return what a user wants to see, as far as they may.

        :raises ObjectNotFound: when there is no such organization
        """
        organization = organization_id(data_dict.get("owner_org"))
        visible, pembina = sight(context)
        return cls(
            states=tuple(data_dict.get("state") or sorted(states.WALIDATA_WAITING)),
            organization=organization,
            record_type=data_dict.get("type"),
            mine=grants.user_id(context) if data_dict.get("mine") else None,
            visible=visible,
            pembina=pembina,
        )


def _package() -> Any:
    """Return the table of packages."""
    return cast("Any", model.Package).__table__


def advised(package: Any, state: Any) -> Any:
    """Return the condition of the records that the pembina data advises on.

    :param package: the table of packages
    :param state: the column of the state
    """
    statistics = sa.or_(
        package.c.type != DATASET_TYPE, package.c.extras["jenis_data"].astext == _STATISTICS
    )
    return sa.and_(statistics, state.in_(states.HANDED_OVER))


def is_advised(package: Any, state: str) -> bool:
    """Tell the same of one record."""
    statistics = (
        package.type != DATASET_TYPE or (package.extras or {}).get("jenis_data") == _STATISTICS
    )
    return statistics and state in states.HANDED_OVER


def _conditions(scope: Scope) -> list[Any]:
    """Return the conditions of a list."""
    package, row = _package(), cast("Any", Review.__table__)
    found = [
        package.c.type.in_(RECORD_TYPES),
        package.c.state != model.State.DELETED,
        row.c.state.in_(scope.states),
    ]
    if scope.organization:
        found.append(package.c.owner_org == scope.organization)
    if scope.record_type:
        found.append(package.c.type == scope.record_type)
    if scope.mine:
        found.append(sa.or_(row.c.reviewer_id == scope.mine, row.c.submitted_by == scope.mine))
    if scope.visible is not None:
        seen = package.c.owner_org.in_(scope.visible)
        found.append(sa.or_(seen, advised(package, row.c.state)) if scope.pembina else seen)
    return found


def count(scope: Scope) -> int:
    """Return how many records a list has."""
    package, row = _package(), cast("Any", Review.__table__)
    query = (
        sa.select(sa.func.count())
        .select_from(row.join(package, package.c.id == row.c.package_id))
        .where(*_conditions(scope))
    )
    return cast("Any", model.Session).scalar(query) or 0


def records(scope: Scope, limit: int, offset: int) -> Sequence[Any]:
    """Return the records of a list, what waits longest first."""
    package, row = _package(), cast("Any", Review.__table__)
    note = cast("Any", ReviewNote.__table__)
    group = cast("Any", model.Group).__table__
    revision = cast("Any", Revision.__table__)
    original = package.alias()
    open_notes = (
        sa.select(sa.func.count())
        .where(note.c.package_id == package.c.id, note.c.status == notes.OPEN)
        .scalar_subquery()
    )
    query = (
        sa.select(
            package.c.id,
            package.c.name,
            package.c.title,
            package.c.type,
            package.c.metadata_modified,
            row.c.state,
            row.c.since,
            row.c.submitted,
            row.c.submitted_by,
            row.c.reviewer_id,
            row.c.publish_at,
            group.c.id.label("organization_id"),
            group.c.name.label("organization_name"),
            group.c.title.label("organization_title"),
            open_notes.label("open_notes"),
            original.c.name.label("revision_of"),
        )
        .select_from(
            row.join(package, package.c.id == row.c.package_id)
            .outerjoin(group, group.c.id == package.c.owner_org)
            .outerjoin(revision, revision.c.shadow_id == package.c.id)
            .outerjoin(original, original.c.id == revision.c.package_id)
        )
        .where(*_conditions(scope))
        .order_by(sa.func.coalesce(row.c.submitted, row.c.since), package.c.id)
        .limit(limit)
        .offset(offset)
    )
    return cast("Any", model.Session).execute(query).all()


def _changed(columns: Sequence[Any], organization: str | None) -> Any:
    """Return the statement for what changed past the review.

    :param columns: what it selects
    :param organization: id; None for all
    """
    package, step = _package(), cast("Any", ReviewTransition.__table__)
    group = cast("Any", model.Group).__table__
    file = cast("Any", model.Resource).__table__
    tables = (
        step.join(package, package.c.id == step.c.package_id)
        .outerjoin(group, group.c.id == package.c.owner_org)
        # The history of a changed table keeps the id of its file as the reason.
        .outerjoin(file, sa.and_(file.c.id == step.c.reason, file.c.package_id == package.c.id))
    )
    statement = sa.select(*columns).select_from(tables)
    statement = statement.where(step.c.verb.in_(states.UNCHECKED))
    return statement.where(package.c.owner_org == organization) if organization else statement


def count_changes(organization: str | None) -> int:
    """Return how often something changed past the review."""
    return cast("Any", model.Session).scalar(_changed([sa.func.count()], organization)) or 0


def changes(organization: str | None, limit: int, offset: int) -> Sequence[Any]:
    """Return what changed past the review, the newest first: one statement."""
    package, step = _package(), cast("Any", ReviewTransition.__table__)
    group = cast("Any", model.Group).__table__
    file = cast("Any", model.Resource).__table__
    columns = [
        *(step.c.package_id, step.c.verb, step.c.user_id, step.c.reason, step.c.created),
        *(package.c.name, package.c.title, package.c.type),
        sa.func.coalesce(sa.func.nullif(group.c.title, ""), group.c.name).label("organization"),
        sa.func.coalesce(sa.func.nullif(file.c.name, ""), file.c.id).label("resource"),
    ]
    statement = _changed(columns, organization).order_by(step.c.position.desc())
    return cast("Any", model.Session).execute(statement.limit(limit).offset(offset)).all()
