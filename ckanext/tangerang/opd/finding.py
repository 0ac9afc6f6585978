"""Search among the OPD for people: by any present or former name, abbreviation, code or alias.

Unlike the resolver (:mod:`.resolver`), which answers which one OPD a text means, it lists whatever
has the words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .spelling import fold, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .registry import Registry, Unit

#: By what an OPD was found, in the order in which they are looked at.
TITLE, SHORT, ADDRESS, CODE, FORMER, ALIAS = (
    *("title", "singkatan", "name", "kode"),
    *("nama_lama", "alias"),
)
_CODE = re.compile(r"\d[\d.]*")


@dataclass(frozen=True)
class Hit:
    """An OPD that was found."""

    unit: Unit
    #: By what.
    how: str
    #: The text that had the words.
    text: str


def texts_of(unit: Unit) -> Iterator[tuple[str, str]]:
    """Return all that an OPD is called, each with what it is."""
    yield TITLE, unit.title
    yield SHORT, unit.singkatan
    yield ADDRESS, unit.name
    for former in unit.nama_lama:
        yield FORMER, former.title
        yield FORMER, former.singkatan
        yield FORMER, former.name
    for alias in unit.alias:
        yield ALIAS, alias


def _by_code(unit: Unit, code: str) -> Hit | None:
    """Return the hit where a code of the OPD begins with ``code``."""
    codes = (unit.kode_opd, unit.kode_wilayah)
    return next((Hit(unit, CODE, text) for text in codes if text.startswith(code)), None)


def _by_words(unit: Unit, asked: list[str]) -> Hit | None:
    """Return the hit where one name of the OPD has all the words, or their beginnings."""
    for how, text in texts_of(unit):
        folded = fold(text)
        if folded and all(word in folded for word in asked):
            return Hit(unit, how, text)
    return None


def find(registry: Registry, query: str) -> list[Hit]:
    """Return the OPD that a text finds, in the order of their names.

    :param query: words that one of the names must have, or the beginning of a code
    """
    query = query.strip()
    if _CODE.fullmatch(query):
        hits = (_by_code(unit, query) for unit in registry)
    else:
        asked = words(query)
        hits = (_by_words(unit, asked) for unit in registry) if asked else iter(())
    return [hit for hit in hits if hit]


def how_named(unit: Unit, text: str) -> str | None:
    """Return the name, code or alias of an OPD that a text is, however spelled; None if it is none.

    Present names count before former ones.
    """
    if text in (unit.kode_opd, unit.kode_wilayah):
        return text
    folded = fold(text)
    known = sorted(texts_of(unit), key=lambda entry: entry[0] == FORMER)
    return next((name for _, name in known if name and fold(name) == folded), None)


def named(registry: Registry, word: str, today: str) -> list[Unit]:
    """Return the OPD that have exactly this id, address, name, abbreviation, code or alias.

    An address means one OPD, also a former one. Of several that are named so those count that are
    now, before those that were, and those that have not ended.
    """
    one = (
        registry.by_id.get(word) or registry.by_name.get(word) or registry.by_former_name.get(word)
    )
    if one:
        return [one]
    folded = fold(word)
    units = [unit for unit in registry if how_named(unit, word)] if folded else []
    now = [
        unit
        for unit in units
        if word in (unit.kode_opd, unit.kode_wilayah)
        or any(how != FORMER and fold(name) == folded for how, name in texts_of(unit))
    ]
    units = now or units
    return [unit for unit in units if not unit.is_closed(today)] or units
