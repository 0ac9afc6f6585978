"""What people type, as a query that also finds related words. A library without CKAN.

Each word, or phrase that the files of words know, becomes one group in parentheses of what may
stand in its place; the words as typed weigh most. How many groups must be found stays CKAN's rule
(``mm``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from . import stemming

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .words import Phrase, Words

#: A query of more characters, or words, is left to CKAN as it is.
MAX_CHARACTERS: Final = 200
MAX_WORDS: Final = 12
#: So many related words or phrases of one word or phrase are looked for.
_MAX_RELATED = 8

#: Signs that stand in plain text too.
_PLAIN = re.compile(r"[\w\s,.;'’/%#&-]*")
#: What only somebody writes who knows Solr: a sign before a word, operators in capitals.
_SYNTAX = re.compile(r"(?:^|\s)[-+!/]|&&|\b(?:AND|OR|NOT)\b")

#: The clause that every record fulfils.
_ANYTHING = "entity_type:package^0"
#: Words of a related phrase that are looked for one by one have so many letters.
_SHORTEST_ALONE = 3
#: How much stems and related words weigh against the words as typed.
_STEM, _RELATED_TITLE, _RELATED, _RELATED_STEMS, _BESIDE = 0.6, 1.5, 0.5, 0.3, 0.3


@dataclass(frozen=True)
class Part:
    """A word or known phrase of what somebody typed.

    :param phrase: its words, in small letters
    :param related: what is looked for beside it
    """

    phrase: Phrase
    related: tuple[Phrase, ...]


@dataclass(frozen=True)
class Reading:
    """What somebody typed, in its parts.

    :param parts: what has to be found
    :param beside: words without weight, which need not be
    """

    parts: tuple[Part, ...]
    beside: tuple[str, ...]

    @property
    def related(self) -> tuple[str, ...]:
        """Return what else is looked for, as people read it."""
        found = (" ".join(other) for part in self.parts for other in part.related)
        return tuple(dict.fromkeys(found))


def is_plain(text: str) -> bool:
    """Tell whether a text is plain words and no query in the syntax of Solr."""
    return (
        0 < len(text.strip()) <= MAX_CHARACTERS
        and _PLAIN.fullmatch(text) is not None
        and _SYNTAX.search(text) is None
    )


def _parts(found: list[str], known: Words) -> Iterator[Part]:
    """Yield the parts of some words, the longest known phrase first at each place."""
    at = 0
    while at < len(found):
        for length in range(max(min(known.longest, len(found) - at), 1), 0, -1):
            phrase = tuple(found[at : at + length])
            if length == 1 or phrase in known.related:
                yield Part(phrase, known.related.get(phrase, ())[:_MAX_RELATED])
                at += length
                break


def read(text: str, known: Words) -> Reading | None:
    """Return what somebody typed in its parts.

    :returns: None for what is not plain, has no words, or too many
    """
    found = stemming.words(text) if is_plain(text) else []
    if not 0 < len(found) <= MAX_WORDS:
        return None
    parts = tuple(_parts(found, known))
    counted = tuple(p for p in parts if p.related or p.phrase[0] not in known.weightless)
    if not counted:
        return Reading(parts, ())
    return Reading(counted, tuple(p.phrase[0] for p in parts if p not in counted))


def _all(words: Phrase) -> str:
    """Return the clause for all of some words."""
    return words[0] if len(words) == 1 else "({})".format(" AND ".join(words))


def _stems(phrase: Phrase, known: Words) -> str:
    """Return the clause for the stems of all words of a phrase."""
    return _all(tuple(f"text:{stemming.MARK}{known.stem(word)}" for word in phrase))


def _related(part: Part, known: Words) -> Iterator[str]:
    """Yield the clauses of what is related to a part: in titles and texts alone, which is quick.

    Stems of a phrase are left out where fewer of them are looked for already.
    """
    asked = [{known.stem(word) for word in part.phrase}]
    for phrase in part.related:
        text = phrase[0] if len(phrase) == 1 else '"{}"'.format(" ".join(phrase))
        yield f"title:{text}^{_RELATED_TITLE}"
        yield f"text:{text}^{_RELATED}"
        stems = {known.stem(word) for word in phrase}
        # Letters and numbers alone stand in too many texts to be looked for wherever they are.
        if min(map(len, phrase)) >= _SHORTEST_ALONE and not any(old <= stems for old in asked):
            asked.append(stems)
            yield f"{_stems(phrase, known)}^{_RELATED_STEMS}"


def _group(part: Part, known: Words, also: str = "") -> str:
    """Return the clause of one part.

    :param also: a further alternative
    """
    found = [_all(part.phrase), f"{_stems(part.phrase, known)}^{_STEM}", *_related(part, known)]
    return "({})".format(" OR ".join([*found, also] if also else found))


def _joined(groups: list[str]) -> str:
    """Return a query of some clauses: with OR between them ``mm`` says how many must be found.

    CKAN asks for all words by default (``q.op``), which would take ``mm`` its meaning.
    """
    return " OR ".join(groups)


def expand(reading: Reading, known: Words) -> str:
    """Return a query for the parser ``edismax``: one clause for each part.

    Words without weight stand beside the first part, where they lift what has them too; the
    clause that everything fulfils lets them be absent.
    """
    first, *others = (_group(part, known) for part in reading.parts)
    if reading.beside:
        beside = [f"{word}^{_BESIDE}" for word in reading.beside]
        first = "({} AND ({}))".format(first, " OR ".join([_ANYTHING, *beside]))
    return _joined([first, *others])


def complete(text: str, known: Words) -> str | None:
    """Return the query for what somebody is still typing: its last word may be a beginning.

    :returns: None where :func:`read` returns it
    """
    reading = read(text, known)
    if reading is None:
        return None
    begun = stemming.words(text)[-1]
    groups = [_group(part, known) for part in reading.parts]
    last = reading.parts[-1]
    if last.phrase[-1] == begun:
        # In titles alone: texts hold addresses and codes, which begin like many words.
        groups[-1] = _group(last, known, _all((*last.phrase[:-1], f"title:{begun}*")))
    return _joined(groups)
