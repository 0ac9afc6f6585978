"""Suggests OPD for a name that is not known: similar words, or a similar spelling of the whole.

A library without CKAN, only ever used for suggestions. Words count the more the fewer OPD have
them, so that "Dinas" says little; a word counts as far as it resembles one of the registry
(rapidfuzz), is its beginning ("kes"), or leaves letters out of it ("kelp").
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from .spelling import words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .abbreviations import Abbreviations, Words
    from .registry import Unit

#: Least score (of 100) of a suggestion.
LEAST = 50.0
#: From this likeness (of 100) on two words may be one with a slip.
_SLIP = 72.0
#: What a word counts that only begins like one of the registry, or leaves letters out of it.
_BEGINNING, _LETTERS = 0.85, 0.75
_SHORTEST = 3
#: Less than this, because a likeness of letters says less than one of words.
_SPELLING = 0.97
#: How much it counts that one of two names is inside the other; the rest is what they share.
_INSIDE = 0.6
#: Less, where the text has more words than the name of the OPD: it may be a part of it.
_PART = 0.9
#: What a short form in nationwide use, all of whose words are in the registry, is worth more.
_KNOWN_SHORT = 10.0
#: A letter with the number of times that it stands there.
_COUNTED = re.compile(r"([a-z])([2-4])")
#: What differs only in doubled letters, or in letters that are counted.
_DOUBLED = 96.0
#: A text that is made of the first letters of a name, and how many there are at least.
_INITIALS, _FEWEST_INITIALS = 90.0, 3
#: Of an OPD of another kind than the text says.
_OTHER_KIND = 0.8
_MOST_WORDS = 40


def _single(text: str) -> str:
    """Return ``text`` with no letter doubled: "bapeda" for "bappeda"."""
    return "".join(letter for letter, _ in groupby(text))


def _spelt_out(text: str) -> str:
    """Return ``text`` with counted letters written out: "dppkb" for "dp2kb"."""
    return _COUNTED.sub(lambda match: match[1] * int(match[2]), text)


def _leaves_out(short: str, full: str) -> bool:
    """Tell whether ``short`` is ``full`` with some letters left out, but not the first."""
    letters = iter(full)
    return short[0] == full[0] and all(letter in letters for letter in short)


class Suggester:
    """Answers for the OPD of one registry.

    :param spellings: each OPD, its folded forms, and its names in words
    """

    def __init__(
        self,
        spellings: Iterable[tuple[Unit, tuple[str, ...], tuple[list[str], ...]]],
        known: Abbreviations,
    ) -> None:
        self._known = known
        self._units: list[Unit] = []
        self._unit_kinds: list[str] = []
        #: Folded forms, and the number of the OPD of each.
        self._forms: list[str] = []
        self._form_units: list[int] = []
        #: Names in words, and the number of the OPD of each.
        self._names: list[tuple[int, Words]] = []
        self._full: dict[str, list[Words]] = defaultdict(list)
        #: Numbers of the OPD by forms without doubled letters.
        self._singles: dict[str, set[int]] = defaultdict(set)
        #: Numbers of the OPD by the first letters of their names.
        self._initials: dict[str, set[int]] = defaultdict(set)
        for number, (unit, forms, names) in enumerate(spellings):
            self._units.append(unit)
            self._unit_kinds.append(next(iter(words(unit.title)), ""))
            self._forms.extend(forms)
            self._form_units.extend([number] * len(forms))
            for form in forms:
                self._singles[_single(_spelt_out(form))].add(number)
            for name in names:
                self._initials["".join(word[0] for word in name)].add(number)
            for name in names:
                self._names.append((number, tuple(dict.fromkeys(name))))
        for full, shorts in known.singkat.items():
            for short in shorts:
                self._full[short].append(full)
        counts: dict[str, set[int]] = defaultdict(set)
        self._with: dict[str, list[int]] = defaultdict(list)
        for place, (number, name) in enumerate(self._names):
            for word in name:
                counts[word].add(number)
                self._with[word].append(place)
        size = len(self._units) + 1
        self._weight = {word: math.log(1 + size / len(found)) for word, found in counts.items()}
        self._unknown = math.log(1 + size) * 0.8
        self._sums = [sum(self._weight[word] for word in name) for _, name in self._names]
        self._words = sorted(self._weight)
        self._kinds = {full[0] for full in known.jenis if len(full) == 1}
        self.like = lru_cache(maxsize=20_000)(self._like)

    @property
    def vocabulary(self) -> frozenset[str]:
        """Return the words of all names."""
        return frozenset(self._weight)

    @property
    def beginnings(self) -> frozenset[str]:
        """Return the words with which names begin, with and without the kind of the office."""
        return frozenset(
            word for _, name in self._names for word in name[: 2 if name[0] in self._kinds else 1]
        )

    def _like(self, word: str) -> tuple[tuple[str, float], ...]:
        """Return the words of the registry that a word may be, with how far (0 to 1)."""
        if word in self._weight:
            return ((word, 1.0),)
        found: dict[str, float] = {}
        for other, score, _ in process.extract(
            word, self._words, scorer=fuzz.ratio, limit=5, score_cutoff=_SLIP
        ):
            found[other] = score / 100
        if len(word) >= _SHORTEST:
            for other in self._words:
                if other.startswith(word):
                    found[other] = max(found.get(other, 0), _BEGINNING)
                elif len(other) > len(word) and _leaves_out(word, other):
                    found[other] = max(found.get(other, 0), _LETTERS)
        return tuple(found.items())

    def _written_out(self, text: list[str]) -> list[tuple[list[str], float]]:
        """Return readings of a text, with what each is worth more than its words say."""
        out: list[str] = []
        for word in text:
            out.extend(self._expanded(word) or (word,))
        readings = [(text, 0.0), (out, 0.0), (self._from_english(text), 0.0)]
        meant = [word for word in out if word not in self._kinds]
        if out != text and all(word in self._weight for word in meant):
            readings.append((meant, _KNOWN_SHORT))
        return [
            r for n, r in enumerate(readings) if r[0] and r[0] not in [o for o, _ in readings[:n]]
        ]

    def _from_english(self, text: list[str]) -> list[str]:
        """Return a text with English words put into Indonesian ones, the longest first."""
        found: list[str] = []
        at = 0
        while at < len(text):
            for size in (3, 2, 1):
                part = tuple(text[at : at + size])
                if part in self._known.inggris:
                    found.extend(self._known.inggris[part])
                    at += size
                    break
            else:
                found.append(text[at])
                at += 1
        return found

    def _expanded(self, word: str) -> Words:
        """Return what a word is short for: "kominfo", also with a kind in front ("diskominfo")."""
        if word in self._weight:
            return ()
        if word in self._full:
            return self._nearest(self._full[word])
        for kind, shorts in self._known.jenis.items():
            for short in shorts:
                rest = word.removeprefix(short)
                if rest != word and rest in self._full and len(rest) >= _SHORTEST:
                    return (*kind, *self._nearest(self._full[rest]))
        for kind, shorts in self._known.jenis.items():
            for short in shorts:
                rest = word.removeprefix(short)
                if rest != word and len(short) >= _SHORTEST and len(rest) >= _SHORTEST:
                    begun = [other for other in self._words if other.startswith(rest)]
                    if len(begun) == 1:
                        return (*kind, *begun)
        return ()

    def _nearest(self, full: list[Words]) -> Words:
        """Return the full form that has most of its words in the registry."""
        return max(full, key=lambda form: sum(w in self._weight for w in form) / len(form))

    def _by_words(self, text: list[str]) -> dict[int, float]:
        """Return a score of 0 to 100 by number of the OPD, from the words they share."""
        unique = list(dict.fromkeys(text))[:_MOST_WORDS]
        total = 0.0
        shared: dict[int, float] = defaultdict(float)
        for word in unique:
            similar = self.like(word)
            weight = max((self._weight[w] for w, _ in similar), default=self._unknown)
            total += weight
            best: dict[int, float] = {}
            for other, likeness in similar:
                for place in self._with[other]:
                    gain = self._weight[other] * likeness
                    if gain > best.get(place, 0):
                        best[place] = gain
            for place, gain in best.items():
                shared[place] += gain
        found: dict[int, float] = {}
        for place, gain in shared.items():
            number = self._names[place][0]
            whole = self._sums[place]
            inside = max(gain / total, _PART * gain / whole)
            score = 100 * min(1.0, inside * _INSIDE + 2 * gain / (total + whole) * (1 - _INSIDE))
            if score > found.get(number, 0):
                found[number] = score
        return found

    def _by_spelling(self, text: list[str]) -> dict[int, float]:
        """Return a score of 0 to 100 by number of the OPD, from the letters of the whole."""
        found: dict[int, float] = {}
        for _, score, place in process.extract(
            "".join(text), self._forms, scorer=fuzz.ratio, limit=30, score_cutoff=65
        ):
            number = self._form_units[place]
            found[number] = max(found.get(number, 0), score * _SPELLING)
        whole = _spelt_out("".join(text))
        for number in self._singles.get(_single(whole), ()):
            found[number] = max(found.get(number, 0), _DOUBLED)
        if len(whole) >= _FEWEST_INITIALS:
            for number in self._initials.get(whole, ()):
                found[number] = max(found.get(number, 0), _INITIALS)
        return found

    def suggest(self, text: list[str], limit: int) -> list[tuple[Unit, float, str]]:
        """Return OPD with score (0 to 100) and reason, the likeliest first.

        :param text: the words of a name, without the region
        """
        if all(word in self._kinds for word in text):
            return []
        scores: dict[int, tuple[float, str]] = {}
        for reading, more in self._written_out(text):
            for number, score in self._by_words(reading).items():
                if score + more > scores.get(number, (0, ""))[0]:
                    scores[number] = (min(99.0, score + more) if more else score, "similar_words")
        for number, score in self._by_spelling(text).items():
            if score > scores.get(number, (0, ""))[0]:
                scores[number] = (score, "similar_spelling")
        found = [
            (self._units[number], round(score * self._kind_factor(text, number), 1), why)
            for number, (score, why) in scores.items()
        ]
        found.sort(key=lambda entry: (-entry[1], entry[0].title))
        return [entry for entry in found if entry[1] >= LEAST][:limit]

    def _kind_factor(self, text: list[str], number: int) -> float:
        """Return what is left of a score where text and OPD say different kinds."""
        own = self._unit_kinds[number]
        if own != text[0] and {own, text[0]} <= self._kinds:
            return _OTHER_KIND
        return 1.0
