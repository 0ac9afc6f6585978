"""Words for states and for what happens, in the language of the user."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _

from ..metadata import releases
from . import states
from .overview import names as start

if TYPE_CHECKING:
    from collections.abc import Iterator


def messages(value: Any) -> Iterator[str]:
    """Yield the messages of a validation error, however deep they lie."""
    if isinstance(value, dict):
        for part in value.values():
            yield from messages(part)
    elif isinstance(value, list):
        for part in value:
            yield from messages(part)
    elif value:
        yield str(value)


def state_label(state: str) -> str:
    """Return what people call a state."""
    labels = {
        states.DRAFT: _("Draft"),
        states.OPD_CHECK: _("Checked by the Admin OPD"),
        states.HANDED_IN: _("Handed in"),
        states.IN_REVIEW: _("Checked by the walidata"),
        states.RETURNED: _("Revision asked for"),
        states.PUBLISHED: _("Published"),
        states.RETRACTED: _("Withdrawn from publication"),
        states.CLOSED: _("Approved, not public"),
    }
    return labels.get(state, state)


def verb_label(verb: str) -> str:
    """Return what people call something that happened."""
    labels = {
        states.SUBMIT: _("Handed in"),
        states.WITHDRAW: _("Hand-in taken back"),
        states.CLAIM: _("Taken for checking"),
        states.RETURN: _("Returned with notes"),
        states.PUBLISH: _("Published"),
        states.RETRACT: _("Withdrawn from publication"),
        states.DIRECT: _("Published directly"),
        states.HIDE: _("Hidden or deleted"),
        states.REVISE: _("Revision opened"),
        states.DISCARD: _("Revision given up"),
        states.REVISED: _("Revision published"),
        states.ADOPT: _("Was public before the review"),
        states.CHANGE: _("Changed without a check"),
        states.TARGET_CHANGED: _("What a link leads to has changed"),
        states.SCHEDULE: _("Time of publication set"),
        states.UNSCHEDULE: _("Time of publication cancelled"),
        states.UNSCHEDULE_FAILED: _("Could not be published at the time that was set"),
        states.COMMENT: _("Remark"),
        states.ADVISE: _("Advice of the pembina data"),
        states.ANSWER: _("Note answered"),
    }
    return labels.get(verb, verb)


def frozen_text(state: str) -> str:
    """Return why an OPD can not change a record in this state, and what to do."""
    if state in states.WAITING:
        return _(
            "This record has been handed in and waits for a decision. "
            "Take the hand-in back to change it."
        )
    if state == states.CLOSED:
        return _("This record is approved. Open a revision, change that, and hand it in.")
    return _(
        "This record is published. It changes only through the walidata: "
        "open a revision, change that, and hand it in."
    )


def not_public_text() -> str:
    """Return why a record can not become public by an ordinary save, and what to do."""
    return _(
        "A record becomes public when the walidata has checked it. "
        "Save it as private, then hand it in to the walidata."
    )


def type_labels() -> dict[str, str]:
    """Return the kinds of records with what people call them."""
    return {
        "dataset": _("Dataset"),
        "kegiatan": _("Activity (MS-Keg)"),
        "indikator": _("Indicator (MS-Ind)"),
    }


def release_label(status: str) -> str:
    """Return what people call where the next release of a dataset stands."""
    return {
        releases.OVERDUE: _("Overdue"),
        releases.DUE: _("Due soon"),
        releases.PLANNED: _("Planned"),
        releases.NONE: _("No plan"),
    }[status]


def role_label(role: str) -> str:
    """Return what people call a role of Satu Data Indonesia."""
    return {
        states.SYSADMIN: _("Sysadmin"),
        states.WALIDATA: _("Walidata"),
        states.PEMBINA: _("Pembina data"),
        states.OPD_ADMIN: _("Admin OPD"),
        states.PRODUCER: _("Produsen data (Operator)"),
    }.get(role, _("Reader"))


def section_title(key: str) -> str:
    """Return the heading of a list of the start page."""
    return {
        start.FIRST_CHECK: _("Waits for your first check"),
        start.TO_CHECK: _("Waits for the walidata"),
        start.CHECKING: _("You are checking"),
        start.TO_ADVISE: _("Handed in, waits for your advice"),
        start.RETURNED: _("Returned to you: correct and hand in again"),
        start.DRAFTS: _("Drafts in work"),
        start.HANDED_IN: _("Handed in, waits for a decision"),
        start.OVERDUE: _("Releases that are overdue"),
        start.DUE: _("Releases that are due soon"),
        start.CHANGED: _("Changed without a check"),
        start.FOLLOWED: _("What you follow"),
    }[key]


def section_address(key: str) -> str:
    """Return the page with the whole of a list of the start page."""
    state = {
        start.FIRST_CHECK: states.OPD_CHECK,
        start.RETURNED: states.RETURNED,
        start.DRAFTS: states.DRAFT,
        start.HANDED_IN: states.HANDED_IN,
    }.get(key)
    if key in (start.OVERDUE, start.DUE):
        status = releases.OVERDUE if key == start.OVERDUE else releases.DUE
        return tk.h.url_for("tangerang_daftar_data.index", release=status)
    if key == start.CHANGED:
        return tk.h.url_for("tangerang_pemeriksaan.changes")
    if key == start.FOLLOWED:
        return tk.h.url_for("dataset.search")
    filters = {"state": state} if state else {}
    if key == start.CHECKING:
        filters = {"state": states.IN_REVIEW, "mine": "true"}
    return tk.h.url_for("tangerang_pemeriksaan.index", **filters)


def no_record_text() -> str:
    """Return why a revisi is not published, hidden or deleted like a record, and what to do."""
    return _(
        "This is the revision of a published record. It becomes public when the walidata approves "
        "it: hand it in, or give it up."
    )


def loosened_text() -> str:
    """Return why an ordinary save can not open what was restricted, and what to do."""
    return _(
        "Access to a published record is opened only by a revision that the walidata approves. "
        "Open a revision and change it there."
    )
