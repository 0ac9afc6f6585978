"""Actions about notes and advice: none of them moves a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model

from ... import grants, notes, states, store
from ...model import ReviewNote, now
from .. import schema
from .common import find_package, require_enabled
from .get import user_names

if TYPE_CHECKING:
    from ckan.types import Context, DataDict

__all__ = [
    "tangerang_review_comment",
    "tangerang_review_note_answer",
    "tangerang_review_note_settle",
    "tangerang_review_recommend",
]


#: How the history calls what is written by an action.
_VERBS = {notes.COMMENT: states.COMMENT, notes.RECOMMENDATION: states.ADVISE}


def _shown(note: ReviewNote) -> dict[str, Any]:
    """Return one note as the actions show it."""
    return notes.shown(note, user_names([note.user_id, *(a["user_id"] for a in note.answers)]))


def _in_history(package: Any, verb: str, user_id: str | None) -> None:
    """Write into the history of a record that somebody said something; what it was is a note."""
    state = store.state(package)
    store.record(package.id, verb, user_id=user_id, from_state=state, to_state=state)


def _add(action: str, kind: str, context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Write a note about a record and commit."""
    require_enabled()
    package = find_package(data_dict)
    tk.check_access(action, context, data_dict)
    user_id = grants.user_id(context)
    note = notes.add(package.id, user_id, kind, data_dict)
    _in_history(package, _VERBS[kind], user_id)
    model.Session.commit()
    return _shown(note)


@tk.validate_action_data(schema.tangerang_review_comment)
def tangerang_review_comment(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Write a remark about a record, or one place in it.

    :param id: id or name of the record
    :param text: the remark
    :param field: (optional) with ``row``, ``resource_id`` and ``column``: where
    :returns: the note
    """
    return _add("tangerang_review_comment", notes.COMMENT, context, data_dict)


@tk.validate_action_data(schema.tangerang_review_recommend)
def tangerang_review_recommend(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Advise the walidata about a record, as pembina data. Decides nothing.

    :param id: id or name of the record
    :param verdict: ``layak`` or ``belum_layak``
    :param text: the reasons
    :returns: the note
    """
    return _add("tangerang_review_recommend", notes.RECOMMENDATION, context, data_dict)


def _locked(data_dict: DataDict) -> ReviewNote:
    """Return the note that a call is about, kept from being changed by others.

    :raises ObjectNotFound: when there is none
    """
    session: Any = model.Session
    note = session.get(ReviewNote, data_dict["id"], populate_existing=True, with_for_update=True)
    if note is None:
        raise tk.ObjectNotFound(tk._("There is no such note."))
    return note


@tk.validate_action_data(schema.tangerang_review_note_answer)
def tangerang_review_note_answer(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Answer a note, as the OPD or the walidata.

    :param id: id of the note
    :param text: the answer
    :returns: the note
    :raises ValidationError: when the note is settled
    """
    require_enabled()
    tk.check_access("tangerang_review_note_answer", context, data_dict)
    note = _locked(data_dict)
    if note.status == notes.SETTLED and note.kind == notes.CHECK:
        model.Session.rollback()
        raise tk.ValidationError({"id": [tk._("This note is settled.")]})
    user_id = grants.user_id(context)
    answer = {
        "user_id": user_id,
        "text": data_dict["text"],
        "created": now().isoformat(),
    }
    note.answers = [*note.answers, answer]
    if note.status == notes.OPEN:
        note.status = notes.ANSWERED
    _in_history(model.Package.get(note.package_id), states.ANSWER, user_id)
    model.Session.commit()
    return _shown(note)


@tk.validate_action_data(schema.tangerang_review_note_settle)
def tangerang_review_note_settle(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Mark a note as settled, as the one who checks. Doing it again changes nothing.

    :param id: id of the note
    :returns: the note
    """
    require_enabled()
    tk.check_access("tangerang_review_note_settle", context, data_dict)
    note = _locked(data_dict)
    notes.settle([note])
    model.Session.commit()
    return _shown(note)
