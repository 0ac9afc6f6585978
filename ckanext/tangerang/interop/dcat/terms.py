"""Texts and addresses of people as terms that every serialisation can hold.

Titles, descriptions and addresses come from forms, files and harvests. XML has no control
characters and no lone surrogates, an IRI no spaces and no ``<``; one such value in a catalogue
would make the whole of it unreadable for every harvester.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlsplit

from rdflib import Literal, URIRef

#: What XML 1.0 has no place for (its production Char): most control characters, lone surrogates,
#: and U+FFFE, U+FFFF.
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_ENDS = re.compile(r"\r\n?")
#: Characters of a text that is remembered.
_SHORT = 200
#: Longer than any address that a browser follows.
_LONGEST_ADDRESS = 4_000
#: What may stand in an address as it is; the rest is written as %xx.
_SAFE = "!#$%&'()*+,/:;=?@~-._"
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_HOST = re.compile(r"\[[0-9a-fA-F:.]+\]|[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?")
#: Stricter than RFC 5321, so that nothing has to be escaped in a ``mailto:``.
_EMAIL = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._+-]{0,63}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,8}"
)


def clean(value: Any) -> str:
    r"""Return ``value`` as text that XML, Turtle and JSON can all hold.

    What can not stand in XML is left out; line ends become ``\n``, as every reader of XML makes
    them. Marks of writing direction stay: they belong to the text.
    """
    text = "" if value is None else str(value)
    # Nearly all texts: what can be printed has neither control characters nor surrogates.
    return text if text.isprintable() else _NOT_XML.sub("", _LINE_ENDS.sub("\n", text))


def _text(value: Any) -> Literal | None:
    """Return ``value`` as a plain literal."""
    cleaned = clean(value)
    return Literal(cleaned) if cleaned.strip() else None


_short_text = lru_cache(maxsize=8_192)(_text)


def text(value: Any) -> Literal | None:
    """Return ``value`` as a plain literal; None for one without any visible text.

    Short ones are remembered: units, names of columns and agencies come again and again, and
    making a literal is half of the work of writing a dataset.
    """
    if isinstance(value, str) and len(value) <= _SHORT:
        return _short_text(value)
    return _text(value)


@lru_cache(maxsize=8_192)
def typed(value: str, datatype: URIRef) -> Literal:
    """Return a number or a time as a literal; they are remembered as short texts are."""
    return Literal(value, datatype=datatype)


def _host(name: str | None) -> str | None:
    """Return the name of a host in ASCII; None where it is no name of a host."""
    try:
        ascii_name = (name or "").encode("idna").decode("ascii")
    except UnicodeError:
        return None
    return ascii_name if _HOST.fullmatch(ascii_name) else None


def web_address(value: Any) -> str | None:
    """Return an absolute address of the web in the ASCII form of RFC 3986; None for any other.

    Names and passwords in an address are left out: they are for nobody else.

    :param value: what somebody typed as an address
    """
    cleaned = re.sub(r"[\t\n]", "", clean(value)).strip()
    return _web_address(cleaned) if 0 < len(cleaned) <= _LONGEST_ADDRESS else None


@lru_cache(maxsize=1_024)
def _web_address(cleaned: str) -> str | None:
    """Return :func:`web_address` of what is no longer than that and has no white space around.

    Remembered: each form of the catalogue asks for the same ones.
    """
    try:
        parts = urlsplit(cleaned)
        port = parts.port
        name = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    except ValueError:
        return None
    host = _host(name)
    if parts.scheme.lower() not in ("http", "https") or host is None:
        return None
    _, _, after_scheme = cleaned.partition("//")
    rest = after_scheme[len(parts.netloc) :]
    # One "#" at most: a second one is part of what follows the first.
    before, mark, fragment = rest.partition("#")
    rest = before + mark + fragment.replace("#", "%23")
    encoded = quote(_LONE_PERCENT.sub("%25", rest), safe=_SAFE)
    return f"{parts.scheme.lower()}://{host}{f':{port}' if port is not None else ''}{encoded}"


def web_uri(value: Any) -> URIRef | None:
    """Return :func:`web_address` as a term; None where it is none."""
    address = web_address(value)
    return URIRef(address) if address else None


def mail_uri(value: Any) -> URIRef | None:
    """Return an e-mail address as a ``mailto:`` term; None for what is none."""
    address = clean(value).strip()
    return URIRef(f"mailto:{address}") if _EMAIL.fullmatch(address) else None


@lru_cache(maxsize=4_096)
def part(value: str) -> str:
    """Return a key as a part of an address: everything special is written as ``%xx``."""
    return quote(clean(value), safe="")
