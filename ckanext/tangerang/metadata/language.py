"""The language of labels that are not gettext messages: code lists, topics, field labels."""

from __future__ import annotations

from datetime import date, datetime, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from babel.dates import format_date, format_datetime
from flask import has_request_context

from .codelists import DEFAULT_LANGUAGE

#: Forms of a date with so many parts: a year, a month, a day.
_DATE_FORMS = {1: "yyyy", 2: "MMMM yyyy", 3: "long"}

if TYPE_CHECKING:
    from collections.abc import Mapping


def current_language() -> str:
    """Return the language of the request; the site's default outside a request."""
    lang = tk.h.lang() if has_request_context() else None
    return str(lang or tk.config["ckan.locale_default"])


def localized(text: Mapping[str, Any] | str) -> str:
    """Return a text of a schema in the language of the request, else in Indonesian.

    Unlike scheming's helper it also works outside a request, where jobs and commands run.

    :param text: one text, or texts by language (``{id: …, en: …}``)
    """
    if isinstance(text, str):
        return text
    lang = current_language().split("_")[0]
    return str(text.get(lang) or text.get(DEFAULT_LANGUAGE) or next(iter(text.values()), ""))


@lru_cache(maxsize=1024)
def _period_label(value: str, language: str) -> str:
    """Return :func:`period_label` in a language."""
    parts = value.split("-")
    try:
        first = date(*(int(part) for part in [*parts, "1", "1"][:3]))
    except ValueError:
        return value
    form = _DATE_FORMS.get(len(parts))
    return format_date(first, form, locale=language) if form else value


def period_label(value: str) -> str:
    """Return a year, month or day of ISO form as people write it; other text unchanged."""
    return _period_label(value, current_language())


def _local(moment: datetime | str) -> datetime:
    """Return a moment in the time of the portal.

    :param moment: UTC where it has no zone, as CKAN stores it, or its ISO form
    """
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    return zoned.astimezone(tk.h.get_display_timezone())


def local_day(moment: datetime | str) -> date:
    """Return the day of a moment where the portal is: at night that of UTC is the day before.

    :param moment: UTC where it has no zone, as CKAN stores it, or its ISO form
    """
    return _local(moment).date()


def moment_label(moment: datetime | str) -> str:
    """Return a moment as people read it, such as "29 November 2026 09.57 WIB".

    CKAN's own helper writes the day in the American order in each language.

    :param moment: UTC without a zone, as CKAN stores it, or its ISO form
    """
    local = _local(moment)
    shown = format_datetime(local, "d MMMM yyyy HH.mm", locale=current_language())
    return f"{shown} {local.tzname() or ''}".strip()
