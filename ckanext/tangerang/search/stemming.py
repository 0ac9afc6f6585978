"""Words and their stems, so that "miskin" finds "kemiskinan". A library without CKAN.

The roots that the portal knows come first: all their usual forms are made once, forwards, which is
exact (*tular* gives *menular*; backwards *menular* could be *ular* too). Other words get the stem
of Snowball's rules for Indonesian, which need no dictionary.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import snowballstemmer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: Stands before a stem in the index. No word of a text begins so: a client of the API that looks
#: for "duduk" finds what CKAN finds, and not each "penduduk" whose stem it is.
MARK: Final = "zqx"

#: Words of fewer letters have no affixes; longer ones are no words.
_SHORTEST, _LONGEST = 4, 30

_WORD = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[a-z]+")

#: Prefixes that leave the root as it is. "pe" and "be" are the forms of "per" and "ber" in words
#: such as "petani", "pedesaan", "bekerja".
_PREFIXES = (
    *("", "ber", "be", "di", "ke", "per", "pe", "se", "ter"),
    *("diper", "keber", "keter", "memper", "pember"),
)
_SUFFIXES = ("", "an", "i", "kan", "nya", "annya", "kannya")


def words(text: str) -> list[str]:
    """Return the words and numbers of a text in small letters, in their order."""
    return _WORD.findall(text.lower())


def _nasal(root: str) -> str:
    """Return what follows "me" and "pe" where they take a nasal: "nular" for "tular"."""
    first = root[0]
    if root.startswith(("sy", "c", "d", "j", "z")):
        return f"n{root}"
    if first in "bfv":
        return f"m{root}"
    if first in "pts" and len(root) > 1 and root[1] in "aeiou":
        return {"p": "m", "t": "n", "s": "ny"}[first] + root[1:]
    if first == "k" and len(root) > 1 and root[1] in "aeiou":
        return f"ng{root[1:]}"
    if first in "aeioughkx":
        return f"ng{root}"
    return root


def forms(root: str) -> Iterator[str]:
    """Yield the usual forms of a root, itself too; some are no words and do no harm.

    The rules of prefixes are those of Indonesian morphology (meN-, peN- with their nasals).
    """
    begun = [f"{prefix}{root}" for prefix in _PREFIXES]
    begun += [f"me{_nasal(root)}", f"pe{_nasal(root)}"]
    for start in begun:
        for suffix in _SUFFIXES:
            yield f"{start}{suffix}"


@lru_cache(maxsize=65_536)
def _by_rules(word: str) -> str:
    """Return the stem of Snowball; remembered, because a word comes again in most texts."""
    stemmer: Any = snowballstemmer.stemmer("indonesian")
    return str(stemmer.stemWord(word))


def stem(word: str, known: Mapping[str, str]) -> str:
    """Return the stem of a word in small letters; what has no affixes is its own.

    :param known: roots by form, which come before the rules
    """
    if word in known:
        return known[word]
    if not _SHORTEST <= len(word) <= _LONGEST or not _LETTERS.fullmatch(word):
        return word
    return _by_rules(word)
