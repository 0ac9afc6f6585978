"""Files of words: synonyms, words without weight, roots (see ``words.yaml`` for their form).

A library without CKAN. Files are read once per process; several add to each other.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import yaml

from ..locations import locate, read_yaml
from . import stemming

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

#: The packaged file.
PACKAGED = "ckanext.tangerang.search:words.yaml"

#: Some words in their order, in small letters.
Phrase = tuple[str, ...]

#: A phrase of a file has at most so many words; a longer one would never be typed.
_LONGEST_PHRASE = 8
_SECTIONS = ("setara", "menuju", "tanpa_bobot", "kata_dasar")


class WordsError(ValueError):
    """A file of words can not be used; the message says why."""


@dataclass(frozen=True, eq=False)
class Words:
    """What the files say; each is equal to itself alone, so that it can be a key."""

    #: What is looked for beside a phrase: what means the same, then what it and that lead to.
    related: Mapping[Phrase, tuple[Phrase, ...]]
    #: Words that need not stand in what is found.
    weightless: frozenset[str]
    #: Roots by form.
    roots: Mapping[str, str]

    @cached_property
    def longest(self) -> int:
        """Return how many words the longest phrase has."""
        return max(map(len, self.related), default=0)

    def stem(self, word: str) -> str:
        """Return the stem of a word in small letters."""
        return stemming.stem(word, self.roots)


def _phrase(where: str, value: Any) -> Phrase:
    """Return the words of an entry."""
    phrase = tuple(stemming.words(value)) if isinstance(value, str) else ()
    if not 0 < len(phrase) <= _LONGEST_PHRASE:
        raise WordsError(
            f"{where}: {value!r} must be text of 1 to {_LONGEST_PHRASE} words (in quotes where "
            "YAML reads it otherwise, such as no, on, 12)."
        )
    return phrase


def _list(where: str, value: Any) -> list[Any]:
    """Return a list of the file."""
    if not isinstance(value, list):
        raise WordsError(f"{where}: this must be a list (lines with -, or [one, two]).")
    return value


def _equals(where: str, data: Mapping[str, Any]) -> Iterator[tuple[Phrase, Phrase]]:
    """Yield each phrase of a file with one that means the same."""
    for row in _list(f"{where}, setara", data.get("setara") or []):
        phrases = [_phrase(f"{where}, setara", entry) for entry in _list(f"{where}, setara", row)]
        for phrase in phrases:
            yield from ((phrase, other) for other in phrases if other != phrase)


def _targets(where: str, data: Mapping[str, Any]) -> Iterator[tuple[Phrase, Phrase]]:
    """Yield each phrase of a file with one that is looked for too, and not the other way round."""
    targets = data.get("menuju") or {}
    if not isinstance(targets, dict):
        raise WordsError(f"{where}, menuju: write one `phrase: [what to look for too]` a line.")
    for key, row in targets.items():
        for entry in _list(f"{where}, menuju, {key}", row):
            yield _phrase(f"{where}, menuju", key), _phrase(f"{where}, menuju, {key}", entry)


def _word(where: str, value: Any) -> str:
    """Return an entry that is one word."""
    phrase = _phrase(where, value)
    if len(phrase) > 1:
        raise WordsError(f"{where}: {value!r} must be one word.")
    return "".join(phrase)


def _roots(where: str, rows: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Yield forms with their roots, those that the file lists first."""
    roots: list[str] = []
    for row in rows:
        given, listed = next(iter(row.items())) if isinstance(row, dict) and row else (row, [])
        root = _word(f"{where}, kata_dasar", given)
        forms = _list(f"{where}, kata_dasar, {root}", listed)
        yield from ((_word(f"{where}, kata_dasar, {root}", form), root) for form in forms)
        roots.append(root)
    for root in roots:
        yield from ((form, root) for form in stemming.forms(root))


def _read(location: str) -> dict[str, Any]:
    """Return the content of one file."""
    try:
        data = read_yaml(locate(location))
    except (LookupError, OSError) as error:
        raise WordsError(f"{location}: the file of words can not be read ({error}).") from error
    except yaml.YAMLError as error:
        raise WordsError(f"{location}: this is not YAML ({error}).") from error
    if not isinstance(data, dict) or not set(data) <= set(_SECTIONS):
        raise WordsError(f"{location}: the file holds {', '.join(_SECTIONS)}, and nothing else.")
    return data


@cache
def load(locations: tuple[str, ...]) -> Words:
    """Return what some files say together; of two roots of a form the first counts.

    :param locations: paths, or ``module:path``
    :raises WordsError: when a file is missing or malformed
    """
    equal: dict[Phrase, dict[Phrase, None]] = defaultdict(dict)
    toward: dict[Phrase, dict[Phrase, None]] = defaultdict(dict)
    weightless: set[str] = set()
    roots: dict[str, str] = {}
    for location in locations:
        data = _read(location)
        for phrase, other in _equals(location, data):
            equal[phrase][other] = None
        for phrase, other in _targets(location, data):
            toward[phrase][other] = None
        for entry in _list(f"{location}, tanpa_bobot", data.get("tanpa_bobot") or []):
            weightless.update(_phrase(f"{location}, tanpa_bobot", entry))
        for form, root in _roots(location, _list(location, data.get("kata_dasar") or [])):
            roots.setdefault(form, root)
    related = {}
    for phrase in {**equal, **toward}:
        same = list(equal.get(phrase, ()))
        further = [other for word in (phrase, *same) for other in toward.get(word, ())]
        related[phrase] = tuple(o for o in dict.fromkeys([*same, *further]) if o != phrase)
    return Words(related, frozenset(weightless), roots)
