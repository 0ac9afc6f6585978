"""When the next release of a dataset is due, by ``jadwal_rilis`` and ``frekuensi``.

A plain library without CKAN. The rule:

* ``jadwal_rilis`` names the next release, a day or a month. It counts as done once a file of the
  dataset is new in the month of that day, or later; then the next one is a period of ``frekuensi``
  further.
* Without ``jadwal_rilis`` the next release is one period after the newest file.
* What is published once only, or irregularly (``no_schedule`` in the code list), has none.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from .codelists import codelist
from .values import period_bounds

#: Where the next release of a dataset stands.
OVERDUE: Final = "terlambat"
DUE: Final = "segera"
PLANNED: Final = "terjadwal"
NONE: Final = "tanpa_jadwal"
STATUSES: Final = (OVERDUE, DUE, PLANNED, NONE)

_PERIOD = re.compile(r"P(\d+)([DWMY])")
_LAST_YEAR = 9_990


@dataclass(frozen=True)
class Step:
    """The time between two releases: days or months, the other is 0."""

    days: int = 0
    months: int = 0


@dataclass(frozen=True)
class Release:
    """The next release of a dataset."""

    #: The days from and until which it is expected: one day, or a month.
    first: date
    last: date
    #: It comes less often than monthly, so that telling of it beforehand is of use.
    seldom: bool

    def status(self, today: date, notice: int) -> str:
        """Return where it stands.

        :param notice: days beforehand from which it counts as due
        """
        if today > self.last:
            return OVERDUE
        return DUE if today >= self.first - timedelta(days=notice) else PLANNED


def step_of(frequency: str | None) -> Step | None:
    """Return the time between two releases; None where a frequency does not say.

    :param frequency: key of the code list ``frekuensi``
    """
    item = codelist("frekuensi").get(frequency or "")
    match = _PERIOD.fullmatch(str(item.extra.get("iso8601") or "")) if item else None
    if match is None:
        return None
    count, unit = int(match[1]), match[2]
    return {
        "D": Step(days=count),
        "W": Step(days=7 * count),
        "M": Step(months=count),
        "Y": Step(months=12 * count),
    }[unit]


def _later(day: date, step: Step, times: int) -> date:
    """Return the day some steps later; the 31st becomes the last of a shorter month."""
    if step.days:
        return day + timedelta(days=step.days * times)
    months = day.year * 12 + day.month - 1 + step.months * times
    year, month = min(months // 12, _LAST_YEAR), months % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _times(start: date, released: date, step: Step) -> int:
    """Return how many steps after ``start`` the first release after ``released`` is."""
    if step.days:
        return (released - start).days // step.days + 1
    months = (released.year - start.year) * 12 + released.month - start.month
    return months // step.months + 1


def next_release(
    schedule: str | None, frequency: str | None, released: date | None
) -> Release | None:
    """Return the next release of a dataset; None where there is no plan.

    :param schedule: ``jadwal_rilis`` as it is stored; what can not be read counts as empty
    :param frequency: ``frekuensi``
    :param released: day of the newest file; None if there is none
    """
    item = codelist("frekuensi").get(frequency or "")
    if item and item.extra.get("no_schedule"):
        return None
    step = step_of(frequency)
    seldom = step is None or not step.days
    bounds = period_bounds(schedule or "")
    if bounds is None:
        if step is None or released is None:
            return None
        day = _later(released, step, 1)
        return Release(day, day, seldom)
    first, last = bounds
    whole_month = first != last
    start = first.replace(day=1) if seldom else first
    if released is not None and released >= start:
        if step is None:
            return None
        first = _later(first, step, _times(start, released, step))
        last = first
        if whole_month:
            last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    return Release(first, last, seldom)


def status_of(release: Release | None, today: date, notice: int) -> str:
    """Return where the next release stands, also where there is none.

    :param notice: days beforehand from which it counts as due
    """
    return release.status(today, notice) if release else NONE
