"""Reading of field values."""

from __future__ import annotations

import json

import pytest

from ckanext.tangerang.metadata import values
from ckanext.tangerang.metadata.values import Problem


@pytest.mark.parametrize("text", ["2024", "2024-05", "2024-05-31", "2024-02-29", " 2024 "])
def test_periods(text):
    assert values.read_period(text) == text.strip()


@pytest.mark.parametrize(
    "text",
    ["24", "2024-13", "2023-02-29", "2024/05", "Mei 2024", "0000", "2024-5", "９９９９", True],
)
def test_what_is_no_period(text):
    with pytest.raises(Problem):
        values.read_period(text)


@pytest.mark.parametrize(
    ("start", "end"),
    [("2020", "2024"), ("2024", "2024"), ("2024-05", "2024"), ("2024-05-31", "2024-05")],
)
def test_periods_in_order(start, end):
    values.check_order(start, end)


@pytest.mark.parametrize(
    ("start", "end"), [("2024", "2023"), ("2024-05", "2024-04-30"), ("2025", "2024-12")]
)
def test_periods_out_of_order(start, end):
    with pytest.raises(Problem):
        values.check_order(start, end)


def test_period_of_a_file():
    assert values.read_period_or_range("2020/2024") == "2020/2024"
    for wrong in ("2024/2020", "2020/", "2020/2021/2022", "x"):
        with pytest.raises(Problem):
            values.read_period_or_range(wrong)


def test_release_has_month_or_day_and_may_be_past():
    assert values.read_release("1999-05") == "1999-05"
    with pytest.raises(Problem):
        values.read_release("2030")


@pytest.mark.parametrize(
    "given", ["36.03, 36.03.01", ["36.03", "36.03.01"], '["36.03","36.03.01"]', "36.03\n36.03.01;"]
)
def test_region_codes(given):
    assert json.loads(values.read_region_codes(given) or "") == ["36.03", "36.03.01"]


@pytest.mark.parametrize("given", ["3603", "36.3", "36.03.01.20", "Tangerang", ["36.03", 7], [{}]])
def test_what_is_no_region_code(given):
    with pytest.raises(Problem):
        values.read_region_codes(given)


def test_years_are_sorted_and_not_repeated():
    assert values.read_years(["2026", 2025, "2026"]) == '["2025", "2026"]'
    with pytest.raises(Problem):
        values.read_years("dua ribu")


def test_choices_keep_the_order_of_the_list():
    assert values.read_choices(["b", "a", "", "b"], ["a", "b", "c"]) == '["a", "b"]'
    assert values.read_choices("", ["a"]) is None
    for wrong in (["z"], "z", [["a"]], {"a": 1}):
        with pytest.raises(Problem):
            values.read_choices(wrong, ["a"])


def test_too_many_values_are_refused():
    values.read_words([str(number) for number in range(values.MAX_VALUES)])
    with pytest.raises(Problem):
        values.read_words([str(number) for number in range(values.MAX_VALUES + 1)])


def test_text_is_bounded_and_cleaned():
    assert values.read_text(" a\x00b\r\nc ") == "ab\nc"
    assert values.read_text("a\ud800b") == "ab"
    assert values.read_text("  ") is None
    with pytest.raises(Problem, match="too long"):
        values.read_text("x" * 11, 10)
    for wrong in ({}, [], True):
        with pytest.raises(Problem):
            values.read_text(wrong)


@pytest.mark.parametrize("code", ["2.16.2.20.2.21.01.0000", "1.02.0.00.0.00.01.0003"])
def test_opd_codes(code):
    assert values.read_opd_code(code) == code


@pytest.mark.parametrize("code", ["2.16", "2.16.2.20.2.21.1.0000", "2.16.2.20.2.21.01.0000.1", "x"])
def test_what_is_no_opd_code(code):
    with pytest.raises(Problem):
        values.read_opd_code(code)


@pytest.mark.parametrize("phone", ["(021) 5990000", "+62 21 5990-000", "021 599 ext. 12"])
def test_phones(phone):
    assert values.read_phone(phone) == phone


@pytest.mark.parametrize("phone", ["<script>", "telepon kami", "12"])
def test_what_is_no_phone(phone):
    with pytest.raises(Problem):
        values.read_phone(phone)


def test_web_addresses():
    assert values.read_web_address("https://dinkes.example.go.id/a?b") is not None
    for wrong in ("javascript:alert(1)", "dinkes.go.id", 'https://a.b/"><script>', "https://"):
        with pytest.raises(Problem):
            values.read_web_address(wrong)


@pytest.mark.parametrize(("given", "stored"), [(True, "1"), ("1", "1"), (False, None), ("0", None)])
def test_flags(given, stored):
    assert values.read_flag(given) == stored
    with pytest.raises(Problem):
        values.read_flag("mungkin")


def test_indicator_codes_of_sipd():
    assert values.read_sipd_indicators("1.01.000474") == '["1.01.000474"]'
    with pytest.raises(Problem):
        values.read_sipd_indicators("1.01.474")


def test_messages_can_be_formatted():
    with pytest.raises(Problem) as caught:
        values.read_period("{0.__class__}" + "x" * 500)
    text = caught.value.msgid.format(**caught.value.params)
    assert "{value}" not in text
    assert len(text) < 250
