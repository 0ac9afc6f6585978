"""Texts and addresses of people as terms."""

from __future__ import annotations

from urllib.parse import urlsplit
from xml.sax import parseString
from xml.sax.handler import ContentHandler
from xml.sax.saxutils import escape

import pytest
from hypothesis import given

from ckanext.tangerang.interop.dcat import terms
from tests.interop.conftest import BAD_ADDRESSES, HOSTILE, TEXTS


@given(TEXTS)
def test_what_is_left_of_a_text_stands_in_xml_and_utf_8(text):
    cleaned = terms.clean(text)
    # Our own text: what is tested is that it can be read.
    parseString(f"<a>{escape(cleaned)}</a>".encode(), ContentHandler())  # noqa: S317
    assert terms.clean(cleaned) == cleaned


def test_only_what_has_no_place_is_left_out():
    assert terms.clean("a\x00b\ud800c\ufffed") == "abcd"
    assert terms.clean("a\r\nb\rc\td") == "a\nb\nc\td"
    assert (
        terms.clean("\u202eterbalik \u200f é 数 \U0001f600")
        == "\u202eterbalik \u200f é 数 \U0001f600"
    )
    assert terms.clean(None) == ""
    assert terms.clean(2024) == "2024"


@pytest.mark.parametrize("blank", ["", "  ", "\n", "\x00\ud800", None])
def test_a_text_without_letters_is_no_literal(blank):
    assert terms.text(blank) is None


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("https://example.org/a b.csv", "https://example.org/a%20b.csv"),
        ("  HTTPS://Example.org/A  ", "https://example.org/A"),
        ('https://example.org/a<b>"{c}|\\^`', "https://example.org/a%3Cb%3E%22%7Bc%7D%7C%5C%5E%60"),
        ("https://example.org/%zz%20", "https://example.org/%25zz%20"),
        ("https://example.org/x#a#b", "https://example.org/x#a%23b"),
        ("https://päge.example.org/ü?q=数", "https://xn--pge-qla.example.org/%C3%BC?q=%E6%95%B0"),
        ("https://user:secret@example.org:8443/x", "https://example.org:8443/x"),
        ("https://[2001:db8::1]/x", "https://[2001:db8::1]/x"),
        ("https://example.org", "https://example.org"),
        ("https://example.org/\ud800\x00", "https://example.org/"),
    ],
)
def test_an_address_is_written_as_rfc_3986_has_it(typed, written):
    assert terms.web_address(typed) == written
    assert terms.web_address(written) == written


@pytest.mark.parametrize(
    "typed",
    [
        None,
        "",
        "teks",
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.org/x",
        "/relative",
        "http://",
        "http://exa mple.org/a",
        "http://example.org:99999/x",
        "http://[::1/x",
        "http://-/x",
        "https://example.org/" + "x" * 5_000,
    ],
)
def test_what_is_no_address_of_the_web(typed):
    assert terms.web_address(typed) is None


@given(TEXTS)
def test_whatever_follows_the_host_is_written_in_ascii(text):
    address = terms.web_address(f"https://example.org/{text}")
    assert address is not None
    assert address.isascii()
    assert not set(address) & set(' <>"{}|\\^`\n')
    assert urlsplit(address).hostname == "example.org"


@pytest.mark.parametrize("address", [*HOSTILE, *BAD_ADDRESSES])
def test_no_hostile_value_makes_a_term_that_can_not_be_written(address):
    for term in (terms.web_uri(address), terms.mail_uri(address)):
        assert term is None or term.n3()


def test_mail():
    assert str(terms.mail_uri(" data@example.go.id ")) == "mailto:data@example.go.id"
    for wrong in ("", None, "data", "a@b", "a b@example.org", "a@example.org?cc=x", "<a@b.c>"):
        assert terms.mail_uri(wrong) is None
