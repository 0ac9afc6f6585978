"""Recognising two spellings of one region name."""

from __future__ import annotations

import re
import unicodedata

_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")


def plain(name: str) -> str:
    """Return ``name`` in small letters without accents."""
    decomposed = unicodedata.normalize("NFKD", name)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


def normalise_name(name: str) -> str:
    """Return ``name`` in the form in which spellings of one name agree.

    Files of the offices differ in spaces, case and punctuation only: ``Teluk Naga``,
    ``TELUKNAGA`` and ``Teluk-Naga`` are all ``teluknaga``. Abbreviations are not guessed.

    :param name: any spelling of a name
    :returns: letters and digits in lower case, accents removed; empty if there are none
    """
    return _NOT_ALPHANUMERIC.sub("", plain(name))
