"""Reading of what people type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from ckanext.tangerang.search import marking, query, words, years

KNOWN = words.load((words.PACKAGED,))


@pytest.mark.parametrize(
    "text",
    [
        "title:desa",
        "desa AND kota",
        "NOT desa",
        "-desa",
        "desa +kota",
        '"rumah sakit"',
        "des*",
        "desa~",
        "(desa)",
        "[a TO b]",
        "{!dismax}desa",
        "desa^2",
        "/desa/",
        "desa && kota",
        "desa\\",
        "",
        "   ",
        "?",
        "x" * 300,
        " ".join("abcdefghijklmn"),
    ],
)
def test_what_is_no_plain_text_is_not_read(text):
    assert query.read(text, KNOWN) is None


@pytest.mark.parametrize(
    "text",
    [
        "penduduk miskin",
        "E-KTP, KK",
        "desa/kelurahan",
        "IKM & UMKM",
        "jumlah and banyak",
        "Jum'at",
        "10% termiskin; #data",
        "COVID-19",
    ],
)
def test_plain_text_is_read(text):
    assert query.read(text, KNOWN)


def test_the_longest_phrase_counts():
    reading = query.read("akta kelahiran anak", KNOWN)
    assert [part.phrase for part in reading.parts] == [("akta", "kelahiran"), ("anak",)]
    assert "administrasi kependudukan" in reading.related


def test_words_without_weight_need_not_be_found():
    reading = query.read("berapa jumlah penduduk di Kabupaten Tangerang?".strip("?"), KNOWN)
    assert [part.phrase for part in reading.parts] == [("penduduk",)]
    assert reading.beside == ("berapa", "jumlah", "di", "kabupaten", "tangerang")


def test_only_words_without_weight_are_looked_for():
    reading = query.read("data kabupaten", KNOWN)
    assert [part.phrase for part in reading.parts] == [("data",), ("kabupaten",)]


@given(st.text(max_size=250))
def test_any_text_makes_a_query_of_words_alone(text):
    reading = query.read(text, KNOWN)
    if reading:
        made = query.expand(reading, KNOWN)
        # Quotes, fields and weights are ours; what was typed comes as letters and digits.
        assert made.count("(") == made.count(")")
        assert made.count('"') % 2 == 0
        assert not set("\\{}[]!?~/*'’&%#;,") & set(made)
    completed = query.complete(text, KNOWN)
    assert (completed is None) == (reading is None)


@pytest.mark.parametrize(
    ("text", "q", "marked"),
    [
        ("Tingkat Kemiskinan", "penduduk miskin", "Tingkat <mark>Kemiskinan</mark>"),
        ("Jumlah Puskesmas", "jumlah puskesmas", "Jumlah <mark>Puskesmas</mark>"),
        ("<b>Desa</b>", "desa", "&lt;b&gt;<mark>Desa</mark>&lt;/b&gt;"),
        ("<script>", "title:x", "&lt;script&gt;"),
        (Markup("A &amp; B"), "amp", "A &amp; B"),
        (Markup("&lt;desa&gt;"), "desa", "&lt;<mark>desa</mark>&gt;"),
    ],
)
def test_marking(text, q, marked):
    assert str(marking.mark(text, q, KNOWN)) == marked


@pytest.mark.parametrize(
    ("start", "end", "fields"),
    [
        ("2020", "2024", ("2020", "2024")),
        ("2020-03", "", ("2020", "2020")),
        (None, "2021-05-01", ("2021", "2021")),
        ("2024", "2020", ("2020", "2024")),
        ("kapan", None, None),
        ("20245", None, None),
        ("", "", None),
    ],
)
def test_years_of_a_period(start, end, fields):
    expected = dict(zip((years.FIRST, years.LAST), fields, strict=True)) if fields else {}
    assert years.covered(start, end) == expected


@pytest.mark.parametrize(
    ("params", "asked"),
    [
        ({years.FROM: "2020", years.TO: "2022"}, ("2020", "2022")),
        ({years.FROM: "2022", years.TO: "2020"}, ("2020", "2022")),
        ({years.FROM: "x", years.TO: "2020"}, ("", "2020")),
        ({years.FROM: ["2019", "2020"]}, ("2019", "")),
        ({years.FROM: "2020] OR *:*"}, ("2020", "")),
        ({years.FROM: [], years.TO: None}, ("", "")),
    ],
)
def test_years_asked_for(params, asked):
    assert years.asked(params) == asked
