"""The words of Satu Data Indonesia that the pages use, in plain language.

A plain library without CKAN. The terms are one YAML file (see ``glossary.yaml``), read once per
process and file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import yaml

from ..locations import locate, read_yaml
from ..metadata.codelists import DEFAULT_LANGUAGE

_KEY: Final = re.compile(r"[a-z][a-z0-9_-]{0,60}")


class GlossaryError(ValueError):
    """The file of terms can not be used; the message says why."""


@dataclass(frozen=True)
class Term:
    """One term."""

    key: str
    #: By language (``id``, ``en``).
    labels: dict[str, str]
    texts: dict[str, str]
    #: Other keys by which the term is found: names of fields that mean it.
    also: tuple[str, ...] = ()


def _texts(location: str, key: str, value: Any) -> dict[str, str]:
    """Return a text of a term by language; one plain text stands for Indonesian.

    :raises GlossaryError: when it is none
    """
    texts = {DEFAULT_LANGUAGE: value} if isinstance(value, str) else value
    complete = isinstance(texts, dict) and texts.get(DEFAULT_LANGUAGE)
    if not complete or not all(isinstance(text, str) for text in texts.values()):
        raise GlossaryError(
            f"{location}: label and text of the term {key} must be text, or {{id: …, en: …}}."
        )
    return {str(lang): text.strip() for lang, text in texts.items()}


def _term(location: str, row: Any) -> Term:
    """Make a term of one entry of the file.

    :raises GlossaryError: when it is none
    """
    key = str(row.get("key", "")) if isinstance(row, dict) else ""
    if not _KEY.fullmatch(key):
        raise GlossaryError(
            f"{location}: each term needs a key of small letters, digits, - and _, not {key!r}."
        )
    also = row.get("also") or []
    if not isinstance(also, list):
        raise GlossaryError(f"{location}: `also` of the term {key} must be a list of keys.")
    return Term(
        key,
        _texts(location, key, row.get("label")),
        _texts(location, key, row.get("text")),
        tuple(str(name) for name in also),
    )


@cache
def load(location: str) -> tuple[Term, ...]:
    """Return the terms of a file, in its order.

    :param location: a path, or ``module:path`` inside a Python package
    :raises GlossaryError: when it can not be read, or a key is there twice
    """
    try:
        found = read_yaml(locate(location))
    except (LookupError, OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise GlossaryError(f"{location}: {error}") from error
    rows = found.get("terms") if isinstance(found, dict) else None
    if not isinstance(rows, list):
        raise GlossaryError(f"{location}: the file must have a list `terms`.")
    terms = tuple(_term(location, row) for row in rows)
    keys = [key for term in terms for key in (term.key, *term.also)]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise GlossaryError(f"{location}: more than once: {', '.join(twice)}.")
    return terms


@cache
def by_key(location: str) -> dict[str, Term]:
    """Return the terms of a file by each key that they are found by."""
    return {key: term for term in load(location) for key in (term.key, *term.also)}
