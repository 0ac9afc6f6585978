"""The resolver of the portal: its registry, region, options and day, and answers as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import config as shared
from . import config, store
from .clock import today
from .region import Region
from .resolver import Answer, Resolver, resolver_for

if TYPE_CHECKING:
    from .registry import Unit

#: Texts of one call: enough for the column of a large workbook.
MAX_TEXTS = 5_000


def current() -> Resolver:
    """Return the resolver for the registry as the portal holds it now."""
    region = Region(shared.region_code(), shared.region_name())
    return resolver_for(store.load(), region, config.abbreviations(), today())


def _brief(unit: Unit) -> dict[str, str]:
    """Return what names an OPD."""
    return {"id": unit.id, "name": unit.name, "title": unit.title, "kode_opd": unit.kode_opd}


def as_dict(answer: Answer) -> dict[str, Any]:
    """Return an answer as the actions return it (see ``tangerang_opd_resolve``)."""
    match = None
    if answer.match:
        successors = [_brief(unit) for unit in answer.match.successors]
        match = {
            **_brief(answer.match.unit),
            "how": answer.match.how,
            "successor": successors[0] if len(successors) == 1 else None,
            "successors": successors,
        }
    return {
        "match": match,
        "candidates": [
            {
                "name": candidate.unit.name,
                "title": candidate.unit.title,
                "score": candidate.score,
                "why": candidate.why,
            }
            for candidate in answer.candidates
        ],
        "reason": answer.reason or None,
    }
