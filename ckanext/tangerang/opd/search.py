"""Filters of searches by organization: former addresses, and OPD with all that is below them.

* ``organization:<former address>`` finds what ``organization:<present address>`` finds.
* ``opd_tree:<id or any address>`` finds the records of an OPD and of all OPD below it. Which
  these are is asked when somebody searches, so that moving an OPD needs no new index.
* ``ext_opd_tree=1`` beside a filter by ``organization`` or ``owner_org`` widens that filter in the
  same way: a page of an organization needs no filter of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa
from ckan import model

from ..metadata import filters
from . import names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

#: The filter for an OPD with all that is below it.
TREE = "opd_tree"
#: The parameter that widens filters of one OPD to all that is below it.
WIDEN = f"ext_{TREE}"
_ORGANIZATION = "organization"
_OWNER = "owner_org"

#: Fields that are looked at.
_FIELDS = frozenset({TREE, _ORGANIZATION, _OWNER})


#: Words that are no values.
_JOINTS = filters.OPERATORS | {"NOT"}


class _Piece(NamedTuple):
    """A part of a filter.

    :param text: as it stands there; without the name of a field of :data:`_FIELDS`
    :param field: the field of that kind that it is a value of, else ""
    """

    text: str
    field: str

    @property
    def word(self) -> str:
        """Return the value without quotes."""
        return self.text.strip('"')


def _pieces(text: str) -> Iterator[_Piece]:
    """Yield the parts of a filter, each value with its field, also within parentheses."""
    outer = [""]
    field = ""
    for part in filters.PARTS.finditer(text):
        kind, written = part.lastgroup, part.group()
        if kind == "field":
            field = part.group("field")
            if field not in _FIELDS:
                yield _Piece(written, "")
        elif kind == "open":
            outer.append(field or outer[-1])
            field = ""
            yield _Piece(written, "")
        elif kind == "close":
            if len(outer) > 1:
                outer.pop()
            yield _Piece(written, "")
        elif kind in ("word", "text", "range", "pattern") and written not in _JOINTS:
            of = field or outer[-1]
            yield _Piece(written, of if of in _FIELDS else "")
            field = ""
        else:
            yield _Piece(written, "")


def _below(roots: Collection[str]) -> dict[str, list[str]]:
    """Return by id of an organization its id and those of all organizations below it with records.

    One query, of any depth; a circle ends.
    """
    member, package = model.Member, model.Package
    start = sa.select(
        sa.func.unnest(sa.cast(list(roots), sa.ARRAY(sa.UnicodeText))).label("id")
    ).subquery()
    tree = sa.select(start.c.id.label("root"), start.c.id.label("id")).cte(recursive=True)
    tree = tree.union(
        sa.select(tree.c.root, member.group_id).where(
            member.table_id == tree.c.id,
            member.table_name == "group",
            member.state == model.State.ACTIVE,
        )
    )
    query = sa.select(tree.c.root, tree.c.id).where(
        (tree.c.root == tree.c.id)
        | sa.exists().where(package.owner_org == tree.c.id).correlate(tree)
    )
    found: dict[str, list[str]] = {}
    for row in model.Session.execute(query.order_by(tree.c.root, tree.c.id)):
        found.setdefault(row.root, []).append(row.id)
    return found


def _clause(
    piece: _Piece, known: dict[str, names.Address], trees: dict[str, list[str]], *, widen: bool
) -> str:
    """Return the clause of one value of a field of :data:`_FIELDS`."""
    found = known.get(piece.word)
    if piece.field == TREE or (widen and found):
        ids = trees.get(found.id, [found.id]) if found else []
        listed = " OR ".join(f'"{id_}"' for id_ in ids)
        return f"{_OWNER}:({listed})" if listed else f"{_OWNER}:{piece.text}"
    if piece.field == _ORGANIZATION and found and piece.word not in found:
        return f'{_ORGANIZATION}:"{found.name}"'
    return f"{piece.field}:{piece.text}"


def rewrite(params: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters of a search with filters that the index understands.

    Asks the database only where a filter names an organization: once, and once more for a tree.

    :param params: as ``IPackageController.before_dataset_search`` gets them
    """
    widen = bool((params.get("extras") or {}).get(WIDEN))
    given = params.get("fq_list") or []
    listed = given if isinstance(given, (list, tuple)) else [given]
    texts = [str(params.get("fq") or ""), *map(str, listed)]
    watched = (f"{TREE}:", f"{_ORGANIZATION}:", *([f"{_OWNER}:"] if widen else []))
    if not any(name in text for text in texts for name in watched):
        return params
    parsed = [list(_pieces(text)) for text in texts]
    asked = [piece for pieces in parsed for piece in pieces if piece.field]
    known = names.lookup({piece.word for piece in asked if piece.field != _OWNER or widen})
    roots = {
        known[piece.word].id
        for piece in asked
        if piece.word in known and (widen or piece.field == TREE)
    }
    trees = _below(roots) if roots else {}
    fq, *rest = (
        "".join(_clause(p, known, trees, widen=widen) if p.field else p.text for p in pieces)
        for pieces in parsed
    )
    if params.get("fq"):
        params["fq"] = fq
    if given:
        params["fq_list"] = rest
    return params
