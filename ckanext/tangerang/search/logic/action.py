"""The action of the plugin ``tangerang_search``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from .. import suggest
from . import schema

if TYPE_CHECKING:
    from ckan.types import Context, DataDict


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_search_suggest)
def tangerang_search_suggest(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return what a text that somebody is still typing may mean.

    Only what is public, and the same for every user. Synonyms and stems count, the last word may
    be the beginning of one, and OPD are found by any name they have or had.

    :param q: what was typed so far, at most 200 characters; fewer than two find nothing
    :returns: ``{"q", "datasets", "indicators", "organizations", "topics"}``: at most 5 datasets
        and 3 of each other kind, the best first, each ``{"name", "title"}``. ``name`` is what the
        address of the page ends with; for a topic it is its key.
    """
    tk.check_access("tangerang_search_suggest", context, data_dict)
    return {"q": data_dict["q"], **suggest.suggest(data_dict["q"])}
