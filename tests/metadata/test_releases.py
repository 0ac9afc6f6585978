"""When the next release of a dataset is due."""

from __future__ import annotations

from datetime import date

import pytest

from ckanext.tangerang.metadata.releases import next_release, status_of


def day(text):
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("schedule", "frequency", "released", "first", "last"),
    [
        # Named, and nothing published yet, or before that month.
        ("2026-11-20", "TAHUNAN", None, "2026-11-20", "2026-11-20"),
        ("2026-11", "TAHUNAN", "2026-10-31", "2026-11-01", "2026-11-30"),
        # Published in that month or later: the next period.
        ("2026-11-20", "TAHUNAN", "2026-11-02", "2027-11-20", "2027-11-20"),
        ("2024-02", "TAHUNAN", "2026-11-02", "2027-02-01", "2027-02-28"),
        ("2026-01-31", "BULANAN", "2026-01-31", "2026-02-28", "2026-02-28"),
        ("2026-01-31", "BULANAN", "2026-02-10", "2026-03-31", "2026-03-31"),
        ("2026-01-31", "TRIWULANAN", "2026-05-01", "2026-07-31", "2026-07-31"),
        ("2026-11-02", "MINGGUAN", "2026-11-02", "2026-11-09", "2026-11-09"),
        ("2026-11-02", "MINGGUAN", "2026-11-15", "2026-11-16", "2026-11-16"),
        ("2026-11-02", "HARIAN", "2026-11-01", "2026-11-02", "2026-11-02"),
        # By the frequency alone, from the newest file on.
        (None, "TAHUNAN", "2024-02-29", "2025-02-28", "2025-02-28"),
        ("", "DUA_TAHUNAN", "2024-03-01", "2026-03-01", "2026-03-01"),
        ("entah", "SEMESTERAN", "2026-08-31", "2027-02-28", "2027-02-28"),
        ("2026-02-30", "HARIAN", "2026-11-26", "2026-11-27", "2026-11-27"),
        # Without a length of period only what is named.
        ("2026-11", "LEBIH_DARI_DUA_TAHUNAN", None, "2026-11-01", "2026-11-30"),
        ("2026-11", None, "2026-10-01", "2026-11-01", "2026-11-30"),
        ("9999-12-31", "TAHUNAN", None, None, None),
    ],
)
def test_the_next_release(schedule, frequency, released, first, last):
    found = next_release(schedule, frequency, day(released))
    assert (found and found.first, found and found.last) == (day(first), day(last))


@pytest.mark.parametrize(
    ("schedule", "frequency", "released"),
    [
        ("2026-11", "HANYA_SEKALI", None),
        ("2026-11", "INSIDENTAL", "2026-01-01"),
        ("2026-11", "LEBIH_DARI_DUA_TAHUNAN", "2026-11-05"),
        (None, "TAHUNAN", None),
        (None, "LEBIH_DARI_DUA_TAHUNAN", "2026-11-05"),
        (None, None, "2026-11-05"),
        (None, "ENTAH", "2026-11-05"),
    ],
)
def test_no_plan(schedule, frequency, released):
    assert next_release(schedule, frequency, day(released)) is None


@pytest.mark.parametrize(
    ("today", "status"),
    [
        ("2026-10-17", "terjadwal"),
        ("2026-10-18", "segera"),
        ("2026-11-30", "segera"),
        ("2026-12-01", "terlambat"),
    ],
)
def test_where_it_stands(today, status):
    release = next_release("2026-11", "TAHUNAN", None)
    assert status_of(release, day(today), 14) == status
    assert status_of(None, day(today), 14) == "tanpa_jadwal"


def test_days_are_not_worth_telling_beforehand():
    assert next_release("2026-11", "TAHUNAN", None).seldom
    assert not next_release(None, "HARIAN", day("2026-11-26")).seldom
