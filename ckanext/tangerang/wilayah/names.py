"""Recognising two spellings of one region name."""

from __future__ import annotations

import re
import unicodedata

_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")


def normalise_name(name: str) -> str:
    """Return ``name`` in the form in which spellings of one name agree.

    Files of the offices differ in spaces, case and punctuation only: ``Teluk Naga``,
    ``TELUKNAGA`` and ``Teluk-Naga`` are all ``teluknaga``. Abbreviations are not guessed.

    :param name: any spelling of a name
    :returns: letters and digits in lower case, accents removed; empty if there are none
    """
    plain = unicodedata.normalize("NFKD", name)
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    return _NOT_ALPHANUMERIC.sub("", letters.casefold())
