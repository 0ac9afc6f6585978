"""Words for what people are told, in their language; and where it leads."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from babel.dates import format_date
from ckan import plugins as p
from ckan.plugins.toolkit import _

from ..metadata.language import current_language, moment_label
from . import events

if TYPE_CHECKING:
    from collections.abc import Mapping

#: A state of the review in which a record is approved without becoming public.
_CLOSED = "disetujui_tertutup"
#: What is about the record itself; all else is about its review.
_ABOUT_RECORD = frozenset({events.PUBLISHED, events.RELEASE_DUE, events.RELEASE_OVERDUE})


def _day(text: str) -> str:
    """Return a day as people read it."""
    return format_date(date.fromisoformat(text), "d MMMM yyyy", locale=current_language())


def headline(event: str, detail: Mapping[str, Any]) -> str:
    """Return in a few words what happened.

    :param detail: as it is stored with the event
    """
    if event == events.PUBLISHED and detail.get("state") == _CLOSED:
        return _("Approved, not public")
    if event == events.SCHEDULED:
        return _("Will be published on {time}").format(time=moment_label(detail["at"]))
    if event == events.WAITING:
        return _("Waits for a decision for more than {days} days").format(days=detail["days"])
    if event == events.RELEASE_DUE:
        return _("The next release is due by {day}").format(day=_day(detail["day"]))
    if event == events.RELEASE_OVERDUE:
        return _("The release planned for {day} is overdue").format(day=_day(detail["day"]))
    return {
        events.HANDED_IN: _("Handed in, waits for a check"),
        events.RETURNED: _("Returned with notes"),
        events.PUBLISHED: _("Published"),
        events.WITHDRAWN: _("Withdrawn from publication"),
        events.SCHEDULE_FAILED: _("Could not be published at the time that was set"),
        events.ANSWERED: _("A note was answered"),
        events.REMARK: _("New remark"),
        events.ADVISED: _("Advice of the pembina data"),
        events.REVISION: _("A revision was opened"),
    }[event]


def mail_label(choice: str) -> str:
    """Return what people call a choice of when e-mail comes."""
    return {
        events.AT_ONCE: _("At once"),
        events.DAILY: _("Once a day"),
        events.NEVER: _("Never"),
    }[choice]


def address(event: str, record_type: str, name: str, *, external: bool = False) -> str:
    """Return the page that a notification leads to: the record, or its review.

    :param external: with the address of the portal
    """
    if event in _ABOUT_RECORD or not p.plugin_loaded("tangerang_review"):
        return tk.h.url_for(f"{record_type}.read", id=name, _external=external)
    return tk.h.url_for("tangerang_pemeriksaan.read", id=name, _external=external)
