"""Reading of search filters: their parts, and whether one asks for records of a certain type.

A plain library without CKAN.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: Fields of the search index that hold the type of a record.
TYPE_FIELDS = frozenset({"dataset_type", "type"})

#: The parts of a filter in the query language of Solr. A name with a colon is a field; a sign
#: counts only before a clause, inside a word it belongs to the word.
PARTS = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<open>\()
    | (?P<close>\))
    | (?P<sign>[-!+])
    | (?P<text>"(?:\\.|[^"\\])*"?)
    | (?P<range>[\[{][^\]}]*[\]}]?)
    | (?P<pattern>/(?:\\.|[^/\\])*/)
    | (?P<field>(?:\\.|[^\s()\[\]{}":\\])+):
    | (?P<word>(?:\\.|[^\s()\[\]{}":\\])+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
#: Words that join clauses.
OPERATORS = frozenset({"AND", "OR", "&&", "||"})


@dataclass(frozen=True)
class _Group:
    """What holds inside a pair of parentheses.

    :param negated: whether its records are taken out, not asked for
    :param of_type: whether its bare words are values of a field of :data:`TYPE_FIELDS`
    """

    negated: bool = False
    of_type: bool = False


def _says_nothing(kind: str | None, value: str) -> bool:
    """Tell whether a part of a filter only stands between clauses."""
    return kind == "space" or (kind == "word" and value in OPERATORS)


def asks_for_type(text: str) -> bool:
    """Tell whether a positive clause on the type of records stands in a filter.

    ``+dataset_type:kegiatan``, ``type:(kegiatan OR indikator)`` and ``(dataset_type:x OR y:z)``
    are positive. A clause that is taken out (``-``, ``!``, ``NOT``), also by the parentheses
    around it, is not, nor is a field that stands inside quotes.

    :param text: a value of ``fq``, or an entry of ``fq_list``
    """
    groups = [_Group()]
    negated = of_type = False
    for part in PARTS.finditer(text):
        kind, value = part.lastgroup, part.group()
        if _says_nothing(kind, value):
            continue
        if kind == "sign" or value == "NOT":
            negated = negated or value != "+"
        elif kind == "field":
            of_type = part.group("field") in TYPE_FIELDS
        elif kind == "open":
            outer = groups[-1]
            groups.append(_Group(outer.negated or negated, outer.of_type or of_type))
            negated = of_type = False
        elif kind == "close":
            if len(groups) > 1:
                groups.pop()
            negated = of_type = False
        else:
            if (of_type or groups[-1].of_type) and not (negated or groups[-1].negated):
                return True
            negated = of_type = False
    return False
