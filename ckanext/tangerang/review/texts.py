"""Words for states and for what happens, in the language of the user."""

from __future__ import annotations

from ckan.plugins.toolkit import _

from . import states


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
