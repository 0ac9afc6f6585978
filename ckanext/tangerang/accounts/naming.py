"""User names made from the full names of people. A plain library without CKAN."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

#: Titles before a name; degrees stand behind it, after a comma.
_TITLES = frozenset({
    "dr", "drg", "drs", "dra", "drh", "h", "hj", "ir", "prof", "apt", "ns", "bd", "kh", "rd",
    "bapak", "ibu", "pak", "bu", "sdr", "sdri", "mr", "mrs", "ms",
})  # fmt: skip
#: Names that are addresses of CKAN's own pages of users.
_TAKEN = frozenset({
    "new", "edit", "search", "login", "logout", "register", "reset", "me", "delete", "activity",
    "generate", "list", "set", "admin", "root", "default", "visitor", "logged", "anonymous",
})  # fmt: skip
#: CKAN takes names of 2 to 100 characters, and logs nobody in whose name is shorter than 3.
_SHORTEST, _LONGEST = 3, 60


def base_name(full_name: str) -> str:
    """Return the user name that a full name suggests, such as ``siti-nurhaliza``.

    >>> base_name("dr. Hj. Siti Nur'aini, S.Kom., M.Si.")
    'siti-nuraini'
    """
    text = unicodedata.normalize("NFKD", full_name.split(",", 1)[0])
    text = "".join(c for c in text if not unicodedata.combining(c)).lower()
    words = re.findall(r"[a-z0-9]+", re.sub(r"['’`ʼ]", "", text))
    while len(words) > 1 and words[0] in _TITLES:
        words.pop(0)
    name = ""
    for word in words:
        longer = f"{name}-{word}" if name else word[:_LONGEST]
        if len(longer) > _LONGEST:
            break
        name = longer
    if len(name) < _SHORTEST or name in _TAKEN:
        name = f"akun-{name}".rstrip("-")
    return name


def unique_name(base: str, taken: Collection[str]) -> str:
    """Return ``base``, or the first of ``base-2``, ``base-3`` … that nobody has."""
    number, name = 1, base
    while name in taken:
        number += 1
        name = f"{base}-{number}"
    return name
