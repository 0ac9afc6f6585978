"""Figures and years in the cells of tables."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.tangerang.charts import numbers


def read(*cells):
    return [None if n is None else str(n) for n in numbers.read_column(cells)]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1.234,5", "1.234"], ["1234.5", "1234"]),
        (["1,234.5", "1,234"], ["1234.5", "1234"]),
        (["12,5", "7"], ["12.5", "7"]),
        (["12.5", "1.234"], ["12.5", "1.234"]),
        (["1.234.567", "-8"], ["1234567", "-8"]),
        (["0.123", "4.567"], ["0.123", "4.567"]),
        (["\u22121,5", " 2,25 "], ["-1.5", "2.25"]),
        (["12", "-", "...", "", None, "n/a"], ["12", None, None, None, None, None]),
        ([1, 2.5, Decimal("3.10"), float("nan"), float("inf")], ["1", "2.5", "3.10", None, None]),
    ],
)
def test_one_style_a_column(cells, expected):
    assert read(*cells) == expected


@pytest.mark.parametrize(
    ("cells", "ambiguous"),
    [
        (["1.234"], True),
        (["1,234", "5"], True),
        (["1.234,5", "1,234.5"], True),
        (["12,5", "12.5"], True),
        (["dua belas"], False),
        (["12 orang"], False),
        (["1e9"], False),
        (["12.34.5"], False),
        (["\u0661\u0662"], False),
        (["9" * 41], False),
        ([True], False),
        ([{"a": 1}], False),
    ],
)
def test_what_may_be_read_in_two_ways_or_in_none_is_no_figure(cells, ambiguous):
    with pytest.raises(numbers.UnreadableError) as caught:
        numbers.read_column(cells)
    assert caught.value.ambiguous is ambiguous


@given(st.lists(st.decimals(-(10**12), 10**12, places=2), min_size=1))
def test_figures_in_indonesian_form_come_back_as_they_were(values):
    texts = [f"{value:,.2f}".translate(str.maketrans(",.", ".,")) for value in values]
    assert numbers.read_column(texts) == values


@given(st.lists(st.text(max_size=60)))
def test_no_text_breaks_the_reader(texts):
    try:
        found = numbers.read_column(texts)
    except numbers.UnreadableError:
        return
    assert len(found) == len(texts)


@pytest.mark.parametrize(
    ("cell", "year"),
    [
        (2024, 2024),
        ("2024", 2024),
        (2024.0, 2024),
        ("2024-01-01T00:00:00", 2024),
        ("2024/2025", None),
        ("2024-05", None),
        ("24", None),
        (2024.5, None),
        (True, None),
        (None, None),
        ("9999", None),
    ],
)
def test_years(cell, year):
    assert numbers.read_year(cell) == year
