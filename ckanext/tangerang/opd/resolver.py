"""Finds the OPD that a text or code means, and says how; what is only similar is no match.

A library without CKAN and database. An index of exact forms is built once for a registry: codes,
names of now and before, short names, aliases, addresses, and what the short forms of
:mod:`.abbreviations` make of them. A text matches when its folded form, with or without our own
region around it, is one of these and is that of one OPD only. Everything else gets candidates
(:mod:`.suggestions`), which a person has to confirm.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

from ..metadata.values import N_
from . import abbreviations
from .region import Region
from .spelling import fold, joined, words
from .suggestions import Suggester

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .abbreviations import Abbreviations, Words
    from .registry import Registry, Unit

__all__ = ["HOW", "REASONS", "WHY", "Answer", "Candidate", "Match", "Region", "Resolver"]

#: How a match was found, with what people read.
HOW = {
    "id": N_("ID"),
    "code": N_("code"),
    "name": N_("current name"),
    "slug": N_("address in the portal"),
    "singkatan": N_("short name"),
    "alias": N_("alias"),
    "former_name": N_("former name"),
    "normalised": N_("normalised form"),
}
#: Why something is suggested, with what people read.
WHY = {
    "ambiguous": N_("several OPD are written so"),
    "code": N_("similar code"),
    "not_then": N_("another OPD at that time"),
    "similar_spelling": N_("similar spelling"),
    "similar_words": N_("similar words"),
}
#: Why there is no match, with what people read.
REASONS = {
    "ambiguous": N_("It may be one of several OPD."),
    "contradiction": N_("The code is that of another OPD than the name."),
    "foreign": N_("This is an office of another region or of the state."),
    "not_then": N_("There was no such OPD in that year."),
    "other_kind": N_("This is not an OPD, but something of a similar name."),
    "unknown": N_("No OPD is written so."),
}
#: No more candidates are suggested.
MAX_CANDIDATES = 5
#: Short forms of one name; a name with more is not written out further.
MAX_FORMS = 400
#: Answers that are remembered for texts that are asked again.
_REMEMBERED = 10_000
#: Texts with more characters are no codes, and are not remembered.
_LONGEST = 500

_CODE = re.compile(r"(?<!\d)\d\W\d{2}\W\d\W\d{2}\W\d\W\d{2}\W\d{2}\W\d{4}(?!\d)")
_ONLY_DIGITS = re.compile(r"[\d\W_]+")
#: Digits from which on a code that is not in the registry is compared with those that are.
_LONG_CODE = 7

#: Short forms of kinds that stand before a short name: "Disperkim"; "B" and "D" are part of it.
_LONG_KIND = 3
#: What counts first where forms of several OPD are the same: names of now, what was, short forms.
_NOW, _BEFORE, _SHORT, _SHORT_BEFORE = range(4)


@dataclass(frozen=True, slots=True)
class Match:
    """The OPD that is meant."""

    unit: Unit
    #: Key of :data:`HOW`.
    how: str
    #: The OPD that stand for it now, if it has ended.
    successors: tuple[Unit, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """An OPD that may be meant."""

    unit: Unit
    #: 0 to 100.
    score: float
    #: Key of :data:`WHY`.
    why: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A match, or candidates and no match, the likeliest first."""

    match: Match | None = None
    candidates: tuple[Candidate, ...] = ()
    #: Key of :data:`REASONS` where there is no match.
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Form:
    """A way to write an OPD."""

    unit: Unit
    how: str
    level: int
    #: First and last year of a name that is known to have been in use then only.
    first: str = ""
    last: str = ""

    def in_use(self, year: str) -> bool:
        """Tell whether the name was that of the OPD in a year."""
        return (self.first or year)[:4] <= year <= (self.last or year)[:4]


@dataclass(slots=True)
class _Index:
    """The forms of all OPD by their folded text."""

    forms: dict[str, list[_Form]] = field(default_factory=lambda: defaultdict(list))

    def add(self, text: str, form: _Form) -> None:
        """Note a form; of one OPD the first one counts."""
        if text and all(known.unit is not form.unit for known in self.forms[text]):
            self.forms[text].append(form)


class Resolver:
    """Answers for one registry, one region and one day.

    :param today: day by which an OPD counts as ended, ``YYYY-MM-DD``
    :param known: how offices shorten names (default: the packaged file)
    """

    def __init__(
        self,
        registry: Registry,
        region: Region,
        today: str,
        known: Abbreviations | None = None,
    ) -> None:
        self.registry = registry
        self.region = region
        self._known = known or abbreviations.read()
        self._today = today
        self._codes: dict[str, list[Unit]] = defaultdict(list)
        self._index = _Index()
        self._predecessors: dict[str, list[Unit]] = defaultdict(list)
        self._answers = lru_cache(maxsize=_REMEMBERED)(self._resolve)
        for unit in registry:
            for code in filter(None, (unit.kode_opd, unit.kode_wilayah)):
                self._codes[fold(code)].append(unit)
            for name in unit.pengganti:
                self._predecessors[name].append(unit)
        units = list(registry)
        for fill in (self._add_names, self._add_before, self._add_short, self._add_short_before):
            for unit in units:
                fill(unit)
        self._suggester = Suggester(self._spellings(), self._known)
        self._vocabulary = self._suggester.vocabulary - {region.kind, *region.core}
        self._foreign = region.foreign(self._known, self._vocabulary)
        others = frozenset(word for entry in self._known.lain for word in entry)
        self._first_of_others = others - self._suggester.beginnings
        self._words_of_others = others - self._vocabulary

    # The index

    def _level(self, unit: Unit, level: int) -> int:
        """Return what forms of an OPD count: those of one that has ended are of before."""
        return level + 1 if unit.is_closed(self._today) else level

    def _add_names(self, unit: Unit) -> None:
        """Add what an OPD is called now."""
        level = self._level(unit, _NOW)
        since = max((f.berlaku_sampai for f in unit.nama_lama), default="")
        for how, text in (("name", unit.title), ("singkatan", unit.singkatan), ("slug", unit.name)):
            self._index.add(fold(text), _Form(unit, how, level, first=since))
        for alias in unit.alias:
            self._index.add(fold(alias), _Form(unit, "alias", level))

    def _add_before(self, unit: Unit) -> None:
        """Add what an OPD was called before."""
        for former in unit.nama_lama:
            form = _Form(unit, "former_name", _BEFORE, former.berlaku_dari, former.berlaku_sampai)
            for text in (former.title, former.name, former.singkatan):
                self._index.add(fold(text), form)

    def _add_short(self, unit: Unit) -> None:
        """Add the short forms of what an OPD is called now."""
        form = _Form(unit, "normalised", self._level(unit, _SHORT))
        for text in self._short_forms(unit.title, (unit.singkatan, unit.name, *unit.alias)):
            self._index.add(text, form)
        for alias in unit.alias:
            self._index.add("".join(self._without_region(alias)), form)
        parent = self.registry.by_name.get(unit.induk)
        if parent:
            # "Bagian Hukum Sekretariat Daerah": a name that others have too, with the OPD above.
            above = {fold(text) for text in (parent.title, parent.singkatan, parent.name)} - {""}
            for own, other in product((fold(unit.title), fold(unit.singkatan)), sorted(above)):
                if own:
                    self._index.add(own + other, form)
                    self._index.add(other + own, form)

    def _add_short_before(self, unit: Unit) -> None:
        """Add the short forms of what an OPD was called before."""
        for former in unit.nama_lama:
            form = _Form(
                unit, "normalised", _SHORT_BEFORE, former.berlaku_dari, former.berlaku_sampai
            )
            for text in self._short_forms(former.title, (former.singkatan, former.name)):
                self._index.add(text, form)

    def _short_forms(self, title: str, others: Iterable[str]) -> Iterator[str]:
        """Yield the other folded forms of a name.

        :param others: names by which the OPD is called besides, which get its kind in front
        """
        own = words(title)
        yield joined(title)
        yield from _written(own, self._known)
        bare = self._without_region(title)
        if bare != own:
            yield from _written(bare, self._known)
        shorts = self._known.jenis.get(tuple(own[:1]))
        kinds = [own[0], *shorts] if shorts else []
        kinds = [kind for kind in kinds if len(kind) >= _LONG_KIND]
        title_forms = {"".join(own), "".join(bare)} - {""}
        regions = ("", self.region.kind + "".join(self.region.core))
        for other in filter(None, map(fold, others)):
            for kind in kinds:
                yield kind + other
            # "Dinas Kesehatan (Dinkes)", also with the region in between.
            for form, region in product(sorted(title_forms), regions):
                yield form + region + other
                yield other + region + form

    def _says_enough(self, name: list[str]) -> bool:
        """Tell whether a name still means one OPD when the region is left out of it."""
        return bool(name) and tuple(name) not in self._known.umum

    def _spellings(self) -> Iterator[tuple[Unit, tuple[str, ...], tuple[list[str], ...]]]:
        """Yield each OPD with its folded forms and with its names in words, for suggestions."""
        forms: dict[int, list[str]] = defaultdict(list)
        for text, found in self._index.forms.items():
            for form in found:
                forms[id(form.unit)].append(text)
        for unit in self.registry:
            texts = (
                unit.title,
                *unit.alias,
                *(former.title for former in unit.nama_lama),
            )
            yield unit, tuple(forms[id(unit)]), tuple(map(self._without_region, texts))

    def _without_region(self, title: str) -> list[str]:
        """Return the words of a name without our region, where it says enough without it."""
        own = words(title)
        bare = self.region.drop(own)
        return bare if self._says_enough(bare) else own

    # Answers

    def resolve(self, q: str, year: int | None = None) -> Answer:
        """Return the OPD that a text or code means.

        :param year: the year that the text speaks of
        """
        ask = self._answers if len(q) <= _LONGEST else self._resolve
        return ask(q, str(year) if year else "")

    def _resolve(self, q: str, year: str) -> Answer:
        """Return the answer for a text."""
        unit = self.registry.by_id.get(q.strip())
        if unit:
            return self._at([_Form(unit, "id", _NOW)], year)
        if len(q) <= _LONGEST and _ONLY_DIGITS.fullmatch(q):
            return self._of_code(q, year)
        code = _CODE.search(q) if len(q) <= _LONGEST else None
        if code:
            return self._of_code_and_name(q, code, year)
        return self._of_name(q, year)

    def _of_code(self, q: str, year: str) -> Answer:
        """Return the answer for a text without letters."""
        digits = fold(q)
        units = self._codes.get(digits, [])
        if units:
            return self._at([_Form(unit, "code", _NOW) for unit in units], year)
        near = [
            unit
            for code, found in self._codes.items()
            if len(digits) >= _LONG_CODE and (code.startswith(digits) or digits.startswith(code))
            for unit in found
            if len(code) >= _LONG_CODE
        ]
        return _candidates(near, "code", "unknown")

    def _of_code_and_name(self, q: str, code: re.Match[str], year: str) -> Answer:
        """Return the answer for a text with a code in it: both have to mean the same OPD."""
        of_code = self._of_code(code[0], year)
        rest = q[: code.start()] + " " + q[code.end() :]
        of_name = self._of_name(rest, year)
        if of_code.match and (not words(rest) or not of_name.match):
            # A name that is not understood does not contradict; one of another region does.
            return of_code if of_name.reason not in ("foreign", "other_kind") else of_name
        if of_code.match and of_name.match and of_code.match.unit is not of_name.match.unit:
            units = [of_code.match.unit, of_name.match.unit]
            return _candidates(units, "ambiguous", "contradiction")
        if of_name.match and of_name.match.unit.kode_opd and not of_code.match:
            return _candidates([of_name.match.unit], "similar_spelling", "contradiction")
        return of_code if of_code.match else of_name

    def _of_name(self, q: str, year: str) -> Answer:
        """Return the answer for a name."""
        folded = fold(q)
        if folded in self._index.forms:
            return self._at(self._index.forms[folded], year)
        for text in self.region.without(folded):
            if text in self._index.forms:
                forms = [
                    _Form(f.unit, "normalised", f.level, f.first, f.last)
                    for f in self._index.forms[text]
                ]
                return self._at(forms, year)
        return self._suggest(q)

    def _suggest(self, q: str) -> Answer:
        """Return candidates for a name that is not known."""
        text = self.region.drop(words(q))
        if not text or tuple(text) == self.region.core:
            return Answer(reason="unknown")
        if text in self._foreign:
            return Answer(reason="foreign")
        if self._is_other_kind(text):
            return Answer(reason="other_kind")
        found = [
            Candidate(unit, score, why)
            for unit, score, why in self._suggester.suggest(self._without_region(q), MAX_CANDIDATES)
        ]
        return Answer(candidates=tuple(found), reason="unknown")

    def _is_other_kind(self, text: list[str]) -> bool:
        """Tell whether a name is that of a desa, a puskesmas, a school, and none of ours is."""
        if text[:1] and text[0] in self._first_of_others:
            return True
        return not self._words_of_others.isdisjoint(text)

    def _at(self, forms: list[_Form], year: str) -> Answer:
        """Return the one OPD that has some form, in a year if one is given."""
        if year:
            then = [form for form in forms if form.unit.valid_in(year)]
            if not then:
                return self._instead(forms, year)
            named = [form for form in then if form.in_use(year)]
            forms = named or then
            if named and any(form.level == _BEFORE for form in named):
                # Of that time, a former name is as good as one of now.
                forms = [
                    _Form(f.unit, f.how, min(f.level, _NOW) if f.level <= _BEFORE else f.level)
                    for f in named
                ]
        best = min(form.level for form in forms)
        units = {id(form.unit): form for form in forms if form.level == best}
        if len(units) > 1:
            return _candidates([form.unit for form in units.values()], "ambiguous", "ambiguous")
        return Answer(match=self._match(next(iter(units.values()))))

    def _match(self, form: _Form) -> Match:
        """Return the match with what stands for it now."""
        unit = form.unit
        ended = unit.is_closed(self._today)
        return Match(unit, form.how, tuple(self.registry.successors(unit)) if ended else ())

    def _instead(self, forms: list[_Form], year: str) -> Answer:
        """Return what existed in a year in place of OPD that did not exist then.

        Where the registry says that one OPD took the place of one other, that is a fact; where
        several come into question, a person has to say which.
        """
        units = list({id(form.unit): form.unit for form in forms}.values())
        found = {id(other): other for unit in units for other in self._of_that_time(unit, year)}
        others = list(found.values())
        if len(units) == 1 and len(others) == 1 and self._replaces(units[0], others[0]):
            return Answer(match=self._match(_Form(others[0], "former_name", _BEFORE)))
        return _candidates(others, "not_then", "not_then")

    def _of_that_time(self, unit: Unit, year: str) -> Iterator[Unit]:
        """Yield the OPD before and after one that were there in a year."""
        for step in (self._after, self._before):
            seen = {unit.name}
            waiting = step(unit)
            while waiting:
                other = waiting.pop()
                if other.name in seen:
                    continue
                seen.add(other.name)
                if other.valid_in(year):
                    yield other
                else:
                    waiting.extend(step(other))

    def _after(self, unit: Unit) -> list[Unit]:
        """Return what replaced an OPD."""
        return [self.registry.by_name[n] for n in unit.pengganti if n in self.registry.by_name]

    def _before(self, unit: Unit) -> list[Unit]:
        """Return what an OPD replaced."""
        return list(self._predecessors.get(unit.name, ()))

    def _replaces(self, asked: Unit, found: Unit) -> bool:
        """Tell whether all of an OPD, asked for, went to the one found, or came from it alone."""
        if found in self.registry.successors(asked) or found.name in asked.pengganti:
            return True
        return found.pengganti == (asked.name,) and self._before(asked) == [found]


def _candidates(units: Iterable[Unit], why: str, reason: str) -> Answer:
    """Return some OPD that may be meant, none more than the others."""
    unique = list({id(unit): unit for unit in units}.values())[:MAX_CANDIDATES]
    return Answer(candidates=tuple(Candidate(unit, 100.0, why) for unit in unique), reason=reason)


def _written(name: list[str], known: Abbreviations) -> Iterator[str]:
    """Yield a name with every choice of short forms for its parts, joined; no more than enough."""
    found: list[set[str]] = [set() for _ in range(len(name) + 1)]
    found[len(name)] = {""}
    for at in range(len(name) - 1, -1, -1):
        for size in range(1, len(name) - at + 1):
            part: Words = tuple(name[at : at + size])
            starts = known.shorts(part, first=at == 0)
            if size == 1:
                starts = (*starts, part[0])
            for start in starts:
                for end in sorted(found[at + size], key=len)[:MAX_FORMS]:
                    found[at].add(start + end)
    yield from sorted(found[0], key=len)[:MAX_FORMS]


@lru_cache(maxsize=4)
def _place(digest: str, region: Region, location: str, today: str) -> list[Resolver]:  # noqa: ARG001
    """Return the place where the resolver of a registry is kept."""
    return []


def resolver_for(registry: Registry, region: Region, location: str, today: str) -> Resolver:
    """Return the resolver of a registry; made once a process, registry and day.

    :param location: the file of abbreviations
    :param today: day by which an OPD counts as ended
    """
    place = _place(registry.digest, region, location, today)
    if not place:
        place.append(Resolver(registry, region, today, abbreviations.read(location)))
    return place[0]
