"""Finding the OPD that a text or code means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ... import lookup
from .. import schema

if TYPE_CHECKING:
    from ckan.types import Context, DataDict

__all__ = ["tangerang_opd_resolve", "tangerang_opd_resolve_many"]


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_opd_resolve)
def tangerang_opd_resolve(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return the OPD that a text or code means, or candidates and no match.

    Only an exact form matches: code, name of now or before, short name, alias, address, or what
    the short forms of Indonesian offices make of them, with our own region or without. What is
    only similar is a candidate that a person has to confirm.

    :param q: the text or code
    :param year: the year that the text speaks of; the match is the OPD that was there then
        (optional)
    :returns: ``{"match": null | {"id", "name", "title", "kode_opd", "how", "successor",
        "successors"}, "candidates": [{"name", "title", "score", "why"}], "reason"}``. ``how`` is
        one of id, code, name, slug, singkatan, alias, former_name, normalised; ``successor`` is
        the OPD that stands for an ended one now, null where there are several (``successors``);
        ``score`` is 0 to 100; ``why`` is one of ambiguous, code, not_then, similar_spelling,
        similar_words; ``reason`` says why there is no match: ambiguous, contradiction, foreign,
        not_then, other_kind, unknown
    """
    tk.check_access("tangerang_opd_resolve", context, data_dict)
    return lookup.as_dict(lookup.current().resolve(data_dict["q"], data_dict.get("year")))


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_opd_resolve_many)
def tangerang_opd_resolve_many(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Return what ``tangerang_opd_resolve`` does for each of several texts, in the same order.

    :param q: the texts or codes; at most 5,000
    :param year: the year that the texts speak of (optional)
    """
    tk.check_access("tangerang_opd_resolve_many", context, data_dict)
    resolver = lookup.current()
    year = data_dict.get("year")
    return [lookup.as_dict(resolver.resolve(text, year)) for text in data_dict["q"]]
