"""How offices shorten names, as a file says it (see ``abbreviations.yaml``).

A library without CKAN. Everything is read into words as :mod:`.spelling` compares them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import yaml

from ..locations import locate, read_yaml
from .spelling import words

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The packaged file.
PACKAGED = "ckanext.tangerang.opd:abbreviations.yaml"

Words = tuple[str, ...]

#: Short forms of fewer letters are not written out: they stand for too much.
_SHORTEST = 3


class AbbreviationsError(ValueError):
    """The file can not be used; the message says why."""


@dataclass(frozen=True)
class Abbreviations:
    """What a file says; names of sections are those of the file."""

    #: Kinds of offices at the beginning of a name: full form → short forms, joined.
    jenis: Mapping[Words, Words]
    #: Parts of names: full form → short forms, joined.
    singkat: Mapping[Words, Words]
    #: Words of bodies that are no OPD of a kabupaten or kota.
    asing: frozenset[Words]
    #: Other regions in short.
    wilayah: frozenset[Words]
    #: Words of offices that are another thing than the OPD of that name.
    lain: frozenset[Words]
    #: Names that mean one OPD only with the region: every region has one, or ours has several.
    umum: frozenset[Words]
    #: English words → Indonesian ones.
    inggris: Mapping[Words, Words]

    def shorts(self, part: Words, *, first: bool) -> Words:
        """Return the short forms of some words of a name.

        :param first: whether the name begins with them
        """
        kinds = self.jenis.get(part, ()) if first else ()
        return (*kinds, *self.singkat.get(part, ()))


def _plain(text: str) -> Words:
    """Return the words of an entry as they stand: a short form is not written out."""
    return tuple(text.casefold().split())


def _joined(entries: Any) -> Words:
    """Return short forms as the resolver compares them."""
    return tuple(dict.fromkeys("".join(_plain(str(entry))) for entry in entries or ()))


def _both_ways(forms: dict[Words, Words]) -> dict[Words, Words]:
    """Return short forms, and full forms of the short ones that have one only ("SDM", "BPS")."""
    full: dict[str, set[Words]] = {}
    for words_, shorts in forms.items():
        for short in shorts:
            full.setdefault(short, set()).add(words_)
    back: dict[Words, Words] = {
        (short,): ("".join(next(iter(found))),)
        for short, found in full.items()
        if len(found) == 1 and len(short) >= _SHORTEST
    }
    return {
        words_: tuple(dict.fromkeys((*forms.get(words_, ()), *back.get(words_, ()))))
        for words_ in (forms | back)
    }


def _forms(rows: Any) -> dict[Words, Words]:
    """Return full form → short forms of a section."""
    return {tuple(words(str(full))): _joined(shorts) for full, shorts in (rows or {}).items()}


def _set(rows: Any) -> frozenset[Words]:
    """Return the entries of a section."""
    return frozenset(tuple(words(str(row))) for row in rows or ()) - {()}


@lru_cache(maxsize=8)
def read(location: str = PACKAGED) -> Abbreviations:
    """Return what the file at ``location`` says; read once a process.

    :param location: a path, or ``module:path``
    :raises AbbreviationsError: when it can not be read or is of another form
    """
    try:
        data = read_yaml(locate(location))
        english = {
            _plain(str(full)): tuple(word for entry in short for word in words(str(entry)))
            for full, short in (data.get("inggris") or {}).items()
        }
        return Abbreviations(
            jenis=_forms(data.get("jenis")),
            singkat=_both_ways(_forms(data.get("singkat"))),
            asing=_set(data.get("asing")),
            wilayah=_set(data.get("wilayah")),
            lain=_set(data.get("lain")),
            umum=_set(data.get("umum")),
            inggris=english,
        )
    except (LookupError, OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise AbbreviationsError(f"{location} can not be read: {error}") from error
    except (AttributeError, TypeError, ValueError) as error:
        raise AbbreviationsError(
            f"{location} has a section of the wrong kind ({error}). Compare it with the packaged "
            "abbreviations.yaml."
        ) from error
