"""The headline indicators: which they are, and their newest figures.

The figures come from the action ``tangerang_series_show`` of the plugin ``tangerang_charts``, which
reads the table that the ``indikator`` record names. Without that plugin there are none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ckan.plugins.toolkit as tk
from ckan import plugins as p
from ckan.lib.search import SearchError, SolrConnectionError

from .. import config

if TYPE_CHECKING:
    from collections.abc import Iterable

#: The most that the page shows, and how many where nobody has chosen.
MOST: Final = 8
_USUAL: Final = 6
#: How many records the choice offers.
_OFFERED: Final = 500
#: Units that differ by points: from 5 % to 6 % is one point, not one per cent.
_PER_CENT: Final = frozenset({"%", "persen", "percent"})

#: What a search raises when the index does not answer.
SEARCH_FAILURES: Final = (SearchError, SolrConnectionError)

_Series = dict[str, Any]


def available() -> bool:
    """Tell whether the portal can read figures of indicators."""
    return p.plugin_loaded("tangerang_charts")


def with_figures(rows: int = _OFFERED) -> list[dict[str, Any]]:
    """Return the public indicators that name a table, the last changed first: one search.

    :returns: ``id``, ``name``, ``title`` and ``organization`` (title of the OPD) of each
    :raises SearchError: when the search index does not answer
    """
    found = tk.get_action("package_search")(
        {"user": ""},
        {
            "fq": "+dataset_type:indikator +nilai_resource:*",
            "rows": rows,
            "sort": "metadata_modified desc",
            "fl": ["id", "name", "title", "organization"],
            "facet.field": ["organization"],
            "facet.limit": -1,
        },
    )
    agencies = found["search_facets"]["organization"]["items"]
    titles = {item["name"]: item["display_name"] for item in agencies}
    return [
        record | {"organization": titles.get(record.get("organization"), "")}
        for record in found["results"]
    ]


def wanted() -> list[str]:
    """Return the ids or names of the indicators that the page shows, in their order.

    Those that the walidata has chosen; else the last changed ones with figures.
    """
    chosen = config.headlines()
    if chosen:
        return chosen[:MOST]
    try:
        return [record["id"] for record in with_figures(_USUAL)]
    except SEARCH_FAILURES:
        return []


def _series(key: str) -> _Series | None:
    """Return the figures of one indicator; None where everybody may not see them."""
    try:
        found = tk.get_action("tangerang_series_show")({"user": ""}, {"id": key})
    except (tk.NotAuthorized, tk.ObjectNotFound, tk.ValidationError):
        return None
    return found if found.get("latest") else None


def _amount(difference: float, unit: str) -> str:
    """Return by how much a figure has changed, with its unit."""
    shown = tk.h.tangerang_figure(difference)
    if unit.strip().lower() in _PER_CENT:
        return tk._("{number} percentage points").format(number=shown)
    return f"{shown} {unit}".strip()


def change(series: _Series) -> dict[str, Any] | None:
    """Return in words how a figure has changed; None where there is nothing before it.

    Whether that is good follows from ``arah`` of the indicator, and is said in a word: nobody has
    to know a colour.

    :returns: ``direction`` (``up``, ``down`` or ``same``), ``text``, and ``judgement``, which is
        empty where the indicator does not say which direction is wanted
    """
    found = series.get("change")
    if not found:
        return None
    difference, since = found["nilai"], found["since"]
    amount = _amount(abs(difference), series.get("satuan") or "")
    judgement = {True: tk._("better"), False: tk._("worse")}.get(found.get("better"), "")
    if not difference:
        return {
            "direction": "same",
            "text": tk._("Unchanged since {year}").format(year=since),
            "judgement": "",
        }
    text = (
        tk._("Up {amount} since {year}") if difference > 0 else tk._("Down {amount} since {year}")
    )
    return {
        "direction": "up" if difference > 0 else "down",
        "text": text.format(amount=amount, year=since),
        "judgement": judgement,
    }


def shown(keys: Iterable[str]) -> list[dict[str, Any]]:
    """Return what the page says of some indicators; those without public figures are absent.

    :returns: ``id``, ``name``, ``title``, ``value``, ``unit``, ``year``, ``change``, ``line`` and
        ``source`` (organization and dataset) of each
    """
    found = [series for key in keys if (series := _series(key))]
    return [
        {
            **{name: series[name] for name in ("id", "name", "title", "source")},
            "value": tk.h.tangerang_figure(series["latest"]["nilai"]),
            "unit": series.get("satuan") or "",
            "year": series["latest"]["tahun"],
            "change": change(series),
            "line": tk.h.tangerang_sparkline(series["points"], series["title"]),
        }
        for series in found
    ]


def read() -> list[dict[str, Any]]:
    """Return the headline indicators of the page."""
    return shown(wanted()) if available() else []
