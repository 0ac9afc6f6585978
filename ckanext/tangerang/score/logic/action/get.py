"""Reading actions about scores. Nothing is judged here: scores are written with the records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model

from ....metadata.fields import DATASET_TYPE
from ....metadata.roles import acts_as_walidata
from ... import access, config, query, store, texts
from .. import schema

if TYPE_CHECKING:
    from ckan.types import Context, DataDict

__all__ = ["tangerang_score_average_list", "tangerang_score_list", "tangerang_score_show"]


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_score_show)
def tangerang_score_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return how completely a record is described, and what would improve it.

    Everything in it follows from what the record itself shows, so that whoever may see the record
    may see this; the pages show the tasks to those who may edit.

    :param id: id or name of a dataset, kegiatan or indikator
    :returns: ``{"id", "name", "type", "completeness", "score", "parts", "todo"}``: ``completeness``
        0 to 100; ``score`` 0 to 100, null for what is no dataset; ``parts`` by name; ``todo`` has
        ``{"check", "part", "message", "field", "label", "points", "needed", "of_file"}`` with
        ``resource`` or ``row`` where a task is about one, what gives most points first
    :raises ObjectNotFound: when there is no such record, or it has not been judged yet
    """
    tk.check_access("tangerang_score_show", context, data_dict)
    package = model.Package.get(data_dict["id"])
    if package is None:
        raise tk.ObjectNotFound(tk._("There is no such record."))
    score = store.get(package.id)
    if score is None:
        raise tk.ObjectNotFound(tk._("This record has not been judged yet."))
    return {
        "id": package.id,
        "name": package.name,
        "type": package.type,
        "completeness": score.completeness,
        "score": score.score,
        "parts": dict(score.parts),
        "todo": texts.tasks(package.type, score.todo),
    }


def _organization(name: str | None) -> model.Group | None:
    """Return an organization by id or name; None for no name.

    :raises ObjectNotFound: when there is none of that name
    """
    if not name:
        return None
    found: Any = model.Group.get(name)
    if found is None or not found.is_organization or found.state != model.State.ACTIVE:
        raise tk.ObjectNotFound(tk._("There is no such organization."))
    return found


def _record(row: Any) -> dict[str, Any]:
    """Return one record of a list."""
    todo = texts.tasks(row.type, row.todo)
    return {
        "id": row.id,
        "name": row.name,
        "title": row.title or row.name,
        "type": row.type,
        "state": row.state,
        "private": bool(row.private),
        "organization": {
            "id": row.organization_id,
            "name": row.organization_name,
            "title": row.organization_title or row.organization_name,
        }
        if row.organization_id
        else None,
        "completeness": row.completeness,
        "score": row.score,
        "parts": dict(row.parts),
        "tasks": len(todo),
        "next": todo[0] if todo else None,
    }


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_score_list)
def tangerang_score_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return the scores of the records of an organization, or of all.

    Sysadmins, the walidata and members of the organization see private records and drafts too;
    others, where ``ckanext.tangerang.score.public_averages`` is on, only what is public.

    :param organization: id or name (optional, default: all)
    :param type: ``dataset``, ``kegiatan`` or ``indikator`` (optional, default: all)
    :param sort: ``lacking`` (what lacks most first, the default), ``complete`` or ``title``
    :param limit: how many at most, up to 1,000 (optional, default: 100)
    :param offset: how many to skip (optional)
    :returns: ``{"count", "results": [{"id", "name", "title", "type", "state", "private",
        "organization", "completeness", "score", "parts", "tasks", "next"}]}``; ``tasks`` is the
        number of tasks and ``next`` the first
    """
    tk.check_access("tangerang_score_list", context, data_dict)
    organization = _organization(data_dict.get("organization"))
    insider = acts_as_walidata(context) or (
        organization is not None and access.is_member(context, organization.id)
    )
    scope = query.Scope(
        organization=organization.id if organization else None,
        record_type=data_dict.get("type"),
        public=not insider,
    )
    rows = query.records(scope, data_dict["sort"], data_dict["limit"], data_dict["offset"])
    return {"count": query.count(scope), "results": [_record(row) for row in rows]}


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_score_average_list)
def tangerang_score_average_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Return counts and averages of organizations.

    The averages are of public records only, rounded down. Sysadmins and the walidata see all
    organizations, others their own; where ``ckanext.tangerang.score.public_averages`` is on,
    everybody sees all.

    :param type: ``dataset`` (default), ``kegiatan`` or ``indikator``
    :param organization: id or name of one organization (optional, default: all)
    :returns: ``[{"id", "name", "title", "count", "incomplete", "completeness", "score",
        "unpublished"}]``, by title; ``count`` of public records, ``incomplete`` of those; the
        averages are null where there is nothing; ``unpublished``, the number of drafts and private
        records, is null for those who may not see them
    """
    tk.check_access("tangerang_score_average_list", context, data_dict)
    everything = acts_as_walidata(context)
    own = [] if everything else access.own_organizations(context)
    shown = None if everything or config.public_averages() else own
    organization = _organization(data_dict.get("organization"))
    if organization is not None:
        shown = [organization.id] if shown is None or organization.id in shown else []
    if shown == []:
        return []
    return [
        {
            "id": row.id,
            "name": row.name,
            "title": row.title or row.name,
            "count": row.public,
            "incomplete": row.incomplete,
            "completeness": None if row.completeness is None else int(row.completeness),
            "score": None if row.score is None else int(row.score),
            "unpublished": row.unpublished if everything or row.id in own else None,
        }
        for row in query.averages(data_dict.get("type") or DATASET_TYPE, shown)
    ]
