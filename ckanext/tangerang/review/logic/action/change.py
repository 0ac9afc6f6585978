"""Actions that move a record through the review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
from ckan import model

from ... import config, grants, notes, publication, states, store
from ...model import now
from ...revision import snapshots
from .. import schema
from .common import Step, one_wins
from .get import shown

if TYPE_CHECKING:
    from ckan.types import Context, DataDict

__all__ = [
    "tangerang_review_claim",
    "tangerang_review_publish",
    "tangerang_review_retract",
    "tangerang_review_return",
    "tangerang_review_schedule_cancel",
    "tangerang_review_submit",
    "tangerang_review_withdraw",
]


def _open_notes_error(found: list[Any]) -> dict[str, Any]:
    """Return the error that names notes which nobody has answered."""
    return {
        "notes": [
            tk._("A required note is open: {text}").format(text=note.text[:200]) for note in found
        ]
    }


@tk.validate_action_data(schema.tangerang_review_submit)
def tangerang_review_submit(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Hand a record in to the walidata, or first to the Admin OPD where the portal wants that.

    An Admin OPD hands on what waits for them by this too.

    :param id: id or name of a dataset, kegiatan or indikator
    :param version: ``metadata_modified`` that was seen (optional)
    :param reason: what the walidata should know (optional)
    :returns: the review, as :func:`tangerang_review_show` has it
    :raises ValidationError: with what is missing, by field, as publishing would say it; under
        ``notes`` the required notes that nobody has answered
    """
    step = Step("tangerang_review_submit", states.SUBMIT, context, data_dict)
    step.require_version(data_dict.get("version"))
    problems = publication.problems(context, step.package)
    unanswered = notes.unanswered(step.package.id)
    if unanswered:
        problems.update(_open_notes_error(unanswered))
    if problems:
        step.refuse(problems)
    seen = store.version(step.package)
    first = step.row.state in states.EDITABLE
    step.move(reason=data_dict.get("reason") or "", seen=seen)
    step.row.submitted_version = seen
    snapshots.keep(context, step.package)
    if first:
        step.row.submitted, step.row.submitted_by = now(), step.user_id
    step.commit()
    return shown(context, step.package)


@tk.validate_action_data(schema.tangerang_review_withdraw)
def tangerang_review_withdraw(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Take a hand-in back: the record is a draft again.

    :param id: id or name of the record
    :param reason: why (optional)
    :returns: the review
    """
    step = Step("tangerang_review_withdraw", states.WITHDRAW, context, data_dict)
    step.move(reason=data_dict.get("reason") or "")
    step.commit()
    return shown(context, step.package)


@tk.validate_action_data(schema.tangerang_review_claim)
def tangerang_review_claim(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Take a record for checking, also from a colleague: others see who has it.

    :param id: id or name of the record
    :param version: ``metadata_modified`` that was seen (optional)
    :returns: the review
    """
    step = Step("tangerang_review_claim", states.CLAIM, context, data_dict)
    step.require_version(data_dict.get("version"))
    if step.row.reviewer_id != step.user_id:
        if step.row.publish_at:
            step.refuse({"id": [tk._("A time of publication is set. Cancel it first.")]})
        step.move()
        step.row.reviewer_id = step.user_id
    step.commit()
    return shown(context, step.package)


@tk.validate_action_data(schema.tangerang_review_return)
def tangerang_review_return(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return a record to the OPD, with notes.

    :param id: id or name of the record
    :param version: ``metadata_modified`` that was seen (optional)
    :param reason: the general note (optional where there are notes)
    :param notes: list of ``{"field", "row", "resource_id", "column", "severity", "text"}``;
        ``row`` counts from 1; ``severity`` is ``wajib`` (default) or ``saran``
    :returns: the review
    """
    step = Step("tangerang_review_return", states.RETURN, context, data_dict)
    step.require_version(data_dict.get("version"))
    found = data_dict.get("notes") or []
    if not found and not data_dict.get("reason"):
        step.refuse({"reason": [tk._("Say what has to change: a note, or a general remark.")]})
    for values in found:
        notes.add(step.package.id, step.user_id, notes.CHECK, values)
    step.move(reason=data_dict.get("reason") or "", seen=store.version(step.package))
    step.commit()
    return shown(context, step.package)


@tk.validate_action_data(schema.tangerang_review_publish)
@one_wins
def tangerang_review_publish(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Publish a record, now or at a time. One of the access level ``tertutup`` stays private.

    A revisi takes the place of the published version: record, files and tables at once, with
    their ids and addresses, and is gone then.

    :param id: id or name of the record, or of a revisi
    :param version: ``metadata_modified`` of it that was seen
    :param at: day and time (optional); without a zone it is the portal's
    :returns: the review; for a revisi that of its record
    :raises ValidationError: when the record has changed since, lacks something, or the user has
        handed it in (``ckanext.tangerang.review.four_eyes``)
    """
    step = Step("tangerang_review_publish", states.PUBLISH, context, data_dict)
    if step.row.state in states.EDITABLE:
        # An OPD that publishes by itself hands in and approves in one step.
        step.row.submitted, step.row.submitted_by = now(), step.user_id
    elif config.four_eyes() and step.row.submitted_by == step.user_id:
        step.refuse({"id": [tk._("You handed this in yourself. Somebody else has to publish it.")]})
    step.require_version(data_dict["version"])
    unanswered = notes.unanswered(step.package.id)
    if unanswered:
        step.refuse(_open_notes_error(unanswered))
    at = data_dict.get("at")
    if at is None:
        published = publication.publish(
            context, step.package, step.row, step.user_id, data_dict["version"]
        )
        return shown(context, published)
    if at <= now():
        step.refuse({"at": [tk._("This time is over. Choose a later one, or publish now.")]})
    problems = publication.problems(context, step.package)
    if problems:
        step.refuse(problems)
    store.record(
        step.package.id,
        states.SCHEDULE,
        user_id=step.user_id,
        from_state=step.row.state,
        to_state=step.row.state,
        reason=at.isoformat(),
        seen=data_dict["version"],
    )
    step.row.publish_at, step.row.publish_by = at, step.user_id
    step.row.publish_version = data_dict["version"]
    model.Session.commit()
    return shown(context, step.package)


@tk.validate_action_data(schema.tangerang_review_schedule_cancel)
def tangerang_review_schedule_cancel(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Forget the time at which a record was to be published.

    :param id: id or name of the record
    :param reason: why (optional)
    :returns: the review
    """
    step = Step("tangerang_review_schedule_cancel", states.PUBLISH, context, data_dict)
    if step.row.publish_at is None:
        step.refuse({"id": [tk._("No time of publication is set.")]})
    publication.forget_time(
        step.row, states.UNSCHEDULE, step.user_id, data_dict.get("reason") or ""
    )
    model.Session.commit()
    return shown(context, step.package)


@tk.validate_action_data(schema.tangerang_review_retract)
def tangerang_review_retract(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Withdraw a published record: it becomes private, and the OPD may change it again.

    Its address answers 410 from now on, with the day and the reason.

    :param id: id or name of the record
    :param reason: why; kept in the history, and told to the public
    :returns: the review
    """
    step = Step("tangerang_review_retract", states.RETRACT, context, data_dict)
    step.move(reason=data_dict["reason"], seen=store.version(step.package))
    if store.is_public(step.package):
        with publication.undoing(), grants.publishing(step.package.id):
            tk.get_action("package_patch")(
                cast("Context", {"user": context.get("user")}),
                {"id": step.package.id, "private": True},
            )
    else:
        step.commit()
    return shown(context, step.package)
