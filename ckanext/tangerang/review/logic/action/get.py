"""Reading actions of the review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
from ckan import model

from ... import config, notes, query, roles, states, store
from ...model import ReviewTransition
from ...revision import planning, shadow
from .. import schema
from .common import find_package

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from ckan.types import Context, DataDict

    from ...revision.model import Revision

__all__ = [
    "tangerang_review_change_list",
    "tangerang_review_history",
    "tangerang_review_list",
    "tangerang_review_show",
]


def _iso(moment: datetime | None) -> str | None:
    """Return a time as the actions show it."""
    return moment.isoformat() if moment else None


def user_names(ids: Iterable[str | None]) -> dict[str, str]:
    """Return what people are called, by id, by one query."""
    wanted = {key for key in ids if key}
    if not wanted:
        return {}
    user: Any = model.User
    found = model.Session.query(user.id, user.name, user.fullname).filter(user.id.in_(wanted))
    return {row.id: row.fullname or row.name for row in found}


def shown(context: Context, package: Any) -> dict[str, Any]:
    """Return the review of a record, for somebody who may see it."""
    row = store.get(package.id)
    found = notes.of_record(package.id)
    state = store.state(package)
    revision = shadow.of_shadow(package)
    open_one = None if revision else shadow.of_record(package.id)
    names = user_names(
        [
            *(entry.opened_by for entry in (revision, open_one) if entry),
            *((row.submitted_by, row.reviewer_id, row.publish_by) if row else ()),
            *(note.user_id for note in found),
            *(answer["user_id"] for note in found for answer in note.answers),
        ]
    )
    mine = roles.of_record(context, package)
    return {
        "id": package.id,
        "name": package.name,
        "type": package.type,
        "title": package.title or package.name,
        "state": state,
        "since": _iso(row.since) if row else None,
        "version": store.version(package),
        "submitted": _iso(row.submitted) if row else None,
        "submitted_by": names.get(row.submitted_by or "") if row else None,
        "submitted_version": row.submitted_version if row else None,
        "reviewer": names.get(row.reviewer_id or "") if row else None,
        "publish_at": _iso(row.publish_at) if row else None,
        "publish_by": names.get(row.publish_by or "") if row else None,
        "notes": [notes.shown(note, names) for note in found],
        "revision": _open_revision(open_one, names) if open_one else None,
        "revision_of": _original(revision, names) if revision else None,
        "roles": sorted(mine),
        "allowed": states.allowed(state, mine, config.rules(), revision=revision is not None)
        if config.enabled()
        else [],
    }


def _open_revision(revision: Revision, names: Mapping[str, str]) -> dict[str, Any]:
    """Return the open revisi of a record, as its review shows it."""
    row = store.get(revision.shadow_id)
    return {
        "id": revision.shadow_id,
        "state": row.state if row else states.DRAFT,
        "opened": _iso(revision.opened),
        "opened_by": names.get(revision.opened_by or ""),
    }


def _original(revision: Revision, names: Mapping[str, str]) -> dict[str, Any]:
    """Return the record of a revisi, as the review of that shows it."""
    package: Any = model.Package.get(revision.package_id)
    return {
        "id": package.id,
        "name": package.name,
        "title": package.title or package.name,
        "problem": planning.hindrance(package, store.get(package.id)) or None,
        "opened": _iso(revision.opened),
        "opened_by": names.get(revision.opened_by or ""),
    }


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_review_show)
def tangerang_review_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return where a record stands, with its notes, and what the user may do.

    :param id: id or name of a dataset, kegiatan or indikator
    :returns: ``{"id", "name", "type", "title", "state", "since", "version", "submitted",
        "submitted_by", "submitted_version", "reviewer", "publish_at", "publish_by", "notes",
        "revision", "revision_of", "roles", "allowed"}``; times are UTC; people are shown by name.
        ``revision`` is the open revisi of a record, ``{"id", "state", "opened", "opened_by"}``;
        ``revision_of`` the record of a revisi, ``{"id", "name", "title", "problem", "opened",
        "opened_by"}``, where ``problem`` says why it can not be handed in now
    """
    package = find_package(data_dict)
    tk.check_access("tangerang_review_show", context, data_dict)
    return shown(context, package)


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_review_history)
def tangerang_review_history(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return what happened to a record in the review, the newest first.

    :param id: id or name of the record
    :param limit: how many at most, up to 1,000 (optional, default: 100)
    :param offset: how many to skip (optional)
    :returns: ``{"count", "results": [{"verb", "from", "to", "user", "reason", "version",
        "created", "revision"}]}``; ``user`` is null for what the portal did by itself;
        ``revision`` is the id of the revisi in which it happened, null for the record itself
    """
    package = find_package(data_dict)
    tk.check_access("tangerang_review_history", context, data_dict)
    found = model.Session.query(ReviewTransition).filter_by(package_id=package.id)
    rows = (
        found.order_by(cast("Any", ReviewTransition).position.desc())
        .limit(data_dict["limit"])
        .offset(data_dict["offset"])
        .all()
    )
    names = user_names(row.user_id for row in rows)
    return {
        "count": found.count(),
        "results": [
            {
                "verb": row.verb,
                "from": row.from_state,
                "to": row.to_state,
                "user": names.get(row.user_id or ""),
                "reason": row.reason,
                "version": row.version,
                "created": _iso(row.created),
                "revision": row.revision_id,
            }
            for row in rows
        ],
    }


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_review_list)
def tangerang_review_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return records by where they stand, what waits longest first.

    The walidata sees all; the pembina data what it advises on; others what their OPD has.

    :param state: one state, or several as a list or with commas (optional, default: what waits
        for the walidata)
    :param owner_org: id or name of an OPD (optional)
    :param type: ``dataset``, ``kegiatan`` or ``indikator`` (optional)
    :param mine: only what the user has claimed or handed in (optional)
    :param limit: how many at most, up to 1,000 (optional, default: 100)
    :param offset: how many to skip (optional)
    :returns: ``{"count", "results": [{"id", "name", "type", "title", "state", "since",
        "submitted", "submitted_by", "reviewer", "reviewer_id", "version", "publish_at",
        "organization", "open_notes", "revision_of"}]}``; ``version`` is what publishing names,
        ``revision_of`` the name of the record of a revisi
    """
    tk.check_access("tangerang_review_list", context, data_dict)
    scope = query.Scope.of(context, data_dict)
    rows = query.records(scope, data_dict["limit"], data_dict["offset"])
    names = user_names(key for row in rows for key in (row.submitted_by, row.reviewer_id))
    return {
        "count": query.count(scope),
        "results": [
            {
                "id": row.id,
                "name": row.name,
                "type": row.type,
                "title": row.title or row.name,
                "state": row.state,
                "since": _iso(row.since),
                "submitted": _iso(row.submitted),
                "submitted_by": names.get(row.submitted_by or ""),
                "reviewer": names.get(row.reviewer_id or ""),
                "reviewer_id": row.reviewer_id,
                "version": store.version(row),
                "publish_at": _iso(row.publish_at),
                "organization": {
                    "id": row.organization_id,
                    "name": row.organization_name,
                    "title": row.organization_title or row.organization_name,
                }
                if row.organization_id
                else None,
                "open_notes": row.open_notes,
                "revision_of": row.revision_of,
            }
            for row in rows
        ],
    }


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_review_change_list)
def tangerang_review_change_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return what changed past the review, the newest first, for the walidata.

    That is: published records whose content, files or tables were changed, and records that were
    published directly, by a sysadmin or a loader of the portal.

    :param owner_org: id or name of an OPD (optional)
    :param limit: how many at most, up to 1,000 (optional, default: 100)
    :param offset: how many to skip (optional)
    :returns: ``{"count", "results": [{"id", "name", "type", "title", "organization", "verb",
        "user", "resource", "reason", "created"}]}``; ``resource`` is the name of the file whose
        table changed, null otherwise
    """
    tk.check_access("tangerang_review_change_list", context, data_dict)
    organization = query.organization_id(data_dict.get("owner_org"))
    rows = query.changes(organization, data_dict["limit"], data_dict["offset"])
    names = user_names(row.user_id for row in rows)
    return {
        "count": query.count_changes(organization),
        "results": [
            {
                "id": row.package_id,
                "name": row.name,
                "type": row.type,
                "title": row.title or row.name,
                "organization": row.organization,
                "verb": row.verb,
                "user": names.get(row.user_id or ""),
                "resource": row.resource,
                "reason": "" if row.resource else row.reason,
                "created": _iso(row.created),
            }
            for row in rows
        ],
    }
