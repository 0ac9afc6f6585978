"""Values and formats without a portal: what is written, read again by other programs."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.tangerang.tables import formats, values
from ckanext.tangerang.tables.describing import About
from ckanext.tangerang.tables.reading import Column, Snapshot

ABOUT = About("Tabel", (("Judul", "Tabel"),), ())
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


def written(kind, columns, rows):
    """Return the file of a table."""
    out = io.BytesIO()
    table = Snapshot(tuple(Column(*c) for c in columns), len(rows), iter(rows))
    formats.FORMATS[kind].write(formats.Bounded(out, 10_000_000), table, ABOUT)
    return out.getvalue()


def test_numbers_in_words():
    assert values.number_text(Decimal("1E+3")) == "1000"
    assert values.number_text(1e-7) == "0.0000001"
    assert values.number_text(0.1) == "0.1"
    assert values.number_text(Decimal("NaN")) == "NaN"
    assert not values.is_number(True)


@pytest.mark.parametrize(
    ("value", "is_kept"),
    [
        (Decimal(3603012345670001), False),
        (123_456_789_012_345, True),
        (1_234_567_890_123_456, False),
        (12_000_000_000_000_000_000, True),
        (Decimal("0.123456789012345"), True),
        (Decimal("0.1234567890123456"), False),
        (Decimal("1e400"), False),
        (10**400, False),
        (Decimal("Infinity"), False),
        (0.1, True),
    ],
)
def test_numbers_that_excel_can_not_hold_are_text(value, is_kept):
    found = values.excel_value("numeric", value)

    assert found == value if is_kept else isinstance(found, str)


def test_days():
    assert str(values.excel_value("date", "2024-02-29")) == "2024-02-29"
    for text in ("1899-12-31", "1900-02-28", "infinity", "0044-03-15 BC", "20000-01-01"):
        assert values.excel_value("date", text) == text
    assert values.excel_value("timestamptz", "2024-02-29 10:00:00+07") == "2024-02-29 10:00:00+07"
    # A text is no day, whatever it looks like.
    assert values.excel_value("text", "2024-02-29") == "2024-02-29"


@pytest.mark.parametrize("text", ["-", "+3", "-12,5", "-1.000.000,5", "36.03.01", ""])
def test_what_only_looks_like_a_formula_stays(text):
    assert values.csv_text(text, decimal_comma=True) == text


@given(TEXTS)
def test_no_cell_of_csv_is_a_formula(text):
    found = values.csv_text(text, decimal_comma=False)

    assert not found.startswith(DANGEROUS) or not found.strip("+-0123456789.,")
    assert found.removeprefix("'") == text.removeprefix("'")


@given(st.lists(st.tuples(TEXTS, st.integers() | st.none(), st.decimals(allow_nan=False))))
def test_json_gives_back_what_it_got(rows):
    rows = [row for row in rows if row[2].is_finite() and abs(row[2].adjusted()) < 400]
    content = written("json", [("a", "text"), ("b", "int4"), ('"c', "numeric")], rows)
    found = json.loads(content, parse_float=Decimal, parse_int=int)

    assert [list(row) for row in found] == [["a", "b", '"c']] * len(rows)
    assert [tuple(row.values()) for row in found] == rows


@given(st.lists(st.tuples(TEXTS.filter(lambda text: "'" not in text), st.floats(allow_nan=False))))
def test_csv_gives_back_what_it_got(rows):
    rows = [row for row in rows if abs(row[1]) != float("inf")]
    for kind, delimiter in (("csv", ","), ("csv-excel", ";")):
        text = written(kind, [("a", "text"), ("b", "float8")], rows).decode("utf-8-sig")
        found = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))[1:]

        assert [row[0].removeprefix("'") for row in found] == [row[0] for row in rows]
        assert [float(row[1].replace(",", ".")) for row in found] == [row[1] for row in rows]


@pytest.mark.parametrize("kind", ["csv", "csv-excel", "json"])
def test_a_file_does_not_grow_beyond_its_limit(kind):
    table = Snapshot((Column("a", "text"),), 100, iter([("x" * 100,)] * 100))

    with pytest.raises(formats.TooLarge):
        formats.FORMATS[kind].write(formats.Bounded(io.BytesIO(), 5_000), table, ABOUT)
