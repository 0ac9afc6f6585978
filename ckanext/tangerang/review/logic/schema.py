"""What the actions of the plugin ``tangerang_review`` take."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import get_display_timezone

from ...metadata import releases
from ...metadata.fields import RECORD_TYPES
from .. import notes, states

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from ckan.types import Schema

#: The largest number of records that one call returns, and the usual one.
MAX_LIMIT = 1_000
DEFAULT_LIMIT = 100
_MAX_OFFSET = 10_000_000
#: The largest number of records that one step moves.
MAX_SEVERAL = 100
#: Characters of a note or a reason; of the name of a field, a file, a column, a version.
MAX_TEXT = 5_000
_MAX_NAME = 200
_MAX_ROW = 100_000


def _text(limit: int, *, needed: bool = False) -> list[Any]:
    """Return the validators of a text."""
    names = ["not_empty"] if needed else ["ignore_empty"]
    return [
        *(tk.get_validator(name) for name in (*names, "unicode_safe")),
        _stripped,
        *([tk.get_validator("not_empty")] if needed else []),
        _no_longer_than(limit),
    ]


def _stripped(value: str) -> str:
    """Return a text without blanks around it, and without what PostgreSQL can not store."""
    return value.replace("\x00", "").strip()


def _no_longer_than(limit: int) -> Callable[[str], str]:
    """Return a validator for the length of a text."""

    def validator(value: str) -> str:
        if len(value) > limit:
            raise tk.Invalid(
                tk._("Write at most {limit} characters (these are {count}).").format(
                    limit=limit, count=len(value)
                )
            )
        return value

    return validator


def _one_of(names: Collection[str], default: str | None = None) -> Callable[[Any], Any]:
    """Return a validator for one of some names.

    :param default: what an empty value stands for
    """

    def validator(value: Any) -> Any:
        if value is tk.missing or value in (None, ""):
            return default
        if not isinstance(value, str) or value not in names:
            raise tk.Invalid(tk._("Use one of {names}.").format(names=", ".join(names)))
        return value

    return validator


def _number(default: int | None, limit: int) -> Callable[[Any], int | None]:
    """Return a validator for a number from 0 to ``limit``.

    :param default: what an empty value stands for
    """

    def validator(value: Any) -> int | None:
        if value is tk.missing or value in (None, ""):
            return default
        try:
            number = int(value)
        except (TypeError, ValueError, OverflowError):
            number = -1
        if not 0 <= number <= limit:
            raise tk.Invalid(tk._("Write a whole number from 0 to {limit}.").format(limit=limit))
        return number

    return validator


def _states(value: Any) -> list[str]:
    """Return the states of a list or of a text with commas."""
    if value is tk.missing or value in (None, "", []):
        return []
    names = value if isinstance(value, list) else str(value).split(",")
    wanted = [str(name).strip() for name in names]
    if any(name not in states.STATES for name in wanted):
        raise tk.Invalid(tk._("Use one of {names}.").format(names=", ".join(states.STATES)))
    return wanted


def _moment(value: Any) -> datetime | None:
    """Return a time as UTC without a zone; one without a zone is of the portal's."""
    if value is tk.missing or value in (None, ""):
        return None
    try:
        read = datetime.fromisoformat(str(value).strip().replace("Z", "+00:00"))
        if read.tzinfo is None:
            zone: Any = get_display_timezone()
            # pytz needs to be asked for the offset of a day.
            read = zone.localize(read) if hasattr(zone, "localize") else read.replace(tzinfo=zone)
        return read.astimezone(timezone.utc).replace(tzinfo=None)
    except (ValueError, OverflowError) as error:
        raise tk.Invalid(tk._("Write day and time like this: 2026-12-31T08:00.")) from error


def _id() -> list[Any]:
    return _text(_MAX_NAME, needed=True)


def _place() -> Schema:
    """Return the fields of a note."""
    return {
        "field": _text(_MAX_NAME),
        "row": [_number(None, _MAX_ROW)],
        "resource_id": _text(_MAX_NAME),
        "column": _text(_MAX_NAME),
        "severity": [_one_of(notes.SEVERITIES, notes.REQUIRED)],
        "text": _text(MAX_TEXT, needed=True),
    }


def tangerang_review_show() -> Schema:
    """Return the schema of the action of that name."""
    return {"id": _id()}


def tangerang_review_history() -> Schema:
    """Return the schema of the action of that name."""
    return {
        "id": _id(),
        "limit": [_number(DEFAULT_LIMIT, MAX_LIMIT)],
        "offset": [_number(0, _MAX_OFFSET)],
    }


def tangerang_review_submit() -> Schema:
    """Return the schema of the action of that name."""
    return {"id": _id(), "version": _text(_MAX_NAME), "reason": _text(MAX_TEXT)}


def tangerang_review_withdraw() -> Schema:
    """Return the schema of the action of that name."""
    return {"id": _id(), "reason": _text(MAX_TEXT)}


def tangerang_review_claim() -> Schema:
    """Return the schema of the action of that name."""
    return {"id": _id(), "version": _text(_MAX_NAME)}


def tangerang_review_return() -> Schema:
    """Return the schema of the action of that name."""
    return {
        "id": _id(),
        "version": _text(_MAX_NAME),
        "reason": _text(MAX_TEXT),
        "notes": _place(),
    }


def tangerang_review_publish() -> Schema:
    """Return the schema of the action of that name."""
    return {"id": _id(), "version": _text(_MAX_NAME, needed=True), "at": [_moment]}


def tangerang_review_several() -> Schema:
    """Return the schema of the action of that name."""
    return {
        "verb": [tk.get_validator("not_empty"), _one_of(("claim", "return", "publish"))],
        "records": {"id": _id(), "version": _text(_MAX_NAME)},
        "reason": _text(MAX_TEXT),
        "at": [_moment],
    }


def tangerang_review_change_list() -> Schema:
    """Return the schema of the action of that name."""
    return {
        "owner_org": _text(_MAX_NAME),
        "limit": [_number(DEFAULT_LIMIT, MAX_LIMIT)],
        "offset": [_number(0, _MAX_OFFSET)],
    }


def tangerang_inventory_list() -> Schema:
    """Return the schema of the action of that name."""
    return {
        "owner_org": _text(_MAX_NAME),
        "type": [_one_of(RECORD_TYPES)],
        "state": [_states],
        "release": [_one_of(releases.STATUSES)],
        "q": _text(_MAX_NAME),
        "limit": [_number(DEFAULT_LIMIT, MAX_LIMIT)],
        "offset": [_number(0, _MAX_OFFSET)],
    }


def tangerang_inventory_organization_list() -> Schema:
    """Return the schema of the action of that name."""
    return {}


def tangerang_start_show() -> Schema:
    """Return the schema of the action of that name."""
    return {}


def tangerang_review_schedule_cancel() -> Schema:
    """Return the schema of the action of that name."""
    return {"id": _id(), "reason": _text(MAX_TEXT)}


def tangerang_review_retract() -> Schema:
    """Return the schema of the action of that name."""
    return {"id": _id(), "reason": _text(MAX_TEXT, needed=True)}


def tangerang_review_revise() -> Schema:
    """Return the schema of the action of that name."""
    return {"id": _id()}


def tangerang_review_discard() -> Schema:
    """Return the schema of the action of that name."""
    return {"id": _id(), "reason": _text(MAX_TEXT)}


def tangerang_review_diff() -> Schema:
    """Return the schema of the action of that name."""
    return {"id": _id()}


def tangerang_review_comment() -> Schema:
    """Return the schema of the action of that name."""
    return {"id": _id(), **_place(), "severity": [_one_of(notes.SEVERITIES, notes.ADVICE)]}


def tangerang_review_recommend() -> Schema:
    """Return the schema of the action of that name."""
    return {
        "id": _id(),
        "verdict": [tk.get_validator("not_empty"), _one_of(notes.VERDICTS)],
        "text": _text(MAX_TEXT, needed=True),
    }


def tangerang_review_note_answer() -> Schema:
    """Return the schema of the action of that name."""
    return {"id": _id(), "text": _text(MAX_TEXT, needed=True)}


def tangerang_review_note_settle() -> Schema:
    """Return the schema of the action of that name."""
    return {"id": _id()}


def tangerang_review_list() -> Schema:
    """Return the schema of the action of that name."""
    return {
        "state": [_states],
        "owner_org": _text(_MAX_NAME),
        "type": [_one_of(("dataset", "kegiatan", "indikator"))],
        "mine": [tk.get_validator("boolean_validator")],
        "limit": [_number(DEFAULT_LIMIT, MAX_LIMIT)],
        "offset": [_number(0, _MAX_OFFSET)],
    }
