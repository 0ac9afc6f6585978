"""Marks in the texts of a list the words that somebody looked for."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from . import query

if TYPE_CHECKING:
    from .words import Words

_WORD = re.compile(r"([^\W_]+)")


@lru_cache(maxsize=256)
def _wanted(asked: str, known: Words) -> frozenset[str] | None:
    """Return the stems that are marked; None where what was typed is not plain words.

    Remembered, because a page asks for each of its texts.
    """
    reading = query.read(asked, known)
    if reading is None:
        return None
    phrases = [phrase for part in reading.parts for phrase in (part.phrase, *part.related)]
    stems = {known.stem(word) for phrase in phrases for word in phrase}
    return frozenset(
        stems - (known.weightless - {word for part in reading.parts for word in part.phrase})
    )


def mark(text: str, asked: str, known: Words) -> Markup:
    """Return a text, escaped, with the words looked for in ``<mark>``: also related ones and forms.

    :param text: plain text, or ``Markup``, whose entities are read as the signs that they are
    :param asked: what somebody typed
    """
    plain = Markup(text).unescape() if isinstance(text, Markup) else text  # noqa: S704
    stems = _wanted(asked, known) if len(asked) <= query.MAX_CHARACTERS else None
    if not stems:
        return escape(plain)
    # A word has nothing in it that must be escaped; what stands between two may have.
    pieces = [
        (f"<mark>{piece}</mark>" if known.stem(piece.lower()) in stems else piece)
        if number % 2
        else str(escape(piece))
        for number, piece in enumerate(_WORD.split(plain))
    ]
    return Markup("".join(pieces))  # noqa: S704 - escaped above
