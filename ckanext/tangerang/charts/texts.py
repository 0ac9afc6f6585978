"""Figures and sentences of charts, in the language of the page."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from babel.numbers import format_compact_decimal
from flask import has_request_context
from flask_babel import format_decimal, get_locale

from . import series
from .recognise import LINE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def figure(value: Decimal | float) -> str:
    """Return a figure as people write it (1.234,5), with all the decimals that it has.

    The decimals of a binary fraction end after ten, where it is no longer what was written.
    """
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not has_request_context():
        return f"{number:f}"
    return str(format_decimal(number, "#,##0.##########"))


def series_words(points: Sequence[Mapping[str, Any]], unit: str = "") -> str:
    """Return a series in words: what it begins and ends with, and which way it went.

    :param points: ``tahun`` and ``nilai``, ascending
    :param unit: of the figures
    """
    if not points:
        return tk._("No figures.")
    first, last = points[0], points[-1]
    after = figure(last["nilai"]) + (f" {unit}" if unit else "")
    if len(points) == 1:
        return tk._("{value} in {year}.").format(value=after, year=last["tahun"])
    before = figure(first["nilai"])
    if last["nilai"] > first["nilai"]:
        sentence = tk._("Rose from {before} in {start} to {after} in {end}.")
    elif last["nilai"] < first["nilai"]:
        sentence = tk._("Fell from {before} in {start} to {after} in {end}.")
    else:
        sentence = tk._("{before} in {start} and {after} in {end}.")
    return sentence.format(before=before, start=first["tahun"], after=after, end=last["tahun"])


def short_figure(value: Decimal) -> str:
    """Return a figure in the shortest way (1,2 jt)."""
    if not has_request_context():
        return f"{value:.0f}"
    return str(format_compact_decimal(value, locale=get_locale(), fraction_digits=1))


def _named(label: str, category: str) -> str:
    """Return what the figures of a chart are."""
    return f"{category}: {label}" if category else label


def chart_title(kind: str, label: str, category: str, year: int | None, region: str) -> str:
    """Return the heading of a chart.

    :param label: of the column of figures
    :param region: name of the region whose kecamatan are shown
    """
    what = _named(label, category)
    if kind == LINE:
        return tk._("{what} by year").format(what=what)
    if year is None:
        return tk._("{what} by district of {region}").format(what=what, region=region)
    return tk._("{what} by district of {region}, {year}").format(
        what=what, region=region, year=year
    )


def unit_line(unit: str) -> str:
    """Return the line below the heading; empty where the unit is not known."""
    return tk._("Unit: {unit}").format(unit=unit) if unit else ""


def places_words(high: tuple[str, Decimal], low: tuple[str, Decimal], count: int) -> str:
    """Return a chart of kecamatan in words.

    :param high: name and figure of the highest
    :param low: of the lowest
    :param count: how many have a figure
    """
    return tk._(
        "{count} districts. Highest: {high} ({high_value}); lowest: {low} ({low_value})."
    ).format(
        count=count,
        high=high[0],
        high_value=figure(high[1]),
        low=low[0],
        low_value=figure(low[1]),
    )


def ends_words(kind: str, ends: Sequence[tuple[str, Decimal]], unit: str, count: int) -> str:
    """Return a chart in words, from two of its points.

    :param ends: label and figure of the first and last year, or of the lowest and highest kecamatan
    :param unit: of the figures
    :param count: how many points have a figure
    """
    if kind == LINE:
        series = [{"tahun": label, "nilai": value} for label, value in dict(ends).items()]
        return series_words(series, unit)
    return f"{places_words(ends[-1], ends[0], count)} {unit_line(unit)}".strip()


def source_line(organization: str, dataset: str, portal: str) -> str:
    """Return where the figures of a chart are from."""
    return tk._("Source: {parts}").format(
        parts=", ".join(part for part in (organization, dataset, portal) if part)
    )


def no_figure() -> str:
    """Return what stands in the place of a figure that there is not."""
    return tk._("no figure")


def _sentence(code: str) -> str:
    """Return the sentence of a reason why there is no series."""
    found = {
        series.NO_TABLE: tk._("No table of this portal is named that holds its figures."),
        series.NO_YEARS: tk._("The record does not say which columns hold figure and year."),
        series.NO_COLUMNS: tk._("The table lacks columns or rows that the record names."),
        series.NO_ROWS: tk._("No row of the table holds a figure of this indicator."),
        series.TOO_LONG: tk._("More than {limit} rows of the table fit. Add a filter of the rows."),
        series.BAD_YEAR: tk._('"{value}" in the column "{column}" is not a year.'),
        series.BAD_NUMBER: tk._('"{value}" in the column "{column}" is not a number.'),
        series.AMBIGUOUS: tk._(
            '"{value}" in the column "{column}" can be read in two ways: with thousands or with '
            "decimals. Store the column as numbers."
        ),
        series.SEVERAL: tk._(
            "Several rows hold different figures for {year}. Add a filter of the rows."
        ),
    }
    return found.get(code, "")


def problem(found: Mapping[str, Any] | None) -> str:
    """Return why an indicator has no figures, for people; empty where it has.

    :param found: ``problem`` of ``tangerang_series_show``
    """
    if not found:
        return ""
    params = {key: value for key, value in found.items() if key != "code"}
    return _sentence(found["code"]).format(**params)
